package io.drydock.docker.cli.completion;

import io.drydock.docker.cli.completion.LiveNames.State;
import io.drydock.flags.FlagSet;
import java.io.IOException;

/** What commands take as arguments. */
final class ArgumentOffers {
    private ArgumentOffers() {}

    /** {@code before} is the number of arguments that stand there already. */
    static Offer of(String path, FlagSet flags, int before, LiveNames names) throws IOException {
        return switch (path) {
            case "container attach", "container pause" -> Offer.of(names.containers(State.UNPAUSED));
            case "container commit",
                    "container diff",
                    "container exec",
                    "container kill",
                    "container port",
                    "container stats",
                    "container stop",
                    "container top",
                    "container wait" -> Offer.of(names.containers(State.RUNNING));
            case "container export",
                    "container inspect",
                    "container logs",
                    "container rename",
                    "container restart",
                    "container update" -> Offer.of(names.containers(State.ANY));
            case "container rm" -> Offer.of(names.containers(flags.bool("force") ? State.ANY : State.STOPPED));
            case "container start" -> Offer.of(names.containers(State.STOPPED));
            case "container unpause" -> Offer.of(names.containers(State.PAUSED));
            case "container create", "container run" -> before == 0 ? Offer.of(names.images()) : Offer.NOTHING;
            case "image history", "image inspect", "image push", "image rm", "image save", "image tag" ->
                Offer.of(names.images());
            case "network disconnect" -> Offer.of(before == 0 ? names.networks() : names.containers(State.ANY));
            case "network connect" -> before == 0 ? Offer.of(names.networks()) : Offer.NOTHING;
            case "network inspect", "network rm" -> Offer.of(names.networks());
            case "volume inspect", "volume rm" -> Offer.of(names.volumes());
            case "context export", "context inspect", "context rm", "context update", "context use" ->
                Offer.of(names.contexts(true));
            case "image build" -> new Offer(java.util.List.of(), Offer.DIRECTORIES);
            case "container cp", "image import", "image ls", "context import" -> Offer.FILES;
            default -> Offer.NOTHING;
        };
    }
}
