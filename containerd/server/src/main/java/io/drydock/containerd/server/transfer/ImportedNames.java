package io.drydock.containerd.server.transfer;

import io.drydock.image.archive.bundle.ImageBundle.Layout;
import io.drydock.spec.containerd.types.transfer.ImageReference;
import io.drydock.spec.containerd.types.transfer.ImageStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The names that a client's {@code ImageStore} message gives to an image of an archive. */
final class ImportedNames {
    private ImportedNames() {}

    static List<String> of(ImageStore store, ImageImport.Imported imported) {
        var names = new ArrayList<String>();
        for (var reference : store.getExtraReferencesList()) {
            if (!reference.getIsPrefix()) {
                continue; // names the index of all, which is not kept as an image
            }
            var name = name(imported.annotations(), reference);
            var digested = reference.getName() + "@" + imported.target().digest();
            if (!name.isEmpty()) {
                names.add(name);
            }
            if (reference.getAddDigest() && (name.isEmpty() || !reference.getSkipNamedDigest())) {
                names.add(digested);
            }
        }
        return names;
    }

    /** A full name counts if it is one of the prefix's, or any may overwrite; a tag alone is one of the prefix. */
    private static String name(Map<String, String> annotations, ImageReference reference) {
        var full = annotations.getOrDefault(Layout.NAME, "");
        if (!full.isEmpty()) {
            return translated(full, reference).equals(full) ? full : "";
        }
        return translated(annotations.getOrDefault(Layout.REF_NAME, ""), reference);
    }

    private static String translated(String name, ImageReference reference) {
        var prefix = reference.getName();
        if (prefix.isEmpty() || name.isEmpty()) {
            return "";
        }
        boolean full = name.chars().anyMatch(c -> c == '/' || c == ':' || c == '@');
        if (!full) {
            return prefix + ":" + name;
        }
        boolean ofPrefix = name.startsWith(prefix)
                && (name.length() == prefix.length() || "/:@".indexOf(name.charAt(prefix.length())) >= 0);
        return reference.getAllowOverwrite() || ofPrefix ? name : "";
    }
}
