/* Who the program is and what it may do. */
#include "channel.h"
#include "stage.h"
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define PR_CAP_AMBIENT_ 47
#define SECCOMP_SET_MODE_FILTER_ 1
#define SECCOMP_FILTER_FLAG_NEW_LISTENER_ 8u
#define FILTER_INSTRUCTION 8

struct filter_program {
    unsigned short length;
    const void *instructions;
};
#define CAPABILITY_VERSION_3 0x20080522

/* resource, soft, hard. Where the hard limit cannot be raised, as much as is possible; the failure is reported all the same. */
int identity_rlimit(struct stage *stage, const struct op *op) {
    int resource = (int)op->args[0].number;
    struct rlimit wanted = {op->args[1].number, op->args[2].number}, current;
    (void)stage;
    if (setrlimit(resource, &wanted) == 0) {
        return 0;
    }
    int error = errno;
    if (error == EPERM && (op->flags & OPF_OPTIONAL) && getrlimit(resource, &current) == 0) {
        if (wanted.rlim_max > current.rlim_max) {
            wanted.rlim_max = current.rlim_max;
        }
        if (wanted.rlim_cur > wanted.rlim_max) {
            wanted.rlim_cur = wanted.rlim_max;
        }
        (void)setrlimit(resource, &wanted);
    }
    errno = error;
    return -1;
}

/* the set that remains */
int identity_cap_bound(struct stage *stage, const struct op *op) {
    (void)stage;
    for (int cap = 0; cap < 64; cap++) {
        if ((op->args[0].number >> cap & 1) != 0) {
            continue;
        }
        int has = prctl(PR_CAPBSET_READ, cap, 0, 0, 0);
        if (has < 0) {
            break; /* the kernel knows no more */
        }
        if (has == 1 && prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) != 0) {
            return -1;
        }
    }
    return 0;
}

/* effective, permitted, inheritable */
int identity_cap_set(struct stage *stage, const struct op *op) {
    struct {
        uint32_t version;
        int pid;
    } header = {CAPABILITY_VERSION_3, 0};
    struct {
        uint32_t effective, permitted, inheritable;
    } data[2];
    (void)stage;
    for (int half = 0; half < 2; half++) {
        data[half].effective = (uint32_t)(op->args[0].number >> (32 * half));
        data[half].permitted = (uint32_t)(op->args[1].number >> (32 * half));
        data[half].inheritable = (uint32_t)(op->args[2].number >> (32 * half));
    }
    return (int)syscall(SYS_capset, &header, data);
}

/* the set */
int identity_cap_ambient(struct stage *stage, const struct op *op) {
    (void)stage;
    if (prctl(PR_CAP_AMBIENT_, 4, 0, 0, 0) != 0) {
        return errno == EINVAL && op->args[0].number == 0 ? 0 : -1;
    }
    for (int cap = 0; cap < 64; cap++) {
        if ((op->args[0].number >> cap & 1) != 0 && prctl(PR_CAP_AMBIENT_, 2, cap, 0, 0) != 0) {
            return -1;
        }
    }
    return 0;
}

/* uid, gid, set groups too, groups */
int identity_ids(struct stage *stage, const struct op *op) {
    uid_t uid = (uid_t)op->args[0].number;
    gid_t gid = (gid_t)op->args[1].number;
    (void)stage;
    if (op->args[2].number != 0) {
        gid_t groups[256];
        size_t count = op->args[3].length / 4;
        if (count > ARRAY_SIZE(groups)) {
            errno = EINVAL;
            return -1;
        }
        memcpy(groups, op->args[3].string, count * 4);
        if (setgroups(count, groups) != 0) {
            return -1;
        }
    }
    return setresgid(gid, gid, gid) != 0 || setresuid(uid, uid, uid) != 0 ? -1 : 0;
}

/* Writes a file of a child below /proc, or with nothing to write opens it. */
static int child_file(pid_t pid, const char *name, const struct arg *content) {
    char path[64] = "/proc/", digits[12];
    unsigned n = 0;
    for (pid_t rest = pid; rest != 0; rest /= 10) {
        digits[n++] = (char)('0' + rest % 10);
    }
    char *end = path + strlen(path);
    while (n > 0) {
        *end++ = digits[--n];
    }
    strcpy(end, name);
    return content == NULL ? open(path, O_RDONLY | O_CLOEXEC) : write_file(path, content->string, content->length);
}

/* uid map, gid map, slot. A user namespace exists as long as its descriptor, so the child that made it need not stay. */
int identity_user_namespace(struct stage *stage, const struct op *op) {
    int pidfd = -1, made = -1;
    pid_t pid = sys_clone3(CLONE_NEWUSER, SIGCHLD, &pidfd, -1);
    if (pid < 0) {
        return -1;
    }
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        pause();
        _exit(0);
    }
    if (child_file(pid, "/uid_map", &op->args[0]) == 0 && child_file(pid, "/gid_map", &op->args[1]) == 0) {
        made = child_file(pid, "/ns/user", NULL);
    }
    int error = errno;
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    close(pidfd);
    errno = error;
    return stage_fill(stage, op->args[2].number, made);
}

/* filter, flags */
int identity_seccomp(struct stage *stage, const struct op *op) {
    struct filter_program program = {
        .length = (unsigned short)(op->args[0].length / FILTER_INSTRUCTION),
        .instructions = op->args[0].string,
    };
    unsigned flags = (unsigned)op->args[1].number;
    if (stage_close_on_exec(stage) != 0) { /* the filter may forbid that */
        return -1;
    }
    stage->sealed = true;
    int r = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER_, flags, &program);
    if (r < 0) {
        return -1;
    }
    if (flags & SECCOMP_FILTER_FLAG_NEW_LISTENER_) {
        autofd listener = r;
        struct message message = {.version = PROTOCOL_VERSION, .type = M_LISTENER};
        return channel_send(stage->sync, &message, listener) ? 0 : -1;
    }
    return 0;
}
