package dev.ringmaster.lb.config;

import static dev.ringmaster.lb.config.ValueTypes.BOOLEAN;
import static dev.ringmaster.lb.config.ValueTypes.duration;
import static dev.ringmaster.lb.config.ValueTypes.integer;
import static dev.ringmaster.lb.config.ValueTypes.matching;
import static dev.ringmaster.lb.config.ValueTypes.oneOf;
import static dev.ringmaster.lb.config.ValueTypes.positiveDuration;
import static dev.ringmaster.lb.config.ValueTypes.size;

import com.google.common.net.HostAndPort;
import dev.ringmaster.lb.http.Cidr;
import dev.ringmaster.lb.listener.ListenerOptions.Transport;
import dev.ringmaster.lb.telemetry.TelemetryOptions.AccessLogFormat;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Every key that there is, in the order in which a reader meets them. */
final class Settings {
    private static final List<Setting<?>> ALL = new ArrayList<>();
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9_.-]{0,62}";

    static final Setting<String> BIND = atStart("bind", "0.0.0.0", ProxyTypes.HOST, "Address that clients connect to.");
    static final Setting<Integer> PORT =
            atStart("port", "5000", integer(0, 65_535), "Port that clients connect to; 0 takes a free one.");
    static final Setting<Integer> THREADS =
            atStart("threads", "0", integer(0, 1024), "Event loops; 0 means one for each processor.");
    static final Setting<Transport> TRANSPORT =
            atStart("transport", "auto", oneOf(Transport.class), "Event interface; auto is epoll on Linux, else nio.");

    static final Setting<String> ADMIN_BIND =
            atStart("admin.bind", "127.0.0.1", ProxyTypes.HOST, "Address of the second listener.");
    static final Setting<Integer> ADMIN_PORT =
            atStart("admin.port", "5001", integer(0, 65_535), "Port of the second listener; 0 takes a free one.");
    static final Setting<String> ADMIN_TOKEN =
            live("admin.token", "", ProxyTypes.TOKEN, "Secret that calls which change the pool must carry.");
    static final Setting<String> ADMIN_TOKEN_FILE =
            live("admin.token-file", "", ProxyTypes.TOKEN_FILE, "File that holds the secret.");
    static final Setting<ProxyTypes.Callers> ADMIN_ALLOW = live(
            "admin.allow",
            "",
            ProxyTypes.CALLERS,
            "Who may change the pool without a secret, beside loopback; gateway is the default route's.");
    static final Setting<List<String>> ADMIN_HOSTS = live(
            "admin.hosts",
            "",
            ProxyTypes.HOST_NAMES,
            "Names in Host that calls without a secret may use, beside addresses and single labels.");
    static final Setting<String> ADMIN_RM_OVERFLOW = live(
            "admin.rm-overflow",
            "error",
            oneOf("error", "clamp"),
            "Removing more replicas than there are: an error, or all of them go.");
    static final Setting<Boolean> ADMIN_CLASSIC_PATHS = atStart(
            "admin.classic-paths", "true", BOOLEAN, "Whether /rep, /add and /rm are answered on the main port.");

    static final Setting<String> POOL = atStart(
            "pool",
            "ringmaster",
            matching("a name of at most 63 letters, digits, dots, dashes and underscores", NAME),
            "Name of the pool; one balancer owns it at a time.");
    static final Setting<Integer> REPLICAS = atStart(
            "replicas",
            "3",
            integer(0, 1024),
            "Replicas to start with; with provider fixed as many as there are addresses.");
    static final Setting<Integer> REPLICA_LIMIT =
            live("replica-limit", "64", integer(1, 1024), "Most replicas that may be managed.");
    static final Setting<Integer> SPARES = live(
            "spares",
            "0",
            integer(0, 64),
            "Replicas kept running beside those, to take a dead one's place at once; none with provider fixed.");
    static final Setting<String> PROVIDER =
            atStart("provider", "process", oneOf("process", "docker", "fixed"), "What runs the replicas.");
    static final Setting<List<String>> PROCESS_COMMAND = atStart(
            "provider-process.command",
            "{home}/bin/ringmaster-server --port {port} --exit-on-stdin-close",
            ProxyTypes.COMMAND,
            "Program of a local replica; {home}, {port} and {id} are replaced.");
    static final Setting<String> DOCKER_IMAGE = atStart(
            "provider-docker.image",
            "ringmaster-server",
            matching("the name of an image", "[a-zA-Z0-9][a-zA-Z0-9_.:/@-]{0,255}"),
            "Image of a replica, which must be there: nothing is pulled.");
    static final Setting<String> DOCKER_NETWORK = atStart(
            "provider-docker.network",
            "net1",
            matching("the name of a network", NAME),
            "Network that replicas join and are reached through.");
    static final Setting<Path> DOCKER_SOCKET = atStart(
            "provider-docker.socket", "/var/run/docker.sock", ProxyTypes.PATH, "The Docker engine's Unix socket.");
    static final Setting<Path> DOCKER_AGENT = atStart(
            "provider-docker.agent",
            "",
            ProxyTypes.OPTIONAL_PATH,
            "Unix socket of `ringmaster docker-agent`, which then speaks to the engine instead; empty for none.");
    static final Setting<Integer> DOCKER_PORT =
            atStart("provider-docker.port", "5000", integer(1, 65535), "Port of a replica inside its container.");
    static final Setting<List<String>> DOCKER_ENV = atStart(
            "provider-docker.env",
            "",
            ProxyTypes.VARIABLES,
            "Environment of a replica as NAME=VALUE, separated by commas, beside SERVER_ID.");
    static final Setting<List<String>> DOCKER_COMMAND = atStart(
            "provider-docker.command", "", ProxyTypes.WORDS, "Command of a replica; empty for the image's own.");
    static final Setting<Long> DOCKER_MEMORY = atStart(
            "provider-docker.memory",
            "128MiB",
            size(1L << 40, "1024GiB"),
            "Most memory of a replica; 0 means no bound.");
    static final Setting<Integer> DOCKER_PIDS = atStart(
            "provider-docker.pids",
            "128",
            integer(0, 1 << 22),
            "Most processes and threads of a replica; 0 means no bound.");
    static final Setting<List<HostAndPort>> FIXED_ADDRESSES = atStart(
            "provider-fixed.addresses", "", ProxyTypes.ADDRESSES, "Replicas that somebody else runs, as host:port.");
    static final Setting<String> SHUTDOWN_REPLICAS = atStart(
            "shutdown.replicas", "remove", oneOf("remove", "keep"), "What an orderly stop does with the replicas.");
    static final Setting<Path> STATE_DIR = atStart(
            "state.dir",
            ".ringmaster",
            ProxyTypes.PATH,
            "Directory of journal and lock, from the working directory if relative.");
    static final Setting<List<Path>> PLUGINS =
            atStart("plugins", "", ProxyTypes.JARS, "Jars with policies and hash functions of your own.");

    static final Setting<String> POLICY = live(
            "policy",
            "consistent-hash",
            matching(
                    "consistent-hash, round-robin, least-connections, least-response-time, power-of-d, random,"
                            + " first-available, sticky or the name of your own",
                    NAME),
            "How a replica is chosen.");
    static final Setting<Integer> CHOICES = live(
            "power-of-d.choices",
            "2",
            integer(1, 64),
            "With power-of-d, of how many replicas drawn at random the least busy is taken.");
    static final Setting<String> STICKY_COOKIE = live(
            "sticky.cookie", "ringmaster", ProxyTypes.COOKIE, "With sticky, the cookie that names a client's slot.");
    static final Setting<String> STICKY_SECRET = live(
            "sticky.secret", "", ProxyTypes.TOKEN, "What that cookie is signed with; empty: random at each start.");
    static final Setting<String> STICKY_OTHERWISE = live(
            "sticky.otherwise",
            "consistent-hash",
            matching("the name of another policy", "(?!sticky$)" + NAME),
            "With sticky, the policy for clients without a slot, or whose slot does not serve.");
    static final Setting<Boolean> ROUTE_HEADER = live(
            "route-header",
            "false",
            BOOLEAN,
            "Whether answers tell by X-Ringmaster-Route which slot they come from, by which policy, after which others.");
    static final Setting<String> HASH_ALGORITHM = live(
            "hash.algorithm",
            "capped-rendezvous",
            oneOf("capped-rendezvous", "classic", "ketama", "maglev", "jump", "rendezvous"),
            "Consistent-hash algorithm.");
    static final Setting<String> HASH_FUNCTION = live(
            "hash.function",
            "farmhash64",
            matching("farmhash64, murmur3-128, siphash24, fnv1a-64 or the name of your own", NAME),
            "Hash function of keys.");
    static final Setting<List<String>> HASH_KEY =
            live("hash.key", "random", ProxyTypes.KEY_SOURCES, "What is hashed; the first source that a request has.");
    static final Setting<Integer> HASH_RING_SIZE =
            live("hash.ring-size", "512", integer(1, 4096), "Positions of the classic ring.");
    static final Setting<Integer> HASH_VIRTUAL_NODES =
            live("hash.virtual-nodes", "9", integer(1, 4096), "Positions of a replica on the classic ring.");
    static final Setting<String> HASH_PROBING =
            live("hash.probing", "linear", oneOf("linear", "quadratic"), "Search on a clash in the classic ring.");
    static final Setting<String> HASH_CLASSIC_IDS = live(
            "hash.classic-ids",
            "balanced",
            oneOf("balanced", "literal"),
            "Server ids on the classic ring: chosen for even shares, or counted from 1.");

    static final Setting<Double> HASH_BALANCE_FACTOR = live(
            "hash.balance-factor",
            "1.25",
            ProxyTypes.FACTOR,
            "Most requests in flight of a replica, as a multiple of its fair share; classic: off unless set.");

    static final Setting<Double> HASH_HOT_KEY_SHARE = live(
            "hash.hot-key-share",
            "0.6",
            ProxyTypes.HOT_KEY_SHARE,
            "Most requests of a key that a replica gets, as a part of its fair share; beyond, more get it; classic: off unless set.");
    static final Setting<Duration> SLOW_START = live(
            "slow-start",
            "0s",
            duration(),
            "How long a replica that is new to a running pool takes to get its whole share; 0s for no time.");

    static final Setting<String> HEALTH_PATH = live(
            "health.path",
            "/heartbeat",
            matching("a path that begins with /", "/[!-~]{0,1023}"),
            "Path of heartbeats; 200 counts as alive.");
    static final Setting<Duration> HEALTH_INTERVAL =
            live("health.interval", "500ms", positiveDuration(), "Time between two heartbeats.");
    static final Setting<Duration> HEALTH_TIMEOUT =
            live("health.timeout", "500ms", positiveDuration(), "Time until a heartbeat without an answer has failed.");
    static final Setting<Integer> HEALTH_FALL =
            live("health.fall", "2", integer(1, 1000), "Failures in a row until a replica is ejected.");
    static final Setting<Integer> HEALTH_RISE =
            live("health.rise", "1", integer(1, 1000), "Successes in a row until it is back.");
    static final Setting<Duration> HEALTH_REPLACE_AFTER =
            live("health.replace-after", "5s", duration(), "How long an ejected replica may stay silent.");
    static final Setting<Boolean> OUTLIER_ENABLED = live(
            "outlier.enabled",
            "true",
            BOOLEAN,
            "Whether a replica that answers heartbeats but serves worse than the others is ejected for a while.");
    static final Setting<Integer> OUTLIER_FAILURES = live(
            "outlier.consecutive-failures",
            "5",
            integer(1, 1000),
            "Failed requests in a row that eject: 5xx but 501 and 505, no connection, a broken or no answer.");
    static final Setting<Duration> OUTLIER_INTERVAL = live(
            "outlier.interval", "500ms", positiveDuration(), "Time between two comparisons of success and latency.");
    static final Setting<Double> OUTLIER_LATENCY = live(
            "outlier.latency-factor",
            "5",
            ProxyTypes.FACTOR,
            "How many times slower than the others, by the median, ejects.");
    static final Setting<Duration> OUTLIER_BASE = live(
            "outlier.base-ejection",
            "10s",
            positiveDuration(),
            "Time of a first ejection; each further one lasts twice as long.");
    static final Setting<Duration> OUTLIER_MOST =
            live("outlier.max-ejection", "5m", positiveDuration(), "Longest ejection.");
    static final Setting<Integer> OUTLIER_SHARE = live(
            "outlier.max-share",
            "50",
            integer(1, 50),
            "Most of the pool that may be ejected, in percent; one of several replicas always may.");
    static final Setting<Duration> DRAIN_TIMEOUT =
            live("drain.timeout", "10s", duration(), "Longest wait for requests in flight of a leaving replica.");

    static final Setting<Duration> CONNECT_TIMEOUT =
            atStart("proxy.connect-timeout", "1s", positiveDuration(), "Longest wait for a connection to a replica.");
    static final Setting<Duration> RESPONSE_TIMEOUT = atStart(
            "proxy.response-timeout", "60s", positiveDuration(), "Longest silence of a replica that must answer.");
    static final Setting<Duration> WAIT_FOR_REPLICA = atStart(
            "proxy.wait-for-replica", "3s", duration(), "Longest wait while every replica is down and one comes back.");
    static final Setting<Long> MAX_BODY =
            atStart("proxy.max-body", "0", size(1L << 40, "1024GiB"), "Largest request body; 0 means no bound.");
    static final Setting<List<Cidr>> TRUSTED =
            atStart("proxy.trusted", "", ProxyTypes.NETWORKS, "Peers whose X-Forwarded-For and the like are believed.");
    static final Setting<String> VIA = atStart(
            "proxy.via",
            "ringmaster",
            matching("a token as in RFC 9110", "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}"),
            "Name of this proxy in Via.");
    static final Setting<Boolean> TRANSLATE_NOT_FOUND =
            atStart("proxy.translate-not-found", "false", BOOLEAN, "Whether a replica's 404 becomes the classic 400.");
    static final Setting<Long> RETRY_BODY_BUFFER = atStart(
            "retry.body-buffer", "64KiB", size(64L << 20, "64MiB"), "Bytes of a request's body held for a retry.");

    static final Setting<Duration> RETRY_TRY_TIMEOUT = atStart(
            "retry.try-timeout",
            "0s",
            duration(),
            "Longest wait for a replica's answer before another gets a request that may be sent again; 0s: no bound.");
    static final Setting<Boolean> RETRY_HEDGE = atStart(
            "retry.hedge",
            "false",
            BOOLEAN,
            "Whether a request that waits longer than 95 % of the answers took goes to a second replica, too.");

    static final Setting<Integer> LIMIT_IN_FLIGHT = live(
            "limit.in-flight",
            "10000",
            integer(1, 1 << 20),
            "Most requests, and connections that carry one, of a replica; beyond it the next candidate is taken.");
    static final Setting<Integer> LIMIT_PENDING = atStart(
            "limit.pending",
            "1000",
            integer(0, 1 << 20),
            "Requests that an event loop lets wait while every replica is at its limit.");
    static final Setting<Duration> LIMIT_PENDING_WAIT =
            atStart("limit.pending-wait", "40ms", duration(), "How long they wait before they are answered 503.");

    static final Setting<AccessLogFormat> ACCESS_LOG =
            live("access-log", "none", oneOf(AccessLogFormat.class), "A line for every request on standard output.");

    private Settings() {}

    static List<ConfigKey> keys() {
        return ALL.stream().map(Setting::key).toList();
    }

    /** A key that is read when the balancer starts. */
    private static <T> Setting<T> atStart(String name, String defaultValue, ValueType<T> type, String description) {
        return add(new Setting<>(new ConfigKey(name, defaultValue, type.expectation(), description, false), type));
    }

    /** A key that a running balancer takes a new value of. */
    private static <T> Setting<T> live(String name, String defaultValue, ValueType<T> type, String description) {
        return add(new Setting<>(new ConfigKey(name, defaultValue, type.expectation(), description, true), type));
    }

    private static <T> Setting<T> add(Setting<T> setting) {
        ALL.add(setting);
        return setting;
    }
}
