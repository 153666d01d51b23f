package io.drydock.linux;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Extended attributes, by path without following a final symbolic link, or by descriptor. */
public interface XattrCalls {
    void lset(String path, String name, byte[] value) throws LinuxException;

    /** The value, or null if the file has no such attribute. */
    byte @Nullable [] lget(String path, String name) throws LinuxException;

    List<String> llist(String path) throws LinuxException;

    void lremove(String path, String name) throws LinuxException;

    /** Not for {@link O#PATH} descriptors: use {@link Fd#procPath()} with {@link #set} there. */
    void fset(Fd fd, String name, byte[] value) throws LinuxException;

    byte @Nullable [] fget(Fd fd, String name) throws LinuxException;

    List<String> flist(Fd fd) throws LinuxException;

    void fremove(Fd fd, String name) throws LinuxException;

    /** Follows symbolic links, in particular {@link Fd#procPath()}. */
    void set(String path, String name, byte[] value) throws LinuxException;

    byte @Nullable [] get(String path, String name) throws LinuxException;

    List<String> list(String path) throws LinuxException;
}
