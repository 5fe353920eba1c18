/** Where messages end: the table of faults, the limits, and request smuggling with an oracle that decides. */
@NullMarked
package dev.ringmaster.it.data.framing;

import org.jspecify.annotations.NullMarked;
