package io.drydock.docker.engine.container;

import java.util.random.RandomGenerator;

/** Names for containers that nobody named: an adjective and somebody worth remembering. */
final class RandomNames {
    private static final String[] ADJECTIVES = {
        "able", "agile", "amber", "ample", "awake", "bold", "brave", "bright", "brisk", "calm", "candid", "clever", "cosmic",
        "crisp", "curious", "deft", "eager", "early", "earnest", "fabled", "fair", "fearless", "fluent", "fond", "frank",
        "gentle", "glad", "golden", "grand", "happy", "hardy", "honest", "humble", "jolly", "keen", "kind", "lively",
        "loyal", "lucid", "mellow", "merry", "modest", "nimble", "noble", "patient", "placid", "plucky", "polite", "prime",
        "proud", "quick", "quiet", "ready", "robust", "serene", "sharp", "sincere", "sober", "solid", "steady", "stoic",
        "sunny", "swift", "tidy", "trusty", "upbeat", "vivid", "warm", "wise", "witty"
    };
    private static final String[] PEOPLE = {
        "abel", "airy", "alhazen", "ampere", "apgar", "archimedes", "avogadro", "babbage", "banach", "becquerel", "bessel",
        "bohr", "boole", "bose", "boyle", "brahe", "cantor", "carnot", "carson", "cauchy", "celsius", "chandrasekhar",
        "cori", "coulomb", "curie", "dalton", "darwin", "descartes", "dijkstra", "dirac", "edison", "einstein", "elion",
        "euclid", "euler", "faraday", "fermat", "fermi", "feynman", "fourier", "franklin", "galileo", "galois", "gauss",
        "germain", "goodall", "hamilton", "haibt", "hertz", "hilbert", "hooke", "hopper", "hubble", "humboldt", "hypatia",
        "joule", "kepler", "khayyam", "kovalevskaya", "lagrange", "lamarr", "laplace", "leavitt", "leibniz", "linnaeus",
        "lovelace", "maxwell", "mayer", "mccarthy", "meitner", "mendel", "mendeleev", "mirzakhani", "napier", "newton",
        "nightingale", "nobel", "noether", "ohm", "pascal", "pasteur", "payne", "planck", "poincare", "ptolemy", "ramanujan",
        "riemann", "ritchie", "rubin", "sagan", "shannon", "somerville", "swartz", "tesla", "thompson", "turing", "volta",
        "watt", "wiles", "wu"
    };

    private final RandomGenerator random;

    RandomNames(RandomGenerator random) {
        this.random = random;
    }

    /** A name; from the second attempt on with a digit behind it. */
    String next(int attempt) {
        String name = ADJECTIVES[random.nextInt(ADJECTIVES.length)] + "_" + PEOPLE[random.nextInt(PEOPLE.length)];
        return attempt == 0 ? name : name + random.nextInt(10);
    }
}
