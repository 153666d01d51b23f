/* What keeper and the Java side agree on; docs/keeper-protocol.md explains it. Numbers are little-endian and never change
 * their meaning: a keeper outlives the daemon that started it and must understand the next one. */
#pragma once
#include <stdint.h>

#define PROTOCOL_VERSION 1
#define PLAN_MAGIC 0x504b4444u /* "DDKP" */
#define NO_SLOT 0xffffffffu
#define MAX_SLOTS 250 /* that come with a plan */
#define ALL_SLOTS 512 /* with those that operations fill, counted from the top */
#define MAX_ARGS 12

/* One packet on a control socket; descriptors travel beside it. */
struct message {
    uint8_t version;
    uint8_t type;
    uint16_t reserved;
    uint32_t process; /* 0: the container's init, else an exec's number */
    int32_t a, b;
    int64_t c, d;
};

enum message_type {
    /* Java to zygote */
    M_FORK = 1, /* + the new keeper's control socket */
    /* Java to keeper */
    M_CREATE = 2,  /* + plan, state directory, listening socket, slots... */
    M_EXEC = 3,    /* + plan, slots... */
    M_GO = 4,      /* a: the sync point that may be passed */
    M_STATUS = 5,  /* answered by M_STATE */
    M_BORROW = 6,  /* a: 0 the pty's master, n the n-th held descriptor; answered by M_LENT or M_REFUSED */
    M_RELEASE = 7, /* forget a finished exec and what is held for it */
    M_QUIT = 8,    /* a: 1 kills what still runs; answered by M_REFUSED (EBUSY) or by the end of the connection */
    M_ADOPT = 9,   /* a: pid of a child that another one made for the keeper (criu), b: 1 = it retires; + pty's master */
    /* keeper to Java */
    M_CLONED = 16,   /* a: pid; + pidfd */
    M_REACHED = 17,  /* a: the sync point where the process waits */
    M_WARNING = 18,  /* a: operation's index, b: errno */
    M_FAILED = 19,   /* a: operation's index or -1, b: errno, c: detail */
    M_MASTER = 20,   /* + pty master */
    M_LISTENER = 21, /* + seccomp notification descriptor */
    M_RUNNING = 22,  /* the program was executed */
    M_EXITED = 23,   /* a: wait status, c: seconds, d: nanoseconds */
    M_STATE = 24,    /* a: pid, b: phase, c: wait status; + pidfd while it lives */
    M_LENT = 25,     /* + descriptor */
    M_REFUSED = 26,  /* a: errno */
};

enum phase { PHASE_UNKNOWN = 0, PHASE_CREATING = 1, PHASE_CREATED = 2, PHASE_RUNNING = 3, PHASE_EXITED = 4 };

/* The sync point at which a created container waits for its start. */
#define SYNC_START 1
/* The internal sync point: the user namespace's maps are written. */
#define SYNC_MAPPED 0

/* A plan: this header, then three sections of operations. */
struct plan_header {
    uint32_t magic;
    uint16_t version;
    uint16_t reserved;
    uint64_t clone_flags;
    uint32_t cgroup_slot; /* a cgroup v2 directory that the first process is born in if it can be, or NO_SLOT */
    uint32_t slots;       /* descriptors that come with the plan */
    uint32_t keeper_size; /* operations of the keeper itself */
    uint32_t pre_size;    /* operations of a process in between: joins pid, user, time namespaces, then clones */
    uint32_t stage_size;  /* operations of what becomes the container's process */
    uint32_t unused;
};

/* An operation: this, then its arguments as its signature says, each a multiple of four bytes:
 *   i  u32     l  u64     s  u32 length, bytes, NUL, padding; the empty string stands for none
 *   b  as s, any bytes    L  u32 count, then that many s                                      */
struct op_header {
    uint16_t code;
    uint16_t flags;
    uint32_t size; /* of the arguments */
};

#define OPF_OPTIONAL 1  /* a failure is a warning */
#define OPF_IF_EXISTS 2 /* ENOENT and ENOTDIR are no failure */
#define OPF_NO_SYMLINK 4 /* the path inside the root may not contain a symbolic link */
#define OPF_KEEP_MODE 8 /* MOUNT_IN: the new root gets the mode of the directory it covers */
#define OPF_QUIET 16    /* with OPF_OPTIONAL: not even a warning */
#define OPF_HOME 64     /* HOOK: HOME is added as for the program */
#define OPF_COPY_UP 32  /* MOUNT_IN: what the covered directory holds is copied into the new root */
#define OPF_UNLESS_BORN 128 /* done only if the process could not be born in the plan's cgroup */

#define FAILED_MAPS 1 /* detail of M_FAILED a=-1: the id maps could not be written */

#define BIND_RECURSIVE 1      /* with what is mounted below the source */
#define BIND_DETACHED 2       /* the slot is a detached mount to attach as it is */
#define BIND_ATTR_RECURSIVE 4 /* the attributes count for everything below, too */
#define BIND_MAP_RECURSIVE 8  /* so does the id mapping */

/* code, name, signature */
#define OPERATIONS(X)                                                                                                  \
    X(1, EXIT_FILE, "s")        /* keeper: name of the exit status's file in the state directory */                     \
    X(2, HOLD, "i")             /* keeper: keep this slot open as long as the process is known */                       \
    X(3, ID_MAPS, "bbi")        /* keeper: uid map, gid map, 1 = deny setgroups; of the new user namespace */           \
    X(4, WRITE, "sb")           /* write the bytes to a file of the host */                                             \
    X(5, AUTO_RELEASE, "")      /* keeper: forget this exec as soon as it has ended */                                  \
    X(6, RETIRE, "")            /* keeper: end when it runs and nobody is connected, so that the caller becomes its parent */ \
    X(7, ID_TOOLS, "ss")        /* keeper: programs that write uid map and gid map where we may not, or "" */            \
    X(10, SETNS, "ii")          /* slot of a namespace or a pidfd, kinds */                                             \
    X(11, UNSHARE, "l")         /* kinds */                                                                             \
    X(12, MOUNT, "sssls")       /* source, target, type, flags, data; paths of the host */                              \
    X(13, OPEN_ROOT, "si")      /* directory, slot that gets it */                                                      \
    X(14, MOUNT_IN, "issslsi")  /* root slot, destination, source, type, flags, data, mode of a new mount point */      \
    X(15, BIND_IN, "issiillli") /* root slot, destination, source or "", source slot, BIND_ bits, set, clear,           \
                                   propagation, slot of a user namespace for id mapping */                              \
    X(16, ATTR_IN, "isilll")    /* root slot, mount point, recursive?, set, clear, propagation */                       \
    X(17, MKDIR_IN, "isi")      /* root slot, path, mode; with parents */                                               \
    X(18, MKNOD_IN, "isiiiii")  /* root slot, path, mode with type, major, minor, uid, gid */                           \
    X(19, SYMLINK_IN, "iss")    /* root slot, target, path */                                                           \
    X(20, MASK_IN, "is")        /* root slot, path */                                                                   \
    X(21, READONLY_IN, "is")    /* root slot, path */                                                                   \
    X(22, PIVOT, "i")           /* root slot */                                                                         \
    X(23, MOVE_ROOT, "i")       /* root slot; where pivot_root is impossible */                                         \
    X(24, DETACH, "s")          /* mount point of the host that must not be seen where the root is only moved */         \
    X(25, REMOUNT_IN, "isls")   /* root slot, mount point, flags, data */                                               \
    X(26, OPEN_TREE, "siii")    /* source on the host, slot that gets a detached copy, BIND_ bits,                      \
                                   slot of a user namespace for id mapping */                                           \
    X(27, USER_NAMESPACE, "bbi") /* uid map, gid map, slot that gets a user namespace nobody is in */                    \
    X(29, CHROOT, "i")          /* root slot; where the mount namespace is shared with others */                        \
    X(28, ENTER, "i")           /* slot of a directory to stand in */                                                   \
    X(30, HOSTNAME, "s")                                                                                                \
    X(31, DOMAINNAME, "s")                                                                                              \
    X(32, LOOPBACK, "")                                                                                                 \
    X(33, RLIMIT, "ill")       /* resource, soft, hard */                                                               \
    X(34, DUMPABLE, "i")                                                                                                \
    X(35, KEYRING, "s")        /* join a new session keyring of this name */                                            \
    X(36, SETSID, "")                                                                                                   \
    X(37, CONSOLE, "iiii")     /* root slot, rows, columns, 1 = also bind on /dev/console */                            \
    X(38, DUP, "ii")           /* slot, number it gets for the program */                                               \
    X(39, CHOWN_FD, "ii")      /* number, uid; unless it is the null device */                                          \
    X(40, CHDIR, "si")         /* directory, 1 = make it if missing */                                                  \
    X(41, SYNC, "i")           /* tell and wait for the go-ahead */                                                     \
    X(42, LOOKUP, "L")         /* candidates: the first executable one is what EXEC runs */                             \
    X(43, EXEC, "LL")          /* arguments, environment */                                                             \
    X(44, HOOK, "isLLi")       /* slot of what it reads, program, arguments, environment, seconds or 0 */               \
    X(45, CLOSE, "i")          /* slot */                                                                               \
    X(46, HOME, "i")           /* uid: HOME is what /etc/passwd says of it, or / */                                     \
    X(47, REOPEN_NULL, "i")    /* root slot: streams that are the host's null device become the container's */             \
    X(50, KEEP_CAPS, "i")                                                                                               \
    X(51, CAP_BOUND, "l")      /* the bounding set that remains */                                                      \
    X(52, CAP_SET, "lll")      /* effective, permitted, inheritable */                                                  \
    X(53, CAP_AMBIENT, "l")                                                                                             \
    X(54, IDS, "iiib")         /* uid, gid, 1 = set groups too, groups as u32 */                                        \
    X(55, NO_NEW_PRIVS, "")                                                                                             \
    X(56, SECCOMP, "bi")       /* filter, flags */                                                                      \
    X(57, UMASK, "i")                                                                                                   \
    X(58, PERSONALITY, "l")                                                                                             \
    X(59, IO_PRIORITY, "i")                                                                                             \
    X(60, SCHEDULER, "b")      /* struct sched_attr */                                                                  \
    X(61, AFFINITY, "b")       /* cpu mask */                                                                           \
    X(62, MEMORY_POLICY, "ib") /* mode with its flags, node mask */

enum op_code {
#define X(number, name, signature) OP_##name = number,
    OPERATIONS(X)
#undef X
};
