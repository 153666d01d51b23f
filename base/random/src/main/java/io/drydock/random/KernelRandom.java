package io.drydock.random;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.Provider;
import java.security.SecureRandomSpi;
import org.jspecify.annotations.Nullable;

/**
 * Random numbers straight from the kernel, as a security provider. The JDK makes itself a generator when it opens its first
 * unix socket, and setting its own providers up for that takes half as long as all else that {@code docker ps} does. It
 * must be a module of the runtime: a provider in a jar is looked for in every jar of the class path.
 */
public final class KernelRandom extends Provider {
    private static final long serialVersionUID = 1L;

    public KernelRandom() {
        super("KernelRandom", "1", "random numbers from /dev/urandom");
        putService(new Source(this));
    }

    /** Makes the generator itself, without reflection. */
    private static final class Source extends Service {
        Source(Provider provider) {
            super(provider, "SecureRandom", "NativePRNGNonBlocking", Urandom.class.getName(), null, null);
        }

        @Override
        public Object newInstance(@Nullable Object parameter) {
            return new Urandom();
        }
    }

    private static final class Urandom extends SecureRandomSpi {
        private static final long serialVersionUID = 1L;

        @Override
        protected void engineSetSeed(byte[] seed) {
            // the kernel seeds itself
        }

        @Override
        protected void engineNextBytes(byte[] bytes) {
            try (var in = new FileInputStream("/dev/urandom")) {
                if (in.readNBytes(bytes, 0, bytes.length) < bytes.length) {
                    throw new IOException("/dev/urandom: unexpected EOF");
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        protected byte[] engineGenerateSeed(int count) {
            byte[] seed = new byte[count];
            engineNextBytes(seed);
            return seed;
        }
    }
}
