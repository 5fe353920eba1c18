/** The control plane: one thread that brings the observed replicas to the desired ones and publishes routing tables. It never touches a request. */
@NullMarked
package dev.ringmaster.lb.lifecycle;

import org.jspecify.annotations.NullMarked;
