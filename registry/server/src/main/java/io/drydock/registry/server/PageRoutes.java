package io.drydock.registry.server;

import io.drydock.http.Exchange;
import java.io.IOException;

/** A page for people, below {@code /ui/}: static files that ask the registry's API in the browser. */
final class PageRoutes {
    /** The page runs nothing but its own script; tokens may come from another server. */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src *;"
            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final boolean deletes;
    private final String prefix;

    /**
     * @param deletes whether the page offers to delete
     * @param prefix before {@code /ui/}: empty, or a path that does not end with a slash
     */
    PageRoutes(boolean deletes, String prefix) {
        this.deletes = deletes;
        this.prefix = prefix;
    }

    void page(Exchange exchange) throws IOException {
        send(exchange, "index.html", "text/html; charset=utf-8");
    }

    void script(Exchange exchange) throws IOException {
        send(exchange, "page.js", "text/javascript; charset=utf-8");
    }

    void style(Exchange exchange) throws IOException {
        send(exchange, "page.css", "text/css; charset=utf-8");
    }

    void settings(Exchange exchange) throws IOException {
        exchange.response()
                .header("Cache-Control", "no-store")
                .send("application/json; charset=utf-8", "{\"deletes\":" + deletes + "}");
    }

    void redirect(Exchange exchange) throws IOException {
        exchange.response().status(301).header("Location", prefix + "/ui/").send(new byte[0]);
    }

    private static void send(Exchange exchange, String name, String type) throws IOException {
        try (var file = PageRoutes.class.getResourceAsStream("page/" + name)) {
            if (file == null) {
                throw new IOException("the program lacks its file page/" + name);
            }
            exchange.response()
                    .header("Content-Security-Policy", POLICY)
                    .header("Cache-Control", "no-cache")
                    .send(type, file.readAllBytes());
        }
    }
}
