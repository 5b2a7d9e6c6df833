package io.ringline.bench;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The promised bounds, from the one file that holds them. */
final class Bounds {
    private static final String FILE = "bounds.properties";

    private final Properties values;

    private Bounds(final Properties values) {
        this.values = values;
    }

    static Bounds load() throws IOException {
        final Properties values = new Properties();
        try (InputStream in = Bounds.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IOException(FILE + " is missing from the benchmarks' jar: build it again");
            }
            values.load(in);
        }
        return new Bounds(values);
    }

    double get(final String name) {
        final String value = values.getProperty(name);
        if (value == null) {
            throw new IllegalArgumentException("no bound named " + name + " in " + FILE);
        }
        return Double.parseDouble(value);
    }
}
