/** Placeholder. */
@NullMarked
package dev.ringmaster.hashing;

import org.jspecify.annotations.NullMarked;
