package io.drydock.linux;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files by descriptor and name. Names are relative to {@code dir} ({@link Fd#CWD} for the current directory; an absolute
 * path ignores it). Strings are passed as UTF-8.
 */
public interface FileCalls {
    /** {@code openat(CWD, path, flags)}. */
    default Fd open(String path, int flags) throws LinuxException {
        return openat(Fd.CWD, path, flags, 0);
    }

    Fd openat(Fd dir, String path, int flags, int mode) throws LinuxException;

    /**
     * Opens without leaving what {@code resolve} allows ({@link Resolve}). The kernel answers EAGAIN when a rename raced
     * with {@code ..}; that is retried.
     */
    Fd openat2(Fd dir, String path, int flags, int mode, long resolve) throws LinuxException;

    /** Bytes read, 0 at the end. A non-blocking descriptor without data fails with EAGAIN. Prefer direct buffers. */
    int read(Fd fd, ByteBuffer target) throws LinuxException;

    int pread(Fd fd, ByteBuffer target, long offset) throws LinuxException;

    /** Bytes written, possibly fewer than the buffer holds. */
    int write(Fd fd, ByteBuffer source) throws LinuxException;

    int pwrite(Fd fd, ByteBuffer source, long offset) throws LinuxException;

    /** Writes all; only for descriptors that block. */
    default void writeFully(Fd fd, ByteBuffer source) throws LinuxException {
        while (source.hasRemaining()) {
            write(fd, source);
        }
    }

    /** {@code whence}: 0 from the start, 1 from here, 2 from the end, 3 next data, 4 next hole. */
    long lseek(Fd fd, long offset, int whence) throws LinuxException;

    void ftruncate(Fd fd, long size) throws LinuxException;

    void fallocate(Fd fd, int mode, long offset, long length) throws LinuxException;

    void fsync(Fd fd) throws LinuxException;

    void fdatasync(Fd fd) throws LinuxException;

    /** Writes back the file system that holds {@code fd}. */
    void syncfs(Fd fd) throws LinuxException;

    /** Sets attributes of a file or directory, as {@code chattr +} does ({@code FS_…_FL}); the others stay. */
    void addAttributes(Fd fd, int attributes) throws LinuxException;

    /** Copies inside the kernel; bytes moved, 0 at the end. */
    long copyFileRange(Fd from, Fd to, long length) throws LinuxException;

    /** Copies a file into a socket or pipe from the file's position; bytes moved, 0 at the end. */
    long sendfile(Fd to, Fd from, long length) throws LinuxException;

    void mkdirat(Fd dir, String name, int mode) throws LinuxException;

    /** {@code mode} holds the type ({@link Mode}); {@code device} counts for device nodes ({@link Mode#device}). */
    void mknodat(Fd dir, String name, int mode, long device) throws LinuxException;

    default void mkfifo(String path, int mode) throws LinuxException {
        mknodat(Fd.CWD, path, Mode.FIFO | mode, 0);
    }

    void symlinkat(String target, Fd dir, String name) throws LinuxException;

    /** {@code flags}: 0, {@link At#SYMLINK_FOLLOW}, {@link At#EMPTY_PATH}. */
    void linkat(Fd oldDir, String oldName, Fd newDir, String newName, int flags) throws LinuxException;

    /** {@code flags}: 0 or {@link At#REMOVEDIR}. */
    void unlinkat(Fd dir, String name, int flags) throws LinuxException;

    void renameat2(Fd oldDir, String oldName, Fd newDir, String newName, int flags) throws LinuxException;

    String readlinkat(Fd dir, String name) throws LinuxException;

    /** {@code flags}: 0, {@link At#SYMLINK_NOFOLLOW}, {@link At#EMPTY_PATH}. */
    Stat statat(Fd dir, String name, int flags) throws LinuxException;

    default Stat fstat(Fd fd) throws LinuxException {
        return statat(fd, "", At.EMPTY_PATH);
    }

    StatFs statfs(String path) throws LinuxException;

    StatFs fstatfs(Fd fd) throws LinuxException;

    /** -1 leaves an id as it is. {@code flags}: 0, {@link At#SYMLINK_NOFOLLOW}, {@link At#EMPTY_PATH}. */
    void fchownat(Fd dir, String name, int uid, int gid, int flags) throws LinuxException;

    void fchown(Fd fd, int uid, int gid) throws LinuxException;

    void fchmod(Fd fd, int mode) throws LinuxException;

    /** Follows a symbolic link; to be safe open with {@link O#PATH} and change {@link Fd#procPath()}. */
    void fchmodat(Fd dir, String name, int mode) throws LinuxException;

    /**
     * Sets both times; a null name means {@code dir} itself, a null time leaves it.
     * {@code flags}: 0 or {@link At#SYMLINK_NOFOLLOW}.
     */
    void utimensat(Fd dir, @Nullable String name, Stat.@Nullable Time accessed, Stat.@Nullable Time modified, int flags)
            throws LinuxException;

    /** All entries but {@code .} and {@code ..}, in the directory's order, from the descriptor's position on. */
    List<DirEntry> readDirectory(Fd dir) throws LinuxException;

    /** {@code operation}: {@link #LOCK_SHARED} … or-ed with {@link #LOCK_NONBLOCK} (then EAGAIN if taken). */
    void flock(Fd fd, int operation) throws LinuxException;

    int LOCK_SHARED = 1;
    int LOCK_EXCLUSIVE = 2;
    int LOCK_NONBLOCK = 4;
    int LOCK_UNLOCK = 8;

    /** An anonymous file in memory, close-on-exec and sealable. */
    Fd memfdCreate(String name) throws LinuxException;

    /** Adds {@code F_SEAL_*}; {@link #SEAL_ALL} makes the content final. */
    void addSeals(Fd memfd, int seals) throws LinuxException;

    /** SEAL, SHRINK, GROW and WRITE. */
    int SEAL_ALL = 15;
}
