/** The admin interface: strict JSON, the rule of who may call, replies. Every change goes through the lifecycle package. */
@NullMarked
package dev.ringmaster.lb.admin;

import org.jspecify.annotations.NullMarked;
