/**
 * A registry's storage in a bucket of S3, in the keys that Docker's registry gives its files, so that either can serve a bucket of
 * the other. Several registries may share one. Beside them, below the root directory:
 *
 * <pre>
 * …/_uploads/UUID/data             what has come of a small upload
 * …/_uploads/UUID/data.multipart   ours: the id of the multipart upload of what is larger
 * …/_uploads/UUID/data.tail        ours: what comes behind its parts and is too small to be one
 * .drydock/used/PATH               ours: its time is when the object of that path was last said to be in use
 * </pre>
 */
@NullMarked
package io.drydock.registry.s3;

import org.jspecify.annotations.NullMarked;
