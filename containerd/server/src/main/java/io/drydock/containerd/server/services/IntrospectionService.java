package io.drydock.containerd.server.services;

import com.google.protobuf.Empty;
import io.drydock.containerd.core.ContainerdError;
import io.drydock.containerd.core.Filter;
import io.drydock.containerd.server.grpc.Answers;
import io.drydock.spec.containerd.services.introspection.v1.IntrospectionGrpc;
import io.drydock.spec.containerd.services.introspection.v1.Plugin;
import io.drydock.spec.containerd.services.introspection.v1.PluginInfoRequest;
import io.drydock.spec.containerd.services.introspection.v1.PluginInfoResponse;
import io.drydock.spec.containerd.services.introspection.v1.PluginsRequest;
import io.drydock.spec.containerd.services.introspection.v1.PluginsResponse;
import io.drydock.spec.containerd.services.introspection.v1.ServerResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The service {@code containerd.services.introspection.v1.Introspection}: the parts of this server, under the names that
 * the original gives to its plugins.
 */
public final class IntrospectionService extends IntrospectionGrpc.IntrospectionImplBase {
    private final String uuid;
    private final List<Plugin> plugins;

    /** @param file that keeps this server's UUID, made if need be */
    public IntrospectionService(Path file, List<Plugin> plugins) throws IOException {
        this.uuid = uuid(file);
        this.plugins = List.copyOf(plugins);
    }

    private static String uuid(Path file) throws IOException {
        if (!Files.exists(file) || Files.size(file) == 0) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, UUID.randomUUID().toString());
        }
        return Files.readString(file, StandardCharsets.US_ASCII).strip();
    }

    @Override
    public void plugins(PluginsRequest request, StreamObserver<PluginsResponse> out) {
        Answers.unary(out, () -> {
            var filter = Filter.parse(request.getFiltersList());
            return PluginsResponse.newBuilder()
                    .addAllPlugins(plugins.stream()
                            .filter(plugin -> filter.matches(path -> field(plugin, path)))
                            .toList())
                    .build();
        });
    }

    private static Optional<String> field(Plugin plugin, List<String> path) {
        return switch (path.getFirst()) {
            case "type" -> Optional.of(plugin.getType());
            case "id" -> Optional.of(plugin.getId());
            case "capabilities" ->
                path.size() > 1 && plugin.getCapabilitiesList().contains(path.get(1))
                        ? Optional.of(path.get(1))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    @Override
    public void server(Empty request, StreamObserver<ServerResponse> out) {
        Answers.unary(
                out,
                () -> ServerResponse.newBuilder()
                        .setUuid(uuid)
                        .setPid(ProcessHandle.current().pid())
                        .setPidns(pidNamespace())
                        .build());
    }

    /** The inode of our pid namespace, from {@code pid:[N]}. */
    private static long pidNamespace() throws IOException {
        var link = Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
        return Long.parseLong(link.substring(link.indexOf('[') + 1, link.indexOf(']')));
    }

    @Override
    public void pluginInfo(PluginInfoRequest request, StreamObserver<PluginInfoResponse> out) {
        Answers.unary(
                out,
                () -> plugins.stream()
                        .filter(plugin -> plugin.getType().equals(request.getType())
                                && plugin.getId().equals(request.getId()))
                        .findFirst()
                        .map(plugin -> PluginInfoResponse.newBuilder()
                                .setPlugin(plugin)
                                .build())
                        .orElseThrow(
                                () -> ContainerdError.notFound("plugin " + request.getType() + "." + request.getId())));
    }
}
