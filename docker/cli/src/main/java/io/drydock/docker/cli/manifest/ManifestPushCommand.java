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

/** {@code docker manifest push}: the list, and before it the images that are in other repositories of its registry. */
public final class ManifestPushCommand implements Command {
    @Override
    public Arity arity() {
        return Arity.ONE;
    }

    @Override
    public int run(Cli cli, FlagSet flags, List<String> arguments) throws IOException, CliException {
        var store = new ManifestStore(cli);
        Reference target = Reference.parse(arguments.getFirst());
        String name = ManifestStore.fullName(target);
        List<Map<String, Object>> images = store.list(name);
        var registry = new RemoteManifests(cli, flags.bool("insecure")).calls(target);
        Map<String, Object> list = ManifestList.of(images);
        for (Map<String, Object> image : images) {
            Reference from = Reference.parse(Json.text(image, "Ref"));
            if (!from.registry().equals(target.registry())) {
                throw new CliException("cannot use source images from a different registry than the target image: "
                        + from.registry() + " != " + target.registry());
            }
            if (!from.canonicalName().equals(target.canonicalName())) {
                mount(registry, RegistryCalls.path(from), image);
                cli.println("Pushed ref " + target.canonicalName() + "@" + Json.text(image, "Descriptor", "digest")
                        + " with digest: " + Json.text(image, "Descriptor", "digest"));
            }
        }
        byte[] bytes = Json.indent(Json.write(list), "", ManifestInspectCommand.LIST_INDENT)
                .getBytes(StandardCharsets.UTF_8);
        put(registry, target.tagOrLatest(), Json.text(list, "mediaType"), bytes);
        cli.println(RemoteManifests.digest(bytes));
        if (flags.bool("purge")) {
            store.remove(name);
        }
        return 0;
    }

    private static void mount(RegistryCalls registry, String from, Map<String, Object> image)
            throws IOException, CliException {
        byte[] raw = Base64.getDecoder().decode(Json.text(image, "Raw"));
        Object manifest = Json.parse(new String(raw, StandardCharsets.UTF_8));
        var blobs = new ArrayList<Object>(Json.list(Json.at(manifest, "layers")));
        blobs.add(Json.at(manifest, "config"));
        for (Object blob : blobs) {
            String digest = Json.text(blob, "digest");
            var answer = registry.post("blobs/uploads/?mount=" + digest + "&from=" + from);
            if (answer.status() != 201) {
                throw new CliException(
                        "couldn't mount blob " + digest + " from " + from + ": status " + answer.status());
            }
        }
        put(registry, Json.text(image, "Descriptor", "digest"), Json.text(image, "Descriptor", "mediaType"), raw);
    }

    private static void put(RegistryCalls registry, String at, String type, byte[] bytes)
            throws IOException, CliException {
        var answer = registry.put("manifests/" + at, type, bytes);
        if (answer.status() != 201) {
            throw RemoteManifests.refusal(answer);
        }
    }
}
