/** Placeholder. */
@NullMarked
package dev.ringmaster.lb;

import org.jspecify.annotations.NullMarked;
