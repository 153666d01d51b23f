/* What a keeper knows of a process: the container's init or an exec. */
#pragma once
#include <time.h>
#include "plan.h"
#include "sys.h"

#define MAX_HELD 8

struct process {
    struct process *next;
    uint32_t number;
    enum phase phase;
    int waiting;       /* the sync point where it waits, or -1 */
    bool let_go;       /* it was told to go on at SYNC_START, or it is an exec */
    bool failed;       /* it has reported why it ends */
    bool auto_release; /* forget it when it has ended */
    bool retires;      /* its caller is to be its parent: leave its end to be reaped, and end this keeper */
    int owner;         /* connection that asked for it, or -1 */
    pid_t pid;
    int pidfd;
    int pre_pidfd; /* the process in between, while it lives */
    int sync;      /* to the stage, until it executes the program */
    int master;
    int held[MAX_HELD];
    unsigned held_count;
    int status; /* wait status */
    struct timespec ended;
    char exit_file[32];
    void *plan; /* mapped while the stage may need the id maps */
    size_t plan_size;
    const struct arg *maps; /* of ID_MAPS: uid, gid, deny setgroups */
    struct arg map_args[3];
    bool has_tools;
    struct arg map_tools[2]; /* of ID_TOOLS */
};

struct process *process_new(uint32_t number, int owner);
void process_free(struct process *process);

/* Lets go of the mapped plan. */
void process_unmap(struct process *process);

/* Writes the user namespace's maps. */
bool process_write_maps(const struct process *process);

/* Reaps it if it has ended: true once. */
bool process_reap(struct process *process);

/* Publishes the exit status in the state directory: written beside and renamed. */
void process_publish(const struct process *process, int state_directory);
