package io.drydock.registry.server;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Who may do what with which repositories. What no rule gives is not allowed. */
record AccessRules(List<Rule> rules) {
    static final String ANONYMOUS = "anonymous";
    private static final List<String> ACTIONS = List.of("pull", "push", "delete");

    /**
     * One rule.
     *
     * @param users names, {@code *} for everybody whose name is known, {@code anonymous} for everybody at all
     * @param repositories patterns: {@code *} stands for anything but a slash, {@code **} for anything
     * @param actions {@code pull}, {@code push}, {@code delete}
     * @param catalog whether the list of all repositories may be read
     */
    record Rule(List<String> users, List<Pattern> repositories, Set<String> actions, boolean catalog) {
        boolean isFor(String user) {
            return users.contains(ANONYMOUS) || !user.isEmpty() && (users.contains("*") || users.contains(user));
        }
    }

    static AccessRules of(List<ConfigNode> nodes) {
        return new AccessRules(nodes.stream().map(AccessRules::rule).toList());
    }

    private static Rule rule(ConfigNode node) {
        node.only(List.of("users", "repositories", "actions", "catalog"));
        var actions = new LinkedHashSet<String>();
        for (var action : node.texts("actions")) {
            if (action.equals("*")) {
                actions.addAll(ACTIONS);
            } else if (ACTIONS.contains(action)) {
                actions.add(action);
            } else {
                throw new IllegalArgumentException(
                        "configuration: " + node.path() + "actions: unknown action " + action);
            }
        }
        if (node.texts("users").isEmpty()) {
            throw new IllegalArgumentException("configuration: " + node.path() + "users is empty");
        }
        return new Rule(
                node.texts("users"),
                node.texts("repositories").stream().map(AccessRules::pattern).toList(),
                Set.copyOf(actions),
                node.flag("catalog"));
    }

    static Pattern pattern(String text) {
        var expression = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '*') {
                expression.append(Pattern.quote(String.valueOf(c)));
            } else if (text.startsWith("**", i)) {
                expression.append(".*");
                i++;
            } else {
                expression.append("[^/]*");
            }
        }
        return Pattern.compile(expression.toString());
    }

    /**
     * What of the actions asked for somebody may do, sorted.
     *
     * @param user empty for somebody who has not said who he is
     * @param type {@code repository} or {@code registry}
     */
    List<String> granted(String user, String type, String name, List<String> asked) {
        var granted = new TreeSet<String>();
        for (var rule : rules) {
            if (!rule.isFor(user)) {
                continue;
            }
            if (type.equals("registry") && name.equals("catalog") && rule.catalog) {
                granted.add("*");
            }
            if (type.equals("repository")
                    && rule.repositories.stream()
                            .anyMatch(pattern -> pattern.matcher(name).matches())) {
                granted.addAll(rule.actions);
            }
        }
        if (!asked.contains("*")) {
            granted.retainAll(asked);
        }
        return List.copyOf(granted);
    }
}
