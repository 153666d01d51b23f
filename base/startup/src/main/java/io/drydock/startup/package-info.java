@NullMarked
package io.drydock.startup;

import org.jspecify.annotations.NullMarked;
