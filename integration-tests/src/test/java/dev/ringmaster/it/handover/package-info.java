/** One balancer after another on one host, and clients that must not notice. */
@NullMarked
package dev.ringmaster.it.handover;

import org.jspecify.annotations.NullMarked;
