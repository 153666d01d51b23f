package io.drydock.docker.cli.completion;

import io.drydock.docker.cli.context.ContextNames;
import io.drydock.docker.cli.http.Request;
import io.drydock.docker.cli.json.Json;
import io.drydock.docker.cli.session.Api;
import io.drydock.docker.cli.session.Cli;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Names that the engine and the configuration know now. */
record LiveNames(Cli cli) {
    /** Which containers. */
    enum State {
        ANY,
        RUNNING,
        UNPAUSED,
        PAUSED,
        STOPPED;

        boolean fits(String state) {
            return switch (this) {
                case ANY, RUNNING -> true;
                case UNPAUSED -> !state.equals("paused");
                case PAUSED -> state.equals("paused");
                case STOPPED -> state.equals("created") || state.equals("exited") || state.equals("dead");
            };
        }
    }

    List<String> containers(State state) throws IOException {
        boolean all = state == State.ANY || state == State.STOPPED;
        var names = new ArrayList<String>();
        for (Object container : Api.array(cli, Request.get("/containers/json").queryIf(all, "all", "1"))) {
            if (state.fits(Json.text(container, "State"))) {
                for (Object name : Json.list(Json.at(container, "Names"))) {
                    String text = name.toString();
                    if (text.lastIndexOf('/') <= 0) {
                        names.add(text.startsWith("/") ? text.substring(1) : text);
                    }
                }
            }
        }
        return names;
    }

    List<String> images() throws IOException {
        var names = new ArrayList<String>();
        for (Object image : Api.array(cli, Request.get("/images/json"))) {
            for (Object tag : Json.list(Json.at(image, "RepoTags"))) {
                if (!tag.toString().equals("<none>:<none>")) {
                    names.add(tag.toString());
                }
            }
        }
        return names;
    }

    List<String> networks() throws IOException {
        return names(Api.array(cli, Request.get("/networks")));
    }

    List<String> volumes() throws IOException {
        Map<String, Object> answer = Api.object(cli, Request.get("/volumes"));
        return names(Json.list(answer.get("Volumes")));
    }

    private static List<String> names(List<Object> objects) {
        return objects.stream().map(object -> Json.text(object, "Name")).toList();
    }

    /** With {@code current} behind the one in use, if wanted. */
    List<String> contexts(boolean markCurrent) throws IOException {
        var names = new ArrayList<String>();
        for (String name : ContextNames.of(cli.config().directory())) {
            names.add(markCurrent && name.equals(cli.context()) ? name + "\tcurrent" : name);
        }
        return names;
    }
}
