/**
 * The networks of an engine: bridges, sandboxes (Linux network namespaces) of containers, published ports.
 *
 * <p>{@link io.drydock.docker.engine.network.NetworkController} is the way in. A container is attached before its task is
 * created and detached after its end:
 *
 * <pre>
 *   var sandbox = controller.attach(request);      // namespace from the warm pool, eth0, address, route, ports
 *   spec.linux.namespaces: network → sandbox.netns()
 *   …
 *   controller.detach(containerId);                // ports, firewall elements, addresses, namespace
 * </pre>
 *
 * On disk, all below the exec root, so that a reboot, which loses the namespaces, loses their records too:
 *
 * <pre>
 *   &lt;exec-root&gt;/netns/&lt;id&gt;                   bind mount of the namespace; survives the end of dockerd
 *   &lt;exec-root&gt;/network/sandboxes/&lt;container&gt; one record per attached container
 *   &lt;root&gt;/network/networks/&lt;id&gt;              one record per network (the predefined ones too: they keep their ids)
 * </pre>
 */
@NullMarked
package io.drydock.docker.engine.network;

import org.jspecify.annotations.NullMarked;
