/** A small HTTP load generator: one event loop, keep-alive connections, every outcome counted by kind. It never sends a request twice. */
@NullMarked
package dev.ringmaster.lb.cli.load;

import org.jspecify.annotations.NullMarked;
