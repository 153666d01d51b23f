package io.drydock.docker.cli.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.docker.cli.session.CliException;
import io.drydock.image.archive.tar.TarEntry;
import io.drydock.image.archive.tar.TarType;
import io.drydock.image.archive.tar.TarWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What ends up where, from one directory here to another: the rules are those between here and a container. */
class CopyTest {
    private static final End.Plan AS_IT_IS = new End.Plan("", "", "");

    @TempDir
    private Path root;

    @BeforeEach
    void makeTree() throws Exception {
        Files.createDirectories(root.resolve("from/sub"));
        Files.writeString(root.resolve("from/sub/file"), "hello\n");
        Files.setPosixFilePermissions(root.resolve("from/sub/file"), PosixFilePermissions.fromString("rwxr-x--x"));
        Files.createSymbolicLink(root.resolve("from/link"), Path.of("sub/file"));
        Files.createLink(root.resolve("from/second"), root.resolve("from/sub/file"));
        Files.createSymbolicLink(root.resolve("alias"), Path.of("from"));
        Files.createDirectory(root.resolve("to"));
    }

    private void copy(String source, boolean follow, String destination) throws Exception {
        var from = LocalSource.of(root + "/" + source, follow);
        End.Plan plan = from.end().to(LocalDestination.end(root + "/" + destination));
        var archive = new ByteArrayOutputStream();
        from.writeTo(archive, AS_IT_IS);
        LocalDestination.extract(new ByteArrayInputStream(archive.toByteArray()), AS_IT_IS, plan);
    }

    @ParameterizedTest
    @CsvSource({
        "from, false, to, to/from/sub/file",
        "from/, false, to, to/from/sub/file",
        "from/., false, to, to/sub/file",
        "from, false, new, new/sub/file",
        "from/., false, new, new/sub/file",
        "from/sub/file, false, to, to/file",
        "from/sub/file, false, to/other, to/other",
        "alias, true, to, to/alias/sub/file",
        "alias/, false, to, to/alias/sub/file"
    })
    void goesWhereTheOriginalPutsIt(String source, boolean follow, String destination, String file) throws Exception {
        copy(source, follow, destination);

        Path copied = root.resolve(file);
        assertThat(copied).hasContent("hello\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copied)))
                .isEqualTo("rwxr-x--x");
    }

    @Test
    void linksStayLinks() throws Exception {
        copy("from", false, "new");

        assertThat(Files.readSymbolicLink(root.resolve("new/link"))).hasToString("sub/file");
        assertThat(Files.isSameFile(root.resolve("new/second"), root.resolve("new/sub/file")))
                .isTrue();
        copy("alias", false, "to");
        assertThat(Files.readSymbolicLink(root.resolve("to/alias"))).hasToString("from");
    }

    @ParameterizedTest
    @CsvSource({
        "from, from/sub/file, cannot copy directory",
        "from/sub/file, absent/, no such directory",
        "from/sub/file/, to, not a directory"
    })
    void refusesWhatDoesNotFit(String source, String destination, String message) {
        assertThatThrownBy(() -> copy(source, false, destination))
                .isInstanceOf(CliException.class)
                .hasMessage(message);
    }

    @Test
    void anArchiveCannotLeaveTheDestination() throws Exception {
        var archive = new ByteArrayOutputStream();
        try (var tar = new TarWriter(archive)) {
            tar.put(TarEntry.of("out", TarType.SYMLINK, 0777, 0, new TarEntry.TarTime(0, 0), "/" + root));
            tar.put(TarEntry.file("out/evil", 0644, 2, 0), new byte[2]);
            tar.finish();
        }
        var plan = new End.Plan(root.resolve("to").toString(), "", "");

        assertThatThrownBy(
                        () -> LocalDestination.extract(new ByteArrayInputStream(archive.toByteArray()), AS_IT_IS, plan))
                .isInstanceOf(CliException.class)
                .hasMessageContaining("is outside of");
        assertThat(root.resolve("evil")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"/a//b/../c/., /a/c", "../x/.., ..", "/.., /", "a/.., .", "'', ."})
    void pathsAreCleanedByGosRules(String path, String clean) {
        assertThat(PathText.clean(path)).isEqualTo(clean);
    }
}
