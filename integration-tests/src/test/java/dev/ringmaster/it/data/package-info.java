/** The data plane from outside: real sockets, the real distribution, and origins that behave as badly as a test asks. */
@NullMarked
package dev.ringmaster.it.data;

import org.jspecify.annotations.NullMarked;
