package dev.ringmaster.lb.http;

/**
 * How a response's head is told to the client.
 *
 * @param clientMinor 0 or 1, the minor version that the client's request named
 * @param close whether the connection closes after this response
 * @param coding how its body's end is told, see {@link ResponseWriter#coding}
 */
public record ResponseHop(int clientMinor, boolean close, BodyCoding coding) {}
