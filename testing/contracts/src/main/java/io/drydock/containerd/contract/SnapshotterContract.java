package io.drydock.containerd.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.ContainerdError.Code;
import io.drydock.containerd.core.Filter;
import io.drydock.containerd.core.Snapshotter;
import io.drydock.containerd.core.Snapshotter.Info;
import io.drydock.containerd.core.Snapshotter.Kind;
import io.drydock.testkit.Command;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What every snapshotter does. */
@RequiresRoot
public abstract class SnapshotterContract {
    protected static final String NS = "test";

    /** The snapshotter under test, empty. */
    protected abstract Snapshotter snapshotter();

    /** A directory for mount points. */
    protected abstract Path directory();

    /** Waits until the file system knows how much it has allocated for what has been written. */
    protected void settle(Path root) {}

    private interface Change {
        void in(Path root) throws IOException;
    }

    /** As a client mounts: one after the other at the same place. */
    private void mounted(String key, Change change) throws IOException {
        var target =
                Files.createTempDirectory(Files.createDirectories(directory().resolve("mounts")), "m");
        int made = 0;
        try {
            for (var mount : snapshotter().mounts(NS, key)) {
                Command.of("mount", "-t", mount.type(), "-o", String.join(",", mount.options()))
                        .with(mount.source(), target.toString())
                        .run()
                        .ok();
                made++;
            }
            change.in(target);
        } finally {
            for (; made > 0; made--) {
                Command.of("umount", target.toString()).run().ok();
            }
            Files.delete(target);
        }
    }

    /** A committed snapshot with what the change makes. */
    private void layer(String name, String parent, Change change) throws IOException {
        snapshotter().prepare(NS, "", "making-" + name, parent, Map.of());
        mounted("making-" + name, change);
        snapshotter().commit(NS, "", name, "making-" + name, "", Map.of());
    }

    private static void assertFails(Code code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ContainerdError.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private List<Info> list(String... filters) {
        return snapshotter().list(NS, Filter.parse(List.of(filters)));
    }

    @Test
    void layersAreSeenThroughThoseAbove() throws IOException {
        layer("one", "", root -> {
            Files.writeString(root.resolve("a"), "1");
            Files.writeString(root.resolve("b"), "1");
            Files.createDirectory(root.resolve("d"));
            Files.writeString(root.resolve("d/x"), "1");
        });
        layer("two", "one", root -> {
            Files.writeString(root.resolve("a"), "2");
            Files.delete(root.resolve("b"));
            Files.delete(root.resolve("d/x"));
            Files.delete(root.resolve("d"));
            Files.createDirectory(root.resolve("d"));
        });
        snapshotter().prepare(NS, "", "top", "two", Map.of());

        mounted("top", root -> {
            assertThat(root.resolve("a")).hasContent("2");
            assertThat(root.resolve("b")).doesNotExist();
            assertThat(root.resolve("d")).isEmptyDirectory();
            Files.writeString(root.resolve("c"), "3");
        });
        snapshotter().view(NS, "", "look", "one", Map.of());
        mounted("look", root -> {
            assertThat(root.resolve("a")).hasContent("1");
            assertThat(root.resolve("c")).doesNotExist();
            assertThatThrownBy(() -> Files.writeString(root.resolve("new"), "x"))
                    .isInstanceOf(IOException.class);
        });
    }

    @Test
    void anActiveOneKeepsItsChanges() throws IOException {
        snapshotter().prepare(NS, "", "work", "", Map.of());
        mounted("work", root -> Files.writeString(root.resolve("f"), "kept"));
        mounted("work", root -> assertThat(root.resolve("f")).hasContent("kept"));
    }

    @Test
    void siblingsDoNotSeeEachOther() throws IOException {
        layer("base", "", root -> Files.writeString(root.resolve("f"), "base"));
        snapshotter().prepare(NS, "", "x", "base", Map.of());
        snapshotter().prepare(NS, "", "y", "base", Map.of());
        mounted("x", root -> Files.writeString(root.resolve("f"), "x"));
        mounted("y", root -> assertThat(root.resolve("f")).hasContent("base"));
    }

    @Test
    void aLayerGetsItsParentAtItsCommit() throws IOException {
        layer("low", "", root -> Files.writeString(root.resolve("l"), "1"));
        snapshotter().prepare(NS, "", "side", "", Map.of());
        mounted("side", root -> Files.writeString(root.resolve("h"), "2"));
        if (!snapshotter().stacksLater()) {
            assertFails(Code.UNIMPLEMENTED, () -> snapshotter().commit(NS, "", "high", "side", "low", Map.of()));
            return;
        }
        snapshotter().commit(NS, "", "high", "side", "low", Map.of());
        snapshotter().view(NS, "", "both", "high", Map.of());

        mounted("both", root -> {
            assertThat(root.resolve("l")).exists();
            assertThat(root.resolve("h")).exists();
        });
        assertThat(snapshotter().stat(NS, "high").parent()).isEqualTo("low");
    }

    @Test
    void theRootBelongsToWhomTheImageSays() throws IOException {
        layer("owned", "", root -> Files.setAttribute(root, "unix:uid", 1234));
        snapshotter().prepare(NS, "", "top", "owned", Map.of());
        mounted("top", root -> assertThat(Files.getAttribute(root, "unix:uid")).isEqualTo(1234));
    }

    @Test
    void kindsParentsAndLabelsAreKnown() throws IOException {
        snapshotter().prepare(NS, "", "work", "", Map.of("a", "1"));
        assertThat(snapshotter().stat(NS, "work").kind()).isEqualTo(Kind.ACTIVE);
        assertThat(snapshotter().stat(NS, "work").labels()).isEqualTo(Map.of("a", "1"));
        snapshotter().commit(NS, "", "done", "work", "", Map.of("b", "2"));
        var done = snapshotter().stat(NS, "done");
        assertThat(done.kind()).isEqualTo(Kind.COMMITTED);
        assertThat(done.labels()).isEqualTo(Map.of("b", "2"));
        assertFails(Code.NOT_FOUND, () -> snapshotter().stat(NS, "work"));
        snapshotter().view(NS, "", "look", "done", Map.of());
        assertThat(snapshotter().stat(NS, "look").kind()).isEqualTo(Kind.VIEW);
        assertThat(snapshotter().stat(NS, "look").parent()).isEqualTo("done");
        snapshotter().updateLabels(NS, "done", Map.of("c", "3"), List.of("labels.c"));
        assertThat(list("labels.c==3")).extracting(Info::name).containsExactly("done");
        assertThat(list("kind==view")).extracting(Info::name).containsExactly("look");
    }

    @Test
    void parentsAreListedFirst() throws IOException {
        snapshotter().prepare(NS, "", "early", "", Map.of());
        snapshotter().prepare(NS, "", "late", "", Map.of());
        snapshotter().commit(NS, "", "bottom", "late", "", Map.of());
        if (snapshotter().stacksLater()) {
            snapshotter().commit(NS, "", "top", "early", "bottom", Map.of());
            assertThat(list()).extracting(Info::name).containsExactly("bottom", "top");
        } else {
            snapshotter().view(NS, "", "top", "bottom", Map.of());
            assertThat(list()).extracting(Info::name).containsExactlyInAnyOrder("early", "bottom", "top");
            assertThat(list()).extracting(Info::name).containsSubsequence("bottom", "top");
        }
    }

    @Test
    void rulesAreKept() throws IOException {
        snapshotter().prepare(NS, "", "work", "", Map.of());
        assertFails(Code.ALREADY_EXISTS, () -> snapshotter().prepare(NS, "", "work", "", Map.of()));
        assertFails(Code.INVALID_ARGUMENT, () -> snapshotter().prepare(NS, "", "on-active", "work", Map.of()));
        assertFails(Code.NOT_FOUND, () -> snapshotter().prepare(NS, "", "on-nothing", "missing", Map.of()));
        assertFails(Code.NOT_FOUND, () -> snapshotter().mounts(NS, "missing"));
        snapshotter().commit(NS, "", "base", "work", "", Map.of());
        assertFails(Code.FAILED_PRECONDITION, () -> snapshotter().mounts(NS, "base"));
        assertFails(Code.FAILED_PRECONDITION, () -> snapshotter().commit(NS, "", "again", "base", "", Map.of()));
        snapshotter().prepare(NS, "", "child", "base", Map.of());
        assertFails(Code.ALREADY_EXISTS, () -> snapshotter().commit(NS, "", "base", "child", "", Map.of()));
        assertFails(Code.FAILED_PRECONDITION, () -> snapshotter().remove(NS, "base"));
        snapshotter().remove(NS, "child");
        snapshotter().remove(NS, "base");
        assertFails(Code.NOT_FOUND, () -> snapshotter().remove(NS, "base"));
        assertThat(list()).isEmpty();
    }

    @Test
    void namespacesDoNotSeeEachOther() throws IOException {
        snapshotter().prepare(NS, "", "work", "", Map.of());
        assertFails(Code.NOT_FOUND, () -> snapshotter().stat("other", "work"));
        snapshotter().prepare("other", "", "work", "", Map.of());
        assertThat(snapshotter().mounts(NS, "work")).isNotEqualTo(snapshotter().mounts("other", "work"));
    }

    @Test
    void usageIsWhatDuCounts() throws IOException {
        snapshotter().prepare(NS, "", "work", "", Map.of());
        mounted("work", root -> {
            Files.write(root.resolve("f"), new byte[10_000]);
            Files.createLink(root.resolve("g"), root.resolve("f"));
            Files.createSymbolicLink(root.resolve("s"), Path.of("f"));
            try (var holes = Files.newByteChannel(
                    root.resolve("holes"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                holes.position(10_000_000).write(ByteBuffer.wrap(new byte[10]));
            }
            settle(root);
            var du = Command.of("du", "-s", "--block-size=1", root.toString())
                    .run()
                    .ok();
            assertThat(snapshotter().usage(NS, "work").size())
                    .isEqualTo(Long.parseLong(du.text().split("\\s+")[0]));
        });
        assertThat(snapshotter().usage(NS, "work").inodes()).isEqualTo(4);
    }

    @Test
    void allThatBelongsToAFileIsSeenAbove() throws IOException {
        layer("base", "", root -> {
            var file = Files.writeString(root.resolve("file"), "text");
            Files.setAttribute(file, "unix:uid", 12);
            Files.setAttribute(file, "unix:mode", 04751);
            Files.createLink(root.resolve("other"), file);
            Command.of("mkfifo", "-m", "611", root.resolve("fifo").toString())
                    .run()
                    .ok();
            Command.of("mknod", root.resolve("device").toString(), "c", "7", "9")
                    .run()
                    .ok();
            Files.createSymbolicLink(root.resolve("link"), Path.of("/nowhere"));
            var directory = Files.createDirectory(root.resolve("directory"));
            Files.setAttribute(directory, "unix:mode", 01700);
            Command.of("touch", "-d", "2001-02-03 04:05:06.789012345", file.toString())
                    .run()
                    .ok();
            Command.of("touch", "-d", "2001-02-03 04:05:06.7", directory.toString())
                    .run()
                    .ok();
        });
        snapshotter().prepare(NS, "", "top", "base", Map.of());
        mounted("top", root -> {
            var stat = Command.of("stat", "-c", "%n %f %u %h %t,%T %y")
                    .with("file", "fifo", "device", "link", "directory")
                    .in(root)
                    .run()
                    .ok()
                    .text();
            assertThat(stat.lines().map(line -> line.split("\\.")[0] + "|"))
                    .anySatisfy(line -> assertThat(line).startsWith("file 89e9 12 2 0,0 2001-02-03 04:05:06"))
                    .anySatisfy(line -> assertThat(line).startsWith("fifo 1189 0 1 0,0"))
                    .anySatisfy(line -> assertThat(line).startsWith("device 21a4 0 1 7,9"))
                    .anySatisfy(line -> assertThat(line).startsWith("link a1ff 0 1"))
                    .anySatisfy(line -> assertThat(line).startsWith("directory 43c0 0"));
            assertThat(stat).contains("04:05:06.789012345");
            assertThat(Files.readSymbolicLink(root.resolve("link"))).isEqualTo(Path.of("/nowhere"));
        });
    }

    @Test
    void usageCountsAFileOnceHoweverManyNamesItHas() throws IOException {
        layer("base", "", root -> {
            Files.write(root.resolve("f"), new byte[10_000]);
            Files.createLink(root.resolve("g"), root.resolve("f"));
        });
        var usage = snapshotter().usage(NS, "base");
        assertThat(usage.inodes()).isEqualTo(2);
        assertThat(usage.size()).isBetween(12_288L, 20_480L);
    }
}
