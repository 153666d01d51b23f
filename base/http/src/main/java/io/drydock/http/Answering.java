package io.drydock.http;

import io.netty.channel.unix.Errors;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a server's requests are answered, on whatever connection they come. */
final class Answering {
    private static final Logger LOG = LoggerFactory.getLogger(Answering.class);

    private final HttpHandler handler;
    private final ErrorRenderer errors;
    private final HttpDate date;

    Answering(HttpHandler handler, ErrorRenderer errors, HttpDate date) {
        this.handler = handler;
        this.errors = errors;
        this.date = date;
    }

    /** What a connection of this server says in responses. */
    Response.Preamble preamble(BooleanSupplier keepAlive) {
        return new Response.Preamble() {
            @Override
            public boolean keepAlive() {
                return keepAlive.getAsBoolean();
            }

            @Override
            public String date() {
                return date.now();
            }
        };
    }

    ErrorRenderer.Body render(int status, String message) {
        return errors.render(status, message);
    }

    /** Has the handler answer; fails if the connection cannot go on. */
    void handle(Exchange exchange) throws IOException {
        Response response = exchange.response();
        try {
            handler.handle(exchange);
            if (!exchange.upgraded()) {
                response.finish();
            }
        } catch (HttpException e) {
            answerError(exchange, e.status(), String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            // a disk that is full fails like a connection that breaks; only the former can still be told to the client
            if (e instanceof EOFException
                    || e instanceof Errors.NativeIoException
                    || e instanceof ClosedChannelException
                    || !exchange.isActive()) {
                throw e;
            }
            LOG.warn(
                    "{} {} failed",
                    exchange.request().method(),
                    exchange.request().rawPath(),
                    e);
            answerError(exchange, 500, message(e), e);
        } catch (RuntimeException | Error e) {
            LOG.error(
                    "{} {} failed",
                    exchange.request().method(),
                    exchange.request().rawPath(),
                    e);
            answerError(exchange, 500, "internal server error", e);
        }
    }

    private static String message(IOException e) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        return message.replace("No space left on device", "no space left on device");
    }

    private void answerError(Exchange exchange, int status, String message, Throwable cause) throws IOException {
        Response response = exchange.response();
        if (response.committed()) {
            throw new IOException("response cut short", cause);
        }
        ErrorRenderer.Body body = errors.render(status, message);
        response.headers().remove("Content-Length");
        response.status(status).send(body.contentType(), body.bytes());
    }
}
