/** NATS in and out. */
@org.jspecify.annotations.NullMarked
package io.ringline.nats;
