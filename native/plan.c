#include "plan.h"
#include <string.h>

static const char *signature(uint16_t code) {
    switch (code) {
#define X(number, name, signature)                                                                                     \
    case number:                                                                                                       \
        return signature;
        OPERATIONS(X)
#undef X
    default:
        return NULL;
    }
}

static bool take_u32(const uint8_t **at, const uint8_t *end, uint32_t *value) {
    if (end - *at < 4) {
        return false;
    }
    memcpy(value, *at, 4);
    *at += 4;
    return true;
}

/* A length, that many bytes, a NUL, padding to four. */
static bool take_bytes(const uint8_t **at, const uint8_t *end, struct arg *arg, bool text) {
    uint32_t length;
    if (!take_u32(at, end, &length) || length > 0x7ffffff0u) {
        return false;
    }
    size_t padded = ((size_t)length + 4) & ~(size_t)3;
    if ((size_t)(end - *at) < padded || (*at)[length] != 0) {
        return false;
    }
    if (text && memchr(*at, 0, length) != NULL) {
        return false;
    }
    arg->string = (const char *)*at;
    arg->length = length;
    *at += padded;
    return true;
}

static bool take_list(const uint8_t **at, const uint8_t *end, struct arg *arg) {
    uint32_t count;
    if (!take_u32(at, end, &count)) {
        return false;
    }
    arg->number = count;
    arg->string = (const char *)*at;
    for (uint32_t i = 0; i < count; i++) {
        struct arg item;
        if (!take_bytes(at, end, &item, true)) {
            return false;
        }
    }
    return true;
}

static bool take_arg(char kind, const uint8_t **at, const uint8_t *end, struct arg *arg) {
    uint32_t word;
    switch (kind) {
    case 'i':
        if (!take_u32(at, end, &word)) {
            return false;
        }
        arg->number = word;
        return true;
    case 'l':
        if (end - *at < 8) {
            return false;
        }
        memcpy(&arg->number, *at, 8);
        *at += 8;
        return true;
    case 's':
        return take_bytes(at, end, arg, true);
    case 'b':
        return take_bytes(at, end, arg, false);
    case 'L':
        return take_list(at, end, arg);
    default:
        return false;
    }
}

int plan_next(struct cursor *cursor, struct op *op) {
    struct op_header header;
    if (cursor->at == cursor->end) {
        return 0;
    }
    if ((size_t)(cursor->end - cursor->at) < sizeof header) {
        return -1;
    }
    memcpy(&header, cursor->at, sizeof header);
    const uint8_t *at = cursor->at + sizeof header;
    if (header.size > (size_t)(cursor->end - at)) {
        return -1;
    }
    const uint8_t *end = at + header.size;
    const char *kinds = signature(header.code);
    if (kinds == NULL) {
        return -1;
    }
    memset(op, 0, sizeof *op);
    op->code = header.code;
    op->flags = header.flags;
    op->index = cursor->index++;
    for (; *kinds != 0; kinds++) {
        if (!take_arg(*kinds, &at, end, &op->args[op->count++])) {
            return -1;
        }
    }
    if (at != end) {
        return -1;
    }
    cursor->at = end;
    return 1;
}

static bool check(struct cursor cursor, uint32_t *index) {
    struct op op;
    int r;
    while ((r = plan_next(&cursor, &op)) == 1) {
    }
    *index = cursor.index;
    return r == 0;
}

bool plan_open(struct plan *plan, const void *bytes, size_t size) {
    memset(plan, 0, sizeof *plan);
    if (size < sizeof plan->header) {
        return false;
    }
    memcpy(&plan->header, bytes, sizeof plan->header);
    struct plan_header *h = &plan->header;
    if (h->magic != PLAN_MAGIC || h->version != PROTOCOL_VERSION || h->slots > MAX_SLOTS) {
        return false;
    }
    if ((uint64_t)sizeof *h + h->keeper_size + h->pre_size + h->stage_size != size) {
        return false;
    }
    const uint8_t *at = (const uint8_t *)bytes + sizeof *h;
    uint32_t index = 0;
    plan->keeper = (struct cursor){at, at + h->keeper_size, index};
    if (!check(plan->keeper, &index)) {
        return false;
    }
    at += h->keeper_size;
    plan->pre = (struct cursor){at, at + h->pre_size, index};
    if (!check(plan->pre, &index)) {
        return false;
    }
    at += h->pre_size;
    plan->stage = (struct cursor){at, at + h->stage_size, index};
    return check(plan->stage, &index);
}

const char *plan_item(const struct arg *list, uint64_t i) {
    const char *at = list->string;
    for (;; i--) {
        uint32_t length;
        memcpy(&length, at, 4);
        if (i == 0) {
            return at + 4;
        }
        at += 4 + (((size_t)length + 4) & ~(size_t)3);
    }
}
