/** {@code docker plugin}: programs that extend the engine. (Those that extend the client are in {@code cli.plugin}.) */
@NullMarked
package io.drydock.docker.cli.engineplugin;

import org.jspecify.annotations.NullMarked;
