/* Copies what a directory holds. */
#pragma once

/* Everything below one directory into another, with owners, modes and times; symbolic links and devices as what they are.
 * 0, or -1 with errno. */
int copy_tree(int from, int to);
