package io.drydock.docker.cli.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every command and every flag that Docker's documentation lists is known here, or is one of those that are not. */
class FlagListTest {
    /** docs/compatibility.md says so, too. */
    private static final Set<String> WITHOUT =
            Set.of("config", "node", "secret", "service", "stack", "swarm", "buildx");

    @Test
    void allAreKnown() throws IOException {
        var missing = new ArrayList<String>();
        for (var line : lines()) {
            var path = line.substring(0, line.indexOf(':'));
            int blank = path.indexOf(' ');
            var first = blank < 0 ? path : path.substring(0, blank);
            if (WITHOUT.contains(first)) {
                continue;
            }
            var spec = Catalog.find(blank < 0 ? "" : first, path.substring(blank + 1));
            if (spec == null) {
                missing.add("docker " + path);
                continue;
            }
            var flags = spec.flags();
            for (var flag : line.substring(line.indexOf(':') + 1).split(" ")) {
                if (!flag.isEmpty() && !flags.has(flag) && !flag.equals("help")) {
                    missing.add("docker " + path + " --" + flag);
                }
            }
        }
        assertThat(missing).isEmpty();
    }

    private static List<String> lines() throws IOException {
        try (var in = FlagListTest.class.getResourceAsStream("/cli-flags.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }
}
