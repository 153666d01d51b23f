package io.drydock.docker.engine.image;

import io.drydock.image.remote.Endpoint;
import io.drydock.image.remote.RegistryException;
import io.drydock.image.remote.RepositorySearch;
import io.drydock.spec.engine.AuthConfig;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.Filters;
import io.drydock.spec.engine.SearchResult;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Searches for images on Docker Hub, or on the registry that the term begins with. */
public final class ImageSearch {
    private static final Set<String> FILTERS = Set.of("is-automated", "is-official", "stars");
    private static final int LIMIT = 25;
    private static final int MOST = 100;

    private final Supplier<RegistrySettings> registries;

    public ImageSearch(Supplier<RegistrySettings> registries) {
        this.registries = registries;
    }

    /**
     * Searches.
     *
     * @param limit 0 for the usual number
     */
    public List<SearchResult> search(String term, int limit, Filters filters, @Nullable AuthConfig auth) {
        filters.allow(FILTERS);
        if (filters.bool("is-automated", false)) {
            return List.of(); // no registry tells any more
        }
        int stars =
                filters.of("stars").stream().mapToInt(ImageSearch::stars).max().orElse(0);
        return found(term, limit, auth).stream()
                .filter(found -> !filters.has("is-official") || found.official() == filters.bool("is-official", false))
                .filter(found -> found.stars() >= stars)
                .map(found ->
                        new SearchResult(found.stars(), found.official(), found.name(), false, found.description()))
                .toList();
    }

    private static int stars(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw EngineException.invalid(
                    "invalid filter 'stars=" + text + "': strconv.Atoi: parsing \"" + text + "\": invalid syntax");
        }
    }

    private List<RepositorySearch.Found> found(String term, int limit, @Nullable AuthConfig auth) {
        if (term.contains("://")) {
            throw EngineException.invalid(
                    "invalid repository name: repository name (" + term + ") should not have a scheme");
        }
        if (limit < 0 || limit > MOST) {
            throw EngineException.invalid("limit " + limit + " is outside the range of [1, 100]");
        }
        int slash = term.indexOf('/');
        String first = slash < 0 ? "" : term.substring(0, slash);
        boolean hub = !first.contains(".") && !first.contains(":") && !first.equals("localhost");
        var endpoint = registries.get().endpoint(hub ? "index.docker.io" : first);
        String rest = hub ? term.startsWith("library/") ? term.substring(8) : term : term.substring(slash + 1);
        try {
            return RepositorySearch.search(endpoint, rest, limit == 0 ? LIMIT : limit, login(auth));
        } catch (RegistryException e) {
            throw new EngineException(EngineException.Kind.SYSTEM, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw hub ? EngineException.system(String.valueOf(e.getMessage()), e) : unreachable(endpoint, e);
        }
    }

    private static EngineException unreachable(Endpoint endpoint, IOException cause) {
        String host = endpoint.authority();
        String hint = endpoint.skipVerify()
                ? ""
                : ". If this private registry supports only HTTP or HTTPS with an unknown CA certificate, add "
                        + "`--insecure-registry " + host + "` to the daemon's arguments. In the case of HTTPS, if you "
                        + "have access to the registry's CA certificate, no need for the flag; place the CA certificate "
                        + "at /etc/docker/certs.d/" + host + "/ca.crt";
        return EngineException.invalid(
                "invalid registry endpoint https://" + host + "/v1/: " + cause.getMessage() + hint);
    }

    private static RepositorySearch.@Nullable Login login(@Nullable AuthConfig auth) {
        return auth == null || auth.username() == null || auth.username().isEmpty()
                ? null
                : new RepositorySearch.Login(auth.username(), Objects.requireNonNullElse(auth.password(), ""));
    }
}
