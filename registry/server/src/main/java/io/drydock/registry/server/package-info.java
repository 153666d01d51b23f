@NullMarked
package io.drydock.registry.server;

import org.jspecify.annotations.NullMarked;
