package dev.ringmaster.it.framing;

import dev.ringmaster.it.framing.StrictRequest.Field;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a request's head says about where the request ends.
 *
 * @param target in origin-form
 * @param last whether no request follows on the connection
 */
record StrictHead(String method, String target, boolean chunked, long length, boolean last) {
    private static final String NAME = "(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+";
    private static final String AUTHORITY = "(?:" + NAME + "|\\[[0-9A-Fa-f:.]+\\])(?::[0-9]{0,5})?";
    private static final Pattern LINE = Pattern.compile("([^ ]+) ([!-~]+) HTTP/1\\.([01])");
    private static final Pattern ABSOLUTE = Pattern.compile("(?i:http)://([^/?]*)(.*)");

    static StrictHead of(String line, List<Field> fields) {
        Matcher parts = LINE.matcher(line);
        Violation.unless(parts.matches() && Lines.token(parts.group(1)), "no request line: " + line);
        boolean old = parts.group(3).equals("0");
        String target = target(parts.group(1), parts.group(2), host(fields, old));
        List<String> codings = values(fields, "transfer-encoding");
        List<String> lengths = values(fields, "content-length");
        Violation.unless(codings.isEmpty() || (!old && lengths.isEmpty()), "Transfer-Encoding not alone");
        Violation.unless(
                codings.isEmpty() || (codings.size() == 1 && codings.getFirst().equalsIgnoreCase("chunked")),
                "codings " + codings);
        return new StrictHead(parts.group(1), target, !codings.isEmpty(), length(lengths), last(fields, old));
    }

    private static String host(List<Field> fields, boolean old) {
        List<String> hosts = values(fields, "host");
        Violation.unless(hosts.size() == 1 || (old && hosts.isEmpty()), "hosts " + hosts);
        Violation.unless(hosts.isEmpty() || hosts.getFirst().matches(AUTHORITY), "hosts " + hosts);
        return hosts.isEmpty() ? "" : hosts.getFirst();
    }

    private static String target(String method, String target, String host) {
        if (target.startsWith("/") || (target.equals("*") && method.equals("OPTIONS"))) {
            return target;
        }
        Matcher absolute = ABSOLUTE.matcher(target);
        Violation.unless(absolute.matches() && absolute.group(1).matches(AUTHORITY), "target " + target);
        Violation.unless(host.isEmpty() || plain(host).equals(plain(absolute.group(1))), "target for another host");
        String path = absolute.group(2);
        String root = path.isEmpty() && method.equals("OPTIONS") ? "*" : "/";
        return path.startsWith("/") ? path : root + path;
    }

    private static String plain(String authority) {
        return authority.toLowerCase(Locale.ROOT).replaceFirst(":(0*80)?$", "");
    }

    private static long length(List<String> lengths) {
        Violation.unless(lengths.size() < 2, "lengths " + lengths);
        if (lengths.isEmpty()) {
            return 0;
        }
        Violation.unless(lengths.getFirst().matches("[0-9]+"), "length " + lengths);
        BigInteger length = new BigInteger(lengths.getFirst());
        Violation.unless(length.bitLength() < Long.SIZE, "length overflows: " + lengths);
        return length.longValueExact();
    }

    private static boolean last(List<Field> fields, boolean old) {
        List<String> options = new ArrayList<>();
        for (String value : values(fields, "connection")) {
            for (String option : value.split(",", -1)) {
                options.add(option.strip().toLowerCase(Locale.ROOT));
            }
        }
        for (String needed : List.of("host", "content-length", "transfer-encoding")) {
            Violation.unless(!options.contains(needed), "Connection names " + needed);
        }
        return options.contains("close") || (old && !options.contains("keep-alive"));
    }

    private static List<String> values(List<Field> fields, String name) {
        return fields.stream().filter(field -> field.is(name)).map(Field::value).toList();
    }
}
