package io.drydock.http;

/** Where a server's certificates come from. */
public sealed interface Tls permits TlsConfig, ManagedTls {}
