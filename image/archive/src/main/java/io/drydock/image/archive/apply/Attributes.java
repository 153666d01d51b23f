package io.drydock.image.archive.apply;

import io.drydock.image.archive.tar.TarEntry;
import io.drydock.linux.At;
import io.drydock.linux.Errno;
import io.drydock.linux.Fd;
import io.drydock.linux.FileCalls;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.linux.Stat;
import io.drydock.linux.XattrCalls;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Owner, extended attributes, mode and times, in the order in which one does not undo another: changing the owner clears
 * setuid bits and capabilities, and writing anything changes the time.
 */
final class Attributes {
    private final FileCalls files;
    private final XattrCalls xattrs;

    private final ApplyOptions.@Nullable Owner owner;

    /**
     * @param owner of everything; null for whom the archive says
     */
    Attributes(Linux linux, ApplyOptions.@Nullable Owner owner) {
        this.owner = owner;
        files = linux.files();
        xattrs = linux.xattrs();
    }

    /** Of an open file or directory, but the time. */
    void set(Fd fd, TarEntry entry) throws IOException {
        files.fchown(fd, uid(entry), gid(entry));
        for (Map.Entry<String, byte[]> xattr : entry.xattrs().entrySet()) {
            if (wanted(xattr.getKey())) {
                try {
                    xattrs.fset(fd, xattr.getKey(), xattr.getValue());
                } catch (LinuxException e) {
                    tolerate(e, xattr.getKey());
                }
            }
        }
        files.fchmod(fd, entry.mode());
    }

    /** Of a link, device or pipe, the time included. */
    void setByName(Fd directory, String name, TarEntry entry) throws IOException {
        files.fchownat(directory, name, uid(entry), gid(entry), At.SYMLINK_NOFOLLOW);
        for (Map.Entry<String, byte[]> xattr : entry.xattrs().entrySet()) {
            if (wanted(xattr.getKey())) {
                try {
                    xattrs.lset(directory.procPath() + "/" + name, xattr.getKey(), xattr.getValue());
                } catch (LinuxException e) {
                    tolerate(e, xattr.getKey());
                }
            }
        }
        Stat.Time time = time(entry);
        files.utimensat(directory, name, time, time, At.SYMLINK_NOFOLLOW);
    }

    /** Of an open file or directory. */
    void setTime(Fd fd, TarEntry entry) throws LinuxException {
        Stat.Time time = time(entry);
        files.utimensat(fd, null, time, time, 0);
    }

    private static Stat.Time time(TarEntry entry) {
        return new Stat.Time(entry.modified().seconds(), entry.modified().nanos());
    }

    private int uid(TarEntry entry) throws IOException {
        return id(owner == null ? entry.uid() : owner.uid());
    }

    private int gid(TarEntry entry) throws IOException {
        return id(owner == null ? entry.gid() : owner.gid());
    }

    private static int id(long id) throws IOException {
        if (id < 0 || id > 0xfffffffeL) {
            throw new IOException("owner " + id + " out of range");
        }
        return (int) id;
    }

    /** Overlayfs's own attributes would let a layer point at files of others (CVE-2021-3493 and its kin). */
    private static boolean wanted(String name) {
        return !name.startsWith("trusted.overlay.") && !name.startsWith("user.overlay.");
    }

    /** As containerd: a file system without attributes of users still takes the file. */
    private static void tolerate(LinuxException e, String name) throws LinuxException {
        boolean unsupported = e.errno() == Errno.EOPNOTSUPP || e.errno() == Errno.EPERM && name.startsWith("user.");
        if (!unsupported) {
            throw e;
        }
    }
}
