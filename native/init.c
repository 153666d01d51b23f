#include "keeper.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static const char version[] = "tini version 0.19.0\n";

static void say(const char *text) {
    ssize_t ignored = write(2, text, strlen(text));
    (void)ignored;
}

static void run(char **arguments, const sigset_t *mask) __attribute__((noreturn));
static void run(char **arguments, const sigset_t *mask) {
    setpgid(0, 0);
    /* To become the terminal's foreground group from the background, SIGTTOU must not stop us. */
    signal(SIGTTOU, SIG_IGN);
    tcsetpgrp(0, getpgrp());
    signal(SIGTTOU, SIG_DFL);
    sigprocmask(SIG_SETMASK, mask, NULL);
    execvp(arguments[0], arguments);
    int status = errno == ENOENT ? 127 : 126;
    say("[FATAL tini] exec ");
    say(arguments[0]);
    say(" failed: ");
    say(strerror(errno));
    say("\n");
    _exit(status);
}

/* Reaps everything; answers whether the program itself has ended, and how. */
static int reap(pid_t program, int *status) {
    int ended = 0, word;
    pid_t pid;
    while ((pid = waitpid(-1, &word, WNOHANG)) > 0) {
        if (pid == program) {
            ended = 1;
            *status = WIFSIGNALED(word) ? 128 + WTERMSIG(word) : WEXITSTATUS(word);
        }
    }
    return ended;
}

int init_main(int argc, char **argv) {
    int at = 1, group = 0, death_signal = 0;
    for (; at < argc && argv[at][0] == '-'; at++) {
        if (strcmp(argv[at], "--") == 0) {
            at++;
            break;
        }
        if (strcmp(argv[at], "--version") == 0) {
            ssize_t ignored = write(1, version, sizeof version - 1);
            (void)ignored;
            return 0;
        }
        if (strcmp(argv[at], "-g") == 0) {
            group = 1;
        } else if (strcmp(argv[at], "-s") == 0) {
            prctl(PR_SET_CHILD_SUBREAPER, 1);
        } else if (strcmp(argv[at], "-p") == 0 && at + 1 < argc) {
            death_signal = strcmp(argv[++at], "SIGKILL") == 0 ? SIGKILL : SIGTERM;
        } else if (argv[at][1] != 'v' && argv[at][1] != 'w') {
            say("usage: docker-init [-g] [-s] [-v] [-w] [-p SIGNAL] -- PROGRAM [ARGUMENTS]\n");
            return 1;
        }
    }
    if (at >= argc) {
        say("docker-init: no program given\n");
        return 1;
    }
    if (death_signal != 0) {
        prctl(PR_SET_PDEATHSIG, death_signal);
    }
    sigset_t all, before;
    sigfillset(&all);
    const int faults[] = {SIGFPE, SIGILL, SIGSEGV, SIGBUS, SIGABRT, SIGTRAP, SIGSYS, SIGTTIN, SIGTTOU};
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        sigdelset(&all, faults[i]);
    }
    sigprocmask(SIG_SETMASK, &all, &before);
    signal(SIGTTIN, SIG_IGN);
    signal(SIGTTOU, SIG_IGN);
    pid_t program = fork();
    if (program < 0) {
        say("docker-init: fork failed\n");
        return 1;
    }
    if (program == 0) {
        signal(SIGTTIN, SIG_DFL);
        run(argv + at, &before);
    }
    for (;;) {
        siginfo_t info;
        int status = 0;
        if (sigwaitinfo(&all, &info) < 0) {
            continue;
        }
        if (info.si_signo != SIGCHLD) {
            kill(group ? -program : program, info.si_signo);
        } else if (reap(program, &status)) {
            return status;
        }
    }
}
