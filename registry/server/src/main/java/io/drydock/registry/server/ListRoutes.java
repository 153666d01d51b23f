package io.drydock.registry.server;

import io.drydock.http.Exchange;
import io.drydock.registry.storage.Manifests;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Lists in pages: a repository's tags, and the catalog of repositories. */
final class ListRoutes {
    private static final int TAGS = 1000;
    private static final int REPOSITORIES = 1000;

    private final Manifests manifests;
    private final String prefix;

    /** @param prefix before {@code /v2/} in links: empty, or a path that does not end with a slash */
    ListRoutes(Manifests manifests, String prefix) {
        this.manifests = manifests;
        this.prefix = prefix;
    }

    void tags(Exchange exchange) throws IOException {
        var repository = Call.repository(exchange);
        tags(exchange, manifests.tags(repository).orElseThrow(() -> ApiError.nameUnknown(repository)));
    }

    /** @param all the repository's tags, sorted */
    void tags(Exchange exchange, List<String> all) throws IOException {
        var repository = Call.repository(exchange);
        var page = page(exchange, all, TAGS, "/v2/" + repository + "/tags/list");
        exchange.response()
                .send(
                        "application/json; charset=utf-8",
                        "{\"name\":" + Json.text(repository) + ",\"tags\":" + Json.texts(page) + "}\n");
    }

    void catalog(Exchange exchange) throws IOException {
        var page = page(exchange, manifests.repositories(), REPOSITORIES, "/v2/_catalog");
        exchange.response().send("application/json; charset=utf-8", "{\"repositories\":" + Json.texts(page) + "}\n");
    }

    /** The part of a sorted list that was asked for; a Link header tells where to go on. */
    private List<String> page(Exchange exchange, List<String> all, int limit, String path) {
        int size = Call.pageSize(exchange, limit);
        var last = exchange.request().query().get("last", "");
        var rest = all.stream().filter(name -> name.compareTo(last) > 0).toList();
        if (rest.size() <= size || size == 0) {
            return rest.subList(0, Math.min(size, rest.size()));
        }
        var page = rest.subList(0, size);
        exchange.response()
                .header(
                        "Link",
                        "<" + prefix + path + "?last=" + URLEncoder.encode(page.getLast(), StandardCharsets.UTF_8)
                                + "&n=" + size + ">; rel=\"next\"");
        return page;
    }
}
