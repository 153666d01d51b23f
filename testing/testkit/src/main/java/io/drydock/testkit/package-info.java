/** What tests of every module share: conditions, private directories, waiting for events. Main code never depends on it. */
@NullMarked
package io.drydock.testkit;

import org.jspecify.annotations.NullMarked;
