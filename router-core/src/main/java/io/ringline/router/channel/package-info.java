/** The bounded byte queue between the fan-out stage and one consumer. */
@org.jspecify.annotations.NullMarked
package io.ringline.router.channel;
