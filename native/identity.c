/* Who the program is and what it may do. */
#include "channel.h"
#include "stage.h"
#include <grp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

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

/* filter, flags */
int identity_seccomp(struct stage *stage, const struct op *op) {
    struct filter_program program = {
        .length = (unsigned short)(op->args[0].length / FILTER_INSTRUCTION),
        .instructions = op->args[0].string,
    };
    unsigned flags = (unsigned)op->args[1].number;
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
