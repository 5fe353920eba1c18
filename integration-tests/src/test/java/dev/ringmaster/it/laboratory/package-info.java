/**
 * Many requests while replicas, processes and networks break by a seeded schedule; afterwards every single request is
 * judged by what its client saw and what the replicas say that they did with it.
 */
@NullMarked
package dev.ringmaster.it.laboratory;

import org.jspecify.annotations.NullMarked;
