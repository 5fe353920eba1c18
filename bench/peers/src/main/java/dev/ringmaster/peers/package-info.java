/** Proxies of other Java projects, each as small as its documentation has it, for the comparison. Nothing else uses them. */
@NullMarked
package dev.ringmaster.peers;

import org.jspecify.annotations.NullMarked;
