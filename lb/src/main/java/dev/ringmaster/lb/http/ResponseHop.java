package dev.ringmaster.lb.http;

/**
 * How a response's head is told to the client.
 *
 * @param clientMinor 0 or 1, the minor version that the client's request named
 * @param close whether the connection closes after this response
 * @param coding how its body's end is told, see {@link ResponseWriter#coding}
 * @param added header lines to be added, each with its end; usually none
 */
public record ResponseHop(int clientMinor, boolean close, BodyCoding coding, String added) {
    public ResponseHop(int clientMinor, boolean close, BodyCoding coding) {
        this(clientMinor, close, coding, "");
    }
}
