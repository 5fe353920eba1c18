/**
 * The "hello" replica: a small HTTP/1.1 server that says which replica it is, answers heartbeats and drains when it is
 * told to stop. It is what a balancer starts many of, so it is made to start fast, to stay small and to outlive neither
 * its signal nor its owner.
 */
@NullMarked
package dev.ringmaster.server;

import org.jspecify.annotations.NullMarked;
