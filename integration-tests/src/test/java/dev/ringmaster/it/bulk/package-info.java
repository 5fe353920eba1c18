/** Much: gigabytes, thousands of requests and connections, and those who are slow among those who are not. */
@NullMarked
package dev.ringmaster.it.bulk;

import org.jspecify.annotations.NullMarked;
