/** The configuration: a flat map of dotted keys read from file, environment and command line into one options record a package, with all errors at once. */
@NullMarked
package dev.ringmaster.lb.config;

import org.jspecify.annotations.NullMarked;
