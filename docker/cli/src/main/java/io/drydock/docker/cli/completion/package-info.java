/** What a shell is offered behind a word: {@code docker __complete}, and the scripts that call it. */
@NullMarked
package io.drydock.docker.cli.completion;

import org.jspecify.annotations.NullMarked;
