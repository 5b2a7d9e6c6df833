package io.ringline.router.subject;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GraphSubjectTest {
    /** The map of the domain as it was given: a prefix, and what may follow it. */
    private static final Map<String, String> DOMAIN = Map.of(
            "event.graph.{id}.",
            "created, deleted, renamed, tagged, untagged, updated, import_requested, import_completed, import_failed",
            "event.graph.{id}.node.",
            "added, removed, updated, moved, content_changed",
            "event.graph.{id}.edge.",
            "connected, removed, updated, reversed",
            "event.graph.{id}.subgraph.{sid}.",
            "created, removed, moved, node_added, node_removed",
            "event.workflow.{id}.",
            "created, step_added, steps_connected, validated, started, step_completed, paused, resumed, completed, failed");

    private final TemplateValues values = new TemplateValues(2);
    private final TemplateValues found = new TemplateValues(2);
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[200]);

    @Test
    void isTheWholeMapOfTheDomain() {
        final List<String> expected = new ArrayList<>();
        DOMAIN.forEach((prefix, names) -> List.of(names.split(", ")).forEach(name -> expected.add(prefix + name)));
        assertThat(GraphSubject.ALL)
                .extracting(subject -> subject.template().toString())
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(GraphSubject.ALL).hasSize(33).containsExactly(GraphSubject.values());
    }

    @ParameterizedTest
    @EnumSource
    void isNamedAfterWhatHappens(final GraphSubject subject) {
        final String text = subject.template().toString();
        final String name = text.replaceFirst("event\\.(graph\\.\\{id}\\.(?=node|edge|subgraph))?", "")
                .replaceAll("\\{s?id}\\.", "")
                .replace('.', '_');
        assertThat(subject.name()).isEqualToIgnoringCase(name);
    }

    @ParameterizedTest
    @EnumSource
    void isTakenApartByItsOwnTemplateOnly(final GraphSubject subject) {
        values.set(0, 4_711).set(1, new UnsafeBuffer("node".getBytes(StandardCharsets.UTF_8)), 0, 4);
        final int length = subject.template().format(values, buffer, 5);
        final List<GraphSubject> takers = new ArrayList<>();
        for (final GraphSubject other : GraphSubject.ALL) {
            if (other.template().parse(buffer, 5, length, found)) {
                takers.add(other);
                assertThat(found.longValue(0, -1)).isEqualTo(4_711);
            }
        }
        assertThat(takers).containsExactly(subject);
        assertThat(GraphSubject.ALL)
                .filteredOn(other ->
                        other.template().pattern().overlaps(subject.template().pattern()))
                .as("none overlap, so no value can change that")
                .containsExactly(subject);
    }

    @ParameterizedTest
    @EnumSource
    void theAggregateIsTheGraphOrTheWorkflow(final GraphSubject subject) {
        values.set(0, 42).set(1, 99);
        final int length = subject.template().format(values, buffer, 5);
        final long aggregate = GraphSubject.AGGREGATES.find(buffer, 5, length);
        assertThat(buffer.getStringWithoutLengthUtf8(
                        AggregateRules.offset(aggregate), AggregateRules.length(aggregate)))
                .isEqualTo("42");
    }
}
