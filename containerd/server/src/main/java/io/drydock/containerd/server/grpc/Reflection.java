package io.drydock.containerd.server.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.drydock.spec.containerd.reflection.v1.ErrorResponse;
import io.drydock.spec.containerd.reflection.v1.ExtensionNumberResponse;
import io.drydock.spec.containerd.reflection.v1.FileDescriptorResponse;
import io.drydock.spec.containerd.reflection.v1.ListServiceResponse;
import io.drydock.spec.containerd.reflection.v1.ServerReflectionRequest;
import io.drydock.spec.containerd.reflection.v1.ServerReflectionResponse;
import io.drydock.spec.containerd.reflection.v1.ServiceResponse;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Tells clients such as grpcurl what is served: the services, and the protocol files in which a symbol is. The messages of
 * {@code grpc.reflection.v1} and its predecessor v1alpha are the same.
 */
public final class Reflection implements BindableService {
    private static final String V1 = "grpc.reflection.v1.ServerReflection";
    private static final String V1_ALPHA = "grpc.reflection.v1alpha.ServerReflection";

    private final String name;
    private final Catalogue catalogue;

    private Reflection(String name, Catalogue catalogue) {
        this.name = name;
        this.catalogue = catalogue;
    }

    /** Both versions of the service, about the given services and themselves. */
    public static List<BindableService> of(List<BindableService> served) {
        var catalogue = new Catalogue(List.copyOf(served));
        return List.of(new Reflection(V1, catalogue), new Reflection(V1_ALPHA, catalogue));
    }

    /** What is served. It is gathered when it is first asked for: few ask, and it takes the descriptors of all messages. */
    private static final class Catalogue {
        private final List<BindableService> served;
        private final Set<String> services = new TreeSet<>();
        private final Map<String, FileDescriptor> files = new LinkedHashMap<>();
        private final Map<String, FileDescriptor> symbols = new LinkedHashMap<>();

        Catalogue(List<BindableService> served) {
            this.served = served;
        }

        private synchronized Catalogue gathered() {
            if (services.isEmpty()) {
                services.add(V1);
                services.add(V1_ALPHA);
                for (var service : served) {
                    add(service.bindService().getServiceDescriptor());
                }
                add(ServerReflectionRequest.getDescriptor().getFile());
            }
            return this;
        }

        Set<String> services() {
            return gathered().services;
        }

        @Nullable
        FileDescriptor file(String name) {
            return gathered().files.get(name);
        }

        @Nullable
        FileDescriptor containing(String symbol) {
            return gathered().symbols.get(symbol);
        }

        private void add(ServiceDescriptor service) {
            services.add(service.getName());
            if (service.getSchemaDescriptor() instanceof ProtoFileDescriptorSupplier schema) {
                add(schema.getFileDescriptor());
            }
        }

        private void add(FileDescriptor file) {
            if (files.putIfAbsent(file.getFullName(), file) != null) {
                return;
            }
            file.getDependencies().forEach(this::add);
            file.getMessageTypes().forEach(type -> add(type, file));
            file.getEnumTypes().forEach(type -> symbols.put(type.getFullName(), file));
            for (var service : file.getServices()) {
                symbols.put(service.getFullName(), file);
                service.getMethods().forEach(method -> symbols.put(method.getFullName(), file));
            }
        }

        private void add(Descriptor type, FileDescriptor file) {
            symbols.put(type.getFullName(), file);
            type.getNestedTypes().forEach(nested -> add(nested, file));
            type.getEnumTypes().forEach(nested -> symbols.put(nested.getFullName(), file));
        }
    }

    @Override
    public ServerServiceDefinition bindService() {
        var method = MethodDescriptor.<ServerReflectionRequest, ServerReflectionResponse>newBuilder()
                .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(name, "ServerReflectionInfo"))
                .setRequestMarshaller(ProtoUtils.marshaller(ServerReflectionRequest.getDefaultInstance()))
                .setResponseMarshaller(ProtoUtils.marshaller(ServerReflectionResponse.getDefaultInstance()))
                .build();
        return ServerServiceDefinition.builder(name)
                .addMethod(method, ServerCalls.asyncBidiStreamingCall(this::answers))
                .build();
    }

    private StreamObserver<ServerReflectionRequest> answers(StreamObserver<ServerReflectionResponse> out) {
        return new StreamObserver<>() {
            @Override
            public void onNext(ServerReflectionRequest request) {
                out.onNext(answer(request));
            }

            @Override
            public void onError(Throwable gone) {
                // the client's matter
            }

            @Override
            public void onCompleted() {
                out.onCompleted();
            }
        };
    }

    private ServerReflectionResponse answer(ServerReflectionRequest request) {
        var answer = ServerReflectionResponse.newBuilder()
                .setValidHost(request.getHost())
                .setOriginalRequest(request);
        switch (request.getMessageRequestCase()) {
            case LIST_SERVICES -> {
                var list = ListServiceResponse.newBuilder();
                catalogue
                        .services()
                        .forEach(service ->
                                list.addService(ServiceResponse.newBuilder().setName(service)));
                answer.setListServicesResponse(list);
            }
            case FILE_BY_FILENAME ->
                file(answer, catalogue.file(request.getFileByFilename()), request.getFileByFilename());
            case FILE_CONTAINING_SYMBOL ->
                file(
                        answer,
                        catalogue.containing(request.getFileContainingSymbol()),
                        request.getFileContainingSymbol());
            case FILE_CONTAINING_EXTENSION ->
                file(answer, null, request.getFileContainingExtension().getContainingType());
            case ALL_EXTENSION_NUMBERS_OF_TYPE ->
                answer.setAllExtensionNumbersResponse(
                        ExtensionNumberResponse.newBuilder().setBaseTypeName(request.getAllExtensionNumbersOfType()));
            case MESSAGEREQUEST_NOT_SET -> error(answer, Status.Code.INVALID_ARGUMENT, "the request asks for nothing");
        }
        return answer.build();
    }

    /** The file with all it depends on. */
    private static void file(ServerReflectionResponse.Builder answer, @Nullable FileDescriptor file, String wanted) {
        if (file == null) {
            error(answer, Status.Code.NOT_FOUND, "not found: " + wanted);
            return;
        }
        var all = new LinkedHashSet<FileDescriptor>();
        gather(file, all);
        var found = FileDescriptorResponse.newBuilder();
        for (var each : all) {
            ByteString bytes = each.toProto().toByteString();
            found.addFileDescriptorProto(bytes);
        }
        answer.setFileDescriptorResponse(found);
    }

    private static void gather(FileDescriptor file, Set<FileDescriptor> all) {
        if (all.add(file)) {
            file.getDependencies().forEach(dependency -> gather(dependency, all));
        }
    }

    private static void error(ServerReflectionResponse.Builder answer, Status.Code code, String text) {
        answer.setErrorResponse(
                ErrorResponse.newBuilder().setErrorCode(code.value()).setErrorMessage(text));
    }
}
