package io.drydock.docker.api;

import io.avaje.jsonb.JsonType;
import io.avaje.jsonb.Jsonb;
import io.drydock.spec.engine.EngineException;
import io.drydock.spec.engine.ErrorDetail;
import io.drydock.spec.engine.ProgressMessage;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A stream of progress: one JSON object a line. Until the first line a failure is an ordinary error answer; after it, the
 * last line of the stream.
 */
final class ProgressStream implements ImageBackend.Progress {
    private static final JsonType<ProgressMessage> MESSAGE = Jsonb.instance().type(ProgressMessage.class);
    private static final byte[] END = {'\r', '\n'};

    private final Call call;
    private volatile boolean begun;

    private ProgressStream(Call call) {
        this.call = call;
    }

    /** As {@link #run}, but a failure is always told in the stream, as the original does where it answers before it works. */
    static void runInStream(Call call, Work work) throws IOException, InterruptedException {
        run(call, progress -> {
            try {
                work.run(progress);
            } catch (EngineException e) {
                var message = String.valueOf(e.getMessage());
                progress.send(new ProgressMessage(
                        null, null, null, null, null, null, new ErrorDetail(null, message), message));
            }
        });
    }

    /** Work that tells its progress. */
    @FunctionalInterface
    interface Work {
        void run(ImageBackend.Progress progress) throws IOException, InterruptedException;
    }

    static void run(Call call, Work work) throws IOException, InterruptedException {
        var stream = new ProgressStream(call);
        try (var gone = call.exchange().interruptOnDisconnect()) {
            work.run(stream);
        } catch (EngineException | IOException e) {
            // an IOException may be the client's connection; then nobody hears this, and sending it fails, too
            if (!stream.begun) {
                throw e;
            }
            String message = String.valueOf(e.getMessage());
            stream.send(
                    new ProgressMessage(null, null, null, null, null, null, new ErrorDetail(null, message), message));
        }
        if (stream.begun) {
            call.exchange().response().stream().close();
        }
    }

    @Override
    public synchronized void send(ProgressMessage message) throws IOException {
        OutputStream out;
        if (begun) {
            out = call.exchange().response().stream();
        } else {
            begun = true;
            out = call.exchange().response().header("Content-Type", "application/json").stream();
        }
        out.write(MESSAGE.toJsonBytes(message));
        out.write(END);
        out.flush();
    }
}
