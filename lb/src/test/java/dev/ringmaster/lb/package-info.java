/** Tests of the balancer's parts put together: a real data plane between raw sockets and scripted origins. */
@NullMarked
package dev.ringmaster.lb;

import org.jspecify.annotations.NullMarked;
