/**
 * Transfer: images between registries and the stores, without their blobs passing through the client.
 *
 * <pre>
 *   client ── Streaming.Stream (id) ──▶ Streams ◀── found by id ── TransferService ◀── Transfer(source, destination)
 *                 ◀── Progress …                                        │
 *                 ◀── AuthRequest, AuthResponse ──▶                     ├ OCIRegistry → ImageStore         RegistryOrigin, ImageIntake
 *                                                                       ├ ImageStore → OCIRegistry         ImagePush
 *                                                                       ├ ImageImportStream → ImageStore   ImageImport, StoreOrigin, ImageIntake
 *                                                                       ├ ImageStore → ImageExportStream   ImageExport
 *                                                                       └ ImageStore → ImageStore          another name
 *   RegistryHosts   host → endpoints: HOST/hosts.toml, or the default scheme
 *   Documents       manifests, indexes and configs in the content store
 * </pre>
 */
@NullMarked
package io.drydock.containerd.server.transfer;

import org.jspecify.annotations.NullMarked;
