package dev.ringmaster.lb.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ringmaster.hashing.KeyHash;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RequestKeyTest {
    private static final long RANDOM = 42;

    /** A request whose parts lie one after another in an array. */
    record Parts(String target, Map<String, String> headers) implements KeySource {
        @Override
        public byte[] bytes() {
            return (target + String.join("", headers.values())).getBytes(StandardCharsets.ISO_8859_1);
        }

        @Override
        public long header(String lowerCaseName) {
            int at = target.length();
            for (Map.Entry<String, String> header : headers.entrySet()) {
                if (header.getKey().equals(lowerCaseName)) {
                    return KeySource.place(at, header.getValue().length());
                }
                at += header.getValue().length();
            }
            return -1;
        }

        @Override
        public long uri() {
            return KeySource.place(0, target.length());
        }

        @Override
        public long path() {
            int query = target.indexOf('?');
            return KeySource.place(0, query < 0 ? target.length() : query);
        }

        @Override
        public byte[] clientAddress() {
            return new byte[] {10, 0, 0, 1};
        }
    }

    private static RequestKey key(String chain) {
        return RequestKey.of(Arrays.asList(chain.split(",", -1)), KeyHash.standard(), () -> RANDOM);
    }

    private static long hash(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return KeyHash.standard().hash(bytes, 0, bytes.length);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            header:X-User          | ada
            header:X-None          |
            header:X-Empty         |
            cookie:sid             | s1
            cookie:id              | 7
            cookie:last            | z=z
            cookie:none            |
            cookie:empty           |
            cookie:si              |
            query:q                | find
            query:page             | 2
            query:empty            |
            query:none             |
            query:p                |
            path                   | /a/b
            uri                    | /a/b?q=find&page=2&empty=&flag
            header:X-None,query:q  | find
            header:X-User,query:q  | ada
            header:X-None,path     | /a/b
            random,path            |
            header:X-None,random   |
            """)
    void chain_firstSourceThatIsThere_isHashed(String chain, String value) {
        Parts request = new Parts(
                "/a/b?q=find&page=2&empty=&flag",
                new java.util.TreeMap<>(
                        Map.of("x-user", "ada", "x-empty", "", "cookie", "sid=s1; id=7;  empty=; last=z=z")));
        assertThat(key(chain).hash(request)).isEqualTo(value == null ? RANDOM : hash(value));
    }

    @Test
    void chain_withoutAQueryOrHeaders_goesOn() {
        Parts request = new Parts("/a", Map.of());
        assertThat(key("query:q,cookie:c,path").hash(request)).isEqualTo(hash("/a"));
        assertThat(key("query:a").hash(new Parts("/a?", Map.of()))).isEqualTo(RANDOM);
    }

    @Test
    void clientIp_isHashedByItsBytes() {
        assertThat(key("header:x,client-ip").hash(new Parts("/", Map.of())))
                .isEqualTo(KeyHash.standard().hash(new byte[] {10, 0, 0, 1}, 0, 4));
    }

    @Test
    void text_thatIsAnAddress_isTheClientsWhereThatIsASource() {
        byte[] address = {10, 1, 2, (byte) 200};
        assertThat(key("header:x,client-ip").bytesOf("10.1.2.200")).isEqualTo(address);
        assertThat(key("header:x,client-ip").bytesOf("ada")).isEqualTo("ada".getBytes(StandardCharsets.UTF_8));
        assertThat(key("header:x").bytesOf("10.1.2.200")).isEqualTo("10.1.2.200".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void header_ofTheChain_isKnownInLowerCase() {
        assertThat(key("client-ip,header:X-User").header()).isEqualTo("x-user");
        assertThat(key("random").header()).isNull();
        assertThat(RequestKey.of(List.of(), KeyHash.standard(), () -> RANDOM).hash(new Parts("/", Map.of())))
                .isEqualTo(RANDOM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "header", "header:", "cookie:", "query:", "client-ip:x", "path:", "host", "header :x"})
    void entry_thatIsNoSource_isAnErrorThatNamesIt(String entry) {
        assertThatThrownBy(() -> key(entry))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + entry + "'");
    }
}
