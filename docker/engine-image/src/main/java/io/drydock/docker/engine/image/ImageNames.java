package io.drydock.docker.engine.image;

import io.drydock.spec.engine.EngineException;
import io.drydock.spec.oci.Reference;

/** Names of images as users write them, and as containerd keeps them. */
public final class ImageNames {
    /** Names of images that have lost theirs begin so. */
    static final String DANGLING = "moby-dangling@";

    private ImageNames() {}

    /** A name with the tag latest if it has neither tag nor digest; refuses what is none in the original's words. */
    public static Reference parse(String name) {
        try {
            return Reference.parseWithDefaultTag(name);
        } catch (IllegalArgumentException e) {
            throw EngineException.invalid(String.valueOf(e.getMessage()));
        }
    }

    /** A repository and a tag or digest given apart; an empty tag is latest. */
    static Reference parse(String repository, String tag) {
        if (tag.isEmpty()) {
            return parse(repository);
        }
        try {
            var name = Reference.parse(repository);
            return tag.contains(":") ? Reference.parse(name.name() + "@" + tag) : name.withTag(tag);
        } catch (IllegalArgumentException e) {
            throw EngineException.invalid(String.valueOf(e.getMessage()));
        }
    }

    static boolean isDangling(String containerdName) {
        return containerdName.startsWith(DANGLING);
    }

    static String dangling(String digest) {
        return DANGLING + digest;
    }

    /** Whether the text may be an id or its beginning, with or without algorithm. */
    static boolean mayBeId(String text) {
        String hex = text.startsWith("sha256:") ? text.substring(7) : text;
        return !hex.isEmpty()
                && hex.length() <= 64
                && hex.chars().allMatch(c -> c >= '0' && c <= '9' || c >= 'a' && c <= 'f');
    }

    static EngineException notFound(String name) {
        try {
            return EngineException.notFound("No such image: "
                    + (name.startsWith("sha256:")
                            ? name
                            : Reference.parseWithDefaultTag(name).familiar()));
        } catch (IllegalArgumentException e) {
            return EngineException.notFound("No such image: " + name);
        }
    }
}
