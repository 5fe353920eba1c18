package dev.ringmaster.lb.config;

<<<<<<< HEAD
=======
import com.google.common.net.HostAndPort;
>>>>>>> cli
import dev.ringmaster.lb.admin.AdminOptions;
import dev.ringmaster.lb.balance.BalanceOptions;
import dev.ringmaster.lb.health.HealthOptions;
import dev.ringmaster.lb.http.ForwardingOptions;
import dev.ringmaster.lb.lifecycle.LifecycleOptions;
import dev.ringmaster.lb.listener.ListenerOptions;
import dev.ringmaster.lb.provider.fixed.FixedOptions;
<<<<<<< HEAD
import dev.ringmaster.lb.provider.process.ProcessOptions;
import dev.ringmaster.lb.proxy.ProxyOptions;
import dev.ringmaster.lb.telemetry.TelemetryOptions;
import dev.ringmaster.lb.upstream.UpstreamOptions;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/**
 * From sources to a checked configuration.
 *
 * <p>File, environment and command line are laid over the defaults, each later one over the earlier. Unknown keys in
 * any of them are errors; of values, those that win are checked. Everything wrong is reported at once.
 */
public final class ConfigReader {
    /** Replicas close idle connections sooner or later: this is below what usual servers allow. */
    private static final Duration UPSTREAM_IDLE = Duration.ofSeconds(4);

    private final RawValues values;

    private ConfigReader(ConfigSources sources) {
        this.values = new RawValues(sources);
    }

    /** The configuration; {@code {home}} in the command of local replicas is the directory of the installation. */
    public static LoadBalancerConfig read(ConfigSources sources) throws ConfigException {
        return new ConfigReader(sources).config();
    }

    /** Key to text of the configuration in the order of the keys; the secret is shown as asterisks. */
    public static SortedMap<String, String> effective(ConfigSources sources) throws ConfigException {
        ConfigReader reader = new ConfigReader(sources);
        reader.config();
        return reader.values.texts();
    }

    private LoadBalancerConfig config() throws ConfigException {
        LoadBalancerConfig.Provider provider = provider();
        LoadBalancerConfig config = new LoadBalancerConfig(
                new ListenerOptions(
                        values.get(Settings.BIND),
                        values.get(Settings.PORT),
                        values.get(Settings.THREADS),
                        values.get(Settings.TRANSPORT)),
                new ForwardingOptions(
                        values.get(Settings.TRUSTED), values.get(Settings.VIA), values.get(Settings.MAX_BODY)),
                new ProxyOptions(
                        values.get(Settings.RESPONSE_TIMEOUT),
                        values.get(Settings.WAIT_FOR_REPLICA),
                        Math.toIntExact(values.get(Settings.RETRY_BODY_BUFFER)),
                        values.get(Settings.TRANSLATE_NOT_FOUND)),
                balance(),
                new UpstreamOptions(values.get(Settings.CONNECT_TIMEOUT), UPSTREAM_IDLE),
                health(),
                lifecycle(),
                provider,
                admin(),
                new TelemetryOptions(values.get(Settings.ACCESS_LOG)),
                values.get(Settings.PLUGINS));
        checkTogether(config);
        values.throwIfWrong();
        return config;
    }

    private LoadBalancerConfig.Provider provider() {
        ProcessOptions process = new ProcessOptions(values.get(Settings.PROCESS_COMMAND).stream()
                .map(word -> word.replace("{home}", System.getProperty("ringmaster.home", ".")))
                .toList());
        FixedOptions fixed = new FixedOptions(values.get(Settings.FIXED_ADDRESSES));
        if (values.get(Settings.PROVIDER).equals("process")) {
            return new LoadBalancerConfig.Provider.LocalProcess(process);
        }
        values.setDefault(Settings.REPLICAS, "" + fixed.addresses().size());
        return new LoadBalancerConfig.Provider.Fixed(fixed);
    }

    private BalanceOptions balance() {
        BalanceOptions.HashRing ring = new BalanceOptions.HashRing(
                values.get(Settings.HASH_ALGORITHM),
                values.get(Settings.HASH_FUNCTION),
                values.get(Settings.HASH_RING_SIZE),
                values.get(Settings.HASH_VIRTUAL_NODES),
                values.get(Settings.HASH_PROBING),
                values.get(Settings.HASH_CLASSIC_IDS));
        return new BalanceOptions(values.get(Settings.POLICY), ring, values.get(Settings.HASH_KEY));
    }

    private HealthOptions health() {
        return new HealthOptions(
                values.get(Settings.HEALTH_PATH),
                values.get(Settings.HEALTH_INTERVAL),
                values.get(Settings.HEALTH_TIMEOUT),
                values.get(Settings.HEALTH_FALL),
                values.get(Settings.HEALTH_RISE));
    }

    private LifecycleOptions lifecycle() {
        return new LifecycleOptions(
                values.get(Settings.POOL),
                values.get(Settings.REPLICAS),
                values.get(Settings.REPLICA_LIMIT),
                values.get(Settings.HEALTH_REPLACE_AFTER),
                values.get(Settings.DRAIN_TIMEOUT),
                values.get(Settings.STATE_DIR),
                values.get(Settings.SHUTDOWN_REPLICAS).equals("keep"));
    }

    private AdminOptions admin() {
        String token = values.get(Settings.ADMIN_TOKEN);
        String fromFile = values.get(Settings.ADMIN_TOKEN_FILE);
        if (values.isSet(Settings.ADMIN_TOKEN) && values.isSet(Settings.ADMIN_TOKEN_FILE)) {
            values.problem("admin.token and admin.token-file are both set: one of them is to go");
        }
        ProxyTypes.Callers callers = values.get(Settings.ADMIN_ALLOW);
        return new AdminOptions(
                values.get(Settings.ADMIN_BIND),
                values.get(Settings.ADMIN_PORT),
                token.isEmpty() ? fromFile : token,
                callers.networks(),
                callers.gateway(),
                Set.copyOf(values.get(Settings.ADMIN_HOSTS)),
                values.get(Settings.ADMIN_RM_OVERFLOW).equals("clamp"),
                values.get(Settings.ADMIN_CLASSIC_PATHS));
    }

    /** What no value can be wrong about alone. */
    private void checkTogether(LoadBalancerConfig config) {
        int replicas = config.lifecycle().replicas();
        int limit = config.lifecycle().replicaLimit();
        if (replicas > limit) {
            values.problem("replicas: " + replicas + " are more than replica-limit " + limit + " allows");
        }
        BalanceOptions.HashRing ring = config.balance().hash();
        if (ring.virtualNodes() > ring.ringSize()) {
            values.problem("hash.virtual-nodes: " + ring.virtualNodes() + " are more than the " + ring.ringSize()
                    + " positions of hash.ring-size");
        }
        if (config.provider() instanceof LoadBalancerConfig.Provider.Fixed(FixedOptions fixed)) {
            checkFixed(fixed.addresses(), replicas);
        }
    }

    private void checkFixed(List<?> addresses, int replicas) {
        if (addresses.isEmpty()) {
            values.problem("provider-fixed.addresses: must name at least one host:port for provider fixed");
        } else if (replicas > addresses.size()) {
            values.problem(
                    "replicas: " + replicas + " are more than the " + addresses.size() + " provider-fixed.addresses");
        }
        if (new HashSet<>(addresses).size() < addresses.size()) {
            values.problem("provider-fixed.addresses: an address stands twice");
        }
=======
import dev.ringmaster.lb.proxy.ProxyOptions;
import dev.ringmaster.lb.telemetry.TelemetryOptions;
import dev.ringmaster.lb.upstream.UpstreamOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads a configuration. */
public final class ConfigReader {
    private ConfigReader() {}

    public static SortedMap<String, String> effective(ConfigSources sources) throws ConfigException {
        LoadBalancerConfig config = read(sources);
        SortedMap<String, String> texts = new TreeMap<>();
        texts.put("health.interval", "500ms");
        texts.put("replicas", "" + config.lifecycle().replicas());
        sources.settings()
                .forEach(setting -> texts.put(
                        setting.substring(0, setting.indexOf('=')), setting.substring(setting.indexOf('=') + 1)));
        return texts;
    }

    public static LoadBalancerConfig read(ConfigSources sources) throws ConfigException {
        List<String> unknown = sources.settings().stream()
                .filter(setting -> setting.startsWith("no-such-key"))
                .toList();
        if (!unknown.isEmpty()) {
            throw new ConfigException(unknown);
        }
        Duration second = Duration.ofSeconds(1);
        return new LoadBalancerConfig(
                new ListenerOptions("0.0.0.0", 0, 0, ListenerOptions.Transport.AUTO),
                new ForwardingOptions(List.of(), "ringmaster", 0),
                new ProxyOptions(second, second, 65536, false),
                new BalanceOptions(
                        "consistent-hash",
                        new BalanceOptions.HashRing("capped-rendezvous", "farm", 512, 9, "linear", "balanced"),
                        List.of("random")),
                new UpstreamOptions(second, second),
                new HealthOptions("/heartbeat", second, second, 2, 1),
                new LifecycleOptions("ringmaster", 3, 64, second, second, Path.of("state"), false),
                new LoadBalancerConfig.Provider.Fixed(new FixedOptions(List.of(HostAndPort.fromString("127.0.0.1:1")))),
                new AdminOptions("127.0.0.1", 0, "", List.of(), false, Set.of(), false, true),
                new TelemetryOptions(TelemetryOptions.AccessLogFormat.NONE),
                List.of());
>>>>>>> cli
    }
}
