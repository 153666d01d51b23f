/** Who holds what for how long: locks that can be asked, so that what hangs can be named. */
@NullMarked
package io.drydock.docker.engine.container.watch;

import org.jspecify.annotations.NullMarked;
