/**
 * From a container's definition to the OCI spec that its task is made from. Pure but for what the kernel and the image's
 * files have to be asked: devices, users, supported capabilities.
 */
@NullMarked
package io.drydock.docker.engine.container.spec;

import org.jspecify.annotations.NullMarked;
