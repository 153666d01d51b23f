package io.drydock.rpc;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.UserPrincipal;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/** Who may speak: only a peer that runs as the same user and group, as the kernel says. */
record PeerCredentials(UserPrincipal user, GroupPrincipal group) {
    /** The credentials of this process. */
    static PeerCredentials own() throws IOException {
        PosixFileAttributes self = Files.readAttributes(Path.of("/proc/self"), PosixFileAttributes.class);
        return new PeerCredentials(self.owner(), self.group());
    }

    boolean match(SocketChannel socket) throws IOException {
        UnixDomainPrincipal peer = socket.getOption(ExtendedSocketOptions.SO_PEERCRED);
        return peer.user().equals(user) && peer.group().equals(group);
    }
}
