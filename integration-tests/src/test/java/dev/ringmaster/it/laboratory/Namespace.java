package dev.ringmaster.it.laboratory;

import java.io.IOException;
import java.util.HexFormat;
import java.util.SplittableRandom;

/**
 * A network namespace with one address that this machine reaches over a link of its own. Its name begins as everything
 * does that a test run leaves to be swept: {@code it-RUN-}.
 */
final class Namespace implements AutoCloseable {
    private static final String RUN = System.getenv().getOrDefault("TEST_RUN_OF_RINGMASTER", "alone");
    /** Networks for tests of network devices (RFC 2544): nothing else is there. */
    private static final String NETWORK = "198.18.";

    private final String name;
    private final String address;

    /** Needs root, {@code ip}, {@code iptables} and {@code tc}. */
    Namespace() throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom();
        String id = HexFormat.of().toHexDigits(random.nextInt());
        String subnet = NETWORK + random.nextInt(256) + ".";
        int block = random.nextInt(64) * 4;
        name = "it-" + RUN + "-" + id;
        address = subnet + (block + 2);
        String link = "it" + id;
        Commands.run("ip", "netns", "add", name);
        try {
            Commands.run("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", name);
            Commands.run("ip", "addr", "add", subnet + (block + 1) + "/30", "dev", link);
            Commands.run("ip", "link", "set", link, "up");
            inside("ip", "addr", "add", address + "/30", "dev", "eth0");
            inside("ip", "link", "set", "eth0", "up");
            inside("ip", "link", "set", "lo", "up");
            inside("iptables", "-F");
        } catch (AssertionError | IOException failed) {
            close();
            throw failed;
        }
    }

    String address() {
        return address;
    }

    /** What stands before a command that is to run inside. */
    String[] prefix() {
        return new String[] {"ip", "netns", "exec", name};
    }

    private void inside(String... words) throws IOException, InterruptedException {
        String[] all = new String[words.length + 4];
        System.arraycopy(prefix(), 0, all, 0, 4);
        System.arraycopy(words, 0, all, 4, words.length);
        Commands.run(all);
    }

    void disturb(Disturbance disturbance) throws IOException, InterruptedException {
        inside(disturbance.begin().split(" ", -1));
    }

    void calm(Disturbance disturbance) throws IOException, InterruptedException {
        inside(disturbance.end().split(" ", -1));
    }

    /** What happens to everything that passes the link. */
    enum Disturbance {
        LOSS("iptables -A INPUT -i eth0 -m statistic --mode random --probability 0.03 -j DROP"),
        /** Nothing comes in, answers go out. */
        DEAF("iptables -A INPUT -i eth0 -j DROP"),
        /** Requests come in, nothing goes out. */
        MUTE("iptables -A OUTPUT -o eth0 -j DROP"),
        RESET("iptables -A INPUT -i eth0 -p tcp -j REJECT --reject-with tcp-reset"),
        NARROW("tc qdisc add dev eth0 root tbf rate 8mbit burst 32kbit latency 400ms");

        private final String command;

        Disturbance(String command) {
            this.command = command;
        }

        private String begin() {
            return command;
        }

        private String end() {
            return this == NARROW ? "tc qdisc del dev eth0 root" : command.replace(" -A ", " -D ");
        }
    }

    /** The link goes with it. */
    @Override
    public void close() throws IOException {
        try {
            Commands.run("ip", "netns", "del", name);
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
