package io.drydock.docker.api;

import io.drydock.spec.engine.Filters;
import io.drydock.spec.engine.PruneVolumesResponse;
import io.drydock.spec.engine.Volume;
import io.drydock.spec.engine.VolumeCreateRequest;
import io.drydock.spec.engine.VolumeListResponse;

/** What the volume endpoints need. */
public interface VolumeBackend {
    VolumeListResponse list(Filters filters);

    Volume create(VolumeCreateRequest request);

    Volume inspect(String name);

    void remove(String name, boolean force);

    PruneVolumesResponse prune(Filters filters);
}
