/* Paths inside a root that somebody else may be changing. Everything is opened with openat2(RESOLVE_IN_ROOT |
 * RESOLVE_NO_MAGICLINKS) and then used by descriptor: a symbolic link can lead anywhere in the root but never out of it. */
#pragma once
#include "sys.h"

/* Opens an existing path. extra: further RESOLVE_ bits. */
int safe_open(int root, const char *path, uint64_t flags, uint64_t extra);

/* Opens a directory (O_PATH), making it and its parents where they are missing. */
int safe_mkdirs(int root, const char *path, mode_t mode, uint64_t extra);

/* Opens a file (O_PATH), making it empty, and its parents, where missing. */
int safe_touch(int root, const char *path, mode_t mode, uint64_t extra);

/* Opens the directory that holds the path's last component (made where missing) and points name at that component. */
int safe_parent(int root, const char *path, char *buffer, const char **name);

/* Writes "/proc/self/fd/N" into a buffer of at least 32 bytes. */
char *fd_path(char *buffer, int fd);
