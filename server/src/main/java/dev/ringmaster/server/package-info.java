/** Placeholder. */
@NullMarked
package dev.ringmaster.server;

import org.jspecify.annotations.NullMarked;
