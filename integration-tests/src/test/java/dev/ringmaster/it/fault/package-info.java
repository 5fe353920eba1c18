/** Connections that break at the worst moment, at either end. */
@NullMarked
package dev.ringmaster.it.fault;

import org.jspecify.annotations.NullMarked;
