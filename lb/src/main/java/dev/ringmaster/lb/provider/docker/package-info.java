/** Replicas as containers, started, watched and ended through the Docker engine's socket. Calls block; each has a deadline. */
@NullMarked
package dev.ringmaster.lb.provider.docker;

import org.jspecify.annotations.NullMarked;
