/**
 * A client of OCI and Docker registries: resolve, fetch and push over HTTP, one class per step.
 *
 * <pre>
 * Endpoint          where a registry is reached: scheme, host, certificates. A mirror is an endpoint of another host.
 *   └ RegistryHttp  sends one request: authorization, redirects without leaking credentials, retries, error bodies
 *       ├ Authorizer        answers a challenge: Basic, or Bearer through a token server
 *       ├ ManifestFetch     GET or HEAD of a manifest by tag or digest, digest checked
 *       ├ BlobFetch         a blob as a stream that resumes by Range and checks size and digest at its end
 *       └ BlobPush          HEAD, mount, upload
 * RemoteRepository  one repository at a list of endpoints (mirrors first): what callers use
 * </pre>
 *
 * <p>Source: OCI distribution-spec 1.1; Docker's token authentication.
 */
@NullMarked
package io.drydock.image.remote;

import org.jspecify.annotations.NullMarked;
