package io.ringline.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code --config}: YAML with the names of the options. */
final class ConfigFile {
    private ConfigFile() {}

    /**
     * Reads a file.
     *
     * @param file  YAML: a map of option names.
     * @param names what may stand there; {@code subscribe} may be a list of {@code NAME=PATTERN,...}, or a map from a name
     *              to a pattern or to a list of patterns; all others are single values.
     * @return the values of each option, as they would stand on the command line; {@code subscribe} as
     *     {@code NAME=PATTERN,...}.
     * @throws CommandFailure for wrong usage, where the file cannot be read or holds something else.
     */
    static Map<String, List<String>> read(final File file, final Set<String> names) {
        final Map<String, List<String>> values = new LinkedHashMap<>();
        final JsonNode root = tree(file);
        if (root.isMissingNode() || root.isNull()) {
            return values;
        }
        if (!root.isObject()) {
            throw wrong(file, "it must be a map of option names");
        }
        for (final Map.Entry<String, JsonNode> entry : root.properties()) {
            final String name = entry.getKey();
            if (!names.contains(name)) {
                throw wrong(file, "'" + Json.printable(name, 80) + "' is no option; there are " + names);
            }
            values.put(
                    name,
                    name.equals("subscribe")
                            ? subscriptions(file, entry.getValue())
                            : List.of(scalar(file, name, entry.getValue())));
        }
        return values;
    }

    private static JsonNode tree(final File file) {
        try {
            return new ObjectMapper(new YAMLFactory())
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .readTree(file);
        } catch (final JsonProcessingException notYaml) {
            throw wrong(file, Json.reason(notYaml).replaceFirst("^not JSON: ", "not YAML: "));
        } catch (final IOException unreadable) {
            throw new CommandFailure(
                    ExitStatus.USAGE,
                    "cannot read the configuration " + file + ": " + unreadable.getMessage(),
                    unreadable);
        }
    }

    private static List<String> subscriptions(final File file, final JsonNode node) {
        final List<String> subscriptions = new ArrayList<>();
        if (node.isObject()) {
            for (final Map.Entry<String, JsonNode> entry : node.properties()) {
                if (entry.getKey().contains("=")) {
                    throw wrong(
                            file, "a consumer's name holds no '=': '" + Json.printable(entry.getKey(), 80) + "' does");
                }
                if (entry.getValue().isArray() && entry.getValue().isEmpty()) {
                    throw wrong(file, "consumer '" + Json.printable(entry.getKey(), 80) + "' has no pattern");
                }
                subscriptions.add(entry.getKey() + "=" + String.join(",", texts(file, "subscribe", entry.getValue())));
            }
            return subscriptions;
        }
        return texts(file, "subscribe", node);
    }

    private static List<String> texts(final File file, final String name, final JsonNode node) {
        if (!node.isArray()) {
            return List.of(scalar(file, name, node));
        }
        final List<String> texts = new ArrayList<>();
        for (final JsonNode item : node) {
            texts.add(scalar(file, name, item));
        }
        return texts;
    }

    private static String scalar(final File file, final String name, final JsonNode node) {
        if (!node.isValueNode() || node.isNull()) {
            throw wrong(file, "'" + name + "' must be a single value");
        }
        return node.asText();
    }

    private static CommandFailure wrong(final File file, final String what) {
        return new CommandFailure(ExitStatus.USAGE, "configuration " + file + ": " + what);
    }
}
