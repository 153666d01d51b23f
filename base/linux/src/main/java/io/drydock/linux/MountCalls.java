package io.drydock.linux;

import org.jspecify.annotations.Nullable;

/** Mounts and namespaces. */
public interface MountCalls {
    /** {@code flags}: {@link Ms}. Source, type and data may be null where {@code mount(2)} ignores them. */
    void mount(@Nullable String source, String target, @Nullable String type, long flags, @Nullable String data)
            throws LinuxException;

    /** {@code flags}: {@link Ms#UMOUNT_DETACH} and so on. */
    void umount(String target, int flags) throws LinuxException;

    Fd fsopen(String type) throws LinuxException;

    void fsconfigString(Fd fs, String key, String value) throws LinuxException;

    void fsconfigFlag(Fd fs, String key) throws LinuxException;

    void fsconfigFd(Fd fs, String key, Fd value) throws LinuxException;

    /** Makes the superblock. */
    void fsconfigCreate(Fd fs) throws LinuxException;

    /** A detached mount; {@code attributes}: {@link MountAttr}. */
    Fd fsmount(Fd fs, long attributes) throws LinuxException;

    /** {@code flags}: {@link #OPEN_TREE_CLONE}, {@link At#RECURSIVE}, {@link At#EMPTY_PATH}, {@link At#SYMLINK_NOFOLLOW}. */
    Fd openTree(Fd dir, String path, int flags) throws LinuxException;

    int OPEN_TREE_CLONE = 1;

    /** Attaches a detached mount at a path, or with an empty path at {@code toDir} itself. */
    void moveMount(Fd mount, Fd toDir, String toPath) throws LinuxException;

    /** {@code flags}: {@link At#RECURSIVE}, {@link At#EMPTY_PATH}. */
    void setAttributes(Fd dir, String path, int flags, MountAttr attributes) throws LinuxException;

    /**
     * Enters a namespace with the calling thread. Only for a dedicated <em>platform</em> thread that ends afterwards: other
     * code would go on in the wrong namespace. {@code kind}: one of {@link CloneFlags} or 0 for any.
     */
    void setns(Fd namespace, int kind) throws LinuxException;

    /** As {@link #setns} for new namespaces. User and pid namespaces are impossible in a process with threads. */
    void unshare(int flags) throws LinuxException;
}
