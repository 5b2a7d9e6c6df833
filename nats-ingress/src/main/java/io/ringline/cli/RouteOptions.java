package io.ringline.cli;

import java.io.File;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code ringline route}. */
final class RouteOptions extends RouterOptions {
    @Option(names = "--input", paramLabel = "FILE|-", description = "JSON lines to route. Default: -, standard input.")
    private @Nullable String input;

    RouteOptions() {}

    @Override
    void gather() {
        super.gather();
        put("input", input);
    }

    /** After {@link #conclude()}: the file to read, or null for standard input. */
    @Nullable
    File input() {
        return file("input");
    }
}
