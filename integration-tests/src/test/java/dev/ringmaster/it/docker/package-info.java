/** Replicas as containers of the real Docker engine: killed, stopped, paused, adopted. Each test makes its own network. */
@NullMarked
package dev.ringmaster.it.docker;

import org.jspecify.annotations.NullMarked;
