/**
 * Consistent hashing as a library: which node serves a key, which nodes come next when it cannot, and how little moves
 * when a node comes or goes. It knows nodes, weights and 64-bit key hashes, and nothing of requests, sockets or time.
 */
@NullMarked
package dev.ringmaster.hashing;

import org.jspecify.annotations.NullMarked;
