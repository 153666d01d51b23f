package io.drydock.docker.cli.manifest;

import io.drydock.docker.cli.image.Reference;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Cli;
import io.drydock.docker.cli.session.CliException;
import io.drydock.docker.cli.session.Command;
import io.drydock.flags.FlagSet;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** {@code docker manifest inspect}: a list that is here, else what a registry has. */
public final class ManifestInspectCommand implements Command {
    /** Lists are shown as they are pushed. */
    static final String LIST_INDENT = "   ";

    @Override
    public Arity arity() {
        return Arity.between(1, 2);
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        var store = new ManifestStore(cli);
        boolean verbose = flags.bool("verbose");
        Reference reference = Reference.parse(arguments.getLast());
        String name = ManifestStore.fullName(reference);
        if (arguments.size() == 2) {
            Map<String, Object> image = store.get(ManifestStore.fullName(Reference.parse(arguments.getFirst())), name);
            if (image == null) {
                throw new CliException("No such manifest: " + name);
            }
            print(cli, verbose ? Json.write(image) : raw(image));
        } else if (store.has(name)) {
            List<Map<String, Object>> images = store.list(name);
            if (verbose) {
                print(cli, Json.write(images));
            } else {
                cli.println(Json.indent(Json.write(ManifestList.of(images)), "", LIST_INDENT));
            }
        } else {
            remote(cli, new RemoteManifests(cli, flags.bool("insecure")), reference, verbose);
        }
        return 0;
    }

    private static void remote(Cli cli, RemoteManifests remote, Reference reference, boolean verbose)
            throws IOException, CliException {
        RemoteManifests.Raw found = remote.fetch(reference);
        String text = new String(found.bytes(), StandardCharsets.UTF_8);
        if (!verbose && found.isList()) {
            cli.println(Json.indent(text, "", LIST_INDENT));
        } else if (!verbose) {
            print(cli, text);
        } else if (!found.isList()) {
            print(cli, Json.write(remote.image(reference, found)));
        } else {
            var images = new ArrayList<Object>();
            for (Object entry : Json.list(Json.at(Json.parse(text), "manifests"))) {
                var one = new Reference(reference.name(), "", Json.text(entry, "digest"));
                images.add(remote.image(one, remote.fetch(one)));
            }
            print(cli, Json.write(images));
        }
    }

    private static String raw(Map<String, Object> image) {
        return new String(Base64.getDecoder().decode(Json.text(image, "Raw")), StandardCharsets.UTF_8);
    }

    private static void print(Cli cli, String json) {
        cli.println(Json.indent(json, "", "\t"));
    }
}
