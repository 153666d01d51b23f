package io.drydock.docker.cli.catalog;

import io.drydock.flags.FlagSet;
import java.util.LinkedHashMap;
import java.util.Map;

/** Flags that need an engine of a certain version of the API at least. */
public final class FlagVersions {
    private static final String CREATE =
            "annotation 1.43,cgroupns 1.41,gpus 1.40,health-start-interval 1.44,platform 1.32";

    private FlagVersions() {}

    /** The versions, such as {@code 1.48}, by flag, for those of the command's flags that were given. */
    public static Map<String, String> needed(String path, FlagSet flags) {
        var needed = new LinkedHashMap<String, String>();
        for (String need : table(path).split(",")) {
            int blank = need.indexOf(' ');
            if (blank > 0 && flags.changed(need.substring(0, blank))) {
                needed.put(need.substring(0, blank), need.substring(blank + 1));
            }
        }
        return needed;
    }

    private static String table(String path) {
        return switch (path) {
            case "container create", "container run" -> CREATE;
            case "container update" -> "pids-limit 1.40";
            case "image history", "image load", "image save" -> "platform 1.48";
            case "image inspect" -> "platform 1.49";
            case "image ls" -> "tree 1.47";
            case "image push" -> "platform 1.46";
            case "image rm" -> "platform 1.50";
            case "volume prune" -> "all 1.42";
            case "volume ls" -> "cluster 1.42";
            case "volume create" ->
                "availability 1.42,group 1.42,limit-bytes 1.42,required-bytes 1.42,scope 1.42,secret 1.42,"
                        + "sharing 1.42,topology-preferred 1.42,topology-required 1.42,type 1.42";
            default -> "";
        };
    }
}
