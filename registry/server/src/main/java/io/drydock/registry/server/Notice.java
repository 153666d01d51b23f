package io.drydock.registry.server;

/**
 * An event as it is posted.
 *
 * @param mediaType of what it is about; empty if it is about something that is gone
 */
record Notice(String action, String mediaType, String json) {}
