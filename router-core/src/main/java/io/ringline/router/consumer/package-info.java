/** What polls a channel: handlers, retries, dead letters. */
@org.jspecify.annotations.NullMarked
package io.ringline.router.consumer;
