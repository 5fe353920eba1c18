package dev.ringmaster.it.framing;

/**
 * Bytes of a hostile client, as Latin-1.
 *
 * @param name of the known shape that it was made from
 */
record Payload(String name, String text) {
    Payload with(String newText) {
        return new Payload(name, newText);
    }
}
