/** {@code docker manifest}: lists of images for several platforms, kept here until they are pushed; registries are asked without an engine. */
@NullMarked
package io.drydock.docker.cli.manifest;

import org.jspecify.annotations.NullMarked;
