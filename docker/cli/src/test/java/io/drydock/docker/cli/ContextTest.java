package io.drydock.docker.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.drydock.docker.cli.session.Streams;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docker context} from creation to removal; the texts are the original's. */
class ContextTest {
    @TempDir
    private Path home;

    private record Result(int status, String out, String err) {}

    private Result docker(String... words) {
        return docker(new byte[0], words);
    }

    private Result docker(byte[] input, String... words) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var streams = new Streams(
                new ByteArrayInputStream(input),
                new PrintStream(out, false, StandardCharsets.ISO_8859_1),
                new PrintStream(err, false, StandardCharsets.ISO_8859_1),
                false,
                false,
                false);
        int status =
                new Docker(Map.of("DOCKER_CONFIG", home.resolve("config").toString()), streams).run(List.of(words));
        streams.flush();
        return new Result(status, out.toString(StandardCharsets.ISO_8859_1), err.toString(StandardCharsets.ISO_8859_1));
    }

    @Test
    void areCreatedUpdatedUsedAndRemoved() {
        assertThat(docker("context", "create", "far", "--docker", "host=tcp://1.2.3.4:2375", "--description", "old"))
                .isEqualTo(new Result(0, "far\n", "Successfully created context \"far\"\n"));
        assertThat(docker("context", "create", "far").err()).isEqualTo("context \"far\" already exists\n");
        assertThat(docker("context", "update", "far", "--description", "new").err())
                .isEqualTo("Successfully updated context \"far\"\n");
        assertThat(docker("context", "use", "far").out()).isEqualTo("far\n");
        assertThat(docker("context", "ls").out().lines().map(String::stripTrailing))
                .containsExactly(
                        "NAME      DESCRIPTION                               DOCKER ENDPOINT               ERROR",
                        "default   Current DOCKER_HOST based configuration   unix:///var/run/docker.sock",
                        "far *     new                                       tcp://1.2.3.4:2375");
        assertThat(docker("context", "inspect", "--format", "{{.Name}} {{.Endpoints.docker.Host}}")
                        .out())
                .isEqualTo("far tcp://1.2.3.4:2375\n");
        assertThat(docker("context", "rm", "far").err())
                .isEqualTo("context \"far\" is in use, set -f flag to force remove\n");
        assertThat(docker("context", "rm", "-f", "far").out()).isEqualTo("far\n");
        assertThat(docker("context", "show").out()).isEqualTo("default\n");
    }

    @Test
    void travelAsArchivesWithTheirTlsFiles() throws IOException {
        Path pem = Files.writeString(home.resolve("x.pem"), "certificate");
        docker("context", "create", "tls1", "--docker", "host=tcp://h:2376,skip-tls-verify=1,ca=" + pem);

        byte[] archive = docker("context", "export", "tls1", "-").out().getBytes(StandardCharsets.ISO_8859_1);
        var imported = docker(archive, "context", "import", "tls2", "-");

        assertThat(imported.err()).isEqualTo("Successfully imported context \"tls2\"\n");
        assertThat(docker("context", "inspect", "tls2", "--format", "{{json .Endpoints}} {{json .TLSMaterial}}")
                        .out())
                .isEqualTo(
                        "{\"docker\":{\"Host\":\"tcp://h:2376\",\"SkipTLSVerify\":true}} {\"docker\":[\"ca.pem\"]}\n");
    }

    @Test
    void refuseNamesAndOptionsAsTheOriginal() {
        assertThat(docker("context", "create", "a").err())
                .isEqualTo("context name \"a\" is invalid, names are validated against regexp "
                        + "\"^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$\"\n");
        assertThat(docker("context", "rm", "default").err()).isEqualTo("context \"default\" cannot be removed\n");
        assertThat(docker("context", "create", "cc", "--docker", "nope=1").err())
                .isEqualTo("unable to create docker endpoint config: unrecognized config key: nope\n");
        assertThat(docker("context", "create", "cc", "--docker", "host=foo").err())
                .isEqualTo("unable to create docker endpoint config: unable to apply docker endpoint options: "
                        + "unable to parse docker host `foo`\n");
    }
}
