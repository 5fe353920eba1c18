/** Binds, accepts and drains client connections, and hands each request to the proxy or to the admin interface. It knows no replica and chooses none. */
@NullMarked
package dev.ringmaster.lb.listener;

import org.jspecify.annotations.NullMarked;
