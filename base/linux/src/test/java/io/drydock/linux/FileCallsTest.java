package io.drydock.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.testkit.RequiresRoot;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCallsTest {
    private final FileCalls files = Linux.system().files();

    @TempDir
    Path dir;

    @Test
    void missingFileIsReportedWithOperationPathAndErrno() {
        assertThatThrownBy(() -> files.open("/no/such/file", O.RDONLY))
                .isInstanceOfSatisfying(LinuxException.class, e -> {
                    assertThat(e.errno()).isEqualTo(Errno.ENOENT);
                    assertThat(e.errnoName()).isEqualTo("ENOENT");
                    assertThat(e).hasMessage("open \"/no/such/file\": no such file or directory");
                });
    }

    @Test
    void writesAndReadsWithHeapAndDirectBuffers() throws Exception {
        try (Fd fd = files.openat(Fd.CWD, dir.resolve("f").toString(), O.RDWR | O.CREAT | O.EXCL, 0600)) {
            files.writeFully(fd, ByteBuffer.wrap("hello ".getBytes(StandardCharsets.UTF_8)));
            ByteBuffer direct = ByteBuffer.allocateDirect(5)
                    .put("world".getBytes(StandardCharsets.UTF_8))
                    .flip();
            assertThat(files.write(fd, direct)).isEqualTo(5);
            ByteBuffer all = ByteBuffer.allocate(64);
            assertThat(files.pread(fd, all, 0)).isEqualTo(11);
            assertThat(new String(all.array(), 0, 11, StandardCharsets.UTF_8)).isEqualTo("hello world");
            assertThat(files.fstat(fd).size()).isEqualTo(11);
            assertThat(files.fstat(fd).isRegular()).isTrue();
        }
    }

    @Test
    void openat2StaysInsideItsRoot() throws Exception {
        Files.createDirectory(dir.resolve("etc"));
        Files.writeString(dir.resolve("etc/passwd"), "inside");
        Files.createSymbolicLink(dir.resolve("link"), Path.of("/etc/passwd"));
        try (Fd root = files.open(dir.toString(), O.PATH | O.DIRECTORY);
                Fd fd = files.openat2(root, "link", O.RDONLY, 0, Resolve.IN_ROOT)) {
            ByteBuffer content = ByteBuffer.allocate(16);
            files.read(fd, content);
            assertThat(new String(content.array(), 0, content.position(), StandardCharsets.UTF_8))
                    .isEqualTo("inside");
            assertThatThrownBy(() -> files.openat2(root, "link", O.RDONLY, 0, Resolve.NO_SYMLINKS | Resolve.BENEATH))
                    .isInstanceOf(LinuxException.class);
        }
    }

    @Test
    void theAtFamilyMakesWhatItSays() throws Exception {
        try (Fd d = files.open(dir.toString(), O.RDONLY | O.DIRECTORY)) {
            files.mkdirat(d, "sub", 0750);
            files.symlinkat("sub", d, "s");
            files.mknodat(d, "fifo", Mode.FIFO | 0600, 0);
            files.linkat(d, "fifo", d, "fifo2", 0);
            files.renameat2(d, "fifo2", d, "fifo3", At.RENAME_NOREPLACE);
            files.utimensat(d, "sub", null, new Stat.Time(1000, 5), 0);
            assertThat(files.readlinkat(d, "s")).isEqualTo("sub");
            assertThat(files.statat(d, "sub", 0).modified()).isEqualTo(new Stat.Time(1000, 5));
            assertThat(files.statat(d, "s", At.SYMLINK_NOFOLLOW).isSymlink()).isTrue();
            assertThat(files.statat(d, "fifo", 0).links()).isEqualTo(2);
            assertThat(files.readDirectory(d))
                    .extracting(DirEntry::name)
                    .containsExactlyInAnyOrder("sub", "s", "fifo", "fifo3");
            files.unlinkat(d, "sub", At.REMOVEDIR);
            assertThat(dir.resolve("sub")).doesNotExist();
        }
    }

    @Test
    @RequiresRoot
    void deviceNodesAndOwners() throws Exception {
        try (Fd d = files.open(dir.toString(), O.RDONLY | O.DIRECTORY)) {
            files.mknodat(d, "null", Mode.CHAR_DEVICE | 0600, Mode.device(1, 3));
            files.fchownat(d, "null", 7, 8, At.SYMLINK_NOFOLLOW);
            Stat stat = files.statat(d, "null", 0);
            assertThat(stat.is(Mode.CHAR_DEVICE)).isTrue();
            assertThat(Mode.major(stat.specialDevice())).isEqualTo(1);
            assertThat(Mode.minor(stat.specialDevice())).isEqualTo(3);
            assertThat(stat.uid()).isEqualTo(7);
            assertThat(stat.gid()).isEqualTo(8);
        }
    }

    @Test
    @RequiresRoot
    void extendedAttributes() throws Exception {
        XattrCalls xattrs = Linux.system().xattrs();
        String file = Files.createFile(dir.resolve("x")).toString();
        xattrs.lset(file, "trusted.one", new byte[] {1, 2});
        assertThat(xattrs.lget(file, "trusted.one")).containsExactly(1, 2);
        assertThat(xattrs.lget(file, "trusted.two")).isNull();
        assertThat(xattrs.llist(file)).contains("trusted.one");
        xattrs.lremove(file, "trusted.one");
        assertThat(xattrs.llist(file)).doesNotContain("trusted.one");
    }

    @Test
    void sealedMemfdCannotBeWritten() throws Exception {
        try (Fd memfd = files.memfdCreate("sealed")) {
            files.write(memfd, ByteBuffer.wrap(new byte[] {1}));
            files.addSeals(memfd, FileCalls.SEAL_ALL);
            assertThatThrownBy(() -> files.write(memfd, ByteBuffer.wrap(new byte[] {1})))
                    .isInstanceOfSatisfying(
                            LinuxException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EPERM));
        }
    }
}
