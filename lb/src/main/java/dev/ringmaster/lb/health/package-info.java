/** Whether a replica answers: heartbeat probes over the network, apart from the pure counting of their outcomes. It reports and never acts. */
@NullMarked
package dev.ringmaster.lb.health;

import org.jspecify.annotations.NullMarked;
