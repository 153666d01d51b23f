/* The process between clone and exec: carries a plan out, operation by operation. */
#pragma once
#include "plan.h"
#include "sys.h"

struct stage {
    int slots[ALL_SLOTS];
    int sync; /* to the keeper */
    int first_closed; /* the lowest descriptor the program does not get */
    bool has_directory;
    bool born; /* in the plan's cgroup */
    bool sealed; /* a seccomp filter is in force; descriptors were marked before */
    const char *program; /* what LOOKUP found */
    int empty_directory; /* mounted over masked directories, once made */
    unsigned hooks; /* run since the last sync point */
    char home[256]; /* "HOME=..." if the environment needs it */
    int detail; /* more about a failure than errno says */
};

/* The descriptor in a slot, or -1 with EBADF. */
int stage_slot(const struct stage *stage, uint64_t slot);

/* Puts a descriptor into a slot, which owns it from now on; -1 and closed if there is no such slot. */
int stage_fill(struct stage *stage, uint64_t slot, int fd);

/* Marks every descriptor the program does not get to be closed when it is executed. */
int stage_close_on_exec(const struct stage *stage);

/* Sends the keeper word. */
void stage_tell(const struct stage *stage, int type, int a, int b, int c);

/* Tells that a sync point is reached and waits for the go-ahead; ends the process if the keeper is gone. */
void stage_sync(struct stage *stage, int point);

/* Carries out a section; ends the process at the first failure, after telling. */
void stage_run(struct stage *stage, struct cursor section);

/* Rootfs operations (rootfs.c), processes and programs (program.c), identity (identity.c): 0, or -1 with errno. */
int rootfs_mount_in(struct stage *stage, const struct op *op);
int rootfs_bind_in(struct stage *stage, const struct op *op);
int rootfs_attr_in(struct stage *stage, const struct op *op);
int rootfs_remount_in(struct stage *stage, const struct op *op);
int rootfs_mkdir_in(struct stage *stage, const struct op *op);
int rootfs_mknod_in(struct stage *stage, const struct op *op);
int rootfs_symlink_in(struct stage *stage, const struct op *op);
int rootfs_mask_in(struct stage *stage, const struct op *op);
int rootfs_readonly_in(struct stage *stage, const struct op *op);
int rootfs_pivot(struct stage *stage, const struct op *op);
int rootfs_chroot(struct stage *stage, const struct op *op);
int rootfs_detach(struct stage *stage, const struct op *op);
int rootfs_open_tree(struct stage *stage, const struct op *op);
int rootfs_move_root(struct stage *stage, const struct op *op);
int program_console(struct stage *stage, const struct op *op);
int program_reopen_null(struct stage *stage, const struct op *op);
int program_dup(struct stage *stage, const struct op *op);
int program_chown_fd(struct stage *stage, const struct op *op);
int program_chdir(struct stage *stage, const struct op *op);
int program_lookup(struct stage *stage, const struct op *op);
int program_home(struct stage *stage, const struct op *op);
int program_exec(struct stage *stage, const struct op *op);
int program_hook(struct stage *stage, const struct op *op);
int identity_user_namespace(struct stage *stage, const struct op *op);
int identity_rlimit(struct stage *stage, const struct op *op);
int identity_cap_bound(struct stage *stage, const struct op *op);
int identity_cap_set(struct stage *stage, const struct op *op);
int identity_cap_ambient(struct stage *stage, const struct op *op);
int identity_ids(struct stage *stage, const struct op *op);
int identity_seccomp(struct stage *stage, const struct op *op);

/* Writes bytes to a file of the host. */
int write_file(const char *path, const void *bytes, size_t length);
