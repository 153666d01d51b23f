#include "keeper.h"
#include "channel.h"
#include "process.h"
#include "stage.h"
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#define MAX_CONNECTIONS 32
#define CREATE_FDS 3 /* plan, state directory, listening socket */
#define IDLE_MILLIS 60000

struct keeper {
    int connections[MAX_CONNECTIONS];
    unsigned connection_count;
    int state_directory;
    int listener;
    struct process *processes;
};

static struct process *find(struct keeper *k, uint32_t number) {
    struct process *p = k->processes;
    while (p != NULL && p->number != number) {
        p = p->next;
    }
    return p;
}

static void forget(struct keeper *k, struct process *process) {
    for (struct process **link = &k->processes; *link != NULL; link = &(*link)->next) {
        if (*link == process) {
            *link = process->next;
            process_free(process);
            return;
        }
    }
}

static void send_to(int connection, struct message message, int fd) {
    message.version = PROTOCOL_VERSION;
    /* One who does not read any more loses packets, and learns the state when it asks. */
    (void)channel_send(connection, &message, fd);
}

static void broadcast(struct keeper *k, const struct process *p, int type, int a, int b, int64_t c, int64_t d, int fd) {
    struct message message = {.type = (uint8_t)type, .process = p->number, .a = a, .b = b, .c = c, .d = d};
    for (unsigned i = 0; i < k->connection_count; i++) {
        send_to(k->connections[i], message, fd);
    }
}

static void refuse(int connection, const struct message *request, int error) {
    struct message answer = {.type = M_REFUSED, .process = request->process, .a = error};
    send_to(connection, answer, -1);
}

static void go(struct process *p, int point) {
    struct message message = {.version = PROTOCOL_VERSION, .type = M_GO, .a = point};
    p->waiting = -1;
    p->let_go |= point == SYNC_START;
    (void)channel_send(p->sync, &message, -1);
}

/* The keeper's own section of a plan. */
static bool run_keeper_section(struct process *p, struct cursor section, int *slots, unsigned count) {
    struct op op;
    while (plan_next(&section, &op) == 1) {
        switch (op.code) {
        case OP_EXIT_FILE:
            if (op.args[0].length >= sizeof p->exit_file || strchr(op.args[0].string, '/') != NULL) {
                return false;
            }
            strcpy(p->exit_file, op.args[0].string);
            break;
        case OP_HOLD:
            if (op.args[0].number >= count || p->held_count == MAX_HELD) {
                return false;
            }
            p->held[p->held_count++] = slots[op.args[0].number];
            slots[op.args[0].number] = -1;
            break;
        case OP_ID_MAPS:
            memcpy(p->map_args, op.args, sizeof p->map_args);
            p->maps = p->map_args;
            break;
        case OP_ID_TOOLS:
            memcpy(p->map_tools, op.args, sizeof p->map_tools);
            p->has_tools = true;
            break;
        case OP_WRITE:
            if (write_file(op.args[0].string, op.args[1].string, op.args[1].length) != 0 &&
                !(op.flags & OPF_OPTIONAL)) {
                return false;
            }
            break;
        case OP_RETIRE:
            p->retires = true;
            break;
        case OP_AUTO_RELEASE:
            p->auto_release = true;
            break;
        default:
            return false;
        }
    }
    return true;
}

/* In the new process: nothing of the keeper may be reachable from here. */
static void close_keeper(struct keeper *k) {
    for (unsigned i = 0; i < k->connection_count; i++) {
        close(k->connections[i]);
    }
    close(k->state_directory);
    close(k->listener);
    while (k->processes != NULL) {
        struct process *next = k->processes->next;
        k->processes->plan = NULL; /* ours is still needed */
        process_free(k->processes);
        k->processes = next;
    }
}

static void stage_main(struct stage *stage, const struct plan *plan) __attribute__((noreturn));
static void stage_main(struct stage *stage, const struct plan *plan) {
    prctl(PR_SET_NAME, "drydock-stage");
    if (plan->header.clone_flags & CLONE_NEWUSER) {
        stage_sync(stage, SYNC_MAPPED);
    }
    stage_run(stage, plan->stage);
    _exit(255);
}

/* Joins what only a parent can join for its child, makes the child the keeper's own, tells its pid and ends. */
static void pre_main(struct stage *stage, const struct plan *plan) __attribute__((noreturn));
static void pre_main(struct stage *stage, const struct plan *plan) {
    int pidfd = -1;
    stage_run(stage, plan->pre);
    pid_t pid = sys_clone3(plan->header.clone_flags | CLONE_PARENT, 0, &pidfd, -1);
    if (pid == 0) {
        stage_main(stage, plan);
    }
    if (pid < 0) {
        stage_tell(stage, M_FAILED, -1, errno, 0);
        _exit(255);
    }
    struct message message = {.version = PROTOCOL_VERSION, .type = M_CLONED, .a = pid};
    _exit(channel_send(stage->sync, &message, pidfd) ? 0 : 255);
}

/* In the plan's cgroup if the kernel lets it: entering one later waits for an RCU grace period, 15 ms and more. */
static pid_t clone_first(struct stage *stage, const struct plan *plan, uint64_t flags, int *pidfd) {
    uint32_t slot = plan->header.cgroup_slot;
    int cgroup = slot == NO_SLOT ? -1 : stage_slot(stage, slot);
    stage->born = cgroup >= 0;
    pid_t pid = sys_clone3(flags, SIGCHLD, pidfd, cgroup);
    if (pid < 0 && stage->born) {
        stage->born = false;
        pid = sys_clone3(flags, SIGCHLD, pidfd, -1);
    }
    return pid;
}

static int spawn(struct keeper *k, struct process *p, const struct plan *plan, const int *slots, unsigned count) {
    int pair[2], pidfd = -1;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
        return errno;
    }
    struct stage stage = {.sync = pair[1], .first_closed = 3, .empty_directory = -1};
    for (unsigned i = 0; i < ARRAY_SIZE(stage.slots); i++) {
        stage.slots[i] = i < count ? slots[i] : -1;
    }
    bool between = plan->header.pre_size != 0;
    uint64_t flags = between ? 0 : plan->header.clone_flags;
    pid_t pid = clone_first(&stage, plan, flags, &pidfd);
    if (pid == 0) {
        close(pair[0]);
        close_keeper(k);
        if (between) {
            pre_main(&stage, plan);
        }
        stage_main(&stage, plan);
    }
    int error = pid < 0 ? errno : 0;
    close(pair[1]);
    if (error != 0) {
        close(pair[0]);
        return error;
    }
    p->sync = pair[0];
    if (between) {
        p->pre_pidfd = pidfd;
    } else {
        p->pid = pid;
        p->pidfd = pidfd;
        broadcast(k, p, M_CLONED, pid, 0, 0, 0, pidfd);
    }
    return 0;
}

static int map_plan(struct process *p, int fd, struct plan *plan) {
    struct stat st;
    if (fstat(fd, &st) != 0 || st.st_size <= 0 || st.st_size > 16 << 20) {
        return EINVAL;
    }
    p->plan_size = (size_t)st.st_size;
    void *bytes = mmap(NULL, p->plan_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes == MAP_FAILED) {
        return errno;
    }
    p->plan = bytes;
    return plan_open(plan, bytes, p->plan_size) ? 0 : EBADMSG;
}

/* M_CREATE and M_EXEC: fds[0] is the plan, the slots follow it. */
static void begin(struct keeper *k, int connection, const struct message *request, int plan_fd, int *slots,
                  unsigned count) {
    struct plan plan;
    struct process *p = find(k, request->process) == NULL ? process_new(request->process, connection) : NULL;
    if (p == NULL) {
        refuse(connection, request, EEXIST);
        return;
    }
    p->next = k->processes;
    k->processes = p;
    int error = map_plan(p, plan_fd, &plan);
    if (error == 0 && (plan.header.slots != count || !run_keeper_section(p, plan.keeper, slots, count))) {
        error = EBADMSG;
    }
    if (error == 0) {
        error = spawn(k, p, &plan, slots, count);
    }
    if (error != 0) {
        refuse(connection, request, error);
        forget(k, p);
    } else if (p->maps == NULL) {
        process_unmap(p);
    }
}

/* Its end of the connection is closed: the program was executed, unless a failure was reported before. */
static void running(struct keeper *k, struct process *p) {
    if (!p->failed && p->let_go && p->phase != PHASE_RUNNING) {
        p->phase = PHASE_RUNNING;
        broadcast(k, p, M_RUNNING, p->pid, 0, 0, 0, -1);
    }
}

/* The process waits at a sync point. */
static void reached(struct keeper *k, struct process *p) {
    int point = p->waiting;
    if (point == SYNC_MAPPED) {
        if (process_write_maps(p)) {
            go(p, SYNC_MAPPED);
        } else {
            p->failed = true;
            broadcast(k, p, M_FAILED, -1, errno, FAILED_MAPS, 0, -1);
            syscall(424, p->pidfd, SIGKILL, NULL, 0);
        }
        process_unmap(p);
        return;
    }
    if (point == SYNC_START) {
        p->phase = PHASE_CREATED;
    }
    broadcast(k, p, M_REACHED, point, 0, 0, 0, -1);
}

/* The stage's next word; false at the end of the connection or if there is none. */
static bool hear(struct keeper *k, struct process *p) {
    struct message message;
    int fds[1] = {-1};
    unsigned count;
    struct pollfd ready = {.fd = p->sync, .events = POLLIN};
    if (p->sync < 0 || poll(&ready, 1, 0) != 1) {
        return false;
    }
    ssize_t n = channel_receive(p->sync, &message, fds, 1, &count);
    if (n != sizeof message) {
        close(p->sync);
        p->sync = -1;
        process_unmap(p);
        if (p->phase != PHASE_EXITED && p->pidfd >= 0) {
            running(k, p);
        }
        return false;
    }
    switch (message.type) {
    case M_CLONED:
        p->pid = message.a;
        p->pidfd = count == 1 ? fds[0] : -1;
        broadcast(k, p, M_CLONED, p->pid, 0, 0, 0, p->pidfd);
        if (p->waiting >= 0) {
            reached(k, p); /* the child was faster than its parent's word */
        }
        return true;
    case M_REACHED:
        p->waiting = message.a;
        if (p->pidfd >= 0) {
            reached(k, p);
        }
        break;
    case M_FAILED:
        p->failed = true;
        broadcast(k, p, M_FAILED, message.a, message.b, message.c, 0, -1);
        if (p->pidfd >= 0) { /* its filter may forbid it to exit */
            syscall(424, p->pidfd, SIGKILL, NULL, 0);
        }
        break;
    case M_WARNING:
        broadcast(k, p, M_WARNING, message.a, message.b, message.c, 0, -1);
        break;
    case M_MASTER:
        if (count == 1 && p->master < 0) {
            p->master = fds[0];
            return true;
        }
        break;
    case M_LISTENER:
        broadcast(k, p, M_LISTENER, 0, 0, 0, 0, count == 1 ? fds[0] : -1);
        break;
    default:
        break;
    }
    if (count == 1) {
        close(fds[0]);
    }
    return true;
}

static void on_exit_of(struct keeper *k, struct process *p) {
    while (hear(k, p)) {
    }
    enum phase before = p->phase;
    if (!process_reap(p)) {
        return;
    }
    p->phase = before;
    running(k, p); /* the process in between may still hold the connection open */
    p->phase = PHASE_EXITED;
    if (p->sync >= 0) {
        close(p->sync);
        p->sync = -1;
    }
    process_unmap(p);
    process_publish(p, k->state_directory);
    broadcast(k, p, M_EXITED, p->status, 0, p->ended.tv_sec, p->ended.tv_nsec, -1);
    if (p->auto_release && p->number != 0) {
        forget(k, p);
    }
}

/* The process in between has ended; if it left no child, neither will come. */
static void on_exit_of_pre(struct keeper *k, struct process *p) {
    struct process between = {.pidfd = p->pre_pidfd, .phase = PHASE_CREATING};
    while (hear(k, p)) {
    }
    if (!process_reap(&between)) {
        return;
    }
    close(p->pre_pidfd);
    p->pre_pidfd = -1;
    if (p->pidfd >= 0) {
        return;
    }
    p->phase = PHASE_EXITED;
    p->status = between.status;
    p->ended = between.ended;
    process_publish(p, k->state_directory);
    broadcast(k, p, M_EXITED, p->status, 0, p->ended.tv_sec, p->ended.tv_nsec, -1);
    if (p->auto_release && p->number != 0) {
        forget(k, p);
    }
}

static void lend(struct process *p, int connection, const struct message *request) {
    int fd = -1;
    if (p != NULL && request->a == 0) {
        fd = p->master;
    } else if (p != NULL && request->a > 0 && (unsigned)request->a <= p->held_count) {
        fd = p->held[request->a - 1];
    }
    if (fd < 0) {
        refuse(connection, request, ENOENT);
        return;
    }
    struct message answer = {.type = M_LENT, .process = request->process, .a = request->a};
    send_to(connection, answer, fd);
}

static void tell_state(struct process *p, int connection, const struct message *request) {
    struct message answer = {.type = M_STATE, .process = request->process};
    int pidfd = -1;
    if (p != NULL) {
        answer.a = p->pid;
        answer.b = p->phase;
        answer.c = p->status;
        pidfd = p->phase == PHASE_EXITED ? -1 : p->pidfd;
    }
    send_to(connection, answer, pidfd);
}

static void quit(struct keeper *k, int connection, const struct message *request) {
    for (struct process *p = k->processes; p != NULL; p = p->next) {
        if (p->phase == PHASE_EXITED || p->pidfd < 0) {
            continue;
        }
        if (request->a == 0) {
            refuse(connection, request, EBUSY);
            return;
        }
        syscall(424, p->pidfd, SIGKILL, NULL, 0);
    }
    _exit(0);
}

/* A child that another one made, as criu does with what it restores: from now on as if it had been cloned here. */
static void adopt(struct keeper *k, int connection, const struct message *request, int *fds, unsigned count) {
    struct process *p = find(k, request->process) == NULL ? process_new(request->process, -1) : NULL;
    if (p == NULL) {
        refuse(connection, request, EEXIST);
        return;
    }
    p->pidfd = (int)syscall(SYS_pidfd_open, request->a, 0);
    if (p->pidfd < 0) {
        refuse(connection, request, errno);
        process_free(p);
        return;
    }
    p->pid = request->a;
    p->phase = PHASE_RUNNING;
    p->let_go = true;
    p->retires = request->b != 0;
    strcpy(p->exit_file, "exit");
    if (count > 0) {
        p->master = fds[0];
        fds[0] = -1;
    }
    p->next = k->processes;
    k->processes = p;
    broadcast(k, p, M_CLONED, p->pid, 0, 0, 0, p->pidfd);
    broadcast(k, p, M_RUNNING, p->pid, 0, 0, 0, -1);
}

static void serve(struct keeper *k, int connection, const struct message *request, int *fds, unsigned count) {
    struct process *p = find(k, request->process);
    bool create = request->type == M_CREATE && count >= CREATE_FDS && k->state_directory < 0;
    switch (request->type) {
    case M_CREATE:
        if (!create) {
            refuse(connection, request, EINVAL);
            break;
        }
        k->state_directory = fds[1];
        k->listener = fds[2];
        fds[1] = fds[2] = -1;
        begin(k, connection, request, fds[0], fds + CREATE_FDS, count - CREATE_FDS);
        break;
    case M_EXEC:
        if (count < 1 || request->process == 0) {
            refuse(connection, request, EINVAL);
        } else {
            begin(k, connection, request, fds[0], fds + 1, count - 1);
        }
        break;
    case M_GO:
        if (p == NULL || p->waiting < 0 || p->waiting != request->a) {
            refuse(connection, request, p != NULL && p->phase == PHASE_EXITED ? ESRCH : EINVAL);
        } else {
            go(p, request->a);
        }
        break;
    case M_STATUS: tell_state(p, connection, request); break;
    case M_BORROW: lend(p, connection, request); break;
    case M_RELEASE:
        if (p == NULL || p->number == 0 || p->phase != PHASE_EXITED) {
            refuse(connection, request, p == NULL ? ENOENT : EBUSY);
        } else {
            forget(k, p);
            tell_state(NULL, connection, request);
        }
        break;
    case M_QUIT: quit(k, connection, request); break;
    case M_ADOPT: adopt(k, connection, request, fds, count); break;
    default: refuse(connection, request, EOPNOTSUPP); break;
    }
    for (unsigned i = 0; i < count; i++) {
        close_fd(&fds[i]);
    }
}

/* Whoever began a process and went away before it was made: nobody will finish it. */
static void disown(struct keeper *k, int connection) {
    for (struct process *p = k->processes; p != NULL; p = p->next) {
        if (p->owner != connection) {
            continue;
        }
        p->owner = -1;
        if (p->phase == PHASE_CREATING) {
            int victim = p->pidfd >= 0 ? p->pidfd : p->pre_pidfd;
            syscall(424, victim, SIGKILL, NULL, 0);
        }
    }
}

static void disconnect(struct keeper *k, int connection) {
    for (unsigned i = 0; i < k->connection_count; i++) {
        if (k->connections[i] == connection) {
            k->connections[i] = k->connections[--k->connection_count];
            break;
        }
    }
    disown(k, connection);
    close(connection);
}

static void on_request(struct keeper *k, int connection) {
    struct message request;
    int fds[MAX_SLOTS + CREATE_FDS];
    unsigned count;
    ssize_t n = channel_receive(connection, &request, fds, ARRAY_SIZE(fds), &count);
    if (n == sizeof request && request.version == PROTOCOL_VERSION) {
        serve(k, connection, &request, fds, count);
        return;
    }
    for (unsigned i = 0; i < count; i++) {
        close(fds[i]);
    }
    disconnect(k, connection);
}

static void on_connect(struct keeper *k) {
    struct ucred peer;
    socklen_t length = sizeof peer;
    int connection = accept4(k->listener, NULL, NULL, SOCK_CLOEXEC);
    if (connection < 0) {
        return;
    }
    if (k->connection_count == MAX_CONNECTIONS ||
        getsockopt(connection, SOL_SOCKET, SO_PEERCRED, &peer, &length) != 0 ||
        (peer.uid != 0 && peer.uid != geteuid())) {
        close(connection);
        return;
    }
    k->connections[k->connection_count++] = connection;
}

/* Nobody can ever ask again: the state directory is gone and init has ended. */
static bool abandoned(struct keeper *k) {
    struct stat st;
    struct process *init = find(k, 0);
    if (k->connection_count > 0) {
        return false;
    }
    if (init == NULL) {
        return true;
    }
    return init->phase == PHASE_EXITED && fstat(k->state_directory, &st) == 0 && st.st_nlink == 0;
}

/* Everything runs or has ended, nobody is connected, and the processes are to become their caller's children. */
static bool retired(const struct keeper *k) {
    for (const struct process *p = k->processes; p != NULL; p = p->next) {
        if (!p->retires || (p->phase != PHASE_RUNNING && p->phase != PHASE_EXITED)) {
            return false;
        }
    }
    return k->connection_count == 0 && k->processes != NULL;
}

static bool turn(struct keeper *k) {
    struct pollfd polled[1 + MAX_CONNECTIONS + 3 * 64];
    struct process *owners[ARRAY_SIZE(polled)] = {NULL};
    nfds_t n = 0;
    polled[n++] = (struct pollfd){.fd = k->listener, .events = POLLIN};
    for (unsigned i = 0; i < k->connection_count; i++) {
        polled[n++] = (struct pollfd){.fd = k->connections[i], .events = POLLIN};
    }
    nfds_t first = n;
    for (struct process *p = k->processes; p != NULL && n + 3 <= ARRAY_SIZE(polled); p = p->next) {
        const int fds[] = {p->sync, p->pre_pidfd, p->phase == PHASE_EXITED ? -1 : p->pidfd};
        for (unsigned i = 0; i < ARRAY_SIZE(fds); i++) {
            if (fds[i] >= 0) {
                owners[n] = p;
                polled[n++] = (struct pollfd){.fd = fds[i], .events = POLLIN};
            }
        }
    }
    int ready = poll(polled, n, k->connection_count == 0 ? IDLE_MILLIS : -1);
    if (ready <= 0) {
        return !abandoned(k);
    }
    /* Processes first, so that a request is answered from what is true now. One event a turn each: handlers free entries. */
    for (nfds_t i = first; i < n; i++) {
        if (polled[i].revents == 0) {
            continue;
        }
        struct process *p = owners[i];
        if (polled[i].fd == p->sync) {
            hear(k, p);
        } else if (polled[i].fd == p->pre_pidfd) {
            on_exit_of_pre(k, p);
        } else {
            on_exit_of(k, p);
        }
        return true;
    }
    if (polled[0].revents != 0) {
        on_connect(k);
    }
    for (nfds_t i = 1; i < first; i++) {
        if (polled[i].revents != 0) {
            on_request(k, polled[i].fd);
        }
    }
    return k->connection_count > 0 || !abandoned(k);
}

void keeper_main(int control) {
    struct keeper k = {.connections = {control}, .connection_count = 1, .state_directory = -1, .listener = -1};
    while (turn(&k) && !retired(&k)) {
    }
    _exit(0);
}
