/** What a balancer does to requests and responses on their way, byte for byte. */
@NullMarked
package dev.ringmaster.it.http;

import org.jspecify.annotations.NullMarked;
