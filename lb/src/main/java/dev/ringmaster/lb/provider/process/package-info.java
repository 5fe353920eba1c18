/** Replicas as local processes, started from a command, watched through their process handles. */
@NullMarked
package dev.ringmaster.lb.provider.process;

import org.jspecify.annotations.NullMarked;
