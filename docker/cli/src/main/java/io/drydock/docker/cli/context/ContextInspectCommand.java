package io.drydock.docker.cli.context;

import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.docker.cli.template.Template;
import io.drydock.docker.cli.template.TemplateException;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code docker context inspect}. */
public final class ContextInspectCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.ANY;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        var store = new ContextStore(cli.config().directory());
        String format = flags.text("format");
        var found = new ArrayList<String>();
        var errors = new ArrayList<String>(0);
        for (String name : arguments.isEmpty() ? List.of(cli.context()) : arguments) {
            try {
                Map<String, Object> document = document(cli, store, name);
                found.add(
                        format.isEmpty() || format.equals("json")
                                ? Json.write(document)
                                : Template.parse(format).render(document, Template.MissingKey.ERROR));
            } catch (TemplateException e) {
                throw new CliException("template parsing error: " + e.getMessage());
            } catch (CliException e) {
                errors.add(String.valueOf(e.getMessage()));
            }
        }
        if (format.isEmpty()) {
            cli.println(found.isEmpty() ? "[]" : Json.indent("[" + String.join(",", found) + "]", "", "    "));
        } else if (format.equals("json")) {
            cli.println("[" + String.join(",", found) + "]");
        } else {
            found.forEach(cli::println);
        }
        if (!errors.isEmpty()) {
            throw new CliException(String.join("\n", errors));
        }
        return 0;
    }

    private static Map<String, Object> document(Cli cli, ContextStore store, String name)
            throws IOException, CliException {
        boolean isDefault = name.equals("default");
        StoredContext context = isDefault ? ContextEditCommand.byDefault(cli).described("") : store.load(name);
        var document = new LinkedHashMap<>(context.document());
        document.put(
                "TLSMaterial",
                context.tls().isEmpty()
                        ? Map.of()
                        : Map.of("docker", List.copyOf(context.tls().keySet())));
        var storage = new LinkedHashMap<String, Object>();
        storage.put(
                "MetadataPath", isDefault ? "<IN MEMORY>" : store.metadata(name).getParent() + "");
        storage.put("TLSPath", isDefault ? "<IN MEMORY>" : store.tls(name).toString());
        document.put("Storage", storage);
        return document;
    }
}
