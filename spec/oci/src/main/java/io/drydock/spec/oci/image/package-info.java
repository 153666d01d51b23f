/** OCI image-spec 1.1 and Docker's additions: its JSON as records. Null means absent, and absent members are not written. */
@NullMarked
package io.drydock.spec.oci.image;

import org.jspecify.annotations.NullMarked;
