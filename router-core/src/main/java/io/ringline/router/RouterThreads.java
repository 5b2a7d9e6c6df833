package io.ringline.router;

import io.ringline.router.stage.StageRunner;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.AgentRunner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The router's own threads: none, one, or one for each stage, by the {@link Topology}. */
final class RouterThreads {
    private static final String[] STAGE_NAMES = {"match", "stamp", "reorder", "journal", "fan-out"};
    private static final int NO_LIMIT_MS = 0;
    private static final int JOURNAL = 3;
    private static final int FAN_OUT = 4;

    private static final Logger LOG = LoggerFactory.getLogger(RouterThreads.class);

    private final List<AgentRunner> runners = new ArrayList<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();

    /** One turn of work. */
    @FunctionalInterface
    private interface Work {
        int run();
    }

    private record WorkAgent(String roleName, Work work) implements Agent {
        @Override
        public int doWork() {
            return work.run();
        }
    }

    RouterThreads(final RouterPipeline pipeline) {
        switch (pipeline.context().topology()) {
            case FUSED -> add(pipeline, "ringline", pipeline::doWork);
            case STAGED -> {
                for (int i = 0; i < pipeline.runners().size(); i++) {
                    add(pipeline, "ringline-" + STAGE_NAMES[i], stageWork(pipeline, i));
                }
            }
            default -> {} // the caller's own loop
        }
    }

    private static Work stageWork(final RouterPipeline pipeline, final int stage) {
        final StageRunner runner = pipeline.runners().get(stage);
        return switch (stage) {
            case JOURNAL -> () -> runner.poll() + pipeline.takeOverDeadLetters();
            case FAN_OUT ->
                () -> {
                    final int work = runner.poll();
                    pipeline.watchConsumers(work);
                    return work + pipeline.tellOfRoom();
                };
            default -> runner::poll;
        };
    }

    private void add(final RouterPipeline pipeline, final String name, final Work work) {
        // Only bugs get here: stages hand their failures to the state themselves.
        final ErrorHandler onError = pipeline.state()::seal;
        runners.add(
                new AgentRunner(pipeline.context().idleStrategy().create(), onError, null, new WorkAgent(name, work)));
    }

    void start() {
        for (final AgentRunner runner : runners) {
            threads.add(AgentRunner.startOnThread(runner));
        }
    }

    /** Whether the calling thread is one of them. */
    boolean isOneOfThem() {
        return threads.contains(Thread.currentThread());
    }

    private static boolean join(final Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (final InterruptedException waitOn) {
                interrupted = true;
            }
        }
        return interrupted;
    }

    /** Stops the threads and waits until they have ended, however often the caller is interrupted. Not one of them. */
    void close() {
        // Agrona would interrupt them in turn, in the midst of a write to a file, which then is closed under them.
        boolean interrupted = Thread.interrupted();
        try {
            for (final AgentRunner runner : runners) {
                runner.close(NO_LIMIT_MS, thread -> LOG.warn("still waiting for thread {} to end", thread.getName()));
                interrupted |= Thread.interrupted();
            }
            for (final Thread thread : threads) { // one that had not begun yet when it was told to end is on its way
                interrupted |= join(thread);
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
