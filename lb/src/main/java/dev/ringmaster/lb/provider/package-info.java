/** The seam to whatever runs replicas: create, start, stop, list, watch. Implementations live in subpackages that do not know each other. */
@NullMarked
package dev.ringmaster.lb.provider;

import org.jspecify.annotations.NullMarked;
