package io.drydock.runc.runtime;

import io.drydock.runc.runtime.plan.CgroupView;
import io.drydock.spec.oci.runtime.Resources;
import io.drydock.spec.oci.runtime.Spec;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** For a system, or a test, without control groups: what needs them fails. */
final class NoCgroups implements ContainerCgroup.Factory {
    private static final class None implements ContainerCgroup {
        @Override
        public Map<String, String> paths() {
            return Map.of();
        }

        @Override
        public CgroupView view(boolean ownNamespace) {
            return CgroupView.NONE;
        }

        @Override
        public void update(Resources resources) throws IOException {
            throw missing();
        }

        @Override
        public List<Integer> pids() throws IOException {
            throw missing();
        }

        @Override
        public void freeze() throws IOException {
            throw missing();
        }

        @Override
        public void thaw() throws IOException {
            throw missing();
        }

        @Override
        public boolean isFrozen() {
            return false;
        }

        @Override
        public void signalAll(int signal) throws IOException {
            throw missing();
        }

        @Override
        public void delete() {}

        private static IOException missing() {
            return new IOException("container has no cgroup");
        }
    }

    @Override
    public ContainerCgroup create(String id, Spec spec, boolean systemd) {
        return new None();
    }

    @Override
    public ContainerCgroup load(String id, Spec spec, Map<String, String> paths) {
        return new None();
    }
}
