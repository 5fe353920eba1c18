package dev.ringmaster.lb.config;

import static dev.ringmaster.lb.config.ValueTypes.elements;
import static dev.ringmaster.lb.config.ValueTypes.listOf;
import static dev.ringmaster.lb.config.ValueTypes.matching;
import static dev.ringmaster.lb.config.ValueTypes.require;

import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import dev.ringmaster.lb.http.Cidr;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Types of values that a proxy has: addresses, networks, hash keys, commands, secrets. */
final class ProxyTypes {
    private static final String LABELS = "[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252}[A-Za-z0-9_])?\\.?";
    private static final String FIELD_NAME = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final Pattern KEY_SOURCE =
            Pattern.compile("random|client-ip|path|uri|(header|cookie):" + FIELD_NAME + "|query:[!-~]+");
    private static final int LONGEST_TOKEN = 4096;

    /** Networks that may call, and whether the default route's gateway may. */
    record Callers(List<Cidr> networks, boolean gateway) {}

    static final ValueType<String> HOST = new ValueType<>("an IP address or a host name", ProxyTypes::readHost);

    static final ValueType<List<Cidr>> NETWORKS =
            listOf("a list of networks such as 10.0.0.0/8 or fd00::/8", Cidr::parse);

    static final ValueType<Callers> CALLERS =
            new ValueType<>("a list of networks such as 10.0.0.0/8 and of the word gateway", true, text -> {
                List<String> all = elements(text).toList();
                List<Cidr> networks = all.stream()
                        .filter(element -> !element.equals("gateway"))
                        .map(Cidr::parse)
                        .toList();
                return new Callers(networks, networks.size() < all.size());
            });

    static final ValueType<List<String>> HOST_NAMES = listOf("a list of host names", element -> {
        require(element.matches(LABELS), element);
        return element.toLowerCase(Locale.ROOT);
    });

    static final ValueType<List<HostAndPort>> ADDRESSES = listOf("a list of host:port", ProxyTypes::readAddress);

    static final ValueType<List<Path>> JARS = listOf("a list of jar files that exist", element -> {
        Path jar = Path.of(element);
        require(element.endsWith(".jar") && Files.isRegularFile(jar), element);
        return jar;
    });

    static final ValueType<List<String>> KEY_SOURCES = new ValueType<>(
            "a chain of random, header:NAME, cookie:NAME, client-ip, path, uri, query:NAME with random only at its end",
            true,
            text -> {
                List<String> chain = elements(text).toList();
                require(!chain.isEmpty(), text);
                require(
                        chain.stream()
                                .allMatch(source -> KEY_SOURCE.matcher(source).matches()),
                        text);
                int random = chain.indexOf("random");
                require(random < 0 || random == chain.size() - 1, text);
                return chain;
            });

    static final ValueType<String> COOKIE = matching("the name of a cookie", FIELD_NAME);

    static final ValueType<List<String>> COMMAND = new ValueType<>(
            "a program and its arguments, separated by blanks, with '…' or \"…\" around those that hold blanks",
            ProxyTypes::readCommand);

    /** A command that may be left out. */
    static final ValueType<List<String>> WORDS = new ValueType<>(
            COMMAND.expectation() + ", or nothing", text -> text.isBlank() ? List.of() : readCommand(text));

    static final ValueType<List<String>> VARIABLES = listOf("a list of NAME=VALUE", element -> {
        require(element.matches("[A-Za-z_][A-Za-z0-9_.-]*=.*"), element);
        return element;
    });

    /** 0 stands for off. */
    static final ValueType<Double> FACTOR = new ValueType<>("a number from 1.01 to 100, or off", text -> {
        require(text.matches("off|[0-9]{1,3}(\\.[0-9]{1,4})?"), text);
        double factor = text.equals("off") ? 0 : Double.parseDouble(text);
        require(factor == 0 ? text.equals("off") : factor >= 1.01 && factor <= 100, text);
        return factor;
    });

    /** 0 stands for off. */
    static final ValueType<Double> HOT_KEY_SHARE = new ValueType<>("a number from 0.05 to 10, or off", text -> {
        require(text.matches("off|[0-9]{1,2}(\\.[0-9]{1,4})?"), text);
        double share = text.equals("off") ? 0 : Double.parseDouble(text);
        require(share == 0 ? text.equals("off") : share >= 0.05 && share <= 10, text);
        return share;
    });

    static final ValueType<Path> PATH = new ValueType<>("a path", text -> {
        require(!text.isEmpty(), text);
        return Path.of(text);
    });

    /** An empty one for none. */
    static final ValueType<Path> OPTIONAL_PATH = new ValueType<>("a path, or nothing", Path::of);

    static final ValueType<String> TOKEN =
            matching("a secret of visible ASCII characters without blanks", "[!-~]{0," + LONGEST_TOKEN + "}");

    /** The name of a file, read as what is in it. */
    static final ValueType<String> TOKEN_FILE = new ValueType<>(
            "a readable file with a secret of visible ASCII characters in it", ProxyTypes::readTokenFile);

    private ProxyTypes() {}

    private static String readHost(String text) {
        boolean dotted = text.matches("[0-9.]*") || text.matches(".*\\.[0-9]+");
        require(InetAddresses.isInetAddress(text) || (!dotted && text.matches(LABELS)), text);
        return text;
    }

    private static HostAndPort readAddress(String text) {
        HostAndPort address = HostAndPort.fromString(text);
        require(address.hasPort() && address.getPort() > 0, text);
        readHost(address.getHost());
        return address;
    }

    /** Quotes of one kind protect blanks and quotes of the other kind; there is no escape character. */
    private static List<String> readCommand(String text) {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else {
                    word.append(c);
                }
            } else if (Character.isWhitespace(c)) {
                if (inWord) {
                    words.add(word.toString());
                    word.setLength(0);
                }
                inWord = false;
            } else {
                inWord = true;
                if (c == '"' || c == '\'') {
                    quote = c;
                } else {
                    word.append(c);
                }
            }
        }
        if (inWord) {
            words.add(word.toString());
        }
        require(quote == 0 && !words.isEmpty() && !words.getFirst().isEmpty(), text);
        return words;
    }

    private static String readTokenFile(String text) {
        if (text.isEmpty()) {
            return "";
        }
        try (InputStream in = Files.newInputStream(Path.of(text))) {
            String token = new String(in.readNBytes(LONGEST_TOKEN + 2), StandardCharsets.UTF_8).strip();
            require(!token.isEmpty(), text);
            return TOKEN.reader().read(token);
        } catch (IOException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
