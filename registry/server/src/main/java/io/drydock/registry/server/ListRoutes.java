package io.drydock.registry.server;

import io.drydock.http.Exchange;
import io.drydock.registry.storage.Manifests;
import io.drydock.registry.storage.Page;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Lists in pages: a repository's tags, and the catalog of repositories. */
final class ListRoutes {
    /** Docker's registry gives all tags at once, and not all of its clients follow links: so most lists come whole here, too. */
    private static final int TAGS = 10_000;

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
        int size = Call.pageSize(exchange, TAGS);
        tags(
                exchange,
                repository,
                size,
                manifests.tags(repository, last(exchange), size).orElseThrow(() -> ApiError.nameUnknown(repository)));
    }

    /** @param all the repository's tags, sorted */
    void tags(Exchange exchange, List<String> all) throws IOException {
        int size = Call.pageSize(exchange, TAGS);
        tags(exchange, Call.repository(exchange), size, Page.of(all, last(exchange), size));
    }

    private void tags(Exchange exchange, String repository, int size, Page page) throws IOException {
        link(exchange, page, size, "/v2/" + repository + "/tags/list");
        exchange.response()
                .send(
                        "application/json; charset=utf-8",
                        "{\"name\":" + Json.text(repository) + ",\"tags\":" + Json.texts(page.names()) + "}\n");
    }

    void catalog(Exchange exchange) throws IOException {
        int size = Call.pageSize(exchange, REPOSITORIES);
        var page = manifests.repositories(last(exchange), size);
        link(exchange, page, size, "/v2/_catalog");
        exchange.response()
                .send("application/json; charset=utf-8", "{\"repositories\":" + Json.texts(page.names()) + "}\n");
    }

    private static String last(Exchange exchange) {
        return exchange.request().query().get("last", "");
    }

    /** Says where the list goes on. */
    private void link(Exchange exchange, Page page, int size, String path) {
        if (page.more() && size > 0) {
            var last = URLEncoder.encode(page.names().getLast(), StandardCharsets.UTF_8);
            exchange.response()
                    .header("Link", "<" + prefix + path + "?last=" + last + "&n=" + size + ">; rel=\"next\"");
        }
    }
}
