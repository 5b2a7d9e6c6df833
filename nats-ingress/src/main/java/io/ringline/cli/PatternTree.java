package io.ringline.cli;

import io.ringline.router.subject.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Patterns as a tree of tokens, in which one pattern finds those that overlap it or cover it without being compared with
 * every other: it only goes where the tokens so far agree. The answers are those of {@link Pattern#overlaps} and
 * {@link Pattern#covers}. Not thread-safe.
 */
final class PatternTree {
    private final Node root = new Node();

    private static final class Node {
        private final Map<String, Node> literals = new HashMap<>(2);
        /** Patterns that end with the token of this node, in the order of the file; equal to each other. */
        private final List<ListedPattern> ends = new ArrayList<>(1);
        /** Patterns that end with a {@code >} behind this node. */
        private final List<ListedPattern> rests = new ArrayList<>(0);

        private @Nullable Node star;
    }

    /** Adds a pattern; those of lower numbers are there already. */
    void add(final ListedPattern listed) {
        Node node = root;
        for (final String token : tokens(listed.pattern())) {
            if (token.equals(">")) {
                node.rests.add(listed);
                return;
            }
            if (token.equals("*")) {
                if (node.star == null) {
                    node.star = new Node();
                }
                node = node.star;
            } else {
                node = node.literals.computeIfAbsent(token, key -> new Node());
            }
        }
        node.ends.add(listed);
    }

    /** The patterns of the tree that overlap a given one, in the order of the file. */
    List<ListedPattern> overlapping(final Pattern pattern) {
        final List<ListedPattern> found = new ArrayList<>();
        List<Node> live = List.of(root);
        for (final String token : tokens(pattern)) {
            final List<Node> next = new ArrayList<>();
            for (final Node node : live) {
                found.addAll(node.rests);
                if (token.equals(">")) {
                    addAllBelow(node, found);
                } else {
                    addStar(node, next);
                    if (token.equals("*")) {
                        next.addAll(node.literals.values());
                    } else {
                        addLiteral(node, token, next);
                    }
                }
            }
            live = next;
        }
        live.forEach(node -> found.addAll(node.ends));
        found.sort(Comparator.comparingInt(ListedPattern::number));
        return found;
    }

    private static void addAllBelow(final Node top, final List<ListedPattern> found) {
        final Deque<Node> open = new ArrayDeque<>();
        open.add(top);
        while (!open.isEmpty()) {
            final Node node = open.removeLast();
            if (node != top) {
                found.addAll(node.ends);
                found.addAll(node.rests);
            }
            open.addAll(node.literals.values());
            if (node.star != null) {
                open.add(node.star);
            }
        }
    }

    /**
     * The first pattern in the file's order that covers a given one: any that is wider, or an equal one that stands before
     * it; null where there is none.
     */
    @Nullable
    ListedPattern firstThatCovers(final ListedPattern listed) {
        ListedPattern first = null;
        List<Node> live = List.of(root);
        for (final String token : tokens(listed.pattern())) {
            final List<Node> next = new ArrayList<>();
            for (final Node node : live) {
                first = earlier(first, node.rests, listed);
                if (!token.equals(">")) {
                    addStar(node, next);
                    addLiteral(node, token, next);
                }
            }
            live = next;
        }
        for (final Node node : live) {
            first = earlier(first, node.ends, listed);
        }
        return first;
    }

    /** All of the patterns are equal, so only the first of them counts; it may be the asking one itself. */
    private static @Nullable ListedPattern earlier(
            final @Nullable ListedPattern first, final List<ListedPattern> equal, final ListedPattern asking) {
        if (equal.isEmpty() || equal.get(0).number() == asking.number()) {
            return first;
        }
        return first == null || equal.get(0).number() < first.number() ? equal.get(0) : first;
    }

    private static void addStar(final Node node, final List<Node> next) {
        if (node.star != null) {
            next.add(node.star);
        }
    }

    private static void addLiteral(final Node node, final String token, final List<Node> next) {
        final Node literal = node.literals.get(token);
        if (literal != null) {
            next.add(literal);
        }
    }

    /** One char for each byte: tokens are compared as bytes. */
    private static List<String> tokens(final Pattern pattern) {
        final String text = new String(pattern.bytes(), StandardCharsets.ISO_8859_1);
        final List<String> tokens = new ArrayList<>();
        int start = 0;
        for (int dot = text.indexOf('.'); dot >= 0; dot = text.indexOf('.', start)) {
            tokens.add(text.substring(start, dot));
            start = dot + 1;
        }
        tokens.add(text.substring(start));
        return tokens;
    }
}
