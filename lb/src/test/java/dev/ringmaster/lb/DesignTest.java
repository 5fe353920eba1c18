package dev.ringmaster.lb;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every {@code Type.method} that DESIGN.md's diagrams name exists. */
class DesignTest {
    private static final Pattern NODE = Pattern.compile("\\b([A-Z][A-Za-z]+)\\.([a-z][A-Za-z]+)\\b");

    @Test
    void diagrams_nodes_areRealMethods() throws IOException {
        JavaClasses classes = new ClassFileImporter().importPackages("dev.ringmaster");
        String design = Files.readString(Path.of("..", "DESIGN.md"));
        String diagrams = design.substring(design.indexOf("## Life of a request"), design.indexOf("## Threads"));
        List<String> missing = new ArrayList<>();
        int nodes = 0;
        Matcher node = NODE.matcher(diagrams);
        while (node.find()) {
            nodes++;
            if (!exists(classes, node.group(1), node.group(2))) {
                missing.add(node.group());
            }
        }
        assertThat(missing).isEmpty();
        assertThat(nodes).isGreaterThan(25);
    }

    private static boolean exists(JavaClasses classes, String type, String method) {
        return classes.stream()
                .filter(c -> c.getSimpleName().equals(type))
                .flatMap((JavaClass c) -> c.getMethods().stream())
                .anyMatch(m -> m.getName().equals(method));
    }
}
