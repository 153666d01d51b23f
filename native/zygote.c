#include "channel.h"
#include "keeper.h"
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>

static void reset_signals(void) {
    sigset_t none;
    for (int signal_number = 1; signal_number < NSIG; signal_number++) {
        struct sigaction action = {.sa_handler = SIG_DFL};
        sigaction(signal_number, &action, NULL); /* fails for KILL and STOP, as it should */
    }
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

int zygote_main(void) {
    const int control = 3;
    reset_signals();
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int fd = 0; fd < 3; fd++) {
        if (null < 0 || dup2(null, fd) < 0) {
            return 1;
        }
    }
    fcntl(0, F_SETFD, 0); /* where null itself got number 0 */
    fcntl(control, F_SETFD, FD_CLOEXEC);
    sys_close_range(4, 0); /* null, and the memfd this program was started from */
    if (chdir("/") != 0) {
        return 1;
    }
    setsid();
    umask(0);
    prctl(PR_SET_NAME, "drydock-zygote");
    struct sigaction reap = {.sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT};
    sigaction(SIGCHLD, &reap, NULL);
    struct message message;
    int fds[4];
    unsigned count;
    while (channel_receive(control, &message, fds, ARRAY_SIZE(fds), &count) > 0) {
        if (message.version == PROTOCOL_VERSION && message.type == M_FORK && count == 1) {
            pid_t pid = fork();
            if (pid == 0) {
                close(control);
                reset_signals();
                prctl(PR_SET_NAME, "drydock-keeper");
                setsid();
                keeper_main(fds[0]);
            }
        }
        /* A failed fork shows as the end of the connection. */
        for (unsigned i = 0; i < count; i++) {
            close(fds[i]);
        }
    }
    return 0;
}
