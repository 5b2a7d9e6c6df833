package io.ringline.bench.soak;

import io.ringline.bench.soak.SoakPlan.Loop;
import io.ringline.bench.soak.SoakPlan.Style;
import io.ringline.router.DrainReport;
import io.ringline.router.OverflowPolicy;
import io.ringline.router.Ringline;
import io.ringline.router.RouterStatistics;
import io.ringline.router.Topology;
import io.ringline.router.consumer.SubjectConsumer;
import io.ringline.router.journal.ChronicleJournal;
import io.ringline.router.journal.JournalSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntUnaryOperator;
import org.agrona.concurrent.Agent;
import org.jspecify.annotations.Nullable;

/** One round: starts everything, lets it run to its end, and hands what was seen to the model. */
final class SoakRound {
    private static final long DRAIN_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long PARK_NS = 10_000;

    final SoakPlan plan;
    final SoakInput input;
    final Letters letters;
    final Path journalDir;
    final Watch watch = new Watch();
    final List<SoakHandler> handlers = new ArrayList<>();
    final List<SoakPublisher> publishers = new ArrayList<>();

    private final List<Thread> threads = new ArrayList<>();
    private final List<PollLoop> loops = new ArrayList<>();
    private final Ringline router;
    private final Helper helper;
    private volatile boolean over;
    private @Nullable DrainReport report;
    private String states = "";

    SoakRound(final SoakPlan plan, final Path dir) {
        this.plan = plan;
        this.input = new SoakInput(plan);
        this.letters = new Letters(plan, dir.resolve("letters"));
        this.journalDir = dir.resolve("journal");
        final ChronicleJournal journal = plan.journal
                ? ChronicleJournal.open(journalDir.toFile(), new JournalSettings().batchBytes(1 << 10))
                : null;
        this.router = Ringline.create(plan.context(journal, letters));
        final Random random = new Random(plan.seed * 31 + 3);
        for (final ConsumerPlan consumer : plan.consumers) {
            handlers.add(new SoakHandler(consumer, router.consumer(consumer.name), input, watch));
        }
        for (final Loop loop : plan.loops) {
            loops.add(loop(loop, random));
        }
        for (int i = 0; i < plan.publishers; i++) {
            publishers.add(new SoakPublisher(plan, input, i, router, watch));
        }
        helper = new Helper(handlers, input, random);
    }

    private PollLoop loop(final Loop loop, final Random random) {
        final List<SoakHandler> polled = handlers.stream()
                .filter(handler -> loop.consumers().contains(handler.plan))
                .toList();
        final SoakHandler first = polled.get(0);
        final IntUnaryOperator poll;
        if (loop.style() == Style.POLLER) {
            poll = router.poller(polled.stream().map(each -> each.consumer).toList(), List.copyOf(polled))::poll;
        } else if (loop.style() == Style.AGENT) {
            final Agent agent = first.consumer.agent(first, 1 + random.nextInt(50));
            poll = limit -> turn(agent);
        } else {
            poll = limit -> first.consumer.poll(first, limit);
        }
        return new PollLoop(polled, poll, watch, new Random(random.nextLong()));
    }

    private static int turn(final Agent agent) {
        try {
            return agent.doWork();
        } catch (final Exception thrown) {
            throw new IllegalStateException("an agent threw", thrown);
        }
    }

    /** Runs it. @return how many events it had. Throws what is wrong. */
    int run() {
        final Set<Thread> before = Thread.getAllStackTraces().keySet();
        try {
            play();
        } catch (final RuntimeException | Error failure) {
            watch.fail(failure);
        } finally {
            states = states();
            end();
        }
        if (watch.wrong() == null) {
            checkThreads(before);
        }
        final Throwable wrong = watch.wrong();
        if (wrong == null) {
            return publishers.stream().mapToInt(each -> each.accepted.size()).sum();
        }
        throw new AssertionError(
                wrong.getMessage() + "\nreport: " + router.report() + "\n" + router.statistics() + states, wrong);
    }

    /** What each consumer waits for. */
    private String states() {
        final StringBuilder text = new StringBuilder();
        for (final SubjectConsumer consumer : router.consumers()) {
            text.append('\n').append(consumer.name()).append(" waits for ").append(consumer.waitsFor());
            text.append(", breaker ").append(consumer.breakerState());
            text.append(", parked ")
                    .append(consumer.parked())
                    .append(", behind ")
                    .append(consumer.behind());
            text.append(", ").append(consumer.replayState()).append(consumer.isLive() ? "" : ", silent");
            text.append(", held aggregates ").append(consumer.heldAggregates());
        }
        return text.toString();
    }

    private void play() {
        router.start();
        final Thread beside = new Thread(this::help, "soak-helper");
        threads.add(beside);
        beside.start();
        loops.forEach(PollLoop::start);
        publish();
        watch.endPublishing();
        router.releaseHeld();
        if (plan.cut) {
            cut();
        } else {
            drain();
        }
        if (router.failure() != null) {
            throw new AssertionError("the router is sealed", router.failure());
        }
        over = true;
        join(beside);
        loops.forEach(PollLoop::close);
        router.close();
        final DrainReport last = router.report();
        if (report != null && !report.equals(last)) {
            throw new AssertionError("the report was " + report + " and is " + last + " after close()");
        }
        final RouterStatistics statistics = router.statistics();
        if (watch.wrong() == null) {
            new SoakCheck(this, last, statistics).check();
        }
    }

    /** Publishers' threads, and those that take the place of dead ones. */
    private void publish() {
        final Thread[] running = new Thread[publishers.size()];
        watch.await("publishers to be done", () -> publishers.stream().allMatch(SoakPublisher::isDone), () -> {
            for (int i = 0; i < running.length; i++) {
                final SoakPublisher publisher = publishers.get(i);
                if (!publisher.isDone() && (running[i] == null || !running[i].isAlive())) {
                    running[i] = new Thread(publisher, "soak-publish-" + i);
                    threads.add(running[i]);
                    running[i].start();
                }
            }
            return 0;
        });
        threads.forEach(thread -> {
            if (thread.getName().startsWith("soak-publish")) {
                join(thread);
            }
        });
    }

    private void help() {
        try {
            while (!over && watch.wrong() == null) {
                int done = helper.turn();
                loops.forEach(PollLoop::revive);
                if (plan.multi && plan.topology == Topology.INLINE) {
                    done += router.doWork();
                }
                if (done == 0) {
                    LockSupport.parkNanos(PARK_NS);
                }
            }
        } catch (final Throwable failure) {
            watch.fail(failure);
        }
    }

    /** All the way: nothing may be left, and every acknowledgement that fitted nothing is counted. */
    private void drain() {
        watch.await("the router to be drained", () -> router.drain(DRAIN_NS).complete(), () -> 0);
        report = router.report();
        over = true;
        threads.forEach(SoakRound::join);
        for (int i = 0; i < handlers.size(); i++) {
            final SubjectConsumer consumer = handlers.get(i).consumer;
            final long unfit = helper.unfit(i);
            watch.await(
                    unfit + " acknowledgements of " + consumer.name() + " to be ignored, not "
                            + consumer.acknowledgementsIgnored(),
                    () -> consumer.acknowledgementsIgnored() >= unfit,
                    () -> 0);
            if (consumer.acknowledgementsIgnored() != unfit) {
                watch.fail(consumer.name() + " ignored " + consumer.acknowledgementsIgnored()
                        + " acknowledgements, and got " + unfit + " that fit nothing");
            }
        }
    }

    /** Whoever cannot hold up the ring stops at once; the rest when all has been through the ring. */
    private void cut() {
        for (int i = 0; i < loops.size(); i++) {
            final boolean mayStop = plan.loops.get(i).consumers().stream()
                    .noneMatch(consumer -> consumer.overflow == OverflowPolicy.BACK_PRESSURE);
            if (mayStop) {
                loops.get(i).stopPolling();
            }
        }
        watch.await("the ring to be empty", router::isQuiet, router::doWork);
        loops.forEach(PollLoop::stopPolling);
    }

    private void end() {
        over = true;
        watch.endPublishing();
        threads.forEach(SoakRound::join);
        loops.forEach(PollLoop::close);
        router.close();
    }

    private static void join(final Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (final InterruptedException waitOn) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Of the round's own threads and the router's none may be left. */
    private void checkThreads(final Set<Thread> before) {
        final Set<Thread> after = new HashSet<>(Thread.getAllStackTraces().keySet());
        after.removeAll(before);
        after.removeIf(thread ->
                !thread.isAlive() || thread.isDaemon() && !thread.getName().startsWith("ringline"));
        if (!after.isEmpty()) {
            watch.fail("threads are left: " + after);
        }
    }
}
