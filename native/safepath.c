#include "safepath.h"
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#define MAX_LINKS 40

int safe_open(int root, const char *path, uint64_t flags, uint64_t extra) {
    while (*path == '/') {
        path++;
    }
    return sys_openat2(root, *path == 0 ? "." : path, flags, 0, RESOLVE_IN_ROOT_ | RESOLVE_NO_MAGICLINKS_ | extra);
}

/* The end of the component that begins at p. */
static size_t component(const char *p) {
    return strcspn(p, "/");
}

/* Replaces path[..end) by what the dangling link there says: relative to its directory, or absolute. */
static int follow(int parent, char *path, size_t start, size_t end) {
    char target[PATH_MAX], rest[PATH_MAX], name[NAME_MAX + 1];
    if (end - start > NAME_MAX || strlen(path + end) >= sizeof rest) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(name, path + start, end - start);
    name[end - start] = 0;
    ssize_t n = readlinkat(parent, name, target, sizeof target - 1);
    if (n < 0) {
        return -1;
    }
    target[n] = 0;
    strcpy(rest, path + end);
    size_t keep = target[0] == '/' ? 0 : start;
    if (keep + (size_t)n + strlen(rest) >= PATH_MAX) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(path + keep, target);
    strcat(path, rest);
    return 0;
}

int safe_mkdirs(int root, const char *wanted, mode_t mode, uint64_t extra) {
    int fd = safe_open(root, wanted, O_PATH | O_DIRECTORY, extra);
    if (fd >= 0 || errno != ENOENT) {
        return fd;
    }
    char path[PATH_MAX];
    if (strlen(wanted) >= sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(path, wanted);
    int links = 0;
    size_t at = 0;
    /* The directory reached so far; each prefix is resolved anew from the root, so no step trusts an earlier one. */
    autofd here = safe_open(root, "/", O_PATH | O_DIRECTORY, 0);
    if (here < 0) {
        return -1;
    }
    while (true) {
        while (path[at] == '/') {
            at++;
        }
        size_t length = component(path + at);
        if (length == 0) {
            return fcntl(here, F_DUPFD_CLOEXEC, 3);
        }
        size_t end = at + length;
        char saved = path[end];
        path[end] = 0;
        int next = safe_open(root, path, O_PATH | O_DIRECTORY, extra);
        if (next < 0 && errno == ENOENT) {
            if (mkdirat(here, path + at, mode) == 0) {
                next = sys_openat2(here, path + at, O_PATH | O_DIRECTORY | O_NOFOLLOW, 0, RESOLVE_NO_SYMLINKS_);
            } else if (errno == EEXIST && !(extra & RESOLVE_NO_SYMLINKS_) && links++ < MAX_LINKS) {
                /* Either a dangling link, or somebody else just made the directory: look again from the start. */
                path[end] = saved;
                if (follow(here, path, at, end) != 0 && errno != EINVAL) {
                    return -1;
                }
                at = 0;
                close(here);
                here = safe_open(root, "/", O_PATH | O_DIRECTORY, 0);
                if (here < 0) {
                    return -1;
                }
                continue;
            }
        }
        if (next < 0) {
            return -1;
        }
        path[end] = saved;
        close(here);
        here = next;
        at = end;
    }
}

int safe_parent(int root, const char *path, char *buffer, const char **name) {
    size_t length = strlen(path);
    while (length > 0 && path[length - 1] == '/') {
        length--;
    }
    if (length >= PATH_MAX) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(buffer, path, length);
    buffer[length] = 0;
    char *slash = strrchr(buffer, '/');
    char *last = slash == NULL ? buffer : slash + 1;
    if (*last == 0 || strcmp(last, ".") == 0 || strcmp(last, "..") == 0) {
        errno = EINVAL;
        return -1;
    }
    *name = last;
    if (slash == NULL) {
        return safe_open(root, "/", O_PATH | O_DIRECTORY, 0);
    }
    *slash = 0;
    return safe_mkdirs(root, buffer, 0755, 0);
}

int safe_touch(int root, const char *path, mode_t mode, uint64_t extra) {
    char wanted[PATH_MAX], buffer[PATH_MAX];
    if (strlen(path) >= sizeof wanted) {
        errno = ENAMETOOLONG;
        return -1;
    }
    strcpy(wanted, path);
    for (int links = 0; links < MAX_LINKS; links++) {
        const char *name;
        int fd = safe_open(root, wanted, O_PATH, extra);
        if (fd >= 0 || errno != ENOENT) {
            return fd;
        }
        autofd parent = safe_parent(root, wanted, buffer, &name);
        if (parent < 0) {
            return -1;
        }
        autofd made = openat(parent, name, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY | O_CLOEXEC, mode);
        if (made >= 0 || errno != EEXIST || (extra & RESOLVE_NO_SYMLINKS_)) {
            return made < 0 && errno != EEXIST ? -1 : safe_open(root, wanted, O_PATH, extra);
        }
        /* A dangling link, or somebody else just made the file: look again, where the link leads. */
        size_t start = (size_t)(name - buffer);
        if (follow(parent, wanted, start, start + strlen(name)) != 0 && errno != EINVAL) {
            return -1;
        }
    }
    errno = ELOOP;
    return -1;
}

char *fd_path(char *buffer, int fd) {
    char digits[12];
    unsigned n = 0;
    unsigned value = (unsigned)fd;
    do {
        digits[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    strcpy(buffer, "/proc/self/fd/");
    char *end = buffer + strlen(buffer);
    while (n > 0) {
        *end++ = digits[--n];
    }
    *end = 0;
    return buffer;
}
