package io.drydock.image.archive.diff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.image.archive.apply.ApplyOptions;
import io.drydock.image.archive.apply.ApplyOptions.Whiteouts;
import io.drydock.image.archive.apply.LayerApplier;
import io.drydock.image.archive.tar.ByteSource;
import io.drydock.image.archive.tar.TarEntry;
import io.drydock.image.archive.tar.TarReader;
import io.drydock.linux.Fd;
import io.drydock.linux.Linux;
import io.drydock.linux.Mode;
import io.drydock.testkit.Command;
import io.drydock.testkit.RequiresRoot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Layers made of trees, and trees made of these layers again. */
@RequiresRoot
@Timeout(120)
class LayerDiffTest {
    private static final Linux LINUX = Linux.system();

    @TempDir
    Path directory;

    private Path lower;
    private Path upper;
    private Path target;

    @BeforeEach
    void makeDirectories() throws IOException {
        lower = Files.createDirectory(directory.resolve("lower"));
        upper = Files.createDirectory(directory.resolve("upper"));
        target = Files.createDirectory(directory.resolve("target"));
    }

    private static List<TarEntry> entries(byte[] tar) throws IOException {
        var entries = new ArrayList<TarEntry>();
        var reader = new TarReader(ByteSource.of(new ByteArrayInputStream(tar)));
        for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
            entries.add(entry);
        }
        return entries;
    }

    private byte[] upperDiff(String... skipped) throws IOException {
        var out = new ByteArrayOutputStream();
        new UpperDiff(LINUX).write(upper, Set.of(skipped)::contains, out);
        return out.toByteArray();
    }

    private byte[] treeDiff() throws IOException {
        var out = new ByteArrayOutputStream();
        new TreeDiff(LINUX).write(lower, upper, out);
        return out.toByteArray();
    }

    private void apply(byte[] tar, Whiteouts whiteouts) throws IOException {
        new LayerApplier(LINUX).apply(new ByteArrayInputStream(tar), target, new ApplyOptions(whiteouts));
    }

    private static void xattr(Path file, String name, String value) throws IOException {
        LINUX.xattrs().lset(file.toString(), name, value.getBytes(StandardCharsets.UTF_8));
    }

    private static String listing(Path root) {
        // names, types, modes, owners, link counts and targets, but sizes of directories
        return Command.of(
                        "sh", "-c", "cd '" + root + "' && find . -mindepth 1 -printf '%P %y %m %U:%G %n %l\\n' | sort")
                .run()
                .ok()
                .out();
    }

    @Test
    void anOverlaysUpperDirectoryIsWrittenAndComesOutTheSame() throws IOException {
        var etc = Files.createDirectory(upper.resolve("etc"));
        Files.setPosixFilePermissions(etc, PosixFilePermissions.fromString("rwx-----x"));
        Files.writeString(etc.resolve("a"), "first");
        Files.createLink(etc.resolve("b"), etc.resolve("a"));
        Files.setAttribute(etc.resolve("a"), "unix:uid", 70_000_000);
        Files.createSymbolicLink(upper.resolve("link"), Path.of("/outside/of/it"));
        LINUX.files().mkfifo(upper.resolve("pipe").toString(), 0640);
        LINUX.files().mknodat(Fd.CWD, upper.resolve("null").toString(), Mode.CHAR_DEVICE | 0666, Mode.device(1, 3));
        LINUX.files().mknodat(Fd.CWD, upper.resolve("gone").toString(), Mode.CHAR_DEVICE, 0);
        var fresh = Files.createDirectory(upper.resolve("fresh"));
        xattr(fresh, "trusted.overlay.opaque", "y");
        Files.writeString(fresh.resolve("new"), "x".repeat(300_000));
        xattr(fresh.resolve("new"), "user.colour", "red");
        Files.setLastModifiedTime(fresh.resolve("new"), FileTime.fromMillis(1_000_000_000_000L));

        var tar = upperDiff();
        apply(tar, Whiteouts.OVERLAY);

        assertThat(entries(tar))
                .extracting(TarEntry::name)
                .containsExactly(
                        "etc/",
                        "etc/a",
                        "etc/b",
                        "fresh/",
                        "fresh/.wh..wh..opq",
                        "fresh/new",
                        ".wh.gone",
                        "link",
                        "null",
                        "pipe");
        assertThat(listing(target)).isEqualTo(listing(upper));
        assertThat(target.resolve("fresh/new")).hasContent("x".repeat(300_000));
        assertThat(Files.getLastModifiedTime(target.resolve("fresh/new")).toMillis())
                .isEqualTo(1_000_000_000_000L);
        assertThat(LINUX.xattrs().lget(target.resolve("fresh/new").toString(), "user.colour"))
                .isEqualTo("red".getBytes(StandardCharsets.UTF_8));
        assertThat(LINUX.xattrs().lget(target.resolve("fresh").toString(), "trusted.overlay.opaque"))
                .isNotNull();
    }

    @Test
    void whatIsSkippedAndWhatNoLayerHoldsIsLeftOut() throws IOException {
        Files.createDirectory(upper.resolve("proc"));
        Files.createDirectories(upper.resolve("a/b"));
        Files.writeString(upper.resolve("a/b/c"), "");
        LINUX.files().mknodat(Fd.CWD, upper.resolve("socket").toString(), Mode.SOCKET | 0600, 0);

        assertThat(entries(upperDiff("proc", "a/b"))).extracting(TarEntry::name).containsExactly("a/");
        var out = new ByteArrayOutputStream();
        assertThat(new UpperDiff(LINUX).write(lower, path -> false, out)).isFalse();
    }

    @Test
    void aDirectoryThatOverlayfsRenamedIsRefused() throws IOException {
        var moved = Files.createDirectory(upper.resolve("moved"));
        xattr(moved, "trusted.overlay.redirect", "/old");

        assertThatThrownBy(this::upperDiff).isInstanceOf(IOException.class).hasMessageContaining("moved");
    }

    @Test
    void twoTreesDifferByALayer() throws IOException {
        for (Path root : List.of(lower, upper)) {
            Files.createDirectories(root.resolve("same/deep"));
            Files.writeString(root.resolve("same/deep/kept"), "kept");
            Files.writeString(root.resolve("touched"), "old!");
            Files.createDirectories(root.resolve("dir"));
            Files.setLastModifiedTime(root.resolve("same/deep/kept"), FileTime.fromMillis(5_000));
            Files.setLastModifiedTime(root.resolve("touched"), FileTime.fromMillis(5_000));
        }
        Files.writeString(lower.resolve("same/removed"), "");
        Files.createDirectories(lower.resolve("removed/with/children"));
        Files.writeString(lower.resolve("becomes"), "a file");
        Files.writeString(upper.resolve("touched"), "new!");
        Files.setLastModifiedTime(upper.resolve("touched"), FileTime.fromMillis(5_000));
        Files.createDirectory(upper.resolve("becomes"));
        Files.writeString(upper.resolve("becomes/directory"), "");
        Files.writeString(upper.resolve("dir/added"), "added");
        Files.setPosixFilePermissions(upper.resolve("dir"), PosixFilePermissions.fromString("rwx------"));
        Files.createSymbolicLink(upper.resolve("dir/link"), Path.of("added"));

        var tar = treeDiff();
        Command.of("cp", "-a", lower + "/.", target.toString()).run().ok();
        apply(tar, Whiteouts.REMOVE);

        assertThat(entries(tar))
                .extracting(TarEntry::name)
                .containsExactlyInAnyOrder(
                        ".wh.removed",
                        "becomes/",
                        "becomes/directory",
                        "dir/",
                        "dir/added",
                        "dir/link",
                        "same/",
                        "same/.wh.removed",
                        "touched");
        assertThat(listing(target)).isEqualTo(listing(upper));
        assertThat(target.resolve("touched")).hasContent("new!");
        assertThat(Files.exists(target.resolve("removed"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
        assertThat(target.resolve("same/deep/kept")).hasContent("kept");
    }
}
