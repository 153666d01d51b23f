/**
 * The standard streams of containers and execs: FIFOs that the container writes into, and the copying of their bytes to the
 * log and to attached clients.
 *
 * <pre>
 *   &lt;exec-root&gt;/containerd/&lt;container&gt;/init-stdout        FIFO; exec streams are named by the exec's id
 *   &lt;exec-root&gt;/containerd/&lt;container&gt;/init-stdout.redo   bytes taken from the FIFO that are not yet, or not surely, logged
 * </pre>
 *
 * What happens to a chunk of output, so that a dockerd that is killed at any point loses no line and doubles none:
 *
 * <pre>
 *   1  redo file ← position of the log's end         (a redo file exists only while bytes are under way)
 *   2  splice FIFO → redo file                       moves the bytes in one system call: they are in one place or the other
 *   3  redo file → lines → log
 *   4  redo file ← "not logged" and the unfinished line, or empty
 * </pre>
 *
 * A restarted dockerd that finds bytes with a position cuts the log back to that position and does step 3 again.
 */
@NullMarked
package io.drydock.docker.engine.container.stdio;

import org.jspecify.annotations.NullMarked;
