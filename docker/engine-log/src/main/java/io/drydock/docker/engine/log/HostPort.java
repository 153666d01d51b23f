package io.drydock.docker.engine.log;

import io.drydock.spec.engine.EngineException;

/** A name or address, and a port. IPv6 addresses stand in brackets. */
record HostPort(String host, int port) {

    /**
     * Reads {@code host:port}.
     *
     * @param otherwise the port if none is named; 0 if one must be
     */
    static HostPort parse(String text, int otherwise) {
        int colon = text.lastIndexOf(':');
        boolean named = colon > text.lastIndexOf(']');
        String host = named ? text.substring(0, colon) : text;
        String port = named ? text.substring(colon + 1) : "";
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (port.isEmpty() && otherwise > 0) {
            return new HostPort(host, otherwise);
        }
        try {
            int number = Integer.parseInt(port);
            if (number > 0 && number < 65536) {
                return new HostPort(host, number);
            }
        } catch (NumberFormatException e) {
            throw EngineException.invalid("strconv.Atoi: parsing \"" + port + "\": invalid syntax");
        }
        throw EngineException.invalid("invalid port: " + port);
    }
}
