/**
 * Programs beside the engine that do a part of its work: found by a socket or a file in well-known directories, called by
 * JSON over HTTP.
 *
 * <pre>
 *   /run/docker/plugins/NAME.sock              POST /Plugin.Activate       → {"Implements": ["VolumeDriver", …]}
 *   /etc/docker/plugins/NAME.spec   an URL     POST /VolumeDriver.Mount    → {"Mountpoint": "…", "Err": ""}
 *   /usr/lib/docker/plugins/NAME.json {"Addr"}
 * </pre>
 */
@NullMarked
package io.drydock.docker.engine.plugin;

import org.jspecify.annotations.NullMarked;
