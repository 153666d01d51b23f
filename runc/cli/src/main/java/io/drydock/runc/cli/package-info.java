@NullMarked
package io.drydock.runc.cli;

import org.jspecify.annotations.NullMarked;
