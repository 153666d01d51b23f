package io.drydock.docker.dockerd;

import io.drydock.docker.engine.network.Network;
import io.drydock.docker.engine.network.NetworkListener;
import io.drydock.spec.engine.EventSink;
import java.util.LinkedHashMap;
import java.util.Locale;

/** Tells the engine's events what happens to networks. */
record NetworkEvents(EventSink events) implements NetworkListener {
    @Override
    public void onNetwork(Action action, Network network, String containerId) {
        var attributes = new LinkedHashMap<String, String>();
        if (!containerId.isEmpty()) {
            attributes.put("container", containerId);
        }
        attributes.put("name", network.name());
        attributes.put("type", network.driver());
        events.publish("network", action.name().toLowerCase(Locale.ROOT), network.id(), attributes);
    }
}
