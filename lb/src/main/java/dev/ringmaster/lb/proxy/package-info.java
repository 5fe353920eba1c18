/** One request's way from a client to a replica and back: attempts, body relay with back pressure, retry and waiting. Every decision about an exchange is taken here, on the event loop of its client. */
@NullMarked
package dev.ringmaster.lb.proxy;

import org.jspecify.annotations.NullMarked;
