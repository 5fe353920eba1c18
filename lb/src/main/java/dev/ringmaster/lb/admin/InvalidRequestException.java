package dev.ringmaster.lb.admin;

/** What is wrong with a call, in the words of the reply. */
final class InvalidRequestException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String text;

    InvalidRequestException(String text) {
        super(text, null, false, false);
        this.text = text;
    }

    String text() {
        return text;
    }
}
