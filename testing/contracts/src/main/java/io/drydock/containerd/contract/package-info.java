/**
 * What every content store and every snapshotter does, as suites of tests: each implementation runs them, and a client runs
 * them over gRPC.
 */
@NullMarked
package io.drydock.containerd.contract;

import org.jspecify.annotations.NullMarked;
