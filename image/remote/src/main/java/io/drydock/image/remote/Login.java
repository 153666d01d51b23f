package io.drydock.image.remote;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;

/** Tries credentials on a registry, as {@code docker login} does. */
public final class Login {
    private Login() {}

    /**
     * Asks the registry's base address with the credentials.
     *
     * @return the identity token that its token server gave, which can be kept instead of the password; empty if it gave none
     * @throws RegistryException UNAUTHORIZED or DENIED if the credentials are not accepted
     * @throws IOException if the registry cannot be reached
     */
    public static String check(Endpoint endpoint, Credentials credentials) throws IOException {
        try (var http = new RegistryHttp(endpoint, credentials)) {
            HttpResponse<InputStream> answer;
            try {
                answer = http.sendOffline("", () -> http.request("/v2/").GET(), 200);
            } catch (RegistryException e) {
                boolean basic = e.kind() == RegistryException.Kind.UNAUTHORIZED && !http.askedTokenServer();
                throw basic
                        ? new RegistryException(
                                e.kind(),
                                "login attempt to " + http.endpoint().base()
                                        + "/v2/ failed with status: 401 Unauthorized",
                                e)
                        : new RegistryException(
                                e.kind(), "Get \"" + http.endpoint().base() + "/v2/\": " + e.getMessage(), e);
            } catch (IOException e) {
                throw new IOException("Get \"" + http.endpoint().base() + "/v2/\": " + e.getMessage(), e);
            }
            answer.body().close();
            return http.refreshToken();
        }
    }
}
