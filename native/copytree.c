#include "copytree.h"
#include "sys.h"
#include <dirent.h>
#include <limits.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#define MAX_DEPTH 256

static int copy_level(int from, int to, unsigned depth);

/* Owner first: a change of owner takes the set-user-id bit away. */
static int keep(int to, const char *name, const struct stat *st) {
    if (fchownat(to, name, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW) != 0) {
        return -1;
    }
    if (!S_ISLNK(st->st_mode) && fchmodat(to, name, st->st_mode & 07777, 0) != 0) {
        return -1;
    }
    const struct timespec times[2] = {st->st_atim, st->st_mtim};
    return utimensat(to, name, times, AT_SYMLINK_NOFOLLOW);
}

static int copy_file(int from, int to, const char *name, off_t size) {
    autofd source = openat(from, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    autofd target = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (source < 0 || target < 0) {
        return -1;
    }
    while (size > 0) {
        ssize_t n = sendfile(target, source, NULL, (size_t)(size > 1 << 20 ? 1 << 20 : size));
        if (n <= 0) {
            return n < 0 ? -1 : 0; /* it became shorter meanwhile */
        }
        size -= n;
    }
    return 0;
}

static int copy_link(int from, int to, const char *name) {
    char target[PATH_MAX];
    ssize_t n = readlinkat(from, name, target, sizeof target - 1);
    if (n < 0) {
        return -1;
    }
    target[n] = 0;
    return symlinkat(target, to, name);
}

static int copy_directory(int from, int to, const char *name, unsigned depth) {
    autofd source = openat(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (source < 0 || mkdirat(to, name, 0700) != 0) {
        return -1;
    }
    autofd target = openat(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return target < 0 ? -1 : copy_level(source, target, depth + 1);
}

static int copy_entry(int from, int to, const char *name, unsigned depth) {
    struct stat st;
    int r = -1;
    if (fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
        return -1;
    }
    switch (st.st_mode & S_IFMT) {
    case S_IFREG: r = copy_file(from, to, name, st.st_size); break;
    case S_IFLNK: r = copy_link(from, to, name); break;
    case S_IFDIR: r = copy_directory(from, to, name, depth); break;
    case S_IFSOCK: return 0; /* nobody listens there */
    default: r = mknodat(to, name, st.st_mode, st.st_rdev); break;
    }
    return r != 0 ? -1 : keep(to, name, &st);
}

static int copy_level(int from, int to, unsigned depth) {
    struct dirent *entry;
    int r = 0;
    if (depth > MAX_DEPTH) {
        errno = ELOOP;
        return -1;
    }
    int again = fcntl(from, F_DUPFD_CLOEXEC, 3);
    DIR *directory = again < 0 ? NULL : fdopendir(again);
    if (directory == NULL) {
        close_fd(&again);
        return -1;
    }
    while (r == 0 && (entry = readdir(directory)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
            r = copy_entry(from, to, entry->d_name, depth);
        }
    }
    int error = errno;
    closedir(directory);
    errno = error;
    return r;
}

int copy_tree(int from, int to) {
    return copy_level(from, to, 0);
}
