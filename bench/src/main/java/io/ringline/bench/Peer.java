package io.ringline.bench;

/**
 * What subjects are matched with elsewhere. All are given the same patterns, in their own syntax, and the same subjects, in the
 * form they take them in. On these subjects they all find the same, which is checked; where they would not is said here.
 */
enum Peer {
    /** A stored table. */
    KNOWN_STRINGS(
            "HashMap of subjects",
            Kind.TABLE,
            1_000_000,
            "java.util.HashMap, a String's hash kept by the String: knows each subject beforehand, no patterns"),
    /** A stored table. */
    KNOWN_BYTES(
            "byte-keyed table",
            Kind.TABLE,
            1_000_000,
            "the hand-written pipeline's, bytes hashed and compared: knows each subject beforehand, no patterns"),
    /** Tokens kept. */
    ARTEMIS_KEPT(
            "Artemis, tokens kept",
            Kind.TOKENS_KEPT,
            1_000_000,
            "AddressMap, given subjects it has cut into tokens before; # matches the parent level too; a consumer with two"
                    + " matching patterns is met twice"),
    /** Tokens anew. */
    ARTEMIS("Artemis", Kind.PATTERNS, 1_000_000, "the same, from an address's bytes"),
    /** A topic tree. */
    HIVEMQ(
            "HiveMQ CE",
            Kind.PATTERNS,
            1_000_000,
            "LocalTopicTree, from a String; MQTT: # matches the parent level too, and no wildcard a first $; the answer has"
                    + " each client's QoS and subscription identifiers"),
    /** A trie. */
    MOQUETTE(
            "Moquette",
            Kind.PATTERNS,
            100_000,
            "CTrieSubscriptionDirectory, from a String; MQTT as above; the answer has each client's highest QoS"),
    /** One by one. */
    ANT(
            "Spring AntPathMatcher",
            Kind.PATTERNS,
            1_000,
            "one pattern after the other; ** matches no token too, ? and {} are special within one, * is part of one; a"
                    + " consumer with two matching patterns is met twice"),
    /** One by one. */
    REGEX(
            "list of regex",
            Kind.PATTERNS,
            1_000,
            "java.util.regex, one pattern after the other; . does not match a line's end; a consumer with two matching"
                    + " patterns is met twice");

    /** What a peer is given. */
    enum Kind {
        /** All subjects, with their results. */
        TABLE,
        /** Patterns, and subjects that it has taken apart before. */
        TOKENS_KEPT,
        /** Patterns, and subjects as they come. */
        PATTERNS
    }

    private final String title;
    private final Kind kind;
    private final int mostPatterns;
    private final String note;

    Peer(final String title, final Kind kind, final int mostPatterns, final String note) {
        this.title = title;
        this.kind = kind;
        this.mostPatterns = mostPatterns;
        this.note = note;
    }

    String title() {
        return title;
    }

    Kind kind() {
        return kind;
    }

    /** With more it would take the whole run's time. */
    int mostPatterns() {
        return mostPatterns;
    }

    /** Where it is another thing than Ringline's. */
    String note() {
        return note;
    }
}
