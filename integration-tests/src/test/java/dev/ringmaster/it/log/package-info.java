/** What a real run writes about its requests. */
@NullMarked
package dev.ringmaster.it.log;

import org.jspecify.annotations.NullMarked;
