package io.drydock.containerd.shim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.spec.containerd.types.task.Status;
import io.drydock.testkit.Command;
import io.drydock.testkit.RequiresRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file system that the shim's records are on is full, or turns read-only: it says so, and containers go on. */
@RequiresRoot
class BrokenRecordsTest {
    @TempDir
    Path dir;

    private Path records;
    private TestShim shim;

    @BeforeEach
    void start() throws IOException {
        records = Files.createDirectory(dir.resolve("records"));
        Command.of("mount", "-t", "tmpfs", "-o", "size=64k", "none", records.toString())
                .run()
                .ok();
        shim = new TestShim(dir);
    }

    @AfterEach
    void end() {
        shim.close();
        Command.of("umount", "-l", records.toString()).run().ok();
    }

    private void fill() {
        // what does not fit is not written, and that is what is meant
        Command.of("dd", "if=/dev/zero", "of=" + records.resolve("fill"), "bs=4k", "count=100")
                .run();
    }

    private void remount(String how) {
        Command.of("mount", "-o", "remount," + how, records.toString()).run().ok();
    }

    /** It starts, ends and is deleted, in whatever state the records are. */
    private void lives() throws Exception {
        shim.startProcess("");
        shim.runtime.container("c1").init.end(3);
        assertThat(shim.await("").getExitStatus()).isEqualTo(3);
        assertThat(shim.state("").getStatus()).isEqualTo(Status.STOPPED);
        assertThat(shim.delete("").getExitStatus()).isEqualTo(3);
        shim.containerd.expect("/tasks/create", "/tasks/start", "/tasks/exit", "/tasks/delete");
        assertThat(shim.runtime.containers).isEmpty();
    }

    @Test
    void aFullDiskRefusesNewContainersAndLeavesNothingOfThem() throws Exception {
        fill();
        assertThatThrownBy(shim::create).hasMessageContaining("No space left on device");
        assertThat(shim.runtime.containers).isEmpty();
        Files.delete(records.resolve("fill"));
        assertThat(TaskRecord.all(records)).isEmpty();
        shim.create();
        lives();
    }

    @Test
    void aContainerGoesOnThroughAFullDisk() throws Exception {
        shim.create();
        fill();
        lives();
    }

    @Test
    void aContainerGoesOnOnAReadOnlyFileSystemAndNothingNewIsMadeThere() throws Exception {
        shim.create();
        remount("ro");
        assertThatThrownBy(() -> shim.exec("e1")).hasMessageContaining("Read-only file system");
        lives();
        assertThatThrownBy(shim::create).hasMessageContaining("Read-only file system");
        remount("rw");
        // what could not be noted, nor removed: the next shim finds a container that is gone
        shim.kill();
        shim.start();
        shim.create();
        assertThat(shim.state("").getStatus()).isEqualTo(Status.CREATED);
    }

    @Test
    void aRecordThatIsNoneDoesNotKeepTheNextShimFromTheOthers() throws Exception {
        shim.create();
        shim.startProcess("");
        Path half = Files.createDirectories(records.resolve("ns/c2@1"));
        Files.writeString(half.resolve("task"), "neither protobuf nor whole");
        Files.writeString(half.resolve("journal"), "sta");
        shim.kill();
        shim.start();
        assertThat(shim.state("").getStatus()).isEqualTo(Status.RUNNING);
    }
}
