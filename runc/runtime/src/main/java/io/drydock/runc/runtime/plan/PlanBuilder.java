package io.drydock.runc.runtime.plan;

import io.drydock.linux.Fd;
import java.util.ArrayList;
import java.util.List;

/** Collects a plan's steps and descriptors. Descriptors that it was given to own are closed with it, once the plan is sent. */
final class PlanBuilder implements AutoCloseable {
    final List<Step> keeper = new ArrayList<>();
    private final List<Step> host = new ArrayList<>();
    private final List<Step> pre = new ArrayList<>();
    final List<Step> stage = new ArrayList<>(128);
    private final List<Fd> slots = new ArrayList<>();
    private final List<Fd> owned = new ArrayList<>();
    private int made;
    long cloneFlags;
    int cgroupSlot = Plan.NO_SLOT;

    /** A slot that comes with the plan; the descriptor stays the caller's. */
    int slot(Fd fd) {
        slots.add(fd);
        return slots.size() - 1;
    }

    /** As {@link #slot}, but closed with this builder. */
    int ownedSlot(Fd fd) {
        owned.add(fd);
        return slot(fd);
    }

    /** A slot that a step fills; numbered from the top, so that it never meets one that comes with the plan. */
    int slotToBeMade() {
        int last = 511;
        return last - made++;
    }

    void stage(Op op) {
        stage.add(new Step(op, 0));
    }

    void stage(Op op, int flags) {
        stage.add(new Step(op, flags));
    }

    void stage(Step step) {
        stage.add(step);
    }

    void pre(Op op) {
        pre(new Step(op, 0));
    }

    void pre(Step step) {
        pre.add(step);
    }

    /** Done by the process in between while it is still the host's: as its root, before it joins anything. */
    void host(Op op) {
        host.add(new Step(op, 0));
    }

    void keeper(Op op) {
        keeper.add(new Step(op, 0));
    }

    Plan build() {
        List<Step> between = new ArrayList<>(host);
        between.addAll(pre);
        return new Plan(cloneFlags, cgroupSlot, slots, keeper, between, stage);
    }

    @Override
    public void close() {
        owned.forEach(Fd::close);
    }
}
