/**
 * Talks to the C helper: {@link io.drydock.runc.runtime.keeper.Zygote} makes keepers,
 * {@link io.drydock.runc.runtime.keeper.KeeperConnection} talks to one. docs/keeper-protocol.md has the whole conversation.
 */
@NullMarked
package io.drydock.runc.runtime.keeper;

import org.jspecify.annotations.NullMarked;
