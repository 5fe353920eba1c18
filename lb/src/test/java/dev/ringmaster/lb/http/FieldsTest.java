package dev.ringmaster.lb.http;

import static dev.ringmaster.lb.http.Messages.bytes;
import static dev.ringmaster.lb.http.Messages.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

final class FieldsTest {
    private final Fields fields = new Fields(8);

    @Test
    void find_anyCase_givesEachInTurn() {
        read("A: 1", "b: 2", "a: 3");

        assertThat(fields.count()).isEqualTo(3);
        assertThat(fields.find("a", 0)).isZero();
        assertThat(fields.find("a", 1)).isEqualTo(2);
        assertThat(fields.find("a", 3)).isEqualTo(-1);
        assertThat(fields.get("a")).isEqualTo("1");
        assertThat(fields.get("B")).isNull();
        assertThat(fields.contains("b")).isTrue();
        assertThat(fields.contains("c")).isFalse();
    }

    @Test
    void places_ofAField_spanItsNameAndTrimmedValue() {
        read("A: 1", "Name: \t va lue ");

        assertThat(Bytes.string(fields.bytes(), fields.nameStart(1), fields.nameEnd(1)))
                .isEqualTo("Name");
        assertThat(Bytes.string(fields.bytes(), fields.valueStart(1), fields.valueEnd(1)))
                .isEqualTo("va lue");
    }

    @Test
    void hasToken_listOverSeveralFields_findsWholeElements() {
        read("L: a, ,b c", "M: d", "l:\tE\t,f;q=1");

        assertThat(fields.hasToken("l", "a")).isTrue();
        assertThat(fields.hasToken("l", "e")).isTrue();
        assertThat(fields.hasToken("l", "")).isTrue();
        assertThat(fields.hasToken("l", "b c")).isTrue();
        assertThat(fields.hasToken("l", "b")).isFalse();
        assertThat(fields.hasToken("l", "d")).isFalse();
        assertThat(fields.hasToken("l", "f")).isFalse();
        assertThat(fields.hasToken("n", "a")).isFalse();
    }

    @Test
    void next_afterTheLastElement_staysAtTheEnd() {
        read("L: a");
        Elements elements = new Elements(fields, "l");

        assertThat(elements.next()).isTrue();
        assertThat(elements.next()).isFalse();
        assertThat(elements.next()).isFalse();
    }

    @Test
    void of_everyKnownName_isRecognisedInAnyCase() {
        assertThat(name("Transfer-Encoding")).isEqualTo(FieldName.TRANSFER_ENCODING);
        assertThat(name("CONTENT-LENGTH")).isEqualTo(FieldName.CONTENT_LENGTH);
        assertThat(name("te")).isEqualTo(FieldName.TE);
        assertThat(name("X-Forwarded-Anything")).isEqualTo(FieldName.X_FORWARDED);
        assertThat(name("X-Forwarded-")).isEqualTo(FieldName.OTHER);
        assertThat(name("Content-Lengtj")).isEqualTo(FieldName.OTHER);
        assertThat(name("Cxntent-Length")).isEqualTo(FieldName.OTHER);
        assertThat(name("HTTP2_Settings")).isEqualTo(FieldName.LOOK_ALIKE);
        assertThat(name("Content_Range")).isEqualTo(FieldName.OTHER);
    }

    private static FieldName name(String name) {
        return FieldName.of(bytes(name), 0, name.length());
    }

    private void read(String... lines) {
        assertThat(new HeadScanner(fields, null).read(Unpooled.wrappedBuffer(bytes(lines(lines) + "\r\n"))))
                .isTrue();
    }
}
