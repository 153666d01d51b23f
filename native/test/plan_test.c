/* The plan parser: accepts what Java writes, refuses everything that is cut, too long or unknown. */
#include "plan.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint8_t buffer[4096];
static size_t used;

static void u32(uint32_t value) {
    memcpy(buffer + used, &value, 4);
    used += 4;
}

static void text(const char *s) {
    size_t length = strlen(s);
    u32((uint32_t)length);
    memcpy(buffer + used, s, length);
    memset(buffer + used + length, 0, 4);
    used += (length + 4) & ~(size_t)3;
}

static void begin(void) {
    memset(buffer, 0, sizeof buffer);
    used = sizeof(struct plan_header);
}

static size_t op_at;

static void op(uint16_t code, uint16_t flags) {
    op_at = used;
    memcpy(buffer + used, &code, 2);
    memcpy(buffer + used + 2, &flags, 2);
    used += sizeof(struct op_header);
}

static void op_end(void) {
    uint32_t size = (uint32_t)(used - op_at - sizeof(struct op_header));
    memcpy(buffer + op_at + 4, &size, 4);
}

static struct plan_header *header(void) {
    return (struct plan_header *)(void *)buffer;
}

static void finish(size_t keeper, size_t pre) {
    *header() = (struct plan_header){.magic = PLAN_MAGIC, .version = PROTOCOL_VERSION, .cgroup_slot = NO_SLOT};
    header()->keeper_size = (uint32_t)keeper;
    header()->pre_size = (uint32_t)pre;
    header()->stage_size = (uint32_t)(used - sizeof(struct plan_header) - keeper - pre);
}

/* A copy of exactly that size, so that the sanitizer sees one byte too many. */
static bool opens(size_t size) {
    struct plan plan;
    uint8_t *copy = malloc(size == 0 ? 1 : size);
    assert(copy != NULL);
    memcpy(copy, buffer, size);
    bool ok = plan_open(&plan, copy, size);
    free(copy);
    return ok;
}

static void sample(void) {
    begin();
    op(OP_EXIT_FILE, 0);
    text("exit");
    op_end();
    size_t keeper = used - sizeof(struct plan_header);
    op(OP_LOOKUP, 0);
    u32(3);
    text("a");
    text("");
    text("/bin/true");
    op_end();
    op(OP_RLIMIT, OPF_OPTIONAL);
    u32(7);
    for (int i = 0; i < 4; i++) {
        u32((uint32_t)i);
    }
    op_end();
    finish(keeper, 0);
}

static void reads_what_was_written(void) {
    struct plan plan;
    struct op got;
    sample();
    assert(plan_open(&plan, buffer, used));
    assert(plan_next(&plan.keeper, &got) == 1 && got.code == OP_EXIT_FILE && got.index == 0);
    assert(strcmp(got.args[0].string, "exit") == 0);
    assert(plan_next(&plan.keeper, &got) == 0);
    assert(plan_next(&plan.pre, &got) == 0);
    assert(plan_next(&plan.stage, &got) == 1 && got.code == OP_LOOKUP && got.index == 1);
    assert(got.args[0].number == 3);
    assert(strcmp(plan_item(&got.args[0], 0), "a") == 0);
    assert(strcmp(plan_item(&got.args[0], 1), "") == 0);
    assert(strcmp(plan_item(&got.args[0], 2), "/bin/true") == 0);
    assert(plan_next(&plan.stage, &got) == 1 && got.code == OP_RLIMIT && got.flags == OPF_OPTIONAL && got.index == 2);
    assert(got.args[1].number == 0x100000000ull && got.args[2].number == 0x300000002ull);
    assert(plan_next(&plan.stage, &got) == 0);
}

static void refuses_every_prefix(void) {
    sample();
    for (size_t size = 0; size < used; size++) {
        assert(!opens(size));
    }
    assert(opens(used));
}

static void survives_every_changed_byte(void) {
    sample();
    for (size_t i = 0; i < used; i++) {
        uint8_t before = buffer[i];
        const uint8_t values[] = {0, 1, 0x7f, 0x80, 0xff};
        for (size_t v = 0; v < sizeof values; v++) {
            buffer[i] = values[v];
            (void)opens(used);
        }
        buffer[i] = before;
    }
}

static void refuses_what_does_not_fit(void) {
    sample();
    header()->magic = 0;
    assert(!opens(used));
    sample();
    header()->version = PROTOCOL_VERSION + 1;
    assert(!opens(used));
    sample();
    header()->slots = MAX_SLOTS + 1;
    assert(!opens(used));
    begin();
    op(9999, 0);
    op_end();
    finish(0, 0);
    assert(!opens(used));
    begin();
    op(OP_HOSTNAME, 0);
    text("x");
    u32(1); /* one argument too many */
    op_end();
    finish(0, 0);
    assert(!opens(used));
    begin();
    op(OP_HOSTNAME, 0);
    u32(3);
    memcpy(buffer + used, "a\0b", 4); /* NUL inside a string */
    used += 4;
    op_end();
    finish(0, 0);
    assert(!opens(used));
    begin();
    op(OP_LOOKUP, 0);
    u32(0xffffffffu);
    op_end();
    finish(0, 0);
    assert(!opens(used));
}

static void writes_corpus(const char *path) {
    sample();
    FILE *file = fopen(path, "wb");
    assert(file != NULL && fwrite(buffer, 1, used, file) == used && fclose(file) == 0);
}

int main(int argc, char **argv) {
    if (argc == 2) {
        writes_corpus(argv[1]);
        return 0;
    }
    reads_what_was_written();
    refuses_every_prefix();
    survives_every_changed_byte();
    refuses_what_does_not_fit();
    puts("plan: ok");
    return 0;
}
