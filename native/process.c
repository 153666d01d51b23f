#include "process.h"
#include "stage.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#define P_PIDFD_ 3
#define MAX_MAP_RANGES 340 /* the kernel's own limit */

struct process *process_new(uint32_t number, int owner) {
    struct process *p = calloc(1, sizeof *p);
    if (p != NULL) {
        p->number = number;
        p->owner = owner;
        p->phase = PHASE_CREATING;
        p->waiting = p->pidfd = p->pre_pidfd = p->sync = p->master = -1;
        p->let_go = number != 0;
    }
    return p;
}

void process_unmap(struct process *p) {
    if (p->plan != NULL) {
        munmap(p->plan, p->plan_size);
        p->plan = NULL;
        p->maps = NULL;
    }
}

void process_free(struct process *p) {
    close_fd(&p->pidfd);
    close_fd(&p->pre_pidfd);
    close_fd(&p->sync);
    close_fd(&p->master);
    for (unsigned i = 0; i < p->held_count; i++) {
        close_fd(&p->held[i]);
    }
    process_unmap(p);
    free(p);
}

/* Appends a number in decimal; answers the new end. */
static char *decimal(char *at, int64_t value) {
    char digits[20];
    unsigned n = 0;
    do {
        digits[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    while (n > 0) {
        *at++ = digits[--n];
    }
    *at = 0;
    return at;
}

static bool write_proc(pid_t pid, const char *name, const void *bytes, size_t length) {
    char path[64] = "/proc/";
    char *end = decimal(path + strlen(path), pid);
    *end++ = '/';
    strcpy(end, name);
    return write_file(path, bytes, length) == 0;
}

/* newuidmap or newgidmap: PID and the map's numbers as arguments. They are set-uid and map what /etc/subuid allows. */
static bool run_tool(const char *tool, pid_t pid, const struct arg *map) {
    char numbers[4096], target[16];
    const char *arguments[3 + MAX_MAP_RANGES * 3] = {tool, target};
    unsigned count = 2;
    char *rest;
    decimal(target, pid);
    if (map->length >= sizeof numbers) {
        errno = E2BIG;
        return false;
    }
    memcpy(numbers, map->string, map->length);
    numbers[map->length] = 0;
    for (char *word = strtok_r(numbers, " \n", &rest); word != NULL; word = strtok_r(NULL, " \n", &rest)) {
        if (count == ARRAY_SIZE(arguments) - 1) {
            errno = E2BIG;
            return false;
        }
        arguments[count++] = word;
    }
    pid_t child = fork();
    if (child == 0) {
        execve(tool, (char **)arguments, (char *[]){NULL});
        _exit(127);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) {
        return false;
    }
    errno = EPERM;
    return status == 0;
}

static bool write_map(const struct process *p, unsigned which, const char *name) {
    const struct arg *map = &p->maps[which];
    if (p->has_tools && p->map_tools[which].length > 0) {
        return run_tool(p->map_tools[which].string, p->pid, map);
    }
    return write_proc(p->pid, name, map->string, map->length);
}

bool process_write_maps(const struct process *p) {
    if (p->maps == NULL) {
        return true;
    }
    if (p->maps[2].number != 0 && !write_proc(p->pid, "setgroups", "deny", 4)) {
        return false;
    }
    return write_map(p, 1, "gid_map") && write_map(p, 0, "uid_map");
}

bool process_reap(struct process *p) {
    siginfo_t info = {0};
    if (p->phase == PHASE_EXITED || p->pidfd < 0 ||
        waitid((idtype_t)P_PIDFD_, (id_t)p->pidfd, &info, WEXITED | WNOHANG | (p->retires && !p->failed ? WNOWAIT : 0)) !=
            0 || info.si_pid == 0) {
        return false;
    }
    p->phase = PHASE_EXITED;
    p->status = info.si_code == CLD_EXITED ? (info.si_status & 0xff) << 8 : info.si_status & 0x7f;
    if (info.si_code == CLD_DUMPED) {
        p->status |= 0x80;
    }
    clock_gettime(CLOCK_REALTIME, &p->ended);
    return true;
}

void process_publish(const struct process *p, int state_directory) {
    char text[80], temporary[sizeof p->exit_file + 4] = ".";
    if (p->exit_file[0] == 0) {
        return;
    }
    char *end = decimal(text, p->status);
    *end++ = ' ';
    end = decimal(end, p->ended.tv_sec);
    *end++ = ' ';
    end = decimal(end, p->ended.tv_nsec);
    *end++ = '\n';
    strcat(temporary, p->exit_file);
    autofd fd = openat(state_directory, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd >= 0 && write(fd, text, (size_t)(end - text)) == end - text) {
        renameat(state_directory, temporary, state_directory, p->exit_file);
    }
}
