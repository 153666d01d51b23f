/* The program: its terminal and descriptors, where it starts, how it is found and executed; and hooks. */
#include "channel.h"
#include "safepath.h"
#include "stage.h"
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <sys/wait.h>

#define DEVPTS_MAGIC 0x1cd1
#define TIOCGPTPEER_ 0x5441

/* Attaches the slave over /dev/console; by descriptor, since /dev/pts/N could be a trap by now (CVE-2025-52565). */
static int bind_console(int root, int slave) {
    autofd point = safe_touch(root, "/dev/console", 0666, RESOLVE_NO_SYMLINKS_);
    autofd tree = sys_open_tree(slave, "", OPEN_TREE_CLONE_ | AT_EMPTY_PATH);
    return point < 0 || tree < 0 ? -1 : sys_move_mount(tree, point);
}

/* root, rows, columns, bind on /dev/console */
int program_console(struct stage *stage, const struct op *op) {
    int root = stage_slot(stage, op->args[0].number);
    struct statfs fs;
    int unlock = 0;
    autofd master = safe_open(root, "/dev/pts/ptmx", O_RDWR | O_NOCTTY, RESOLVE_NO_SYMLINKS_);
    if (master < 0 || fstatfs(master, &fs) != 0) {
        return -1;
    }
    if (fs.f_type != DEVPTS_MAGIC) {
        errno = ENODEV;
        return -1;
    }
    if (ioctl(master, TIOCSPTLCK, &unlock) != 0) {
        return -1;
    }
    autofd slave = ioctl(master, TIOCGPTPEER_, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (slave < 0) {
        return -1;
    }
    struct winsize size = {.ws_row = (unsigned short)op->args[1].number, .ws_col = (unsigned short)op->args[2].number};
    if ((size.ws_row != 0 || size.ws_col != 0) && ioctl(master, TIOCSWINSZ, &size) != 0) {
        return -1;
    }
    if (op->args[3].number != 0 && bind_console(root, slave) != 0) {
        return -1;
    }
    for (int fd = 0; fd < 3; fd++) {
        if (dup2(slave, fd) < 0) {
            return -1;
        }
    }
    if (ioctl(0, TIOCSCTTY, 0) != 0) {
        return -1;
    }
    struct message message = {.version = PROTOCOL_VERSION, .type = M_MASTER};
    return channel_send(stage->sync, &message, master) ? 0 : -1;
}

/* Moves whatever of ours has this number out of the way. */
static int vacate(struct stage *stage, int number) {
    if (stage->sync == number && (stage->sync = fcntl(number, F_DUPFD_CLOEXEC, 64)) < 0) {
        return -1;
    }
    for (size_t i = 0; i < ARRAY_SIZE(stage->slots); i++) {
        if (stage->slots[i] == number && (stage->slots[i] = fcntl(number, F_DUPFD_CLOEXEC, 64)) < 0) {
            return -1;
        }
    }
    return 0;
}

/* slot, number */
int program_dup(struct stage *stage, const struct op *op) {
    int number = (int)op->args[1].number;
    if (number < 0 || number > 4096 || vacate(stage, number) != 0) {
        return -1;
    }
    if (dup2(stage_slot(stage, op->args[0].number), number) < 0) {
        return -1;
    }
    if (number >= stage->first_closed) {
        stage->first_closed = number + 1;
    }
    return 0;
}

static bool is_null(int fd) {
    struct stat st;
    return fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3);
}

/* root. The host's /dev/null is the same device, but of a mount that the container does not have: criu could not save it. */
int program_reopen_null(struct stage *stage, const struct op *op) {
    char path[32];
    /* whatever is there is not opened before it is known */
    autofd found = safe_open(stage_slot(stage, op->args[0].number), "/dev/null", O_PATH, 0);
    if (found < 0) {
        return -1;
    }
    if (!is_null(found)) {
        return 0;
    }
    autofd null = open(fd_path(path, found), O_RDWR | O_CLOEXEC);
    for (int fd = 0; fd < 3; fd++) {
        if (null < 0 || (is_null(fd) && dup2(null, fd) < 0)) {
            return -1;
        }
    }
    return 0;
}

/* number, uid: so that the program may open /dev/stdout again. Refusals of odd file systems do not matter. */
int program_chown_fd(struct stage *stage, const struct op *op) {
    struct stat st;
    (void)stage;
    int fd = (int)op->args[0].number;
    uid_t uid = (uid_t)op->args[1].number;
    if (fstat(fd, &st) != 0) {
        return -1;
    }
    if (st.st_uid == uid || is_null(fd)) {
        return 0;
    }
    if (fchown(fd, uid, st.st_gid) != 0 && errno != EINVAL && errno != EPERM && errno != EROFS) {
        return -1;
    }
    return 0;
}

/* directory, make it. Only the first success counts: it is tried before and after the user changes. */
int program_chdir(struct stage *stage, const struct op *op) {
    char where[4096];
    if (stage->has_directory) {
        return 0;
    }
    if (op->args[1].number != 0) {
        autofd root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
        autofd made = root < 0 ? -1 : safe_mkdirs(root, op->args[0].string, 0755, 0);
        (void)made; /* chdir says what is wrong */
    }
    if (chdir(op->args[0].string) != 0) {
        return -1;
    }
    /* The kernel's own answer begins with "(unreachable)" if the directory is not in our root (CVE-2024-21626). */
    if (syscall(SYS_getcwd, where, sizeof where) < 0 || where[0] != '/') {
        stage->detail = 1;
        errno = ENOENT;
        return -1;
    }
    stage->has_directory = true;
    return 0;
}

static int executable(const char *path) {
    struct stat st;
    if (stat(path, &st) != 0) {
        return -1;
    }
    if (S_ISDIR(st.st_mode)) {
        errno = EISDIR;
        return -1;
    }
    if (syscall(439, AT_FDCWD, path, X_OK, AT_EACCESS) == 0) {
        return 0;
    }
    if ((errno == ENOSYS || errno == EPERM) && (st.st_mode & 0111) != 0) {
        return 0; /* a seccomp filter forbids asking; exec will tell */
    }
    errno = EACCES;
    return -1;
}

/* candidates. The errno of the last one is reported. */
int program_lookup(struct stage *stage, const struct op *op) {
    errno = ENOENT;
    for (uint64_t i = 0; i < op->args[0].number; i++) {
        const char *candidate = plan_item(&op->args[0], i);
        if (executable(candidate) == 0) {
            stage->program = candidate;
            return 0;
        }
    }
    return -1;
}

/* The n-th field of a line of /etc/passwd, its length; a missing one is empty. */
static const char *field(const char *line, const char *end, int n, size_t *length) {
    for (; n > 0 && line < end; n--) {
        const char *colon = memchr(line, ':', (size_t)(end - line));
        line = colon == NULL ? end : colon + 1;
    }
    const char *colon = memchr(line, ':', (size_t)(end - line));
    *length = (size_t)((colon == NULL ? end : colon) - line);
    return line;
}

static bool is_number(const char *text, size_t length, uint64_t number) {
    uint64_t value = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9' || value > 0xffffffffu) {
            return false;
        }
        value = value * 10 + (uint64_t)(text[i] - '0');
    }
    return length > 0 && value == number;
}

/* Only the first 64 KB of the file count. */
static void find_home(char *home, size_t size, uint64_t uid) {
    static char text[65536];
    autofd root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    autofd passwd = root < 0 ? -1 : safe_open(root, "/etc/passwd", O_RDONLY | O_NONBLOCK, 0);
    ssize_t n = passwd < 0 ? 0 : read(passwd, text, sizeof text);
    const char *at = text, *end = text + (n < 0 ? 0 : n);
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *stop = newline == NULL ? end : newline;
        size_t length;
        const char *number = field(at, stop, 2, &length);
        if (is_number(number, length, uid)) {
            const char *directory = field(at, stop, 5, &length);
            if (length > 0 && length < size) {
                memcpy(home, directory, length);
                home[length] = 0;
            }
            return;
        }
        at = stop + 1;
    }
}

/* uid */
int program_home(struct stage *stage, const struct op *op) {
    strcpy(stage->home, "HOME=/");
    find_home(stage->home + 5, sizeof stage->home - 5, op->args[0].number);
    return 0;
}

static char **vector(const struct arg *list) {
    char **items = calloc(list->number + 2, sizeof *items);
    const char *at = list->string;
    for (uint64_t i = 0; items != NULL && i < list->number; i++) {
        uint32_t length;
        memcpy(&length, at, 4);
        items[i] = (char *)(uintptr_t)(at + 4);
        at += 4 + (((size_t)length + 4) & ~(size_t)3);
    }
    return items;
}

/* arguments, environment */
int program_exec(struct stage *stage, const struct op *op) {
    char **arguments = vector(&op->args[0]);
    char **environment = vector(&op->args[1]);
    if (arguments == NULL || environment == NULL || stage->program == NULL) {
        errno = ENOMEM;
        return -1;
    }
    if (stage->home[0] != 0) {
        environment[op->args[1].number] = stage->home;
    }
    if (stage_close_on_exec(stage) != 0 && !stage->sealed) {
        return -1;
    }
    execve(stage->program, arguments, environment);
    return -1;
}

static void run_hook(struct stage *stage, int state, const struct op *op) {
    char **arguments = vector(&op->args[2]);
    char **environment = vector(&op->args[3]);
    if ((op->flags & OPF_HOME) && environment != NULL && stage->home[0] != 0) {
        environment[op->args[3].number] = stage->home;
    }
    if (lseek(state, 0, SEEK_SET) == 0 && dup2(state, 0) == 0 && arguments != NULL && environment != NULL) {
        sys_close_range(3, CLOSE_RANGE_CLOEXEC_);
        execve(op->args[1].string, arguments, environment);
    }
    _exit(127);
}

/* Waits for a child; 0 if time ran out. A seccomp filter may already forbid pidfds: then it looks every few milliseconds. */
static bool wait_for(pid_t pid, uint64_t seconds, int *status) {
    if (seconds == 0) {
        return waitpid(pid, status, 0) == pid;
    }
    autofd pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    if (pidfd >= 0) {
        struct pollfd end = {.fd = pidfd, .events = POLLIN};
        return poll(&end, 1, (int)(seconds * 1000)) == 1 && waitpid(pid, status, 0) == pid;
    }
    for (uint64_t waited = 0; waited < seconds * 1000; waited += 10) {
        if (waitpid(pid, status, WNOHANG) == pid) {
            return true;
        }
        usleep(10000);
    }
    return false;
}

/* slot of what it reads, program, arguments, environment, seconds */
int program_hook(struct stage *stage, const struct op *op) {
    int state = stage_slot(stage, op->args[0].number);
    pid_t pid = fork(); /* not clone3: Docker's filter forbids it, and hooks of the start run under the filter */
    if (pid < 0) {
        return -1;
    }
    if (pid == 0) {
        run_hook(stage, state, op);
    }
    int status = 0;
    unsigned number = stage->hooks++;
    stage->detail = (int)(number << 16);
    if (!wait_for(pid, op->args[4].number, &status)) {
        kill(pid, SIGKILL);
        waitpid(pid, &status, 0);
        errno = ETIMEDOUT;
        return -1;
    }
    stage->detail |= status & 0xffff;
    errno = ECHILD;
    return status == 0 ? 0 : -1;
}
