package io.drydock.runc.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class CommandLineTest {
    private static CommandLine parse(String... words) throws UsageException {
        return CommandLine.parseToFirstArgument(List.of(words), "bundle,b=", "env,e=", "tty,t", "preserve-fds=");
    }

    @Test
    void readsFlagsInAllTheirForms() throws Exception {
        CommandLine line = parse("-b", "x", "--env=A=1", "-e", "B", "--tty", "id", "-t", "--env", "C");
        assertThat(line.get("bundle", "")).isEqualTo("x");
        assertThat(line.all("env")).containsExactly("A=1", "B");
        assertThat(line.has("tty")).isTrue();
        assertThat(line.arguments()).containsExactly("id", "-t", "--env", "C");
        assertThat(parse("--", "-t").arguments()).containsExactly("-t");
        assertThat(parse("--tty=false", "x").has("tty")).isFalse();
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        assertThatThrownBy(() -> parse("--nope")).hasMessage("flag provided but not defined: -nope");
        assertThatThrownBy(() -> parse("--bundle")).hasMessage("flag needs an argument: -bundle");
        assertThatThrownBy(() -> parse("--preserve-fds", "x", "id").number("preserve-fds", 0))
                .hasMessage("invalid value \"x\" for flag -preserve-fds");
    }

    @Test
    void signalsHaveNamesAndNumbers() throws Exception {
        assertThat(Signals.number("KILL")).isEqualTo(9);
        assertThat(Signals.number("sigterm")).isEqualTo(15);
        assertThat(Signals.number("10")).isEqualTo(10);
        assertThatThrownBy(() -> Signals.number("NOPE")).isInstanceOf(UsageException.class);
    }
}
