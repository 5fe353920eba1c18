/** The balancer side by side with other proxies: same machine, same minutes, same work. Nothing here is asserted. */
@NullMarked
package dev.ringmaster.bench.compare;

import org.jspecify.annotations.NullMarked;
