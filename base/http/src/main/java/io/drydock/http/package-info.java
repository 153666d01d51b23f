@NullMarked
package io.drydock.http;

import org.jspecify.annotations.NullMarked;
