/** Where messages end: the table of faults, the limits, and request smuggling with an oracle that decides. */
@NullMarked
package dev.ringmaster.it.framing;

import org.jspecify.annotations.NullMarked;
