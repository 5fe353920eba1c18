/** Who gets which request: policies, keys, and policies of one's own. */
@NullMarked
package dev.ringmaster.it.balance;

import org.jspecify.annotations.NullMarked;
