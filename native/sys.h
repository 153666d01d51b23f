/* System calls that musl does not wrap, and ownership of descriptors. */
#pragma once
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* From the kernel's headers, where musl's are older. */
#define RESOLVE_NO_MAGICLINKS_ 0x02u
#define RESOLVE_NO_SYMLINKS_ 0x04u
#define RESOLVE_IN_ROOT_ 0x10u
#define OPEN_TREE_CLONE_ 1u
#define AT_RECURSIVE_ 0x8000u
#define MOVE_MOUNT_F_EMPTY_ 0x04u
#define MOVE_MOUNT_T_EMPTY_ 0x40u
#define FSCONFIG_SET_STRING_ 1u
#define FSCONFIG_CMD_CREATE_ 6u
#define MOUNT_ATTR_RDONLY_ 0x1u
#define MOUNT_ATTR_NOSUID_ 0x2u
#define MOUNT_ATTR_NODEV_ 0x4u
#define MOUNT_ATTR_NOEXEC_ 0x8u
#define MOUNT_ATTR_IDMAP_ 0x100000u
#define CLOSE_RANGE_CLOEXEC_ 4u
#define CLONE_PIDFD_ 0x1000u
#define CLONE_INTO_CGROUP_ 0x200000000ull

struct open_how_ {
    uint64_t flags, mode, resolve;
};

struct mount_attr_ {
    uint64_t attr_set, attr_clr, propagation, userns_fd;
};

struct clone_args_ {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};

static inline void close_fd(const int *fd) {
    if (*fd >= 0) {
        int saved = errno;
        close(*fd);
        errno = saved;
    }
}

/* A descriptor that is closed when it goes out of scope; -1 is none. */
#define autofd __attribute__((cleanup(close_fd))) int

static inline int sys_openat2(int dir, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve) {
    struct open_how_ how = {flags | O_CLOEXEC, mode, resolve};
    for (int tries = 0;; tries++) {
        int fd = (int)syscall(437, dir, path, &how, sizeof how);
        if (fd >= 0 || (errno != EAGAIN && errno != EINTR) || tries == 1000) {
            return fd;
        }
    }
}

static inline int sys_open_tree(int dir, const char *path, unsigned flags) {
    return (int)syscall(428, dir, path, flags | O_CLOEXEC);
}

static inline int sys_move_mount(int mount, int target) {
    return (int)syscall(429, mount, "", target, "", MOVE_MOUNT_F_EMPTY_ | MOVE_MOUNT_T_EMPTY_);
}

static inline int sys_fsopen(const char *type) {
    return (int)syscall(430, type, 1);
}

static inline int sys_fsconfig(int fs, unsigned command, const char *key, const char *value) {
    return (int)syscall(431, fs, command, key, value, 0);
}

static inline int sys_fsmount(int fs, unsigned attributes) {
    return (int)syscall(432, fs, 1, attributes);
}

static inline int sys_mount_setattr(int fd, unsigned flags, struct mount_attr_ *attr) {
    return (int)syscall(442, fd, "", flags | AT_EMPTY_PATH, attr, sizeof *attr);
}

static inline int sys_close_range(unsigned first, unsigned flags) {
    return (int)syscall(436, first, ~0u, flags);
}

/* As fork: 0 in the child. */
static inline pid_t sys_clone3(uint64_t flags, int exit_signal, int *pidfd, int cgroup) {
    struct clone_args_ args = {.flags = flags | CLONE_PIDFD_, .exit_signal = (uint64_t)exit_signal};
    args.pidfd = (uint64_t)(uintptr_t)pidfd;
    if (cgroup >= 0) {
        args.flags |= CLONE_INTO_CGROUP_;
        args.cgroup = (uint64_t)cgroup;
    }
    return (pid_t)syscall(435, &args, sizeof args);
}
