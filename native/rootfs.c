/* What the container will see as its file system. After the root is open, no path of it is used but through safepath.h. */
#include "copytree.h"
#include "safepath.h"
#include "stage.h"
#include <limits.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

static uint64_t extra(const struct op *op) {
    return op->flags & OPF_NO_SYMLINK ? RESOLVE_NO_SYMLINKS_ : 0;
}

static const char *or_null(const struct arg *arg) {
    return arg->length == 0 ? NULL : arg->string;
}

static int set_attributes(int mount, bool recursive, uint64_t set, uint64_t clear, uint64_t propagation) {
    struct mount_attr_ attr = {set, clear, propagation, 0};
    if (set == 0 && clear == 0 && propagation == 0) {
        return 0;
    }
    return sys_mount_setattr(mount, recursive ? AT_RECURSIVE_ : 0, &attr);
}

/* The options with the mode added, so that it is seen among them. */
static void with_mode(char *options, const char *data, mode_t mode) {
    strcpy(options, data);
    strcat(options, data[0] == 0 ? "mode=" : ",mode=");
    char *end = options + strlen(options);
    for (int shift = 9; shift >= 0; shift -= 3) {
        *end++ = (char)('0' + (mode >> shift & 7));
    }
    *end = 0;
}

/* root, destination, source, type, flags, data, mode of a new mount point */
int rootfs_mount_in(struct stage *stage, const struct op *op) {
    int root = stage_slot(stage, op->args[0].number);
    const char *path = op->args[1].string;
    char target[32];
    struct stat covered;
    autofd before = op->flags & OPF_KEEP_MODE ? safe_open(root, path, O_PATH | O_DIRECTORY, extra(op)) : -1;
    autofd point = safe_mkdirs(root, path, (mode_t)op->args[6].number, extra(op));
    if (point < 0 || fstat(point, &covered) != 0) {
        return -1;
    }
    autofd below = op->flags & OPF_COPY_UP ? safe_open(root, path, O_RDONLY | O_DIRECTORY, extra(op)) : -1;
    if ((op->flags & OPF_COPY_UP) && below < 0) {
        return -1;
    }
    char options[PATH_MAX];
    const char *data = or_null(&op->args[5]);
    if (before >= 0) {
        if (op->args[5].length + sizeof ",mode=7777" > sizeof options) {
            errno = E2BIG;
            return -1;
        }
        with_mode(options, data == NULL ? "" : data, covered.st_mode);
        data = options;
    }
    if (mount(or_null(&op->args[2]), fd_path(target, point), or_null(&op->args[3]), op->args[4].number, data) != 0) {
        return -1;
    }
    if (below < 0) {
        return 0;
    }
    autofd mounted = safe_open(root, path, O_RDONLY | O_DIRECTORY, extra(op));
    return mounted < 0 ? -1 : copy_tree(below, mounted);
}

/* A detached copy of a tree of the host. Nothing that happens to it reaches the host. */
static int detached(const char *source, unsigned bits, int user_namespace) {
    autofd tree = sys_open_tree(AT_FDCWD, source, OPEN_TREE_CLONE_ | (bits & BIND_RECURSIVE ? AT_RECURSIVE_ : 0));
    if (tree < 0 || set_attributes(tree, true, 0, 0, MS_SLAVE) != 0) {
        return -1;
    }
    if (user_namespace >= 0) {
        struct mount_attr_ map = {MOUNT_ATTR_IDMAP_, 0, 0, (uint64_t)user_namespace};
        if (sys_mount_setattr(tree, bits & BIND_MAP_RECURSIVE ? AT_RECURSIVE_ : 0, &map) != 0) {
            return -1;
        }
    }
    return fcntl(tree, F_DUPFD_CLOEXEC, 3);
}

/* source, slot, BIND_ bits, slot of a user namespace */
int rootfs_open_tree(struct stage *stage, const struct op *op) {
    bool mapped = op->args[3].number != NO_SLOT;
    int user_namespace = mapped ? stage_slot(stage, op->args[3].number) : -1;
    if (mapped && user_namespace < 0) {
        return -1;
    }
    return stage_fill(stage, op->args[1].number,
                      detached(op->args[0].string, (unsigned)op->args[2].number, user_namespace));
}

/* root, destination, source, source slot, BIND_ bits, set, clear, propagation, user namespace */
int rootfs_bind_in(struct stage *stage, const struct op *op) {
    int root = stage_slot(stage, op->args[0].number);
    unsigned bits = (unsigned)op->args[4].number;
    unsigned clone = OPEN_TREE_CLONE_ | (bits & BIND_RECURSIVE ? AT_RECURSIVE_ : 0);
    autofd tree = -1;
    stage->detail = 1; /* the source is at fault, so far */
    if (op->args[2].length > 0) {
        tree = sys_open_tree(AT_FDCWD, op->args[2].string, clone);
    } else if (bits & BIND_DETACHED) {
        tree = fcntl(stage_slot(stage, op->args[3].number), F_DUPFD_CLOEXEC, 3);
    } else {
        tree = sys_open_tree(stage_slot(stage, op->args[3].number), "", clone | AT_EMPTY_PATH);
    }
    struct stat source;
    if (tree < 0 || fstat(tree, &source) != 0) {
        return -1;
    }
    stage->detail = 0;
    const char *path = op->args[1].string;
    autofd point = S_ISDIR(source.st_mode) ? safe_mkdirs(root, path, 0755, extra(op))
                                           : safe_touch(root, path, 0755, extra(op));
    if (point < 0) {
        return -1;
    }
    if (op->args[8].number != NO_SLOT) {
        struct mount_attr_ map = {MOUNT_ATTR_IDMAP_, 0, 0, (uint64_t)stage_slot(stage, op->args[8].number)};
        if (sys_mount_setattr(tree, bits & BIND_MAP_RECURSIVE ? AT_RECURSIVE_ : 0, &map) != 0) {
            return -1;
        }
    }
    if (set_attributes(tree, bits & BIND_ATTR_RECURSIVE, op->args[5].number, op->args[6].number, 0) != 0) {
        return -1;
    }
    if (sys_move_mount(tree, point) != 0) {
        return -1;
    }
    return set_attributes(tree, bits & BIND_RECURSIVE, 0, 0, op->args[7].number);
}

/* root, mount point, recursive, set, clear, propagation */
int rootfs_attr_in(struct stage *stage, const struct op *op) {
    autofd point = safe_open(stage_slot(stage, op->args[0].number), op->args[1].string, O_PATH, extra(op));
    if (point < 0) {
        return -1;
    }
    return set_attributes(point, op->args[2].number != 0, op->args[3].number, op->args[4].number, op->args[5].number);
}

/* root, mount point, flags, data */
int rootfs_remount_in(struct stage *stage, const struct op *op) {
    char target[32];
    autofd point = safe_open(stage_slot(stage, op->args[0].number), op->args[1].string, O_PATH, extra(op));
    if (point < 0) {
        return -1;
    }
    return mount(NULL, fd_path(target, point), NULL, MS_REMOUNT | op->args[2].number, or_null(&op->args[3]));
}

/* root, path, mode */
int rootfs_mkdir_in(struct stage *stage, const struct op *op) {
    autofd made = safe_mkdirs(stage_slot(stage, op->args[0].number), op->args[1].string, (mode_t)op->args[2].number,
                              extra(op));
    return made < 0 ? -1 : 0;
}

/* Whether what is there already is the device that was asked for. */
static bool same_device(int parent, const char *name, mode_t mode, dev_t device) {
    struct stat there;
    return fstatat(parent, name, &there, AT_SYMLINK_NOFOLLOW) == 0 && (there.st_mode & S_IFMT) == (mode & S_IFMT) &&
           (S_ISFIFO(mode) || there.st_rdev == device);
}

/* root, path, mode with type, major, minor, uid, gid */
int rootfs_mknod_in(struct stage *stage, const struct op *op) {
    char buffer[PATH_MAX];
    const char *name;
    autofd parent = safe_parent(stage_slot(stage, op->args[0].number), op->args[1].string, buffer, &name);
    if (parent < 0) {
        return -1;
    }
    mode_t mode = (mode_t)op->args[2].number;
    dev_t device = makedev((unsigned)op->args[3].number, (unsigned)op->args[4].number);
    if (mknodat(parent, name, mode, device) != 0 && (errno != EEXIST || !same_device(parent, name, mode, device))) {
        errno = errno == EEXIST ? EEXIST : errno;
        return -1;
    }
    return fchownat(parent, name, (uid_t)op->args[5].number, (gid_t)op->args[6].number, AT_SYMLINK_NOFOLLOW);
}

/* root, target, path */
int rootfs_symlink_in(struct stage *stage, const struct op *op) {
    char buffer[PATH_MAX];
    const char *name;
    autofd parent = safe_parent(stage_slot(stage, op->args[0].number), op->args[2].string, buffer, &name);
    if (parent < 0) {
        return -1;
    }
    return symlinkat(op->args[1].string, parent, name) == 0 || errno == EEXIST ? 0 : -1;
}

/* The host's null device, and nothing that was put in its place (CVE-2025-31133). */
static int open_null(void) {
    struct stat st;
    int fd = open("/dev/null", O_PATH | O_CLOEXEC | O_NOFOLLOW);
    if (fd >= 0 && (fstat(fd, &st) != 0 || !S_ISCHR(st.st_mode) || st.st_rdev != makedev(1, 3))) {
        close(fd);
        errno = ENXIO;
        return -1;
    }
    return fd;
}

/* An empty read-only directory: made once, then cloned from where it is attached. */
static int empty_directory(struct stage *stage) {
    if (stage->empty_directory >= 0) {
        return sys_open_tree(stage->empty_directory, "", OPEN_TREE_CLONE_ | AT_EMPTY_PATH);
    }
    autofd fs = sys_fsopen("tmpfs");
    if (fs < 0 || sys_fsconfig(fs, FSCONFIG_SET_STRING_, "size", "0") != 0 ||
        sys_fsconfig(fs, FSCONFIG_CMD_CREATE_, NULL, NULL) != 0) {
        return -1;
    }
    int mount = sys_fsmount(fs, MOUNT_ATTR_RDONLY_ | MOUNT_ATTR_NOSUID_ | MOUNT_ATTR_NODEV_ | MOUNT_ATTR_NOEXEC_);
    stage->empty_directory = mount < 0 ? -1 : fcntl(mount, F_DUPFD_CLOEXEC, 3);
    return mount;
}

/* root, path */
int rootfs_mask_in(struct stage *stage, const struct op *op) {
    struct stat st;
    autofd point = safe_open(stage_slot(stage, op->args[0].number), op->args[1].string, O_PATH, extra(op));
    if (point < 0 || fstat(point, &st) != 0) {
        return -1;
    }
    autofd cover = -1;
    if (S_ISDIR(st.st_mode)) {
        cover = empty_directory(stage);
    } else {
        autofd null = open_null();
        cover = null < 0 ? -1 : sys_open_tree(null, "", OPEN_TREE_CLONE_ | AT_EMPTY_PATH);
    }
    return cover < 0 ? -1 : sys_move_mount(cover, point);
}

/* root, path */
int rootfs_readonly_in(struct stage *stage, const struct op *op) {
    autofd point = safe_open(stage_slot(stage, op->args[0].number), op->args[1].string, O_PATH, extra(op));
    if (point < 0) {
        return -1;
    }
    autofd tree = sys_open_tree(point, "", OPEN_TREE_CLONE_ | AT_EMPTY_PATH | AT_RECURSIVE_);
    if (tree < 0 || set_attributes(tree, false, MOUNT_ATTR_RDONLY_, 0, 0) != 0) {
        return -1;
    }
    return sys_move_mount(tree, point);
}

/* root. The old root is made a slave first, so that unmounting it here does not reach the host. */
int rootfs_pivot(struct stage *stage, const struct op *op) {
    autofd old = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (old < 0 || fchdir(stage_slot(stage, op->args[0].number)) != 0 || syscall(SYS_pivot_root, ".", ".") != 0 ||
        fchdir(old) != 0 || mount(NULL, ".", NULL, MS_SLAVE | MS_REC, NULL) != 0 || umount2(".", MNT_DETACH) != 0) {
        return -1;
    }
    return chdir("/");
}

/* mount point. A process in a user namespace cannot unmount what came from outside, but cover it. */
int rootfs_detach(struct stage *stage, const struct op *op) {
    const char *point = op->args[0].string;
    (void)stage;
    if (mount(NULL, point, NULL, MS_SLAVE | MS_REC, NULL) == 0 && umount2(point, MNT_DETACH) == 0) {
        return 0;
    }
    if (errno != EINVAL && errno != EPERM) {
        return -1;
    }
    return mount("tmpfs", point, "tmpfs", 0, "");
}

/* root */
int rootfs_move_root(struct stage *stage, const struct op *op) {
    if (fchdir(stage_slot(stage, op->args[0].number)) != 0 || mount(".", "/", NULL, MS_MOVE, NULL) != 0 ||
        chroot(".") != 0) {
        return -1;
    }
    return chdir("/");
}

/* root */
int rootfs_chroot(struct stage *stage, const struct op *op) {
    return fchdir(stage_slot(stage, op->args[0].number)) != 0 || chroot(".") != 0 ? -1 : chdir("/");
}
