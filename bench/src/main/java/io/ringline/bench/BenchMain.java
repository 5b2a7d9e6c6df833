package io.ringline.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The command behind {@code scripts/bench FAMILY [--quick] [--only-alloc] [--json FILE]}. */
public final class BenchMain {
    private static final int USAGE = 2;
    private static final String PIPELINE = "pipeline";
    private static final String SUBJECTS = "subjects";
    private static final String SEQUENCER = "sequencer";
    private static final String DELIVERY = "delivery";
    private static final List<String> FAMILIES = List.of(PIPELINE, SUBJECTS, SEQUENCER, DELIVERY);

    /** What the command line asks for. */
    record Request(
            String family,
            boolean quick,
            boolean onlyAlloc,
            @Nullable String jsonFile) {}

    private BenchMain() {}

    /**
     * Runs a family of benchmarks and prints its table.
     *
     * @param args see the class.
     * @throws Exception where JMH or a file fails.
     */
    public static void main(final String[] args) throws Exception {
        final Request request;
        try {
            request = parse(args);
        } catch (final IllegalArgumentException wrong) {
            System.err.println("bench: " + wrong.getMessage());
            System.err.println("usage: bench FAMILY [--quick] [--only-alloc] [--json FILE]; families: "
                    + String.join(", ", FAMILIES));
            System.exit(USAGE);
            return;
        }
        final List<Row> rows = switch (request.family) {
            case SUBJECTS -> new SubjectsFamily(request, Bounds.load()).run();
            case SEQUENCER -> new SequencerFamily(request, Bounds.load()).run();
            case DELIVERY -> new DeliveryFamily(request, Bounds.load()).run();
            default -> new PipelineFamily(request, Bounds.load()).run();
        };
        System.out.println(Table.render(rows));
        if (!request.onlyAlloc) {
            System.out.println(notes(request.family));
        }
        if (request.jsonFile != null) {
            Table.writeJson(rows, request.jsonFile);
        }
        final long missed = rows.stream().filter(row -> !row.holds()).count();
        System.out.println(missed == 0 ? "all bounds hold" : missed + " bounds missed");
        System.exit(missed == 0 ? 0 : 1);
    }

    /** What a table's reader must know of the peers in it. */
    private static String notes(final String family) {
        return switch (family) {
            case SUBJECTS -> SubjectsFamily.notes();
            case SEQUENCER -> SequencerFamily.notes();
            case DELIVERY -> DeliveryFamily.notes();
            default -> "";
        };
    }

    static Request parse(final String[] args) {
        String family = null;
        boolean quick = false;
        boolean onlyAlloc = false;
        String json = null;
        final List<String> left = new ArrayList<>(Arrays.asList(args));
        while (!left.isEmpty()) {
            final String arg = left.remove(0);
            switch (arg) {
                case "--quick" -> quick = true;
                case "--only-alloc" -> onlyAlloc = true;
                case "--json" -> {
                    if (left.isEmpty()) {
                        throw new IllegalArgumentException("--json needs a file");
                    }
                    json = left.remove(0);
                }
                default -> {
                    if (family != null || arg.startsWith("-")) {
                        throw new IllegalArgumentException("unknown argument " + arg);
                    }
                    family = arg;
                }
            }
        }
        if (family == null || !FAMILIES.contains(family)) {
            throw new IllegalArgumentException(family == null ? "no family given" : "no family named " + family);
        }
        return new Request(family, quick, onlyAlloc, json);
    }
}
