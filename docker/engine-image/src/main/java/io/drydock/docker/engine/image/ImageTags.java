package io.drydock.docker.engine.image;

import io.drydock.containerd.client.ContainerdException;
import io.drydock.containerd.client.Descriptor;
import io.drydock.containerd.client.Image;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.EventSink;
import io.drydock.spec.engine.Filters;
import io.drydock.spec.engine.ImageDeleteItem;
import io.drydock.spec.engine.PruneImagesResponse;
import io.drydock.spec.oci.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gives names to images and takes them away. An image that loses its last name to another image is kept as a dangling one. */
public final class ImageTags {
    private final ImageCatalog catalog;
    private final ImageUsers users;
    private final EventSink events;

    public ImageTags(ImageCatalog catalog, ImageUsers users, EventSink events) {
        this.catalog = catalog;
        this.users = users;
        this.events = events;
    }

    /** Gives an image another name. */
    public void tag(String image, String repository, String tag) {
        var details = catalog.find(image);
        Reference name;
        try {
            name = Reference.parse(repository);
            name = name.withTag(tag.isEmpty() ? name.tag() == null ? "latest" : name.tag() : tag);
        } catch (IllegalArgumentException e) {
            throw EngineException.invalid(String.valueOf(e.getMessage()));
        }
        put(name, new Descriptor(details.mediaType(), details.id(), details.size()));
        events.publish("image", "tag", details.id(), Map.of("name", name.familiar()));
    }

    /** Lets a name point at an image; what it pointed at before stays as a dangling image. */
    void put(Reference name, Descriptor target) {
        keepDangling(name.toString(), target.digest());
        catalog.containerd().images().put(new Image(name.toString(), target, Map.of()));
        forgetDangling(target.digest());
    }

    /** Keeps an image that has no name. */
    void keepNameless(Descriptor target) {
        catalog.containerd().images().put(new Image(ImageNames.dangling(target.digest()), target, Map.of()));
    }

    /** Drops what keeps an image without a name if it has one. */
    void forgetDangling(String digest) {
        String dangling = ImageNames.dangling(digest);
        var names = catalog.namesOf(digest);
        if (names.contains(dangling) && names.size() > 1) {
            catalog.containerd().images().delete(dangling, false);
        }
    }

    /** Called before a name points at another image: keeps the one it points at now if that has no other name. */
    void keepDangling(String fullName, String newDigest) {
        var old = catalog.byName(fullName);
        if (old == null || old.target().digest().equals(newDigest)) {
            return;
        }
        if (catalog.namesOf(old.target().digest()).size() == 1) {
            keepNameless(old.target());
        }
    }

    /** Takes a name away, or all names of an id; the image goes with its last one. */
    public List<ImageDeleteItem> remove(String nameOrId, boolean force) {
        var details = catalog.find(nameOrId);
        var names = catalog.namesOf(details.id());
        boolean byId = ImageNames.mayBeId(nameOrId)
                && (nameOrId.startsWith("sha256:") || names.stream().noneMatch(n -> n.equals(fullName(nameOrId))));
        var items = new ArrayList<ImageDeleteItem>();
        if (byId) {
            refuseById(details, names, force);
            names.forEach(name -> untag(name, details.id(), items));
        } else {
            String name = fullName(nameOrId);
            if (names.size() <= 1) {
                refuseByName(details, nameOrId, force);
            }
            if (!names.contains(name)) {
                // asked for by digest: every name of that repository
                String repository = Reference.parse(name).name();
                names.stream().filter(n -> n.startsWith(repository + ":")).forEach(n -> untag(n, details.id(), items));
            } else {
                untag(name, details.id(), items);
            }
        }
        if (catalog.namesOf(details.id()).isEmpty()) {
            catalog.forget(details.id());
            items.add(new ImageDeleteItem(null, details.id()));
            events.publish("image", "delete", details.id(), Map.of("name", details.id()));
        }
        return items;
    }

    private static String fullName(String name) {
        try {
            return Reference.parseWithDefaultTag(name).toString();
        } catch (IllegalArgumentException e) {
            return name;
        }
    }

    private void untag(String name, String id, List<ImageDeleteItem> items) {
        try {
            catalog.containerd().images().delete(name, true);
        } catch (ContainerdException e) {
            if (!e.notFound()) {
                throw ImageCatalog.failure("remove image " + name, e);
            }
        }
        if (!ImageNames.isDangling(name)) {
            String familiar = Reference.parse(name).familiar();
            items.add(new ImageDeleteItem(familiar, null));
            events.publish("image", "untag", id, Map.of("name", familiar));
        }
    }

    private void refuseById(ImageDetails details, List<String> names, boolean force) {
        String id = details.id().substring(7, 19);
        for (var user : users.usersOf(details.id())) {
            if (user.running()) {
                throw EngineException.conflict("conflict: unable to delete " + id
                        + " (cannot be forced) - image is being used by running container "
                        + user.containerId().substring(0, 12));
            }
            if (!force) {
                throw EngineException.conflict("conflict: unable to delete " + id
                        + " (must be forced) - image is being used by stopped container "
                        + user.containerId().substring(0, 12));
            }
        }
        long repositories = names.stream()
                .filter(name -> !ImageNames.isDangling(name))
                .map(name -> Reference.parse(name).name())
                .distinct()
                .count();
        if (!force && repositories > 1) {
            throw EngineException.conflict("conflict: unable to delete " + id
                    + " (must be forced) - image is referenced in multiple repositories");
        }
    }

    private void refuseByName(ImageDetails details, String name, boolean force) {
        for (var user : users.usersOf(details.id())) {
            if (!force) {
                throw EngineException.conflict("conflict: unable to remove repository reference \"" + name
                        + "\" (must force) - container " + user.containerId().substring(0, 12)
                        + " is using its referenced image " + details.id().substring(7, 19));
            }
        }
    }

    /** Removes dangling images, or with {@code dangling=false} all that no container uses. */
    public PruneImagesResponse prune(Filters filters) {
        filters.allow(Set.of("dangling", "label", "label!", "until"));
        boolean danglingOnly = filters.bool("dangling", true);
        if (filters.of("until").size() > 1) {
            throw EngineException.invalid("more than one until filter specified");
        }
        long before = filters.has("until") ? ImageViews.until(filters) : Long.MAX_VALUE;
        var deleted = new ArrayList<ImageDeleteItem>();
        long freed = 0;
        for (var found : catalog.all()) {
            var config = found.details().config().config();
            boolean chosen = (!danglingOnly || found.names().isEmpty())
                    && filters.labels("label", config == null ? Map.of() : config.labels())
                    && filters.withoutLabels(config == null ? Map.of() : config.labels())
                    && ImageViews.seconds(found.details().config().created()) < before
                    && users.usersOf(found.details().id()).isEmpty();
            if (chosen) {
                freed += found.details().contentSize() + catalog.unpackedSize(found.details());
                deleted.addAll(remove(found.details().id(), true));
            }
        }
        events.publish("image", "prune", "", Map.of("reclaimed", Long.toString(freed)));
        return new PruneImagesResponse(deleted, freed);
    }
}
