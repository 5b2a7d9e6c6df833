package io.ringline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Options from a YAML file: each key is the long name of an option, a list gives it several times. What stands on the
 * command line wins over the file. {@code subscribe} may be a map from names to patterns.
 */
final class ConfigFile {
    private static final String OPTION = "--config";

    private ConfigFile() {}

    /**
     * Puts a file's options behind the command's name.
     *
     * @param args the command line.
     * @return the command line with the file's options in place of {@code --config}.
     * @throws IllegalArgumentException where the file cannot be read or is not of that form.
     */
    static List<String> expand(final String... args) {
        final List<String> given = new ArrayList<>(Arrays.asList(args));
        final String file = take(given);
        if (file == null) {
            return given;
        }
        final List<String> all = new ArrayList<>(given);
        all.addAll(Math.min(1, all.size()), options(file, given));
        return all;
    }

    private static @Nullable String take(final List<String> args) {
        for (int i = 0; i < args.size(); i++) {
            final String arg = args.get(i);
            if (arg.startsWith(OPTION + "=")) {
                args.remove(i);
                return arg.substring(OPTION.length() + 1);
            }
            if (arg.equals(OPTION)) {
                if (i + 1 == args.size()) {
                    throw new IllegalArgumentException("--config needs a file");
                }
                args.remove(i);
                return args.remove(i);
            }
        }
        return null;
    }

    private static List<String> options(final String file, final List<String> given) {
        final JsonNode root;
        try {
            root = new YAMLMapper().readTree(new File(file));
        } catch (final IOException failure) {
            throw new IllegalArgumentException("--config " + file + ": " + failure.getMessage());
        }
        if (root == null || root.isMissingNode() || root.isNull()) {
            return List.of();
        }
        if (!root.isObject()) {
            throw new IllegalArgumentException("--config " + file + ": the file must be a map from options to values");
        }
        final List<String> options = new ArrayList<>();
        for (final Map.Entry<String, JsonNode> entry : root.properties()) {
            final String option = "--" + entry.getKey();
            final boolean onCommandLine =
                    given.stream().anyMatch(arg -> arg.equals(option) || arg.startsWith(option + "="));
            if (!onCommandLine) {
                for (final String value : values(file, entry.getKey(), entry.getValue())) {
                    options.add(option + "=" + value);
                }
            }
        }
        return options;
    }

    private static List<String> values(final String file, final String key, final JsonNode value) {
        final List<String> values = new ArrayList<>();
        if (value.isObject()) {
            for (final Map.Entry<String, JsonNode> entry : value.properties()) {
                values.add(entry.getKey() + "=" + String.join(",", values(file, key, entry.getValue())));
            }
        } else if (value.isArray()) {
            value.forEach(element -> values.addAll(values(file, key, element)));
        } else if (value.isNull()) {
            throw new IllegalArgumentException("--config " + file + ": " + key + " has no value");
        } else {
            values.add(value.asText());
        }
        return values;
    }
}
