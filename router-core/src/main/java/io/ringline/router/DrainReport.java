package io.ringline.router;

/**
 * What was left when {@code Ringline.drain} ended.
 *
 * @param complete   true where nothing is left but what is held.
 * @param inRing     slots not yet through all stages.
 * @param held       events that wait for their turn.
 * @param inChannels events that consumers are not done with, those that wait for a retry, for a later acknowledgement or for
 *                   their dead letter included.
 */
public record DrainReport(boolean complete, long inRing, long held, long inChannels) {}
