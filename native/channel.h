/* Packets with descriptors. */
#pragma once
#include "protocol.h"
#include "sys.h"

/* Sends one packet and at most one descriptor (-1: none). Never blocks, never raises SIGPIPE. */
bool channel_send(int socket, const struct message *message, int fd);

/* Receives one packet. Returns its bytes (0: the other side is gone, -1: error); fills fds and their count, all close-on-exec. */
ssize_t channel_receive(int socket, struct message *message, int *fds, unsigned max, unsigned *count);
