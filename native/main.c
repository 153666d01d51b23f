#include "keeper.h"
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv) {
    const char *slash = argc > 0 ? strrchr(argv[0], '/') : NULL;
    const char *name = slash != NULL ? slash + 1 : argc > 0 ? argv[0] : "";
    if (strcmp(name, "docker-init") == 0 || strcmp(name, "tini") == 0) {
        return init_main(argc, argv);
    }
    if (argc == 2 && strcmp(argv[1], "zygote") == 0) {
        return zygote_main();
    }
    if (argc == 2 && strcmp(argv[1], "placeholder") == 0) {
        char byte;
        return read(0, &byte, 1) < 0; /* until whoever started it closes the other end, or is gone */
    }
    static const char usage[] = "this program is started by containerd-shim-runc-v2 and runc\n";
    ssize_t ignored = write(2, usage, sizeof usage - 1);
    (void)ignored;
    return 2;
}
