package dev.ringmaster.it.laboratory;

import dev.ringmaster.it.laboratory.Wire.MalformedException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a request's path says: who it is, how long its body is, and which answer it wants.
 *
 * @param body bytes of the request's own body
 * @param size bytes of the answer's
 * @param chunked whether the answer is
 */
record Target(int id, long body, long size, boolean chunked) {
    private static final String PREFIX = "/lab/";

    private static final Pattern START =
            Pattern.compile("(?:GET|PUT|POST) " + PREFIX + "(\\d+)/(\\d+)/(\\d+)/(chunked|length) HTTP/1\\.1\r");

    /** Of a request's head. */
    static Target of(String head) throws MalformedException {
        Matcher words = START.matcher(head);
        if (!words.lookingAt()) {
            throw new MalformedException("no request: " + head.substring(0, head.indexOf('\r')));
        }
        return new Target(
                Integer.parseInt(words.group(1)),
                Long.parseLong(words.group(2)),
                Long.parseLong(words.group(3)),
                words.group(4).equals("chunked"));
    }

    String path() {
        return PREFIX + id + "/" + body + "/" + size + "/" + (chunked ? "chunked" : "length");
    }
}
