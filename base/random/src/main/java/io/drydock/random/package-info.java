/** Random numbers for programs that must start fast. */
@NullMarked
package io.drydock.random;

import org.jspecify.annotations.NullMarked;
