package dev.ringmaster.it.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Makes a plugin as its author would: one source file, compiled against the distribution's jars and packed. */
final class Plugin {
    private Plugin() {}

    /**
     * Compiles a class and packs it as a service.
     *
     * @param libraries the distribution's directory of jars
     */
    static Path jar(Path directory, String className, String source, String service, Path libraries)
            throws IOException {
        Path java = Files.writeString(directory.resolve(className + ".java"), source);
        compile(java, directory, libraries);
        Path jar = directory.resolve(className + ".jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file)) {
            add(out, "META-INF/services/" + service, className.getBytes(StandardCharsets.UTF_8));
            add(out, className + ".class", Files.readAllBytes(directory.resolve(className + ".class")));
        }
        return jar;
    }

    private static void compile(Path java, Path directory, Path libraries) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter problems = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<String> options = List.of("-d", directory.toString(), "-classpath", jars(libraries), "-proc:none");
            boolean compiled = compiler.getTask(problems, files, null, options, null, files.getJavaFileObjects(java))
                    .call();
            assertThat(compiled).as(problems.toString()).isTrue();
        }
    }

    private static String jars(Path libraries) throws IOException {
        try (Stream<Path> all = Files.list(libraries)) {
            return all.map(Path::toString).collect(Collectors.joining(File.pathSeparator));
        }
    }

    private static void add(JarOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(content);
        out.closeEntry();
    }
}
