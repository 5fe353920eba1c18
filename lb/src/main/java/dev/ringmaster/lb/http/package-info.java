/** HTTP/1.x as bytes: framing rules, message heads, hop-by-hop and forwarded fields, fixed replies. Pure functions and small state machines over buffers, with no channel and no other package of the balancer. */
@NullMarked
package dev.ringmaster.lb.http;

import org.jspecify.annotations.NullMarked;
