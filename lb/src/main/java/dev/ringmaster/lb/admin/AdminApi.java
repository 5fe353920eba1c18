package dev.ringmaster.lb.admin;

import com.google.common.collect.ImmutableMap;
import dev.ringmaster.lb.http.Reply;
import dev.ringmaster.lb.lifecycle.ControlException;
import dev.ringmaster.lb.lifecycle.ReplicaControl;
import dev.ringmaster.lb.replica.Replica;
import dev.ringmaster.lb.replica.ReplicaSet;
import dev.ringmaster.lb.replica.Slot;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin interface, from request to reply.
 *
 * <pre>
 * main port        GET /rep · POST /add · DELETE or POST /rm
 * second listener  GET, POST or DELETE /api/v1/replicas · GET or PATCH /api/v1/weights, /api/v1/config
 *                  GET /api/v1/explain?key= · GET /api/v1/keys · POST /api/v1/plan · GET /metrics · GET /healthz · GET /readyz
 * </pre>
 *
 * <p>A call is checked in this order: path (404), method (405), who calls (401, 403), size (413), body (400), and the
 * rest by {@link ReplicaControl}. {@code HEAD} is answered like {@code GET}; leaving the body out is up to whoever writes
 * the reply. Any thread may call; a stage completes on whichever thread did the work, and never fails.
 */
public final class AdminApi {
    /** Longest body in bytes. */
    public static final int MAX_BODY = 64 * 1024;

    /** No path of the main port's calls has more bytes. */
    public static final int LONGEST_CLASSIC_PATH = "/rep".length();

    private static final Logger log = LoggerFactory.getLogger(AdminApi.class);
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    /** What a path does for a method. */
    private interface Call extends Function<AdminRequest, CompletionStage<Reply>> {}

    private record Access(AdminOptions options, AccessRule rule) {}

    private final ReplicaControl control;
    private final Supplier<String> metrics;
    private final Executor blocking;
    private final BalanceApi balance;
    private final boolean classicPaths;
    private final ImmutableMap<String, ImmutableMap<String, Call>> classic;
    private final ImmutableMap<String, ImmutableMap<String, Call>> second;
    private volatile Access access;

    /**
     * Serves calls by these options.
     *
     * @param metrics text of {@code /metrics}, asked for on {@code blocking} because it takes long, as {@code balance} is
     */
    public AdminApi(
            AdminOptions options,
            ReplicaControl control,
            Supplier<String> metrics,
            Executor blocking,
            BalanceApi balance) {
        this.control = control;
        this.metrics = metrics;
        this.blocking = blocking;
        this.balance = balance;
        this.classicPaths = options.classicPaths();
        this.access = access(options, DefaultGateway.ROUTES);
        Call list = request -> done(PoolReplies.names(control.current()));
        Call report = request -> done(PoolReplies.report(control.current()));
        Call health = request -> done(PoolReplies.alive());
        Call ready = request -> done(PoolReplies.readiness(control.current(), balance.ramping()));
        this.classic = ImmutableMap.of(
                "/rep", ImmutableMap.of("GET", list, "HEAD", list),
                "/add", ImmutableMap.of("POST", this::add),
                "/rm", ImmutableMap.of("DELETE", this::remove, "POST", this::remove));
        Call weights = request -> done(PoolReplies.weights(control.current()));
        // The configuration says how replicas are started, with whatever their environment holds.
        Call config = request -> guarded(request, () -> work(balance::config));
        Call keys = request -> guarded(request, () -> done(balance.keys()));
        Call explain = request -> guarded(request, () -> work(() -> balance.explain(request.query())));
        this.second = ImmutableMap.of(
                "/api/v1/replicas",
                        ImmutableMap.of("GET", report, "HEAD", report, "POST", this::add, "DELETE", this::remove),
                "/api/v1/weights", ImmutableMap.of("GET", weights, "HEAD", weights, "PATCH", this::weigh),
                "/api/v1/config", ImmutableMap.of("GET", config, "HEAD", config, "PATCH", this::reconfigure),
                "/api/v1/explain", ImmutableMap.of("GET", explain, "HEAD", explain),
                "/api/v1/keys", ImmutableMap.of("GET", keys, "HEAD", keys),
                "/api/v1/plan", ImmutableMap.of("POST", this::plan),
                "/metrics", ImmutableMap.of("GET", this::metrics, "HEAD", this::metrics),
                "/healthz", ImmutableMap.of("GET", health, "HEAD", health),
                "/readyz", ImmutableMap.of("GET", ready, "HEAD", ready));
    }

    /** Whether a request on the main port is for {@link #handle}: its raw path is one of the classic ones, to the byte. */
    public boolean isClassicPath(String rawPath) {
        return classicPaths && classic.containsKey(rawPath);
    }

    /** A call on the main port. */
    public CompletionStage<Reply> handle(AdminRequest request) {
        return dispatch(classic, request);
    }

    /** A call on the second listener. */
    public CompletionStage<Reply> handleSecond(AdminRequest request) {
        return dispatch(second, request);
    }

    /** Takes another secret, other callers and another treatment of removals; the default route is looked up again. */
    public void reconfigure(AdminOptions options) {
        access = access(options, DefaultGateway.ROUTES);
    }

    /** Says once that calls need no secret, if that is so; to be called when the balancer has started. */
    public void warnIfOpen() {
        AdminOptions options = access.options;
        if (options.token().isEmpty()) {
            log.warn(
                    "admin calls need no token allowed=loopback networks={} gateway={}",
                    options.allow(),
                    options.allowGateway());
        }
    }

    private static Access access(AdminOptions options, Path routes) {
        Set<InetAddress> gateways = options.allowGateway() ? DefaultGateway.read(routes) : Set.of();
        if (options.allowGateway() && gateways.isEmpty()) {
            log.warn("admin.allow names the gateway but there is no default route");
        }
        return new Access(options, new AccessRule(options, gateways));
    }

    private static CompletionStage<Reply> dispatch(
            ImmutableMap<String, ImmutableMap<String, Call>> routes, AdminRequest request) {
        ImmutableMap<String, Call> methods = routes.get(request.path());
        if (methods == null) {
            return done(Reply.error(404, "Not found"));
        }
        Call call = methods.get(request.method());
        return call == null
                ? done(Reply.error(405, "Method not allowed").with("Allow", String.join(", ", methods.keySet())))
                : call.apply(request);
    }

    private CompletionStage<Reply> add(AdminRequest request) {
        return change(request, "newly added", scale -> control.add(scale.n(), scale.hostnames()));
    }

    private CompletionStage<Reply> remove(AdminRequest request) {
        boolean clamp = access.options.clampRemoval();
        return change(request, "removable", scale -> control.remove(scale.n(), scale.hostnames(), clamp));
    }

    private CompletionStage<Reply> change(
            AdminRequest request, String target, Function<ScaleRequest, CompletionStage<ReplicaSet>> change) {
        return guarded(
                request,
                () -> change.apply(ScaleRequest.parse(request.body(), target))
                        .handle((pool, failure) -> failure == null ? PoolReplies.names(pool) : failed(failure)));
    }

    private CompletionStage<Reply> weigh(AdminRequest request) {
        return guarded(request, () -> {
            JsonBody fields = JsonBody.parse(request.body());
            fields.allowOnly(Set.of("weights"));
            return control.weigh(fields.weights("weights"))
                    .handle((pool, failure) -> failure == null ? PoolReplies.weights(pool) : failed(failure));
        });
    }

    private CompletionStage<Reply> reconfigure(AdminRequest request) {
        return guarded(request, () -> work(() -> balance.reconfigure(request.body())));
    }

    private CompletionStage<Reply> plan(AdminRequest request) {
        return guarded(request, () -> work(() -> balance.plan(request.body())));
    }

    /** What a call does that may be refused for what it asks. */
    private interface Work<T> {
        T run() throws InvalidRequestException;
    }

    private CompletionStage<Reply> work(Work<Reply> work) {
        return CompletableFuture.supplyAsync(
                        () -> {
                            try {
                                return work.run();
                            } catch (InvalidRequestException e) {
                                return Reply.error(400, e.text());
                            }
                        },
                        blocking)
                .exceptionally(AdminApi::failed);
    }

    /** Runs {@code call} if the caller may, and its body is not too large. */
    private CompletionStage<Reply> guarded(AdminRequest request, Work<CompletionStage<Reply>> call) {
        switch (access.rule.judge(request, this::isReplica)) {
            case UNAUTHORIZED -> {
                return done(Reply.error(401, "Authorization required").with("WWW-Authenticate", "Bearer"));
            }
            case FORBIDDEN -> {
                return done(Reply.error(403, "Not allowed from this address"));
            }
            case ALLOWED -> {}
        }
        if (request.body().length > MAX_BODY) {
            return done(Reply.error(413, "Request body is too large"));
        }
        try {
            return call.run();
        } catch (InvalidRequestException e) {
            return done(Reply.error(400, e.text()));
        }
    }

    private boolean isReplica(InetAddress peer) {
        ReplicaSet pool = control.current();
        Stream<Replica> seated = pool.slots().stream().map(Slot::replica).filter(Objects::nonNull);
        return Stream.of(seated, pool.draining().stream(), pool.spares().stream())
                .flatMap(replicas -> replicas)
                .anyMatch(replica -> peer.equals(replica.address().getAddress()));
    }

    private CompletionStage<Reply> metrics(AdminRequest request) {
        return CompletableFuture.supplyAsync(metrics, blocking)
                .thenApply(text -> new Reply(200, List.of(), METRICS_TYPE, text.getBytes(StandardCharsets.UTF_8)))
                .exceptionally(AdminApi::failed);
    }

    private static Reply failed(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (!(cause instanceof ControlException refusal)) {
            log.error("admin call failed", cause);
            return Reply.error(500, "Internal error");
        }
        return switch (refusal.kind()) {
            case REFUSED -> Reply.error(400, text(refusal));
            case SPAWN_FAILED -> Reply.error(500, text(refusal));
            case UNAVAILABLE -> Reply.error(503, text(refusal)).with("Retry-After", "1");
        };
    }

    private static String text(ControlException refusal) {
        return Objects.requireNonNullElse(refusal.getMessage(), "Internal error");
    }

    private static CompletionStage<Reply> done(Reply reply) {
        return CompletableFuture.completedStage(reply);
    }
}
