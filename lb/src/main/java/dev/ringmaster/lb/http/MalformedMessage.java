package dev.ringmaster.lb.http;

/**
 * A peer broke the rules of HTTP/1.x or passed a limit. The message cannot be read on and its connection has to close.
 * Without a stack trace: a hostile peer must not be able to make us build one a request.
 */
public final class MalformedMessage extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String text;

    MalformedMessage(int status, String text) {
        super(text, null, false, false);
        this.status = status;
        this.text = text;
    }

    /** The status to answer with: 4xx or 5xx for a request, 502 for any fault of a response. */
    public int status() {
        return status;
    }

    /** What was wrong, a sentence without a full stop and without the leading {@code <Error>}. */
    public String text() {
        return text;
    }
}
