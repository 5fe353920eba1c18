package dev.ringmaster.hashing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.hash.Hashing;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class KeyHashTest {
    private static final byte[] TEXT = "the quick brown fox jumps over the lazy dog".getBytes(UTF_8);

    @Test
    void names_thisClassPath_areTheBuiltInsAndTheServiceOnes() {
        assertThat(KeyHash.names())
                .containsExactly("farmhash64", "murmur3-128", "siphash24", "fnv1a-64", "test-length");
    }

    @Test
    void standard_always_isFarmhash64() {
        assertThat(KeyHash.standard()).isSameAs(KeyHash.named("farmhash64"));
    }

    @Test
    void named_unknown_listsTheNames() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> KeyHash.named("crc32"))
                .withMessage("Unknown hash function 'crc32', known are " + KeyHash.names());
    }

    @Test
    void hash_anyRange_equalsGuava() {
        for (int length = 0; length <= TEXT.length - 3; length++) {
            assertThat(KeyHash.named("farmhash64").hash(TEXT, 3, length))
                    .isEqualTo(Hashing.farmHashFingerprint64()
                            .hashBytes(TEXT, 3, length)
                            .asLong());
            assertThat(KeyHash.named("murmur3-128").hash(TEXT, 3, length))
                    .isEqualTo(Hashing.murmur3_128().hashBytes(TEXT, 3, length).asLong());
            assertThat(KeyHash.named("siphash24").hash(TEXT, 3, length))
                    .isEqualTo(Hashing.sipHash24().hashBytes(TEXT, 3, length).asLong());
        }
    }

    @ParameterizedTest
    @CsvSource({"'', cbf29ce484222325", "a, af63dc4c8601ec8c", "foobar, 85944171f73967e8"})
    void hash_fnv1a_isThePublishedVector(String text, String expected) {
        byte[] bytes = ("é" + text + "#").getBytes(UTF_8);
        assertThat(KeyHash.named("fnv1a-64").hash(bytes, 2, text.length()))
                .isEqualTo(Long.parseUnsignedLong(expected, 16));
    }

    @Test
    void hash_fnv1aOfHighBytes_takesThemUnsigned() {
        assertThat(KeyHash.named("fnv1a-64").hash(new byte[] {(byte) 0xff}, 0, 1))
                .isEqualTo(0xaf64724c8602eb6eL);
    }

    static List<String> names() {
        return KeyHash.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void hash_rangeBeyondTheArray_isRejected(String name) {
        KeyHash keyHash = KeyHash.named(name);
        assertThat(keyHash.name()).isEqualTo(name);
        assertThatThrownBy(() -> keyHash.hash(TEXT, 1, TEXT.length)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> keyHash.hash(TEXT, -1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void named_serviceOfTheClassPath_isFound() {
        assertThat(KeyHash.named("test-length").hash(TEXT, 4, 9)).isEqualTo(9);
    }

    @Test
    void named_serviceOfAJarLoadedAtRunTime_isFoundThroughItsLoader(@TempDir Path directory) throws Exception {
        Path jar = compileToJar(directory);
        assertThatIllegalArgumentException().isThrownBy(() -> KeyHash.named("plugged-in"));
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()})) {
            assertThat(KeyHash.names(loader)).contains("farmhash64", "plugged-in");
            assertThat(KeyHash.named("plugged-in", loader).hash(TEXT, 5, 1)).isEqualTo(5);
            assertThat(KeyHash.named("farmhash64", loader)).isSameAs(KeyHash.standard());
        }
    }

    @Test
    void named_brokenServiceAmongThem_disturbsNoBuiltIn(@TempDir Path directory) throws Exception {
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve(KeyHash.class.getName()), "no.such.Hash\n");
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {directory.toUri().toURL()})) {
            assertThat(KeyHash.named("siphash24", loader)).isSameAs(KeyHash.named("siphash24"));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> KeyHash.named("crc32", loader))
                    .withMessageContaining("cannot be loaded")
                    .withMessageContaining("no.such.Hash");
            assertThatIllegalArgumentException().isThrownBy(() -> KeyHash.names(loader));
        }
    }

    private static Path compileToJar(Path directory) throws Exception {
        Path source = Files.writeString(directory.resolve("PluggedIn.java"), """
                public final class PluggedIn implements dev.ringmaster.hashing.KeyHash {
                    public String name() { return "plugged-in"; }
                    public long hash(byte[] bytes, int offset, int length) { return offset; }
                }
                """);
        int status = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-cp", System.getProperty("java.class.path"), "-proc:none", source.toString());
        assertThat(status).isZero();
        Path jar = directory.resolve("plug-in.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry("META-INF/services/" + KeyHash.class.getName()));
            out.write("PluggedIn\n".getBytes(UTF_8));
            out.putNextEntry(new JarEntry("PluggedIn.class"));
            out.write(Files.readAllBytes(directory.resolve("PluggedIn.class")));
        }
        return jar;
    }
}
