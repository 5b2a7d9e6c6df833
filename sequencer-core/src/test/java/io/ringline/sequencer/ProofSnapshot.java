package io.ringline.sequencer;

import io.ringline.sequencer.SequencerHarness.Token;
import io.ringline.sequencer.model.Result;
import java.util.List;
import org.jspecify.annotations.Nullable;

final class ProofSnapshot {
    void begin(final SequencerHarness of) {}

    boolean writePiece(final SequencerHarness of) {
        return false;
    }

    SequencerHarness restore(final SequencerSettings settings, final int ringSize) {
        throw new IllegalStateException();
    }

    void note(final ProofStep step, final Token token, final @Nullable List<Result<Token>> results) {}
}
