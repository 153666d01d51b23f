package io.drydock.docker.cli.engine;

import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.docker.cli.session.Credentials;
import io.drydock.docker.cli.session.Prompt;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code docker login} with a user name and a password or token. */
public final class LoginCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.between(0, 1);
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        String user = flags.text("username");
        String password = flags.text("password");
        if (flags.changed("password")) {
            cli.error("WARNING! Using --password via the CLI is insecure. Use --password-stdin.");
            if (flags.bool("password-stdin")) {
                throw new CliException("--password and --password-stdin are mutually exclusive");
            }
        }
        if (flags.bool("password-stdin")) {
            if (user.isEmpty()) {
                throw new CliException("the --password-stdin option requires --username to be set");
            }
            String all = new String(cli.streams().in().readAllBytes(), StandardCharsets.UTF_8);
            password = all.endsWith("\r\n")
                    ? all.substring(0, all.length() - 2)
                    : all.endsWith("\n") ? all.substring(0, all.length() - 1) : all;
        }
        String server = arguments.isEmpty() ? "docker.io" : arguments.getFirst();
        String key = Credentials.key(server);
        if (user.isEmpty() || password.isEmpty()) {
            if (!cli.streams().inTerminal()) {
                throw new CliException("Error: Cannot perform an interactive login from a non TTY device");
            }
            var prompt = new Prompt(cli);
            user = user.isEmpty() ? given(prompt.line("Username: "), "Error: Non-null Username Required") : user;
            password = given(prompt.secret("Password: "), "Error: Password Required");
        }
        var auth = new LinkedHashMap<String, Object>();
        auth.put("username", user);
        auth.put("password", password);
        auth.put("serveraddress", key);
        Map<String, Object> answer = Api.object(cli, Request.post("/auth").json(auth));
        Credentials.store(cli, key, user, password, Json.text(answer, "IdentityToken"));
        String status = Json.text(answer, "Status");
        cli.println(status.isEmpty() ? "Login Succeeded" : status);
        return 0;
    }

    private static String given(@Nullable String line, String otherwise) throws CliException {
        if (line == null || line.isBlank()) {
            throw new CliException(otherwise);
        }
        return line.strip();
    }
}
