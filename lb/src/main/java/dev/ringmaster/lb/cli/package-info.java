/** The commands of the program ringmaster. */
@NullMarked
package dev.ringmaster.lb.cli;

import org.jspecify.annotations.NullMarked;
