@NullMarked
package io.drydock.runc.cgroups;

import org.jspecify.annotations.NullMarked;
