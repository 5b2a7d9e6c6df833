/** The router: settings, publishers, and the one place that wires the ring. */
@org.jspecify.annotations.NullMarked
package io.ringline.router;
