/**
 * The built programs, started in private directories and a private network namespace, and driven as a person would: with
 * our client and with the original one.
 */
@NullMarked
package io.drydock.e2e;

import org.jspecify.annotations.NullMarked;
