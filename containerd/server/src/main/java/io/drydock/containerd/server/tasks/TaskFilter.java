package io.drydock.containerd.server.tasks;

import io.drydock.rpc.RpcException;
import io.drydock.rpc.StatusCode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which tasks a metrics request means.
 *
 * @param ids empty for every task
 */
record TaskFilter(Set<String> ids) {
    private static final String ID = "id==";

    /** @throws RpcException INVALID_ARGUMENT for a filter on anything but the id */
    static TaskFilter parse(List<String> filters) {
        Set<String> ids = new HashSet<>();
        for (String filter : filters) {
            if (!filter.startsWith(ID) || filter.indexOf(',') >= 0) {
                throw new RpcException(
                        StatusCode.INVALID_ARGUMENT, "filter \"" + filter + "\": tasks are filtered by id only");
            }
            String value = filter.substring(ID.length());
            boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
            ids.add(quoted ? value.substring(1, value.length() - 1) : value);
        }
        return new TaskFilter(Set.copyOf(ids));
    }

    boolean matches(Task task) {
        return ids.isEmpty() || ids.contains(task.id());
    }
}
