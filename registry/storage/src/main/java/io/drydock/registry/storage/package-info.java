@NullMarked
package io.drydock.registry.storage;

import org.jspecify.annotations.NullMarked;
