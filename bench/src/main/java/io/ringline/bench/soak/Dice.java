package io.ringline.bench.soak;

/** Throws that are a pure function of what they are about, so that they do not depend on how threads run. */
final class Dice {
    private Dice() {}

    /** From 0 to below the number of sides. */
    static int of(final int sides, final long... about) {
        long mixed = 1;
        for (final long part : about) {
            mixed = (mixed + part) * 0x9E37_79B9_7F4A_7C15L;
            mixed ^= mixed >>> 31;
        }
        return (int) Math.floorMod(mixed, (long) sides);
    }
}
