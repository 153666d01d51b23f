/* Reads plans. Nothing here makes a system call; the fuzzer feeds it whatever it likes. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "protocol.h"

struct arg {
    uint64_t number;    /* i, l; for L the count */
    const char *string; /* s, b: the bytes; L: the first string's header */
    uint32_t length;    /* s, b */
};

struct op {
    uint16_t code;
    uint16_t flags;
    uint32_t index; /* place in the whole plan, counted over all sections */
    unsigned count;
    struct arg args[MAX_ARGS];
};

struct cursor {
    const uint8_t *at, *end;
    uint32_t index;
};

struct plan {
    struct plan_header header;
    struct cursor keeper, pre, stage;
};

/* Checks a whole plan, every operation of it. False if anything is out of place. */
bool plan_open(struct plan *plan, const void *bytes, size_t size);

/* The next operation: 1, at the end 0, malformed -1. */
int plan_next(struct cursor *cursor, struct op *op);

/* The i-th string of an L argument; the plan has been checked. */
const char *plan_item(const struct arg *list, uint64_t i);
