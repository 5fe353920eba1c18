package dev.ringmaster.lb.balance;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Compiles a policy as somebody else would and packs it. */
final class PluginJar {
    private static final String SOURCE = """
            package plugin;

            import dev.ringmaster.lb.balance.*;
            import dev.ringmaster.lb.replica.Replica;
            import java.util.*;

            public final class Factory implements BalancingPolicyFactory {
                @Override
                public String name() {
                    return "NAME";
                }

                @Override
                public BalancingPolicy create() {
                    return new Policy();
                }

                private static final class Policy implements BalancingPolicy {
                    @Override
                    public Candidates candidates(long key, RoutingTable table) {
                        List<Replica> replicas = new ArrayList<>(table.serving());
                        BODY
                    }
                }
            }
            """;

    private PluginJar() {}

    /** A class loader over a jar with a policy of that name, whose {@code candidates} ends with that body. */
    static URLClassLoader loader(Path directory, String name, String body) throws IOException {
        Path source = Files.createDirectories(directory.resolve("plugin")).resolve("Factory.java");
        Files.writeString(source, SOURCE.replace("NAME", name).replace("BODY", body));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        var task = compiler.getTask(
                null,
                null,
                null,
                List.of("-classpath", System.getProperty("java.class.path"), "-d", directory.toString(), "-proc:none"),
                null,
                compiler.getStandardFileManager(null, null, null).getJavaFileObjects(source));
        if (!task.call()) {
            throw new IllegalStateException("plugin does not compile");
        }
        Path jar = directory.resolve("policy.jar");
        pack(directory, jar);
        return new URLClassLoader(new URL[] {jar.toUri().toURL()}, PluginJar.class.getClassLoader());
    }

    private static void pack(Path directory, Path jar) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out)) {
            for (String name : List.of("Factory", "Factory$Policy")) {
                entries.putNextEntry(new JarEntry("plugin/" + name + ".class"));
                entries.write(Files.readAllBytes(directory.resolve("plugin").resolve(name + ".class")));
            }
            entries.putNextEntry(new JarEntry("META-INF/services/" + BalancingPolicyFactory.class.getName()));
            entries.write("plugin.Factory\n".getBytes(StandardCharsets.UTF_8));
        }
    }
}
