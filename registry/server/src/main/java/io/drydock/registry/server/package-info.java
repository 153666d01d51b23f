/**
 * The registry: OCI distribution over HTTP, on a directory.
 *
 * <pre>
 *   Main ─▶ Settings (config.yml and REGISTRY_… variables) ─▶ HttpServer ─▶ Api ─┬▶ BlobRoutes
 *                                                              Access (htpasswd) ├▶ UploadRoutes
 *                                                                                ├▶ ManifestRoutes
 *                                                                                └▶ ListRoutes (tags, catalog)
 * </pre>
 *
 * <p>A refusal is an {@link io.drydock.registry.server.ApiError} thrown by a route; {@code Api} answers it as the
 * specification's error document. Source: OCI distribution-spec 1.1, Docker's registry.
 */
@NullMarked
package io.drydock.registry.server;

import org.jspecify.annotations.NullMarked;
