/**
 * Control groups of containers: version 1 with any number of hierarchies, version 2, and both beside each other (hybrid).
 *
 * <pre>
 * {@link io.drydock.runc.cgroups.CgroupLayout}   what is mounted where
 * {@link io.drydock.runc.cgroups.Cgroup}         one container's groups: create, limit, freeze, signal, delete
 *   CgroupV1  a directory in every version 1 hierarchy, and in the unified one beside them if there is one
 *   CgroupV2  one directory
 * </pre>
 */
@NullMarked
package io.drydock.runc.cgroups;

import org.jspecify.annotations.NullMarked;
