package io.drydock.startup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WarmUpTest {
    private static final StringBuilder INITIALISED = new StringBuilder();

    @TempDir
    private Path home;

    static final class First {
        static {
            INITIALISED.append("first ");
        }
    }

    static final class Second {
        static {
            INITIALISED.append("second ");
        }
    }

    @Test
    void initialisesTheClassesOfTheListInItsOrder() throws IOException {
        Files.createDirectories(home.resolve("aot"));
        String own = WarmUpTest.class.getName();
        Files.writeString(home.resolve("aot/program.classes"), own + "$Second\nno.such.Type\n" + own + "$First\n");

        assertThat(WarmUp.run(home, "program")).isEqualTo(2);

        assertThat(INITIALISED).hasToString("second first ");
    }

    @Test
    void doesNothingWithoutAList() {
        assertThat(WarmUp.run(home, "other")).isZero();
    }
}
