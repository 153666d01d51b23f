package io.drydock.e2e;

/** A program to kill. */
enum Victim {
    CONTAINERD,
    SHIM,
    ZYGOTE,
    /** The one that was made last. */
    KEEPER
}
