/** {@code config.toml}: a reader of the parts of TOML that it uses, and what this containerd takes from it. */
@NullMarked
package io.drydock.containerd.server.config;

import org.jspecify.annotations.NullMarked;
