package io.drydock.linux;

/** A directory's entry; {@code type} is one of {@link Mode}'s type bits, or 0 if the file system does not tell. */
public record DirEntry(String name, long inode, int type) {}
