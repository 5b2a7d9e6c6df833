package io.ringline.router.stage;

import io.ringline.router.OverflowPolicy;
import org.jspecify.annotations.Nullable;

/**
 * When a consumer is taken not to poll, and what follows.
 *
 * @param timeoutNs how long it may not poll while events wait, nanoseconds, from 1.
 * @param fallback  overflow policy from then on, of a consumer under {@code BACK_PRESSURE}; null to keep that.
 * @param ofTheDead the same where the thread that polled it has ended and there is no {@code fallback}; then too not before.
 */
public record LivenessSettings(long timeoutNs, @Nullable OverflowPolicy fallback, OverflowPolicy ofTheDead) {}
