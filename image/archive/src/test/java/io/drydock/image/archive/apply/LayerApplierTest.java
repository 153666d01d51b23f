package io.drydock.image.archive.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.image.archive.apply.ApplyOptions.Whiteouts;
import io.drydock.image.archive.tar.TarEntry;
import io.drydock.image.archive.tar.TarEntry.TarTime;
import io.drydock.image.archive.tar.TarType;
import io.drydock.image.archive.tar.TarWriter;
import io.drydock.linux.Linux;
import io.drydock.linux.Mode;
import io.drydock.testkit.RequiresRoot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@RequiresRoot
@Timeout(120)
class LayerApplierTest {
    private static final TarTime WHEN = new TarTime(1_000_000_000, 0);

    @TempDir
    Path directory;

    private final LayerApplier applier = new LayerApplier(Linux.system());
    private final ByteArrayOutputStream tar = new ByteArrayOutputStream();
    private final TarWriter writer = new TarWriter(tar);

    private LayerApplierTest file(String name, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        writer.put(TarEntry.file(name, 0644, bytes.length, WHEN.seconds()), bytes);
        return this;
    }

    private LayerApplierTest directory(String name) throws IOException {
        writer.put(TarEntry.directory(name, 0755, WHEN.seconds()));
        return this;
    }

    private LayerApplierTest link(TarType type, String name, String target) throws IOException {
        writer.put(TarEntry.of(name, type, 0777, 0, WHEN, target));
        return this;
    }

    private Path root() throws IOException {
        Path root = directory.resolve("root");
        return Files.isDirectory(root) ? root : Files.createDirectory(root);
    }

    private AppliedLayer apply(Whiteouts whiteouts) throws IOException {
        writer.finish();
        return applier.apply(new ByteArrayInputStream(tar.toByteArray()), root(), new ApplyOptions(whiteouts));
    }

    private String text(String name) throws IOException {
        return Files.readString(root().resolve(name));
    }

    private Object attribute(String name, String attribute) throws IOException {
        return Files.getAttribute(root().resolve(name), attribute, LinkOption.NOFOLLOW_LINKS);
    }

    private boolean isWhiteout(String name) throws IOException {
        return ((int) attribute(name, "unix:mode") & Mode.TYPE_MASK) == Mode.CHAR_DEVICE
                && (long) attribute(name, "unix:rdev") == 0;
    }

    private boolean isOpaque(String name) throws IOException {
        return Linux.system().xattrs().lget(root().resolve(name).toString(), "trusted.overlay.opaque") != null;
    }

    @Test
    void writesEveryKindOfFileWithItsAttributes() throws IOException {
        byte[] capability = {1, 0, 0, 2, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        writer.put(new TarEntry(
                "./", TarType.DIRECTORY, 0750, 1, 2, "", "", 0, WHEN, "", TarEntry.Device.NONE, Map.of(), List.of()));
        directory("dir/");
        writer.put(
                new TarEntry(
                        "dir/ping",
                        TarType.FILE,
                        04755,
                        1000,
                        1001,
                        "",
                        "",
                        3,
                        new TarTime(5, 123_000_000),
                        "",
                        TarEntry.Device.NONE,
                        Map.of("security.capability", capability),
                        List.of()),
                "abc".getBytes(StandardCharsets.UTF_8));
        writer.put(new TarEntry(
                "tty",
                TarType.CHAR_DEVICE,
                0620,
                0,
                5,
                "",
                "",
                0,
                WHEN,
                "",
                new TarEntry.Device(5, 1),
                Map.of(),
                List.of()));
        writer.put(TarEntry.of("pipe", TarType.FIFO, 0666, 0, WHEN, ""));
        link(TarType.SYMLINK, "link", "/nowhere")
                .link(TarType.HARD_LINK, "again", "dir/ping")
                .file("implied/here", "x");
        AppliedLayer layer = apply(Whiteouts.OVERLAY);
        assertThat(layer.implied()).containsExactly("implied");
        assertThat(layer.entries()).isEqualTo(8);
        assertThat(layer.size()).isEqualTo(tar.size());
        assertThat((int) attribute("", "unix:mode") & 07777).isEqualTo(0750);
        assertThat(attribute("", "unix:gid")).isEqualTo(2);
        assertThat((int) attribute("dir/ping", "unix:mode") & 07777).isEqualTo(04755);
        assertThat(attribute("dir/ping", "unix:uid")).isEqualTo(1000);
        assertThat(attribute("dir/ping", "unix:nlink")).isEqualTo(2);
        assertThat(attribute("dir/ping", "lastModifiedTime")).isEqualTo(FileTime.fromMillis(5123));
        assertThat(attribute("dir", "lastModifiedTime")).isEqualTo(FileTime.from(WHEN.seconds(), TimeUnit.SECONDS));
        assertThat(Linux.system().xattrs().lget(root().resolve("again").toString(), "security.capability"))
                .isEqualTo(capability);
        assertThat((int) attribute("tty", "unix:mode")).isEqualTo(Mode.CHAR_DEVICE | 0620);
        assertThat(attribute("tty", "unix:rdev")).isEqualTo(Mode.device(5, 1));
        assertThat((int) attribute("pipe", "unix:mode")).isEqualTo(Mode.FIFO | 0666);
        assertThat(Files.readSymbolicLink(root().resolve("link"))).hasToString("/nowhere");
        assertThat(attribute("link", "lastModifiedTime")).isEqualTo(FileTime.from(WHEN.seconds(), TimeUnit.SECONDS));
    }

    @Test
    void compressedAndPlainGiveTheSameDiffId() throws IOException {
        String plain = file("a", "1").apply(Whiteouts.OVERLAY).diffId();
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
            out.write(tar.toByteArray());
        }
        Path other = Files.createDirectory(directory.resolve("other"));
        AppliedLayer layer =
                applier.apply(new ByteArrayInputStream(gzip.toByteArray()), other, new ApplyOptions(Whiteouts.OVERLAY));
        assertThat(layer.diffId()).isEqualTo(plain).startsWith("sha256:");
    }

    @Test
    void whiteoutsBecomeOverlays() throws IOException {
        directory("d/")
                .file("d/.wh.gone", "")
                .directory("o/")
                .file("o/.wh..wh..opq", "")
                .file("o/new", "n")
                .file(".wh..wh.plnk", "")
                .file(".wh.replaced", "")
                .directory("replaced/")
                .file("kept", "k")
                .file(".wh.kept", "");
        AppliedLayer layer = apply(Whiteouts.OVERLAY);
        assertThat(isWhiteout("d/gone")).isTrue();
        assertThat(isOpaque("o")).isTrue();
        assertThat(text("o/new")).isEqualTo("n");
        assertThat(isOpaque("replaced")).isTrue();
        assertThat(text("kept")).isEqualTo("k");
        assertThat(isOpaque("d")).isFalse();
        assertThat(root().resolve(".wh..wh.plnk")).doesNotExist();
        assertThat(layer.implied()).containsExactly("");
    }

    @Test
    void whiteoutsRemoveInADirectoryWithItsParents() throws IOException {
        Files.createDirectories(root().resolve("d/deep/deeper"));
        Files.writeString(root().resolve("d/old"), "o");
        Files.writeString(root().resolve("gone"), "o");
        directory("d/")
                .file("d/new", "n")
                .file("d/.wh..wh..opq", "")
                .file(".wh.gone", "")
                .file(".wh.never", "");
        apply(Whiteouts.REMOVE);
        try (var left = Files.list(root().resolve("d"))) {
            assertThat(left.map(path -> path.getFileName().toString())).containsExactly("new");
        }
        assertThat(root().resolve("gone")).doesNotExist();
    }

    @Test
    void laterEntriesReplaceEarlierOnes() throws IOException {
        directory("x/")
                .file("x/a", "1")
                .file("x", "file")
                .directory("x/")
                .file("x/b", "2")
                .link(TarType.SYMLINK, "y", "x")
                .file("y", "3");
        apply(Whiteouts.OVERLAY);
        assertThat(root().resolve("x/a")).doesNotExist();
        assertThat(text("x/b")).isEqualTo("2");
        assertThat(text("y")).isEqualTo("3");
    }

    @Test
    void linksOfTheLayerAreFollowedInsideTheRootOnly() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        directory("usr/")
                .directory("usr/bin/")
                .link(TarType.SYMLINK, "bin", "/usr/bin")
                .file("bin/sh", "s")
                .directory("outside/")
                .link(TarType.SYMLINK, "evil", "../../../../../../outside")
                .file("evil/file", "e");
        apply(Whiteouts.OVERLAY);
        assertThat(text("usr/bin/sh")).isEqualTo("s");
        assertThat(text("outside/file")).isEqualTo("e");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void attacksAreRefused() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "s");
        refused("outside of the root", w -> w.put(TarEntry.file("../x", 0644, 0, 1)));
        refused("outside of the root", w -> w.put(TarEntry.file("a/../../x", 0644, 0, 1)));
        refused("outside of the root", w -> w.put(TarEntry.of("h", TarType.HARD_LINK, 0, 0, WHEN, "../secret")));
        refused(
                "which this layer does not hold",
                w -> w.put(TarEntry.of("h", TarType.HARD_LINK, 0, 0, WHEN, secret.toString())));
        refused("invalid whiteout", w -> w.put(TarEntry.file("a/.wh...", 0644, 0, 1)));
        refused("invalid whiteout", w -> w.put(TarEntry.file(".wh.", 0644, 0, 1)));
        refused("replace the root", w -> w.put(TarEntry.of("./", TarType.SYMLINK, 0777, 0, WHEN, "/etc")));
        refused("character device 0:0", w -> w.put(TarEntry.of("c", TarType.CHAR_DEVICE, 0, 0, WHEN, "")));
        refused("operation not permitted", w -> {
            w.put(TarEntry.directory("d/", 0755, 1));
            w.put(TarEntry.of("h", TarType.HARD_LINK, 0, 0, WHEN, "d"));
        });
        refused("too many levels of symbolic links", w -> {
            w.put(TarEntry.of("loop", TarType.SYMLINK, 0777, 0, WHEN, "loop"));
            w.put(TarEntry.file("loop/x", 0644, 0, 1));
        });
        assertThat(secret).hasContent("s");
    }

    private interface Attack {
        void write(TarWriter writer) throws IOException;
    }

    private void refused(String message, Attack attack) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TarWriter evil = new TarWriter(bytes);
        attack.write(evil);
        evil.finish();
        Path target = Files.createTempDirectory(directory, "target");
        assertThatThrownBy(() -> applier.apply(
                        new ByteArrayInputStream(bytes.toByteArray()), target, new ApplyOptions(Whiteouts.OVERLAY)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(message);
    }

    @Test
    void overlaysOwnAttributesAreNotTaken() throws IOException {
        writer.put(new TarEntry(
                "d/",
                TarType.DIRECTORY,
                0755,
                0,
                0,
                "",
                "",
                0,
                WHEN,
                "",
                TarEntry.Device.NONE,
                Map.of("trusted.overlay.redirect", "/etc".getBytes(StandardCharsets.UTF_8)),
                List.of()));
        apply(Whiteouts.OVERLAY);
        assertThat(Linux.system().xattrs().llist(root().resolve("d").toString()))
                .doesNotContain("trusted.overlay.redirect");
    }

    @Test
    void linksThroughALayerBelowNeedIt() throws IOException {
        link(TarType.SYMLINK, "lib", "usr/lib").file("lib/x", "x");
        assertThatThrownBy(() -> apply(Whiteouts.OVERLAY)).isInstanceOf(ParentNeededException.class);
    }

    @Test
    void limitsHold() throws IOException {
        file("a", "1").file("b", "2");
        writer.finish();
        assertThatThrownBy(() -> applier.apply(
                        new ByteArrayInputStream(tar.toByteArray()),
                        root(),
                        new ApplyOptions(Whiteouts.OVERLAY, Long.MAX_VALUE, 1)))
                .hasMessageContaining("more than 1 entries");
        assertThatThrownBy(() -> applier.apply(
                        new ByteArrayInputStream(tar.toByteArray()),
                        root(),
                        new ApplyOptions(Whiteouts.OVERLAY, 100, 10)))
                .hasMessageContaining("larger than 100 bytes");
    }

    @Test
    void impliedDirectoriesTakeTheirLooksFromBelow() throws IOException {
        file("tmp/sub/x", "x").file("opt/y", "y");
        AppliedLayer layer = apply(Whiteouts.OVERLAY);
        assertThat(layer.implied()).containsExactly("", "tmp", "tmp/sub", "opt");
        Path near = Files.createDirectories(directory.resolve("near"));
        Path far = Files.createDirectories(directory.resolve("far/tmp/sub"));
        Files.setAttribute(directory.resolve("far/tmp"), "unix:mode", 01777);
        Files.setAttribute(far, "unix:gid", 33);
        Files.setLastModifiedTime(directory.resolve("far/tmp"), FileTime.from(9, TimeUnit.SECONDS));
        ImpliedDirectories implied = new ImpliedDirectories(Linux.system());
        implied.adopt(root(), layer.implied(), List.of(near, directory.resolve("far")));
        assertThat((int) attribute("tmp", "unix:mode") & 07777).isEqualTo(01777);
        assertThat(attribute("tmp", "lastModifiedTime")).isEqualTo(FileTime.from(9, TimeUnit.SECONDS));
        assertThat(attribute("tmp/sub", "unix:gid")).isEqualTo(33);
        assertThat((int) attribute("opt", "unix:mode") & 07777).isEqualTo(0755);
        Files.createSymbolicLink(near.resolve("opt"), Path.of("tmp"));
        assertThatThrownBy(() -> implied.adopt(root(), layer.implied(), List.of(near)))
                .isInstanceOf(ParentNeededException.class);
    }
}
