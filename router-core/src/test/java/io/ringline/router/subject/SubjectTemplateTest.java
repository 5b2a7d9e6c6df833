package io.ringline.router.subject;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubjectTemplateTest {
    private static final SubjectTemplate TWO = new SubjectTemplate("event.graph.{id}.subgraph.{sid}.created");

    private static UnsafeBuffer bytes(final String text) {
        return new UnsafeBuffer(text.getBytes(UTF_8));
    }

    private static TemplateValues values(final String... values) {
        final TemplateValues bytes = new TemplateValues(values.length);
        for (int i = 0; i < values.length; i++) {
            final UnsafeBuffer value = bytes("..." + values[i] + "...");
            bytes.set(i, value, 3, value.capacity() - 6);
        }
        return bytes;
    }

    private static boolean parse(final SubjectTemplate template, final String subject, final TemplateValues into) {
        final UnsafeBuffer buffer = bytes("x." + subject + ".x");
        return template.parse(buffer, 2, buffer.capacity() - 4, into);
    }

    private static String[] strings(final TemplateValues values, final int count) {
        final String[] strings = new String[count];
        for (int i = 0; i < count; i++) {
            strings[i] = values.string(i);
        }
        return strings;
    }

    @Test
    void knowsItsParametersAndItsPattern() {
        assertThat(TWO.parameters()).containsExactly("id", "sid");
        assertThat(TWO.indexOf("id")).isZero();
        assertThat(TWO.indexOf("sid")).isEqualTo(1);
        assertThat(TWO.newValues().capacity()).isEqualTo(2);
        assertThat(TWO.pattern()).hasToString("event.graph.*.subgraph.*.created");
        assertThat(TWO).hasToString("event.graph.{id}.subgraph.{sid}.created");
        assertThatThrownBy(() -> TWO.indexOf("gid"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "template event.graph.{id}.subgraph.{sid}.created has no parameter {gid}; it has [id, sid]");
    }

    @ParameterizedTest
    @CsvSource({
        "{a}, x, x",
        "{a}.b, x, x.b",
        "b.{a}, x, b.x",
        "{a}.{b}, x;y, x.y",
        "{a}.{b}.{c}.{d}, 1;2;3;4, 1.2.3.4",
        "event.graph.{id}.node.added, 7f-0_9, event.graph.7f-0_9.node.added",
        "gr\u00fc\u00df.{\u0069d}.\u4e16, \ud83d\ude00, gr\u00fc\u00df.\ud83d\ude00.\u4e16",
        "foo*.{a}.>x, x, foo*.x.>x",
        "{A-1_z}, x, x",
        "{a}.b, '{a}', {a}.b",
    })
    void formatsAndTakesApart(final String text, final String joined, final String subject) {
        final SubjectTemplate template = new SubjectTemplate(text);
        final String[] strings = joined.split(";");
        assertThat(template.format(strings)).isEqualTo(subject);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[100]);
        buffer.setMemory(0, 100, (byte) '#');
        final int length = template.format(values(strings), buffer, 10);
        assertThat(buffer.getStringWithoutLengthUtf8(0, 12 + length)).isEqualTo("##########" + subject + "##");
        final TemplateValues parsed = new TemplateValues(5);
        assertThat(template.parse(buffer, 10, length, parsed)).isTrue();
        assertThat(strings(parsed, strings.length)).containsExactly(strings);
        assertThat(parsed.buffer(0)).isSameAs(buffer);
    }

    @Test
    void aTemplateWithoutParametersIsASubject() {
        final SubjectTemplate template = new SubjectTemplate("a.b");
        assertThat(template.format()).isEqualTo("a.b");
        assertThat(template.pattern()).hasToString("a.b");
        assertThat(parse(template, "a.b", template.newValues())).isTrue();
        assertThat(parse(template, "a.c", template.newValues())).isFalse();
    }

    @Test
    void numbersAreWrittenInDecimal() {
        final SubjectTemplate template = new SubjectTemplate("a.{x}.{y}");
        final TemplateValues values = template.newValues();
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[100]);
        final int length = template.format(values.set(0, Long.MIN_VALUE).set(1, 0), buffer, 0);
        assertThat(buffer.getStringWithoutLengthUtf8(0, length)).isEqualTo("a.-9223372036854775808.0");
        final int mixed = template.format(values.set(0, bytes("id"), 0, 2).set(1, Long.MAX_VALUE), buffer, 0);
        assertThat(buffer.getStringWithoutLengthUtf8(0, mixed)).isEqualTo("a.id.9223372036854775807");
    }

    @ParameterizedTest
    @CsvSource({
        "event.graph.g, false",
        "event.graph.g.subgraph.s, false",
        "event.graph.g.subgraph.s.create, false",
        "event.graph.g.subgraph.s.createdx, false",
        "event.graph.g.subgraph.s.created.x, false",
        "event.graph.g.subgrap.s.created, false",
        "event.graph.g.h.subgraph.s.created, false",
        "event.graphs.g.subgraph.s.created, false",
        "xevent.graph.g.subgraph.s.created, false",
        "g, false",
        "event.graph.g.subgraph.s.created, true",
        "event.graph.created.subgraph.subgraph.created, true",
        "event.graph.g*.subgraph.>>.created, true",
    })
    void onlyASubjectOfItsShapeIsTakenApart(final String subject, final boolean expected) {
        assertThat(parse(TWO, subject, TWO.newValues())).isEqualTo(expected);
        assertThat(TWO.pattern().matches(subject.getBytes(UTF_8))).isEqualTo(expected);
    }

    @Test
    void theLastParameterIsOneToken() {
        final SubjectTemplate template = new SubjectTemplate("a.{x}");
        assertThat(parse(template, "a.b", template.newValues())).isTrue();
        assertThat(parse(template, "a.b.c", template.newValues())).isFalse();
        assertThat(parse(template, "a", template.newValues())).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "|is empty",
                "a.b|holds '.', which no value may",
                ".|holds '.', which no value may",
                "*|holds '*', which no value may",
                "foo*|holds '*', which no value may",
                ">|holds '>', which no value may",
                "a>b|holds '>', which no value may",
                "` `|holds a space, which no value may",
                "a b|holds a space, which no value may",
                "`a `|holds a space, which no value may",
                "`\t`|holds a TAB, which no value may",
                "`a\n`|holds a line feed, which no value may",
                "`\fa`|holds a form feed, which no value may",
                "`a\rb`|holds a carriage return, which no value may",
            })
    void aValueThatWouldChangeTheShapeIsRefused(final String given, final String reason) {
        final String value = given == null ? "" : given;
        final int code = value.isEmpty() ? SubjectTemplate.EMPTY_VALUE : SubjectTemplate.FORBIDDEN_BYTE;
        for (int i = 0; i < 2; i++) {
            final String[] strings = {"g", "s"};
            strings[i] = value;
            final UnsafeBuffer buffer = new UnsafeBuffer(new byte[100]);
            assertThat(TWO.format(values(strings), buffer, 0)).isEqualTo(code);
            assertThat(buffer.byteArray()).as("nothing is written").containsOnly(0);
            final String where =
                    "the value '" + value + "' of {" + TWO.parameters().get(i) + "} " + reason;
            assertThatThrownBy(() -> TWO.format(strings))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("template " + TWO)
                    .hasMessageContaining(where);
        }
    }

    @Test
    void anyOtherByteMayStandInAValue() {
        final SubjectTemplate template = new SubjectTemplate("a.{x}");
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[10]);
        for (int b = -128; b < 128; b++) {
            final UnsafeBuffer value = new UnsafeBuffer(new byte[] {'v', (byte) b, 'v'});
            final boolean refused = ".*> \t\n\f\r".indexOf(b) >= 0;
            assertThat(template.format(new TemplateValues(1).set(0, value, 0, 3), buffer, 0))
                    .as("byte %d", b)
                    .isEqualTo(refused ? SubjectTemplate.FORBIDDEN_BYTE : 5);
        }
    }

    @Test
    void halfASurrogatePairIsRefused() {
        assertThatThrownBy(() -> TWO.format("g", "s\ud800"))
                .hasMessageContaining("of {sid} holds half a surrogate pair");
        assertThatThrownBy(() -> new SubjectTemplate("a\udc00.{x}")).hasMessageContaining("half a surrogate pair");
    }

    @Test
    void aValueThatWasNeverSetIsEmpty() {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[100]);
        assertThat(TWO.format(TWO.newValues().set(0, 1), buffer, 0)).isEqualTo(SubjectTemplate.EMPTY_VALUE);
    }

    @Test
    void theSubjectMustFitIntoTheBuffer() {
        final SubjectTemplate template = new SubjectTemplate("a.{x}.b");
        final TemplateValues values = values("12345");
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[12]);
        assertThat(template.format(values, buffer, 3)).isEqualTo(9);
        assertThat(buffer.getStringWithoutLengthUtf8(3, 9)).isEqualTo("a.12345.b");
        buffer.setMemory(0, 12, (byte) 0);
        for (int offset = 4; offset <= 13; offset++) {
            assertThat(template.format(values, buffer, offset)).isEqualTo(SubjectTemplate.BUFFER_TOO_SMALL);
        }
        assertThat(buffer.byteArray()).as("nothing is written").containsOnly(0);
        final ExpandableArrayBuffer growing = new ExpandableArrayBuffer(4);
        assertThat(template.format(values, growing, 100)).isEqualTo(9);
        assertThat(growing.getStringWithoutLengthUtf8(100, 9)).isEqualTo("a.12345.b");
    }

    @Test
    void tooFewValuesAreAMistakeInTheProgram() {
        final TemplateValues one = new TemplateValues(1);
        final String message = "template " + TWO + " has 2 parameters, but there is room for 1 values";
        assertThatThrownBy(() -> TWO.format(one, new UnsafeBuffer(new byte[100]), 0))
                .hasMessage(message);
        assertThatThrownBy(() -> TWO.parse(bytes("a"), 0, 1, one)).hasMessage(message);
        assertThatThrownBy(() -> TWO.format("1"))
                .hasMessage("template " + TWO + " needs 2 values, for [id, sid], not 1");
        assertThatThrownBy(() -> TWO.format("1", "2", "3")).hasMessageContaining("not 3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|the pattern is empty",
                "a..{x}|token 2 is empty",
                ".{x}|token 1 is empty",
                "{x}.|token 2 is empty",
                "a b.{x}|token 1 holds a space",
                "{x}.a\tb|token 2 holds a TAB",
                "a.*.{x}|token 2 is the wildcard *: where a subject may differ, a template has a parameter such as {id}",
                "a.{x}.>|token 3 is the wildcard >",
                "a.{}|token 2 is a parameter without a name",
                "a.{x y}|token 2 is the parameter {x y}: a name has letters of ASCII, digits, - and _ only",
                "a.{\u00fc}|token 2 is the parameter {\u00fc}",
                "a.x{id}|token 2 is 'x{id}': a brace only goes around a whole token, as in {id}",
                "a.{id}x|token 2 is '{id}x'",
                "a.{id|token 2 is '{id'",
                "a.id}|token 2 is 'id}'",
                "a.{|token 2 is '{'",
                "a.}|token 2 is '}'",
                "a.}{|token 2 is '}{'",
                "a.{{id}}|token 2 is '{{id}}'",
                "a.{i}{d}|token 2 is '{i}{d}'",
                "{a.b}|token 1 is '{a'",
                "a.{id}.b.{id}|token 4 is the parameter {id} again: give each its own name",
            })
    void aWrongTemplateIsRefused(final String text, final String reason) {
        assertThatThrownBy(() -> new SubjectTemplate(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("invalid template '" + text + "': " + reason);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void agreesWithItsPatternAndWithPlainText(final int parameters) {
        final long seed = System.nanoTime();
        System.out.println("SubjectTemplateTest seed " + seed);
        final Random random = new Random(seed);
        int matched = 0;
        for (int i = 0; i < 10_000; i++) {
            final List<String> tokens = new ArrayList<>();
            for (int p = 0; p < parameters; p++) {
                tokens.add("{p" + p + "}");
            }
            for (int literal = random.nextInt(3); literal > 0; literal--) {
                tokens.add(random.nextInt(tokens.size() + 1), random.nextBoolean() ? "a" : "b*");
            }
            final String text = String.join(".", tokens);
            final SubjectTemplate template = new SubjectTemplate(text);
            final byte[] subject = RandomPatterns.subject(random);
            final TemplateValues values = template.newValues();
            final boolean found = template.parse(new UnsafeBuffer(subject), 0, subject.length, values);
            final String as = "seed " + seed + " template " + text + " subject " + SubjectRules.show(subject);
            assertThat(found).as(as).isEqualTo(template.pattern().matches(subject));
            if (found) {
                matched++;
                String filled = text;
                for (int p = 0; p < parameters; p++) {
                    filled = filled.replace("{p" + p + "}", values.string(p));
                }
                assertThat(filled).as(as).isEqualTo(new String(subject, UTF_8));
            }
        }
        assertThat(matched).isBetween(200, 9_000);
    }
}
