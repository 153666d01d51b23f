/**
 * How the daemons log: lines on standard error in the form that the originals' have, which log collectors take apart. Their level
 * and format are chosen by {@link io.drydock.log.LogSetup#choose} before the first logger is made.
 */
@NullMarked
package io.drydock.log;

import org.jspecify.annotations.NullMarked;
