package io.drydock.docker.cli;

import java.util.Arrays;
import java.util.List;

/**
 * Runs several command lines, separated by commas, in one process. The start-up cache is made from one process: what none
 * of these commands touches is loaded slowly for ever after. Started by {@code packaging/train.sh} only.
 */
public final class Training {
    private Training() {}

    public static void main(String[] words) {
        int from = 0;
        for (int i = 0; i <= words.length; i++) {
            if (i == words.length || words[i].equals(",")) {
                List<String> line = List.of(Arrays.copyOfRange(words, from, i));
                int status = Main.run(line);
                if (status != 0) {
                    System.err.println("training: docker " + String.join(" ", line) + ": status " + status);
                }
                from = i + 1;
            }
        }
        Runtime.getRuntime().halt(0);
    }
}
