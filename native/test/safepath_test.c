/* Paths inside a root: links lead where they say, but never out; missing directories are made inside. */
#include "safepath.h"
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static int root, outside;

static void link_to(const char *target, const char *name) {
    assert(symlinkat(target, root, name) == 0);
}

static bool exists(int dir, const char *name) {
    struct stat st;
    return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool same(int fd, int dir, const char *name) {
    struct stat a, b;
    return fstat(fd, &a) == 0 && fstatat(dir, name, &b, 0) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static void makes_parents(void) {
    autofd made = safe_mkdirs(root, "/a/b//c/", 0755, 0);
    assert(made >= 0 && same(made, root, "a/b/c"));
    autofd again = safe_mkdirs(root, "a/b/c", 0755, 0);
    assert(again >= 0 && same(again, root, "a/b/c"));
    autofd file = safe_touch(root, "/x/y/file", 0644, 0);
    assert(file >= 0 && same(file, root, "x/y/file"));
}

static void links_stay_inside(void) {
    link_to("/etc", "abs");
    link_to("../../../../..", "up");
    assert(mkdirat(root, "etc", 0755) == 0);
    autofd through = safe_mkdirs(root, "abs/new", 0755, 0);
    assert(through >= 0 && same(through, root, "etc/new") && !exists(AT_FDCWD, "/etc/new"));
    autofd up = safe_mkdirs(root, "up/top", 0755, 0);
    assert(up >= 0 && same(up, root, "top") && !exists(outside, "top"));
    autofd strict = safe_mkdirs(root, "abs/strict", 0755, RESOLVE_NO_SYMLINKS_);
    assert(strict < 0 && !exists(root, "etc/strict"));
}

static void dangling_links_are_filled_inside(void) {
    link_to("/run/deep", "dangling");
    autofd made = safe_mkdirs(root, "dangling/more", 0755, 0);
    assert(made >= 0 && same(made, root, "run/deep/more"));
    link_to("loop2", "loop1");
    link_to("loop1", "loop2");
    autofd loop = safe_mkdirs(root, "loop1/x", 0755, 0);
    assert(loop < 0);
}

static void magic_links_are_refused(void) {
    link_to("/proc/self/cwd", "magic");
    autofd fd = safe_open(root, "magic", O_PATH, 0);
    assert(fd < 0);
}

static void bad_names_are_refused(void) {
    char buffer[4096];
    const char *name;
    assert(safe_parent(root, "/", buffer, &name) < 0);
    assert(safe_parent(root, "a/..", buffer, &name) < 0);
    assert(safe_parent(root, "", buffer, &name) < 0);
    autofd parent = safe_parent(root, "a/b/last/", buffer, &name);
    assert(parent >= 0 && strcmp(name, "last") == 0 && same(parent, root, "a/b"));
}

int main(void) {
    char template[] = "/tmp/safepath-XXXXXX", path[64], command[128];
    assert(mkdtemp(template) != NULL);
    outside = open(template, O_PATH | O_DIRECTORY | O_CLOEXEC);
    snprintf(path, sizeof path, "%s/root", template);
    assert(mkdir(path, 0755) == 0);
    root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    makes_parents();
    links_stay_inside();
    dangling_links_are_filled_inside();
    magic_links_are_refused();
    bad_names_are_refused();
    snprintf(command, sizeof command, "rm -rf %s", template);
    assert(system(command) == 0);
    puts("safepath: ok");
    return 0;
}
