package io.drydock.runc.runtime.keeper;

import io.drydock.linux.Fd;
import io.drydock.linux.FileCalls;
import io.drydock.linux.Linux;
import io.drydock.linux.LinuxException;
import io.drydock.runc.runtime.keeper.KeeperMessage.Request;
import io.drydock.runc.runtime.plan.Plan;
import io.drydock.runc.runtime.plan.PlanEncoder;
import java.util.ArrayList;
import java.util.List;

/** Hands plans to a keeper: the bytes in a sealed memfd, the descriptors beside it. */
public final class PlanSender {
    private final Linux linux;
    private final KeeperConnection connection;

    public PlanSender(Linux linux, KeeperConnection connection) {
        this.linux = linux;
        this.connection = connection;
    }

    /** Gives the keeper its container, and begins its first process: init, or another that makes init. */
    public void create(int number, Plan plan, Fd stateDirectory, Fd listener) throws LinuxException {
        send(Request.CREATE, number, plan, List.of(stateDirectory, listener));
    }

    /** Begins an exec. */
    public void exec(int number, Plan plan) throws LinuxException {
        send(Request.EXEC, number, plan, List.of());
    }

    /** Begins an exec by the bytes of its plan, sealed before, with other descriptors in the plan's slots. */
    public void exec(int number, Fd sealed, List<Fd> slots) throws LinuxException {
        send(Request.EXEC, number, sealed, List.of(), slots);
    }

    private void send(Request request, int number, Plan plan, List<Fd> extra) throws LinuxException {
        try (Fd memfd = seal(linux, plan)) {
            send(request, number, memfd, extra, plan.slots());
        }
    }

    private void send(Request request, int number, Fd memfd, List<Fd> extra, List<Fd> slots) throws LinuxException {
        List<Fd> descriptors = new ArrayList<>();
        descriptors.add(memfd);
        descriptors.addAll(extra);
        descriptors.addAll(slots);
        connection.send(request, number, 0, descriptors);
    }

    /** A plan's bytes in a memfd that nobody can change. */
    public static Fd seal(Linux linux, Plan plan) throws LinuxException {
        FileCalls files = linux.files();
        Fd memfd = files.memfdCreate("plan");
        try {
            files.writeFully(memfd, PlanEncoder.encode(plan));
            files.addSeals(memfd, FileCalls.SEAL_ALL);
            return memfd;
        } catch (LinuxException e) {
            memfd.close();
            throw e;
        }
    }
}
