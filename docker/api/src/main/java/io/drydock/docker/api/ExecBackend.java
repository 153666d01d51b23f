package io.drydock.docker.api;

import io.drydock.spec.engine.ExecCreateRequest;
import io.drydock.spec.engine.ExecInspect;
import io.drydock.spec.engine.ExecStartRequest;

/** What the exec endpoints need. */
public interface ExecBackend {
    /** Returns the exec's id. */
    String create(String container, ExecCreateRequest request);

    ExecInspect inspect(String exec);

    /** Starts without streams. */
    void startDetached(String exec);

    /** Prepares the start; {@link ContainerBackend.Attachment#run} starts the process, and its failure is thrown there. */
    ContainerBackend.Attachment start(String exec, ExecStartRequest request);

    void resize(String exec, int height, int width) throws InterruptedException;
}
