package io.drydock.image.remote;

import io.avaje.json.JsonException;
import io.avaje.jsonb.Jsonb;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks for repositories by the search of registries of the first version, which Docker Hub still has. */
public final class RepositorySearch {
    private RepositorySearch() {}

    /** What was found. */
    public record Found(String name, String description, int stars, boolean official) {}

    /** Name and password, sent without being asked for. */
    public record Login(String user, String password) {}

    /**
     * Searches.
     *
     * @param limit the most repositories to answer
     * @param login null for nobody
     * @throws RegistryException if the registry answers with an error
     * @throws IOException if it cannot be reached
     */
    public static List<Found> search(Endpoint endpoint, String term, int limit, @Nullable Login login)
            throws IOException {
        String path = "/v1/search?q=" + URLEncoder.encode(term, StandardCharsets.UTF_8) + "&n=" + limit;
        try (var http = new RegistryHttp(endpoint, Credentials.ANONYMOUS)) {
            var answer = http.send(
                    "",
                    () -> {
                        var request = http.request(path).GET().header("X-Docker-Token", "true");
                        return login == null ? request : request.header("Authorization", basic(login));
                    },
                    200);
            try (var body = answer.body()) {
                return results(Jsonb.instance().type(Object.class).fromJson(body.readAllBytes()));
            } catch (JsonException e) {
                throw new IOException("error decoding registry search results: " + e.getMessage(), e);
            }
        }
    }

    private static String basic(Login login) {
        byte[] pair = (login.user() + ":" + login.password()).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }

    private static List<Found> results(Object document) {
        var found = new ArrayList<Found>();
        if (document instanceof Map<?, ?> map && map.get("results") instanceof List<?> results) {
            for (Object result : results) {
                if (result instanceof Map<?, ?> members) {
                    found.add(new Found(
                            members.get("name") instanceof String name ? name : "",
                            members.get("description") instanceof String text ? text : "",
                            members.get("star_count") instanceof Number stars ? stars.intValue() : 0,
                            Boolean.TRUE.equals(members.get("is_official"))));
                }
            }
        }
        return found;
    }
}
