@NullMarked
package io.drydock.rpc;

import org.jspecify.annotations.NullMarked;
