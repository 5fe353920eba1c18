/** Replicas at fixed addresses that somebody else runs: nothing is started, nothing is stopped. */
@NullMarked
package dev.ringmaster.lb.provider.fixed;

import org.jspecify.annotations.NullMarked;
