/** Connections to replicas: one pool for each event loop and replica, leased and returned by the proxy. It opens, keeps and closes sockets and decides nothing about requests. */
@NullMarked
package dev.ringmaster.lb.upstream;

import org.jspecify.annotations.NullMarked;
