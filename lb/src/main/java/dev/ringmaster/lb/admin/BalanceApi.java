package dev.ringmaster.lb.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.ringmaster.lb.balance.Explanation;
import dev.ringmaster.lb.balance.KeyReport;
import dev.ringmaster.lb.balance.Plan;
import dev.ringmaster.lb.balance.RoutingTables;
import dev.ringmaster.lb.http.Reply;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Calls about how requests are distributed: the configuration in effect, where a key goes and why, and what a change
 * would do. Any thread; all but {@link #explain} may take a while.
 */
public final class BalanceApi {
    private static final int MOST_ADDED = 1024;

    private final RoutingTables tables;
    private final Supplier<? extends Map<String, String>> settings;
    private final Consumer<Map<String, String>> change;

    /**
     * Tells and changes settings by these.
     *
     * @param settings key to text of all in effect, secrets hidden
     * @param change lays settings over those in effect, or throws IllegalArgumentException that says what is wrong
     */
    public BalanceApi(
            RoutingTables tables,
            Supplier<? extends Map<String, String>> settings,
            Consumer<Map<String, String>> change) {
        this.tables = tables;
        this.settings = settings;
        this.change = change;
    }

    Reply config() {
        return PoolReplies.success(json -> {
            json.writeStartObject();
            for (Map.Entry<String, String> setting : settings.get().entrySet()) {
                json.writeStringField(setting.getKey(), setting.getValue());
            }
            json.writeEndObject();
        });
    }

    Reply reconfigure(byte[] body) throws InvalidRequestException {
        Map<String, String> changes = JsonBody.parse(body).texts();
        try {
            change.accept(changes);
        } catch (IllegalArgumentException wrong) {
            throw new InvalidRequestException(String.valueOf(wrong.getMessage()));
        }
        return config();
    }

    Reply explain(String query) throws InvalidRequestException {
        String key = key(query);
        Explanation explanation = tables.explain(key);
        return PoolReplies.success(json -> write(json, key, explanation));
    }

    /** The most frequent keys, known by their hashes: cookies and headers are nobody's business. */
    Reply keys() {
        KeyReport report = tables.keys();
        return PoolReplies.success(json -> {
            json.writeStartObject();
            json.writeBooleanField("watched", report.watched());
            json.writeNumberField("requests", report.requests());
            json.writeArrayFieldStart("keys");
            for (KeyReport.Key key : report.keys()) {
                json.writeStartObject();
                json.writeStringField("hash", hash(key.hash()));
                json.writeNumberField("share", rounded(key.share()));
                json.writeNumberField("error", rounded(key.error()));
                json.writeNumberField("home", key.home());
                json.writeNumberField("slots", key.slots());
                json.writeBooleanField("hot", key.hot());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static double rounded(double part) {
        return Math.round(part * 1e4) / 1e4;
    }

    /** Part of their share that new slots get yet, by slot number. */
    Map<Integer, Double> ramping() {
        return tables.current().ramping();
    }

    private static String hash(long hash) {
        return String.format(Locale.ROOT, "%016x", hash);
    }

    private static String key(String query) throws InvalidRequestException {
        for (String parameter : query.split("&", -1)) {
            if (parameter.startsWith("key=") && parameter.length() > "key=".length()) {
                try {
                    return URLDecoder.decode(parameter.substring("key=".length()), StandardCharsets.UTF_8);
                } catch (IllegalArgumentException malformed) {
                    break;
                }
            }
        }
        throw new InvalidRequestException("'key' must be given in the query");
    }

    private static void write(JsonGenerator json, String key, Explanation said) throws IOException {
        json.writeStartObject();
        json.writeStringField("key", key);
        json.writeStringField("hash", hash(said.hash()));
        json.writeNumberField("generation", said.generation());
        json.writeStringField("policy", said.policy());
        json.writeBooleanField("randomKeys", said.random());
        json.writeBooleanField("loopsDiffer", !said.keyed());
        json.writeBooleanField("hot", said.hotSlots() > 1);
        json.writeNumberField("slots", said.hotSlots());
        json.writeArrayFieldStart("candidates");
        for (Explanation.Candidate candidate : said.candidates()) {
            json.writeStartObject();
            json.writeNumberField("slot", candidate.slot());
            json.writeStringField("replica", candidate.name());
            json.writeStringField("state", candidate.state().name().toLowerCase(Locale.ROOT));
            if (candidate.part() < 1) {
                json.writeStringField("ramping", PoolReplies.percent(candidate.part()));
            }
            json.writeNumberField("inFlight", candidate.inFlight());
            if (candidate.bound() >= 0) {
                json.writeNumberField("bound", candidate.bound());
            }
            json.writeStringField("verdict", verdict(candidate));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static String verdict(Explanation.Candidate candidate) {
        return candidate.verdict().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    Reply plan(byte[] body) throws InvalidRequestException {
        JsonBody fields = JsonBody.parse(body);
        fields.allowOnly(Set.of("add", "remove", "weights", "algorithm"));
        String algorithm = fields.text("algorithm");
        try {
            Plan plan = tables.plan(new Plan.Change(
                    fields.count("add", MOST_ADDED),
                    new HashSet<>(fields.strings("remove")),
                    fields.weights("weights"),
                    algorithm.isEmpty() ? null : algorithm));
            return PoolReplies.success(json -> write(json, plan));
        } catch (IllegalArgumentException impossible) {
            throw new InvalidRequestException(String.valueOf(impossible.getMessage()));
        }
    }

    private static void write(JsonGenerator json, Plan plan) throws IOException {
        json.writeStartObject();
        json.writeNumberField("moved", plan.moved());
        json.writeNumberField("ideal", plan.ideal());
        json.writeNumberField("peakToMean", plan.peakToMean());
        json.writeNumberField("headroom", plan.headroom());
        json.writeArrayFieldStart("moves");
        for (Plan.Move move : plan.moves()) {
            json.writeStartObject();
            json.writeNumberField("from", move.from());
            json.writeNumberField("to", move.to());
            json.writeNumberField("share", move.share());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
