package io.drydock.registry.server;

import io.drydock.http.Exchange;
import java.util.ArrayList;
import java.util.List;

/**
 * What a request needs to be allowed. Source: the token scope documentation of Docker's registry.
 *
 * @param type {@code repository} or {@code registry}
 * @param name the repository, or {@code catalog}
 * @param actions {@code pull}, {@code push}, {@code delete} or {@code *}
 */
record Right(String type, String name, List<String> actions) {

    /** The scope that asks a token server for it. */
    String scope() {
        return type + ":" + name + ":" + String.join(",", actions);
    }

    /** What a request about a repository needs: {@code pull}, {@code push} (which reads, too) or {@code delete}. */
    static List<Right> repository(Exchange exchange, String name, String action) {
        var rights = new ArrayList<Right>();
        rights.add(new Right("repository", name, action.equals("push") ? List.of("pull", "push") : List.of(action)));
        var query = exchange.request().query();
        var from = query.get("from", "");
        if (query.has("mount") && !from.isEmpty()) {
            rights.add(new Right("repository", from, List.of("pull")));
        }
        return List.copyOf(rights);
    }

    /** What the list of all repositories needs. */
    static List<Right> catalog() {
        return List.of(new Right("registry", "catalog", List.of("*")));
    }

    String json() {
        return "{\"Type\":" + Json.text(type) + ",\"Class\":\"\",\"Name\":" + Json.text(name) + ",\"Action\":"
                + Json.text(String.join(",", actions)) + "}";
    }
}
