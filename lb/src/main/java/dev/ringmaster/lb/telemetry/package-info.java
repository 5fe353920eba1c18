/** What is happening, told to people: metrics and the access log. A leaf that every package may report to and that never blocks an event loop. */
@NullMarked
package dev.ringmaster.lb.telemetry;

import org.jspecify.annotations.NullMarked;
