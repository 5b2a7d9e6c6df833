/** The encoded event: one layout for ring slot, channel, journal and dead letter. */
@org.jspecify.annotations.NullMarked
package io.ringline.router.record;
