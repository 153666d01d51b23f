/* libFuzzer over the plan parser: whatever it accepts can be walked and its lists read. */
#include "plan.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(struct cursor section) {
    struct op op;
    int r;
    while ((r = plan_next(&section, &op)) == 1) {
        const char *kinds = NULL;
        switch (op.code) {
#define X(number, name, signature)                                                                                     \
    case number:                                                                                                       \
        kinds = signature;                                                                                             \
        break;
            OPERATIONS(X)
#undef X
        default:
            abort();
        }
        for (unsigned i = 0; i < op.count; i++) {
            if (kinds[i] == 'L' && op.args[i].number > 0) {
                (void)strlen(plan_item(&op.args[i], op.args[i].number - 1));
            }
        }
    }
    if (r != 0) {
        abort(); /* it had been checked */
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct plan plan;
    if (plan_open(&plan, data, size)) {
        walk(plan.keeper);
        walk(plan.pre);
        walk(plan.stage);
    }
    return 0;
}
