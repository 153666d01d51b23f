package io.drydock.docker.cli.manifest;

import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.CliException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A list as a document, out of the images that were put into it. */
final class ManifestList {
    private ManifestList() {}

    static Map<String, Object> of(List<Map<String, Object>> images) throws CliException {
        var manifests = new ArrayList<Object>();
        boolean oci = false;
        for (Map<String, Object> image : images) {
            Map<String, Object> descriptor = Json.map(image.get("Descriptor"));
            Map<String, Object> platform = Json.map(descriptor.get("platform"));
            if (Json.text(platform, "os").isEmpty()
                    || Json.text(platform, "architecture").isEmpty()) {
                throw new CliException("manifest " + Json.text(image, "Ref")
                        + " must have an OS and Architecture to be pushed to a registry");
            }
            oci |= Json.text(descriptor, "mediaType").startsWith("application/vnd.oci.");
            var entry = new LinkedHashMap<String, Object>();
            entry.put("mediaType", Json.text(descriptor, "mediaType"));
            entry.put("size", Json.number(descriptor, "size"));
            entry.put("digest", Json.text(descriptor, "digest"));
            entry.put("platform", platform);
            manifests.add(entry);
        }
        var list = new LinkedHashMap<String, Object>();
        list.put("schemaVersion", 2L);
        list.put("mediaType", oci ? RemoteManifests.INDEX : RemoteManifests.LIST);
        list.put("manifests", manifests);
        return list;
    }
}
