/** The shim's log: one line of key=value pairs per event on standard error, which is containerd's log FIFO. */
@NullMarked
package io.drydock.containerd.shim.log;

import org.jspecify.annotations.NullMarked;
