/** The steps on the ring: match, stamp, reorder, journal, fan-out. None has a thread of its own. */
@org.jspecify.annotations.NullMarked
package io.ringline.router.stage;
