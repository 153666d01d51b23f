/* The fuzz target without libFuzzer: inputs out of the corpus, changed at random from a fixed seed, under gcc's sanitizers. Part of
 * every run, because clang is 200 MB to install for it; `make fuzz` searches with libFuzzer where clang is, and what it finds is
 * kept in the corpus. */
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_INPUTS 512
#define MAX_SIZE 4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct {
    uint8_t bytes[MAX_SIZE];
    size_t size;
} inputs[MAX_INPUTS];
static unsigned input_count;

static uint64_t state = 0x9e3779b97f4a7c15;

static uint32_t below(uint32_t limit) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32) % limit;
}

static int by_name(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void read_corpus(const char *directory) {
    struct dirent **names;
    int n = scandir(directory, &names, NULL, by_name);
    for (int i = 0; i < n; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", directory, names[i]->d_name);
        int fd = names[i]->d_name[0] == '.' ? -1 : open(path, O_RDONLY);
        if (fd >= 0 && input_count < MAX_INPUTS) {
            ssize_t size = read(fd, inputs[input_count].bytes, MAX_SIZE);
            inputs[input_count].size = size < 0 ? 0 : (size_t)size;
            input_count++;
        }
        if (fd >= 0) {
            close(fd);
        }
        free(names[i]);
    }
    if (n >= 0) {
        free(names);
    }
}

/* Numbers at which lengths and counts go wrong. */
static const uint32_t edges[] = {0, 1, 3, 4, 8, 32, 64, 0x7fffffff, 0x80000000, 0xfffffff8, 0xfffffffc, 0xffffffff};

static size_t change(uint8_t *bytes, size_t size) {
    uint32_t at = size == 0 ? 0 : below((uint32_t)size);
    switch (below(6)) {
    case 0: /* a bit */
        if (size > 0) {
            bytes[at] ^= (uint8_t)(1 << below(8));
        }
        return size;
    case 1: /* a word */
        if (size >= 4) {
            memcpy(bytes + (at & ~3u) % (size - 3), &edges[below(sizeof edges / sizeof *edges)], 4);
        }
        return size;
    case 2: /* cut */
        return at;
    case 3: /* an operation's code */
        if (size >= 8) {
            bytes[(at & ~7u) % (size - 7)] = (uint8_t)below(64);
        }
        return size;
    case 4: { /* something of another input put there */
        unsigned other = below(input_count);
        size_t length = inputs[other].size == 0 ? 0 : below((uint32_t)inputs[other].size);
        length = length > MAX_SIZE - at ? MAX_SIZE - at : length;
        memcpy(bytes + at, inputs[other].bytes, length);
        return at + length > size ? at + length : size;
    }
    default: /* eight bytes in */
        if (size + 8 <= MAX_SIZE) {
            memmove(bytes + at + 8, bytes + at, size - at);
            memset(bytes + at, (int)below(256), 8);
            return size + 8;
        }
        return size;
    }
}

int main(int argc, char **argv) {
    long rounds = argc == 3 ? atol(argv[2]) : 0;
    if (argc == 3) {
        read_corpus(argv[1]);
    }
    if (rounds <= 0 || input_count == 0) {
        fprintf(stderr, "usage: plan_mutate CORPUS ROUNDS\n");
        return 2;
    }
    for (unsigned i = 0; i < input_count; i++) {
        LLVMFuzzerTestOneInput(inputs[i].bytes, inputs[i].size);
    }
    for (long round = 0; round < rounds; round++) {
        uint8_t bytes[MAX_SIZE];
        unsigned input = below(input_count);
        size_t size = inputs[input].size;
        memcpy(bytes, inputs[input].bytes, size);
        for (uint32_t changes = 1 + below(4); changes > 0; changes--) {
            size = change(bytes, size);
        }
        uint8_t *exact = malloc(size == 0 ? 1 : size); /* so that the sanitizer sees one byte too many */
        if (exact == NULL) {
            return 1;
        }
        memcpy(exact, bytes, size);
        LLVMFuzzerTestOneInput(exact, size);
        free(exact);
    }
    printf("plan_mutate: %u inputs, %ld changed ones\n", input_count, rounds);
    return 0;
}
