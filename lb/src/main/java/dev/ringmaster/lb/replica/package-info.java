/** The vocabulary of the pool: slots, the replicas that occupy them, their states and in-flight counts. Immutable values, and one registry with a single writer. */
@NullMarked
package dev.ringmaster.lb.replica;

import org.jspecify.annotations.NullMarked;
