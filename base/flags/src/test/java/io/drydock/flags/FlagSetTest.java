package io.drydock.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlagSetTest {
    private static FlagSet flags() {
        return new FlagSet().define("""
                        a all bool | Show all
                        n last int = -1 | Show n last
                        e env list | Set variables
                        m memory bytes | Memory limit
                        - name string = x | A name
                        - wait duration = 0s | How long
                        ! - net string | hidden
                        """);
    }

    private static FlagSet parsed(String... words) throws FlagException {
        var flags = flags();
        flags.parse(List.of(words));
        return flags;
    }

    @Test
    void readsEveryWayOfWriting() throws FlagException {
        var flags = parsed(
                "-a", "--last=3", "-e", "A=1", "-eB=2", "-e=C=3", "--name", "web", "-m64m", "one", "--wait=1m30s");

        assertThat(flags.bool("all")).isTrue();
        assertThat(flags.integer("last")).isEqualTo(3);
        assertThat(flags.list("env")).containsExactly("A=1", "B=2", "C=3");
        assertThat(flags.text("name")).isEqualTo("web");
        assertThat(flags.bytes("memory")).isEqualTo(64 << 20);
        assertThat(flags.duration("wait")).isEqualTo(90_000_000_000L);
        assertThat(flags.rest()).containsExactly("one");
    }

    @Test
    void clustersEndWithAnArgument() throws FlagException {
        assertThat(parsed("-an5").integer("last")).isEqualTo(5);
        assertThat(parsed("-an", "5").integer("last")).isEqualTo(5);
    }

    @Test
    void twoHyphensEndTheFlags() throws FlagException {
        assertThat(parsed("x", "--", "-a").rest()).containsExactly("x", "-a");
        assertThat(parsed("-").rest()).containsExactly("-");
    }

    @Test
    void withoutInterspersionTheFirstArgumentEndsTheFlags() throws FlagException {
        var flags = flags().interspersed(false);
        flags.parse(List.of("-a", "image", "-n", "x"));

        assertThat(flags.rest()).containsExactly("image", "-n", "x");
    }

    @Test
    void defaultsHoldUntilChanged() throws FlagException {
        assertThat(parsed().integer("last")).isEqualTo(-1);
        assertThat(parsed().changed("last")).isFalse();
        assertThat(parsed("--all=false").bool("all")).isFalse();
        assertThat(parsed("--all=false").changed("all")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    --nope      | unknown flag: --nope
                    --nope=3    | unknown flag: --nope
                    -aQ         | unknown shorthand flag: 'Q' in -Q
                    --name      | flag needs an argument: --name
                    -an         | flag needs an argument: 'n' in -n
                    --=x        | bad flag syntax: --=x
                    --last=ten  | invalid argument "ten" for "-n, --last" flag: strconv.ParseInt: parsing "ten": invalid syntax
                    --all=maybe | invalid argument "maybe" for "-a, --all" flag: strconv.ParseBool: parsing "maybe": invalid syntax
                    --memory=x  | invalid argument "x" for "-m, --memory" flag: invalid size: 'x'
                    --memory=1y | invalid argument "1y" for "-m, --memory" flag: invalid suffix: 'y'
                    --wait=5    | invalid argument "5" for "--wait" flag: time: missing unit in duration "5"
                    --wait=z    | invalid argument "z" for "--wait" flag: time: invalid duration "z"
                    """)
    void saysWhatIsWrong(String word, String message) {
        assertThatThrownBy(() -> parsed(word)).isInstanceOf(FlagException.class).hasMessage(message);
    }

    @Test
    void helpAlignsWrapsAndHides() {
        var flags = new FlagSet().define("""
                        a all bool | Show all containers (default shows just running)
                        n last int = -1 | Show n last created containers (includes all states)
                        - name string = x | First line¶second line
                        ! - net string | hidden
                        """);

        assertThat(FlagHelp.render(flags.all(), 60)).isEqualTo("""
                          -a, --all           Show all containers (default
                                              shows just running)
                          -n, --last int      Show n last created containers
                                              (includes all states) (default -1)
                              --name string   First line
                                              second line (default "x")
                        """);
    }
}
