/** Compiles a spec's seccomp section into a filter for {@code seccomp(2)}. */
@NullMarked
package io.drydock.runc.runtime.seccomp;

import org.jspecify.annotations.NullMarked;
