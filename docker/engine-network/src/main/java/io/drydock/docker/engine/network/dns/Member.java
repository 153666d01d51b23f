package io.drydock.docker.engine.network.dns;

import java.nio.file.Path;
import java.util.List;

/**
 * A container that asks for names.
 *
 * @param namespace its network namespace
 * @param nameServers who is asked for what its networks do not know
 * @param places its networks, the one with the default gateway first
 */
public record Member(Path namespace, List<String> nameServers, List<Place> places) {

    /** Copies the lists. */
    public Member {
        nameServers = List.copyOf(nameServers);
        places = List.copyOf(places);
    }
}
