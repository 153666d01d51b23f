/** Containers of any other OCI runtime, run as the program that it is: runc, crun and those with their command line. */
@NullMarked
package io.drydock.containerd.shim.program;

import org.jspecify.annotations.NullMarked;
