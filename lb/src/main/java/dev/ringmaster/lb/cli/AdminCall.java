package dev.ringmaster.lb.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** One call of the balancer's classic admin interface: sends it, prints the host names that the answer holds. */
final class AdminCall {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    /** Above what it takes to start many replicas: {@code /add} answers when the last of them serves. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(5);

    private final Surroundings surroundings;
    private final Target target;

    AdminCall(Surroundings surroundings, Target target) {
        this.surroundings = surroundings;
        this.target = target;
    }

    /** Asks for the pool as it is. */
    void show() {
        send("GET", "/rep", BodyPublishers.noBody());
    }

    /** Asks for a change of the pool by {@code n} replicas, some of them named. */
    void change(String method, String path, int n, List<String> hostnames) {
        String body = JSON.valueToTree(Map.of("n", n, "hostnames", hostnames)).toString();
        send(method, path, BodyPublishers.ofString(body));
    }

    private void send(String method, String path, HttpRequest.BodyPublisher body) {
        URI address = target.resolve(path);
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .timeout(ANSWER_TIMEOUT)
                .header("Content-Type", "application/json")
                .method(method, body);
        target.token(surroundings).ifPresent(token -> request.header("Authorization", "Bearer " + token));
        print(exchange(request.build()));
    }

    private static HttpResponse<String> exchange(HttpRequest request) {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (HttpTimeoutException _) {
            throw CommandFailure.failed("no answer in time from " + request.uri());
        } catch (IOException failure) {
            String reason = failure.getMessage() == null ? "cannot connect" : failure.getMessage();
            throw CommandFailure.failed("no answer from " + request.uri() + ": " + reason);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw CommandFailure.failed("interrupted");
        } finally {
            client.shutdownNow();
        }
    }

    private void print(HttpResponse<String> answer) {
        JsonNode message = message(answer);
        if (answer.statusCode() != 200) {
            throw CommandFailure.failed(message.asText());
        }
        if (target.json()) {
            surroundings.out().println(answer.body());
        } else {
            message.path("replicas").forEach(name -> surroundings.out().println(name.asText()));
        }
    }

    private static JsonNode message(HttpResponse<String> answer) {
        JsonNode message;
        try {
            message = JSON.readTree(answer.body()).path("message");
        } catch (JsonProcessingException _) {
            message = JSON.missingNode();
        }
        boolean expected = answer.statusCode() == 200 ? message.path("replicas").isArray() : message.isTextual();
        if (!expected) {
            throw CommandFailure.failed(
                    "not a balancer's answer from " + answer.uri() + " (status " + answer.statusCode() + ")");
        }
        return message;
    }
}
