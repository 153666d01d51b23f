/* Stands in for `criu swrk FD`: keeps each request as a file of $FAKE_CRIU_DIR and answers as criu does. What it "restores" is a
 * process that sleeps. With $FAKE_CRIU_FAIL every dump and restore fails. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { DUMP = 1, RESTORE = 2, PRE_DUMP = 4, NOTIFY = 6, FEATURES = 9, VERSION = 10 };

static void keep(const unsigned char *request, ssize_t length) {
    for (int n = 0; n < 100; n++) {
        char path[512];
        snprintf(path, sizeof path, "%s/request-%d", getenv("FAKE_CRIU_DIR"), n);
        int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
        if (fd >= 0) {
            bool written = write(fd, request, (size_t)length) == length;
            close(fd);
            if (!written) {
                exit(3);
            }
            return;
        }
    }
    exit(3);
}

static void answer(int socket, const void *bytes, size_t length) {
    if (send(socket, bytes, length, MSG_NOSIGNAL) != (ssize_t)length) {
        exit(4);
    }
}

/* Tells what happens and waits for the word that it may go on. */
static void notify(int socket, const char *script, unsigned pid) {
    unsigned char message[64] = {0x08, NOTIFY, 0x10, 1, 0x2a}, reply[64];
    size_t length = strlen(script), at = 6;
    message[at++] = 0x0a;
    message[at++] = (unsigned char)length;
    memcpy(message + at, script, length);
    at += length;
    message[at++] = 0x10;
    for (; pid > 0x7f; pid >>= 7) {
        message[at++] = (unsigned char)(pid | 0x80);
    }
    message[at++] = (unsigned char)pid;
    message[5] = (unsigned char)(at - 6);
    answer(socket, message, at);
    static const unsigned char done[] = {0x08, NOTIFY, 0x18, 1};
    if (recv(socket, reply, sizeof reply, 0) != sizeof done || memcmp(reply, done, sizeof done) != 0) {
        exit(5);
    }
}

static pid_t restored(int socket) {
    pid_t pid = (pid_t)syscall(SYS_clone, CLONE_PARENT, 0, 0, 0, 0);
    if (pid == 0) {
        close(socket);
        execl("/bin/busybox", "sleep", "1000", NULL);
        _exit(127);
    }
    return pid;
}

static bool fails(int socket, int type) {
    if (getenv("FAKE_CRIU_FAIL") == NULL) {
        return false;
    }
    const unsigned char failure[] = {0x08, (unsigned char)type, 0x10, 0, 0x38, 5};
    answer(socket, failure, sizeof failure);
    return true;
}

int main(int count, char **arguments) {
    unsigned char request[65536];
    if (count != 3 || strcmp(arguments[1], "swrk") != 0) {
        return 2;
    }
    int socket = atoi(arguments[2]);
    ssize_t length = recv(socket, request, sizeof request, 0);
    if (length < 2 || request[0] != 0x08) {
        return 2;
    }
    keep(request, length);
    int type = request[1];
    const unsigned char success[] = {0x08, (unsigned char)type, 0x10, 1};
    switch (type) {
    case VERSION: answer(socket, "\x08\x0a\x10\x01\x52\x04\x08\x04\x10\x02", 10); return 0;
    case FEATURES: answer(socket, "\x08\x09\x10\x01\x42\x04\x08\x01\x10\x01", 10); return 0;
    case PRE_DUMP:
        answer(socket, success, sizeof success);
        return recv(socket, request, sizeof request, 0) == 0 ? 1 : 0;
    case DUMP:
        if (!fails(socket, type)) {
            notify(socket, "status-ready", 0);
            notify(socket, "post-dump", 0);
            answer(socket, success, sizeof success);
        }
        return 0;
    case RESTORE:
        if (!fails(socket, type)) {
            pid_t pid = restored(socket);
            notify(socket, "setup-namespaces", (unsigned)pid);
            notify(socket, "post-restore", (unsigned)pid);
            answer(socket, success, sizeof success);
        }
        return 0;
    default: return 2;
    }
}
