@NullMarked
package io.drydock.runc.runtime;

import org.jspecify.annotations.NullMarked;
