package io.drydock.rpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The messages in request and response frames, coded by hand: they are three fields each, and every call pays for them.
 * <pre>
 *  Request   1 service  2 method  3 payload  4 timeout_nano  5 metadata { 1 key  2 value }…
 *  Response  1 status { 1 code  2 message }  2 payload
 * </pre>
 */
sealed interface Envelope {
    /** Turns the message into a frame's payload. */
    byte[] encode();

    /** @param timeoutNanos how long the caller waits, 0 for ever */
    record Request(String service, String method, ByteString payload, long timeoutNanos, Map<String, String> metadata)
            implements Envelope {
        @Override
        public byte[] encode() {
            int size = CodedOutputStream.computeStringSize(1, service)
                    + CodedOutputStream.computeStringSize(2, method)
                    + CodedOutputStream.computeBytesSize(3, payload)
                    + (timeoutNanos == 0 ? 0 : CodedOutputStream.computeInt64Size(4, timeoutNanos));
            for (Map.Entry<String, String> pair : metadata.entrySet()) {
                int inner = pairSize(pair);
                size += CodedOutputStream.computeTagSize(5) + CodedOutputStream.computeUInt32SizeNoTag(inner) + inner;
            }
            return write(size, out -> {
                out.writeString(1, service);
                out.writeString(2, method);
                out.writeBytes(3, payload);
                if (timeoutNanos != 0) {
                    out.writeInt64(4, timeoutNanos);
                }
                for (Map.Entry<String, String> pair : metadata.entrySet()) {
                    out.writeTag(5, WireFormat.WIRETYPE_LENGTH_DELIMITED);
                    out.writeUInt32NoTag(pairSize(pair));
                    out.writeString(1, pair.getKey());
                    out.writeString(2, pair.getValue());
                }
            });
        }

        static Request decode(byte[] bytes) throws IOException {
            CodedInputStream in = CodedInputStream.newInstance(bytes);
            String service = "";
            String method = "";
            ByteString payload = ByteString.EMPTY;
            long timeout = 0;
            Map<String, String> metadata = new LinkedHashMap<>();
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case 1 -> service = in.readString();
                    case 2 -> method = in.readString();
                    case 3 -> payload = in.readBytes();
                    case 4 -> timeout = in.readInt64();
                    case 5 -> readPair(in, metadata);
                    default -> in.skipField(tag);
                }
            }
            return new Request(service, method, payload, timeout, metadata);
        }

        private static int pairSize(Map.Entry<String, String> pair) {
            return CodedOutputStream.computeStringSize(1, pair.getKey())
                    + CodedOutputStream.computeStringSize(2, pair.getValue());
        }

        private static void readPair(CodedInputStream in, Map<String, String> metadata) throws IOException {
            int outer = in.pushLimit(in.readRawVarint32());
            String key = "";
            String value = "";
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case 1 -> key = in.readString();
                    case 2 -> value = in.readString();
                    default -> in.skipField(tag);
                }
            }
            in.popLimit(outer);
            metadata.putIfAbsent(key, value);
        }
    }

    /** @param error null when the call succeeded */
    record Response(@Nullable RpcException error, ByteString payload) implements Envelope {
        static Response ok(ByteString payload) {
            return new Response(null, payload);
        }

        static Response failed(RpcException error) {
            return new Response(error, ByteString.EMPTY);
        }

        @Override
        public byte[] encode() {
            RpcException failure = error;
            if (failure == null) {
                int size = payload.isEmpty() ? 0 : CodedOutputStream.computeBytesSize(2, payload);
                return write(size, out -> {
                    if (!payload.isEmpty()) {
                        out.writeBytes(2, payload);
                    }
                });
            }
            int code = failure.code().number();
            int status = CodedOutputStream.computeInt32Size(1, code)
                    + CodedOutputStream.computeStringSize(2, failure.text());
            int size = CodedOutputStream.computeTagSize(1) + CodedOutputStream.computeUInt32SizeNoTag(status) + status;
            return write(size, out -> {
                out.writeTag(1, WireFormat.WIRETYPE_LENGTH_DELIMITED);
                out.writeUInt32NoTag(status);
                out.writeInt32(1, code);
                out.writeString(2, failure.text());
            });
        }

        static Response decode(byte[] bytes) throws IOException {
            CodedInputStream in = CodedInputStream.newInstance(bytes);
            RpcException error = null;
            ByteString payload = ByteString.EMPTY;
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case 1 -> error = readStatus(in);
                    case 2 -> payload = in.readBytes();
                    default -> in.skipField(tag);
                }
            }
            return new Response(error, payload);
        }

        private static @Nullable RpcException readStatus(CodedInputStream in) throws IOException {
            int outer = in.pushLimit(in.readRawVarint32());
            int code = 0;
            String message = "";
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case 1 -> code = in.readInt32();
                    case 2 -> message = in.readString();
                    default -> in.skipField(tag);
                }
            }
            in.popLimit(outer);
            return code == 0 ? null : new RpcException(StatusCode.of(code), message);
        }
    }

    private static byte[] write(int size, Fields fields) {
        byte[] bytes = new byte[size];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException("a message of " + size + " bytes did not fit its own size", e);
        }
        out.checkNoSpaceLeft();
        return bytes;
    }

    /** Writes the fields of one message. */
    interface Fields {
        void writeTo(CodedOutputStream out) throws IOException;
    }
}
