/**
 * The logs of containers: what writes them and what reads them back.
 *
 * <p>A driver's writer is a {@link io.drydock.docker.engine.log.ContainerLog}; its bytes come through a
 * {@link io.drydock.docker.engine.log.LineSplitter} that cuts them into lines. On disk, for {@code json-file}:
 *
 * <pre>
 *   &lt;data-root&gt;/containers/&lt;id&gt;/&lt;id&gt;-json.log       the file being written, one JSON object a line
 *   &lt;data-root&gt;/containers/&lt;id&gt;/&lt;id&gt;-json.log.1 …  older files, with max-file greater than 1 (.gz with compress)
 * </pre>
 */
@NullMarked
package io.drydock.docker.engine.log;

import org.jspecify.annotations.NullMarked;
