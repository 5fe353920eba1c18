/** Which replica serves a key: policies, request keys, and the immutable routing table that all event loops read. The only package that knows the hashing library. */
@NullMarked
package dev.ringmaster.lb.balance;

import org.jspecify.annotations.NullMarked;
