#include "stage.h"
#include <limits.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

int stage_slot(const struct stage *stage, uint64_t slot) {
    if (slot >= ARRAY_SIZE(stage->slots)) {
        errno = EBADF;
        return -1;
    }
    return stage->slots[slot];
}

int stage_fill(struct stage *stage, uint64_t slot, int fd) {
    if (fd < 0) {
        return -1;
    }
    if (slot >= ARRAY_SIZE(stage->slots)) {
        close(fd);
        errno = EBADF;
        return -1;
    }
    close_fd(&stage->slots[slot]);
    stage->slots[slot] = fd;
    return 0;
}

int stage_close_on_exec(const struct stage *stage) {
    return sys_close_range((unsigned)stage->first_closed, CLOSE_RANGE_CLOEXEC_) != 0 && errno != ENOSYS ? -1 : 0;
}

void stage_tell(const struct stage *stage, int type, int a, int b, int c) {
    struct message message = {.version = PROTOCOL_VERSION, .type = (uint8_t)type, .a = a, .b = b, .c = c};
    /* write, not sendmsg: a seccomp filter may already be in force */
    ssize_t ignored = write(stage->sync, &message, sizeof message);
    (void)ignored;
}

/* As pid 1 of its namespace it would not hear the signal otherwise. Execution resets it. */
static void end_by(int number) {
    _exit(128 + number);
}

void stage_sync(struct stage *stage, int point) {
    struct message answer;
    if (point == SYNC_START) {
        signal(SIGTERM, end_by);
        signal(SIGINT, end_by);
        signal(SIGHUP, end_by);
    }
    stage->hooks = 0;
    stage_tell(stage, M_REACHED, point, 0, 0);
    ssize_t n;
    do {
        n = read(stage->sync, &answer, sizeof answer);
    } while (n < 0 && errno == EINTR);
    if (n != sizeof answer) {
        _exit(255);
    }
}

int write_file(const char *path, const void *bytes, size_t length) {
    autofd fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) {
        return -1;
    }
    ssize_t n = write(fd, bytes, length);
    if (n >= 0 && (size_t)n != length) {
        errno = EIO;
        return -1;
    }
    return n < 0 ? -1 : 0;
}

static int open_root(struct stage *stage, const char *path, uint64_t slot) {
    return stage_fill(stage, slot, open(path, O_PATH | O_DIRECTORY | O_CLOEXEC));
}

static int loopback_up(void) {
    struct ifreq request = {.ifr_name = "lo"};
    autofd socket_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket_fd < 0 || ioctl(socket_fd, SIOCGIFFLAGS, &request) != 0) {
        return -1;
    }
    request.ifr_flags |= IFF_UP;
    return ioctl(socket_fd, SIOCSIFFLAGS, &request);
}

static const char *or_null(const struct arg *arg) {
    return arg->length == 0 ? NULL : arg->string;
}

static int host_mount(const struct op *op) {
    return mount(or_null(&op->args[0]), op->args[1].string, or_null(&op->args[2]), op->args[3].number,
                 or_null(&op->args[4]));
}

static int set_affinity(const struct arg *mask) {
    return syscall(SYS_sched_setaffinity, 0, mask->length, mask->string) < 0 ? -1 : 0;
}

/* The kernel counts one bit less than it is told. */
static int set_memory_policy(uint64_t mode, const struct arg *nodes) {
    bool none = nodes->length == 0;
    return syscall(SYS_set_mempolicy, (int)mode, none ? NULL : nodes->string, none ? 0 : nodes->length * 8 + 1) < 0 ? -1 : 0;
}

static int sync_point(struct stage *stage, uint64_t point) {
    stage_sync(stage, (int)point);
    return 0;
}

static int start_session(void) {
    return setsid() < 0 && errno != EPERM ? -1 : 0;
}

static int set_umask(uint64_t mask) {
    umask((mode_t)mask);
    return 0;
}

static int set_personality(uint64_t persona) {
    return personality(persona) < 0 ? -1 : 0;
}

static int close_slot(struct stage *stage, uint64_t slot) {
    int fd = stage_slot(stage, slot);
    if (fd >= 0) {
        close(fd);
        stage->slots[slot] = -1;
    }
    return 0;
}

static int carry_out(struct stage *stage, const struct op *op) {
    const struct arg *args = op->args;
    switch ((enum op_code)op->code) {
    case OP_WRITE: return write_file(args[0].string, args[1].string, args[1].length);
    case OP_SETNS: return setns(stage_slot(stage, args[0].number), (int)args[1].number);
    case OP_UNSHARE: return unshare((int)args[0].number);
    case OP_MOUNT: return host_mount(op);
    case OP_OPEN_ROOT: return open_root(stage, args[0].string, args[1].number);
    case OP_MOUNT_IN: return rootfs_mount_in(stage, op);
    case OP_BIND_IN: return rootfs_bind_in(stage, op);
    case OP_ATTR_IN: return rootfs_attr_in(stage, op);
    case OP_MKDIR_IN: return rootfs_mkdir_in(stage, op);
    case OP_MKNOD_IN: return rootfs_mknod_in(stage, op);
    case OP_SYMLINK_IN: return rootfs_symlink_in(stage, op);
    case OP_MASK_IN: return rootfs_mask_in(stage, op);
    case OP_READONLY_IN: return rootfs_readonly_in(stage, op);
    case OP_PIVOT: return rootfs_pivot(stage, op);
    case OP_MOVE_ROOT: return rootfs_move_root(stage, op);
    case OP_CHROOT: return rootfs_chroot(stage, op);
    case OP_DETACH: return rootfs_detach(stage, op);
    case OP_OPEN_TREE: return rootfs_open_tree(stage, op);
    case OP_USER_NAMESPACE: return identity_user_namespace(stage, op);
    case OP_ENTER: return fchdir(stage_slot(stage, args[0].number));
    case OP_REMOUNT_IN: return rootfs_remount_in(stage, op);
    case OP_HOSTNAME: return sethostname(args[0].string, args[0].length);
    case OP_DOMAINNAME: return setdomainname(args[0].string, args[0].length);
    case OP_LOOPBACK: return loopback_up();
    case OP_RLIMIT: return identity_rlimit(stage, op);
    case OP_DUMPABLE: return prctl(PR_SET_DUMPABLE, args[0].number, 0, 0, 0);
    case OP_KEYRING: return syscall(SYS_keyctl, 1, args[0].string, 0, 0, 0) < 0 ? -1 : 0;
    case OP_SETSID: return start_session();
    case OP_CONSOLE: return program_console(stage, op);
    case OP_REOPEN_NULL: return program_reopen_null(stage, op);
    case OP_DUP: return program_dup(stage, op);
    case OP_CHOWN_FD: return program_chown_fd(stage, op);
    case OP_CHDIR: return program_chdir(stage, op);
    case OP_SYNC: return sync_point(stage, args[0].number);
    case OP_LOOKUP: return program_lookup(stage, op);
    case OP_HOME: return program_home(stage, op);
    case OP_EXEC: return program_exec(stage, op);
    case OP_HOOK: return program_hook(stage, op);
    case OP_CLOSE: return close_slot(stage, args[0].number);
    case OP_KEEP_CAPS: return prctl(PR_SET_KEEPCAPS, args[0].number, 0, 0, 0);
    case OP_CAP_BOUND: return identity_cap_bound(stage, op);
    case OP_CAP_SET: return identity_cap_set(stage, op);
    case OP_CAP_AMBIENT: return identity_cap_ambient(stage, op);
    case OP_IDS: return identity_ids(stage, op);
    case OP_NO_NEW_PRIVS: return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    case OP_SECCOMP: return identity_seccomp(stage, op);
    case OP_UMASK: return set_umask(args[0].number);
    case OP_PERSONALITY: return set_personality(args[0].number);
    case OP_IO_PRIORITY: return syscall(SYS_ioprio_set, 1, 0, args[0].number) < 0 ? -1 : 0;
    case OP_SCHEDULER: return syscall(SYS_sched_setattr, 0, args[0].string, 0) < 0 ? -1 : 0;
    case OP_AFFINITY: return set_affinity(&args[0]);
    case OP_MEMORY_POLICY: return set_memory_policy(args[0].number, &args[1]);
    case OP_EXIT_FILE:
    case OP_HOLD:
    case OP_ID_MAPS:
    case OP_ID_TOOLS:
    case OP_RETIRE:
    case OP_AUTO_RELEASE: break;
    }
    errno = ENOSYS;
    return -1;
}

void stage_run(struct stage *stage, struct cursor section) {
    struct op op;
    while (plan_next(&section, &op) == 1) {
        if ((op.flags & OPF_UNLESS_BORN) && stage->born) {
            continue;
        }
        stage->detail = 0;
        if (carry_out(stage, &op) == 0) {
            continue;
        }
        int error = errno;
        if ((op.flags & OPF_IF_EXISTS) && (error == ENOENT || error == ENOTDIR)) {
            continue;
        }
        if (op.flags & OPF_OPTIONAL) {
            if (!(op.flags & OPF_QUIET)) {
                stage_tell(stage, M_WARNING, (int)op.index, error, stage->detail);
            }
            continue;
        }
        stage_tell(stage, M_FAILED, (int)op.index, error, stage->detail);
        _exit(255);
    }
}
