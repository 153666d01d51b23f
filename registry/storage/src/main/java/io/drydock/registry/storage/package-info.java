/**
 * A registry's storage in the layout of Docker's registry, so that either can serve a directory of the other:
 *
 * <pre>
 * ROOT/docker/registry/v2/
 *   blobs/ALG/HH/HEX/data                                   bytes, each blob once for all repositories; manifests too
 *   repositories/NAME/_layers/ALG/HEX/link                  "ALG:HEX": this repository has the blob
 *   repositories/NAME/_manifests/revisions/ALG/HEX/link     this repository has the manifest
 *   repositories/NAME/_manifests/tags/TAG/current/link      what the tag stands for
 *   repositories/NAME/_manifests/tags/TAG/index/ALG/HEX/link  what it has stood for
 *   repositories/NAME/_manifests/referrers/ALG/HEX/ALG/HEX/link  ours, in object stores: what has the first as its subject
 *   repositories/NAME/_uploads/UUID/{data,startedat}        an upload session
 * ROOT/.drydock/index.db                                    ours, beside a directory: see {@link Index}
 * ROOT/.drydock/damaged/ALG-HEX                             ours: a blob that {@link Scrub} has found wrong
 * </pre>
 *
 * <p>Files are written aside, synced and renamed: a reader sees all of one or nothing. A link exists after what it names.
 */
@NullMarked
package io.drydock.registry.storage;

import org.jspecify.annotations.NullMarked;
