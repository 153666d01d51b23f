@NullMarked
package io.drydock.spec.oci;

import org.jspecify.annotations.NullMarked;
