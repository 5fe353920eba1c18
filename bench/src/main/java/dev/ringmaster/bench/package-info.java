/**
 * Measures what the library modules promise: the speed of lookups beside other libraries, and the evenness of homes.
 * Nothing depends on it.
 */
@NullMarked
package dev.ringmaster.bench;

import org.jspecify.annotations.NullMarked;
