package io.ringline.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Rows as text for people and as JSON for machines. */
final class Table {
    private static final String FORMAT = "%-34s %-26s %10s %8s %8s %10s %7s  %-22s %s%n";

    private Table() {}

    static String render(final List<Row> rows) {
        final StringBuilder text = new StringBuilder(4_096);
        text.append(String.format(
                Locale.ROOT, FORMAT, "what", "where", "ns", "+/-", "B/op", "base ns", "ratio", "bound", "holds"));
        for (final Row row : rows) {
            text.append(String.format(
                    Locale.ROOT,
                    FORMAT,
                    row.name(),
                    row.label(),
                    number("%.1f", row.figure()),
                    number("%.1f", row.error()),
                    number("%.3f", row.bytes()),
                    row.base() == null ? "-" : number("%.1f", row.base()),
                    row.ratio() == null ? "-" : number("%.2f", row.ratio()),
                    row.bound(),
                    row.bound().isEmpty() || row.bound().equals(Row.NOT_COMPARED) ? "" : row.holds() ? "yes" : "NO"));
        }
        return text.toString();
    }

    private static String number(final String format, final double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }

    static void writeJson(final List<Row> rows, final String file) throws IOException {
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(new File(file), rows);
    }
}
