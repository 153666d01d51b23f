/* The roles. */
#pragma once

/* Forks keepers on request until its socket (descriptor 3) closes. */
int zygote_main(void);

/* Parent of one container's processes; does not return. */
void keeper_main(int control) __attribute__((noreturn));

/* PID 1 of a container: runs a program, forwards signals, reaps, ends as it ended. */
int init_main(int argc, char **argv);
