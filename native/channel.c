#include "channel.h"
#include <string.h>
#include <sys/socket.h>

bool channel_send(int socket, const struct message *message, int fd) {
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {0};
    struct iovec vector = {(void *)(uintptr_t)message, sizeof *message};
    struct msghdr packet = {.msg_iov = &vector, .msg_iovlen = 1};
    if (fd >= 0) {
        packet.msg_control = &control;
        packet.msg_controllen = sizeof control.bytes;
        control.header.cmsg_level = SOL_SOCKET;
        control.header.cmsg_type = SCM_RIGHTS;
        control.header.cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(&control.header), &fd, sizeof fd);
    }
    ssize_t n;
    do {
        n = sendmsg(socket, &packet, MSG_NOSIGNAL | MSG_DONTWAIT);
    } while (n < 0 && errno == EINTR);
    return n == (ssize_t)sizeof *message;
}

ssize_t channel_receive(int socket, struct message *message, int *fds, unsigned max, unsigned *count) {
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int) * 253)];
    } control;
    struct iovec vector = {message, sizeof *message};
    struct msghdr packet = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control};
    packet.msg_controllen = sizeof control.bytes;
    *count = 0;
    ssize_t n;
    do {
        n = recvmsg(socket, &packet, MSG_CMSG_CLOEXEC);
    } while (n < 0 && errno == EINTR);
    if (n < 0) {
        return n;
    }
    for (struct cmsghdr *c = CMSG_FIRSTHDR(&packet); c != NULL; c = CMSG_NXTHDR(&packet, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS) {
            continue;
        }
        size_t bytes = c->cmsg_len - CMSG_LEN(0);
        for (size_t at = 0; at + sizeof(int) <= bytes; at += sizeof(int)) {
            int fd;
            memcpy(&fd, CMSG_DATA(c) + at, sizeof fd);
            if (*count < max) {
                fds[(*count)++] = fd;
            } else {
                close(fd);
            }
        }
    }
    return n;
}
