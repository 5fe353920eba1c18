/** Experiments on a pool of containers, with charts: a program to be run by {@code make analysis}, no test. */
@NullMarked
package dev.ringmaster.it.analysis;

import org.jspecify.annotations.NullMarked;
