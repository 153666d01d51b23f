package io.drydock.runc.runtime;

import io.drydock.runc.cgroups.Cgroup;
import io.drydock.runc.cgroups.ResctrlGroup;
import io.drydock.spec.oci.runtime.Spec;
import java.util.List;
import java.util.Optional;

/**
 * A container and the connection to its keeper. Operations of one container are serialised by the caller; waiting for exits
 * and sending signals may happen beside them. Closing only drops the connection.
 */
public interface Container extends AutoCloseable {
    String id();

    /** Asks keeper and freezer; cheap (about 0.1 ms). */
    ContainerState state() throws RuntimeFailure;

    ContainerProcess init();

    /** Its control groups: counters, memory events. */
    Cgroup cgroup();

    /** Its group of the resctrl file system, if the spec asked for one. */
    Optional<ResctrlGroup> shares();

    /** How many of its processes were killed for want of memory so far; cheap. */
    long oomKills() throws RuntimeFailure;

    /** The spec it was created with. */
    Spec spec();

    /**
     * Lets a created container run its program.
     *
     * @throws RuntimeFailure FAILED_PRECONDITION unless it is created; FAILED if the program cannot be executed, for example
     *     {@code exec /foo: exec format error}
     */
    void start() throws RuntimeFailure;

    /**
     * Starts another process; returns once the program runs.
     *
     * @throws RuntimeFailure FAILED_PRECONDITION if the container does not run or is paused; FAILED with runc's words, for
     *     example {@code exec: "foo": executable file not found in $PATH}
     */
    ContainerProcess exec(ExecRequest request) throws RuntimeFailure;

    /**
     * Plans a process that is to be started again and again.
     *
     * @param process the OCI {@code process} object as JSON; without a terminal
     * @return empty if this runtime plans each exec anew
     * @throws RuntimeFailure as {@link #exec}
     */
    Optional<PreparedExec> prepare(byte[] process) throws RuntimeFailure;

    /** An exec of an earlier connection by its number, empty if the keeper does not know it (any more). */
    Optional<ContainerProcess> process(int number) throws RuntimeFailure;

    /**
     * Sends a signal to init. SIGKILL reaches every process if the container has no pid namespace of its own, and a frozen
     * container is thawed so that it takes effect (cgroup v1).
     *
     * @throws RuntimeFailure FAILED_PRECONDITION {@code container not running}
     */
    void kill(int signal) throws RuntimeFailure;

    /** As {@link #kill} for all processes of the container's cgroup. */
    void killAll(int signal) throws RuntimeFailure;

    void pause() throws RuntimeFailure;

    void resume() throws RuntimeFailure;

    /** Changes limits while it runs; {@code resources} is the OCI {@code linux.resources} object as JSON. */
    void update(byte[] resources) throws RuntimeFailure;

    /**
     * Saves its processes with {@code criu}; unless they are to go on they have ended then, and the container can be deleted.
     *
     * @throws RuntimeFailure FAILED_PRECONDITION unless it runs or is paused; FAILED if there is no criu or it fails
     */
    void checkpoint(CriuOptions options) throws RuntimeFailure;

    /** Pids of all processes, in the runtime's pid namespace. */
    List<Integer> pids() throws RuntimeFailure;

    /**
     * Removes cgroups, keeper and state, and runs the poststop hooks. {@code force} kills what runs first.
     *
     * @throws RuntimeFailure FAILED_PRECONDITION if it runs and {@code force} is false
     */
    void delete(boolean force) throws RuntimeFailure;

    @Override
    void close();
}
