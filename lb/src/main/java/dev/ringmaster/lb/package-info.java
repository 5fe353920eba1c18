/** The balancer's main class and composition root: builds the parts in data-flow order and closes them in reverse. It holds no logic of its own. */
@NullMarked
package dev.ringmaster.lb;

import org.jspecify.annotations.NullMarked;
