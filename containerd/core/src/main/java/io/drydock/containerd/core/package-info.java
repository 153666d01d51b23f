/**
 * What containerd keeps and in which words: the interfaces of its stores, and the rules that all of them share.
 *
 * <p>How an image becomes a container's root:
 *
 * <pre>
 *   ContentStore   ingest ──write──▶ commit ──▶ blob sha256:…         manifest, config, layers
 *        │ unpack, lowest layer first
 *        ▼
 *   Snapshotter    prepare ──untar──▶ commit ──▶ chain ID of layer 1
 *                  prepare(parent)  ──▶ commit ──▶ chain ID of layer 2 …
 *                                        prepare("container", top chain ID) ──▶ mounts of its root
 * </pre>
 *
 * <p>Every name belongs to a namespace. Errors are {@link ContainerdError}s with one of few codes; they become gRPC codes
 * at the edge only.
 */
@NullMarked
package io.drydock.containerd.core;

import org.jspecify.annotations.NullMarked;
