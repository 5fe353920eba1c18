package dev.ringmaster.lb.config;

import dev.ringmaster.lb.admin.AdminOptions;
import dev.ringmaster.lb.balance.BalanceOptions;
import dev.ringmaster.lb.health.HealthOptions;
import dev.ringmaster.lb.health.OutlierOptions;
import dev.ringmaster.lb.http.ForwardingOptions;
import dev.ringmaster.lb.lifecycle.LifecycleOptions;
import dev.ringmaster.lb.listener.ListenerOptions;
import dev.ringmaster.lb.provider.docker.DockerOptions;
import dev.ringmaster.lb.provider.fixed.FixedOptions;
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

    private static final String CLASSIC = "classic";

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
        BalanceOptions balance = balance();
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
                        new ProxyOptions.Retry(
                                Math.toIntExact(values.get(Settings.RETRY_BODY_BUFFER)),
                                values.get(Settings.RETRY_TRY_TIMEOUT),
                                values.get(Settings.RETRY_HEDGE)),
                        new ProxyOptions.Pending(
                                values.get(Settings.LIMIT_PENDING), values.get(Settings.LIMIT_PENDING_WAIT)),
                        values.get(Settings.TRANSLATE_NOT_FOUND)),
                balance,
                new UpstreamOptions(values.get(Settings.CONNECT_TIMEOUT), UPSTREAM_IDLE),
                health(),
                lifecycle(balance.hash()),
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
        DockerOptions docker = docker();
        return switch (values.get(Settings.PROVIDER)) {
            case "docker" -> new LoadBalancerConfig.Provider.Docker(docker);
            case "fixed" -> {
                values.setDefault(Settings.REPLICAS, "" + fixed.addresses().size());
                yield new LoadBalancerConfig.Provider.Fixed(fixed);
            }
            default -> new LoadBalancerConfig.Provider.LocalProcess(process);
        };
    }

    private DockerOptions docker() {
        return new DockerOptions(
                values.get(Settings.DOCKER_IMAGE),
                values.get(Settings.DOCKER_NETWORK),
                values.get(Settings.DOCKER_SOCKET),
                values.get(Settings.DOCKER_AGENT),
                values.get(Settings.DOCKER_PORT),
                values.get(Settings.DOCKER_ENV),
                values.get(Settings.DOCKER_COMMAND),
                values.get(Settings.DOCKER_MEMORY),
                values.get(Settings.DOCKER_PIDS));
    }

    private BalanceOptions balance() {
        BalanceOptions.HashRing ring = new BalanceOptions.HashRing(
                values.get(Settings.HASH_ALGORITHM),
                values.get(Settings.HASH_FUNCTION),
                values.get(Settings.HASH_RING_SIZE),
                values.get(Settings.HASH_VIRTUAL_NODES),
                values.get(Settings.HASH_PROBING),
                values.get(Settings.HASH_CLASSIC_IDS));
        if (ring.algorithm().equals(CLASSIC)) {
            // uneven by design: what evens it out would hide what it is kept for, so it is off unless set
            values.setDefault(Settings.HASH_BALANCE_FACTOR, "off");
            values.setDefault(Settings.HASH_HOT_KEY_SHARE, "off");
        }
        return new BalanceOptions(
                values.get(Settings.POLICY),
                ring,
                values.get(Settings.HASH_KEY),
                new BalanceOptions.Tuning(
                        values.get(Settings.HASH_BALANCE_FACTOR),
                        values.get(Settings.CHOICES),
                        new BalanceOptions.Sticky(
                                values.get(Settings.STICKY_COOKIE),
                                values.get(Settings.STICKY_SECRET),
                                values.get(Settings.STICKY_OTHERWISE)),
                        values.get(Settings.LIMIT_IN_FLIGHT),
                        values.get(Settings.ROUTE_HEADER),
                        values.get(Settings.HASH_HOT_KEY_SHARE),
                        values.get(Settings.SLOW_START)));
    }

    private HealthOptions health() {
        return new HealthOptions(
                values.get(Settings.HEALTH_PATH),
                values.get(Settings.HEALTH_INTERVAL),
                values.get(Settings.HEALTH_TIMEOUT),
                values.get(Settings.HEALTH_FALL),
                values.get(Settings.HEALTH_RISE),
                outliers());
    }

    private OutlierOptions outliers() {
        Duration base = values.get(Settings.OUTLIER_BASE);
        Duration most = values.get(Settings.OUTLIER_MOST);
        if (base.compareTo(most) > 0) {
            values.problem("outlier.base-ejection: must not be longer than outlier.max-ejection");
        }
        return new OutlierOptions(
                values.get(Settings.OUTLIER_ENABLED),
                values.get(Settings.OUTLIER_FAILURES),
                values.get(Settings.OUTLIER_INTERVAL),
                values.get(Settings.OUTLIER_LATENCY),
                base,
                most,
                values.get(Settings.OUTLIER_SHARE));
    }

    private LifecycleOptions lifecycle(BalanceOptions.HashRing ring) {
        return new LifecycleOptions(
                values.get(Settings.POOL),
                values.get(Settings.REPLICAS),
                replicaLimit(ring),
                values.get(Settings.SPARES),
                values.get(Settings.HEALTH_REPLACE_AFTER),
                values.get(Settings.DRAIN_TIMEOUT),
                values.get(Settings.STATE_DIR),
                values.get(Settings.SHUTDOWN_REPLICAS).equals("keep"));
    }

    /** The classic ring has room for so many. */
    private int replicaLimit(BalanceOptions.HashRing ring) {
        int limit = values.get(Settings.REPLICA_LIMIT);
        int room = ring.ringSize() / ring.virtualNodes();
        return ring.algorithm().equals(CLASSIC) && room > 0 ? Math.min(limit, room) : limit;
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
    }
}
