/** A source of random numbers for the Java runtime of the command lines. */
module io.drydock.random {
    requires static org.jspecify;

    provides java.security.Provider with
            io.drydock.random.KernelRandom;
}
