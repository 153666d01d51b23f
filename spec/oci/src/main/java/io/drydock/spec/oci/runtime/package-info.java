/** OCI runtime-spec 1.3: its JSON as records. Null means absent, and absent members are not written. */
@NullMarked
package io.drydock.spec.oci.runtime;

import org.jspecify.annotations.NullMarked;
