/** What a container's processes have to do, as a list that can be read, and its encoding for the keeper. */
@NullMarked
package io.drydock.runc.runtime.plan;

import org.jspecify.annotations.NullMarked;
