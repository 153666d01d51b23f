package io.drydock.spec.engine;

import io.avaje.jsonb.Json;

/** The header X-Docker-Container-Path-Stat, decoded; mode has Go's FileMode bits. */
@Json
public record PathStat(String name, long size, long mode, String mtime, String linkTarget) {

    /** Absent members become their empty form. */
    public PathStat {
        name = name == null ? "" : name;
        mtime = mtime == null ? "" : mtime;
        linkTarget = linkTarget == null ? "" : linkTarget;
    }
}
