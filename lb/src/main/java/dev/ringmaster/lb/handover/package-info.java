/** Hands a balancer's listening sockets and its pool to the next process on this host; knows neither of them. */
@NullMarked
package dev.ringmaster.lb.handover;

import org.jspecify.annotations.NullMarked;
