package io.drydock.docker.engine.container.spec;

import io.drydock.spec.engine.EngineException;
import io.drydock.spec.oci.runtime.User;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Finds out which numbers {@code --user} means, by the image's {@code /etc/passwd} and {@code /etc/group}. */
final class UserLookup {
    private final List<String[]> passwd;
    private final List<String[]> group;

    UserLookup(String passwd, String group) {
        this.passwd = entries(passwd, 4);
        this.group = entries(group, 3);
    }

    private static List<String[]> entries(String text, int fields) {
        var entries = new ArrayList<String[]>();
        for (String line : text.split("\n")) {
            String[] parts = line.strip().split(":", -1);
            if (parts.length >= fields && !line.startsWith("#")) {
                entries.add(parts);
            }
        }
        return entries;
    }

    /**
     * @param user {@code ""}, {@code name}, {@code uid}, {@code name:group}, {@code uid:gid}
     * @param extra names or numbers of further groups
     */
    User find(String user, List<String> extra) {
        int colon = user.indexOf(':');
        String name = colon < 0 ? user : user.substring(0, colon);
        String groupName = colon < 0 ? "" : user.substring(colon + 1);
        String[] entry = user(name.isEmpty() ? "0" : name);
        long uid;
        long gid = 0;
        String login = null;
        if (entry != null) {
            uid = number(entry[2]);
            gid = number(entry[3]);
            login = entry[0];
        } else if (name.isEmpty()) {
            uid = 0;
        } else if (isNumber(name)) {
            uid = checked(name);
        } else {
            throw EngineException.invalid("unable to find user " + name + ": no matching entries in passwd file");
        }
        Set<Long> groups = new LinkedHashSet<>();
        if (!groupName.isEmpty()) {
            gid = group(groupName, "unable to find group " + groupName + ": no matching entries in group file");
        } else if (login != null) {
            groups.addAll(groupsOf(login));
        }
        for (String one : extra) {
            groups.add(group(one, "Unable to find group " + one + ": no matching entries in group file"));
        }
        // the group itself among the further ones: without it, a file could deny it what it allows others
        var all = new LinkedHashSet<Long>();
        all.add(gid);
        all.addAll(groups);
        return new User(uid, gid, null, List.copyOf(all), null);
    }

    private String @org.jspecify.annotations.Nullable [] user(String name) {
        for (String[] entry : passwd) {
            if (entry[0].equals(name)) {
                return entry;
            }
        }
        for (String[] entry : passwd) {
            if (entry[2].equals(name)) {
                return entry;
            }
        }
        return null;
    }

    private long group(String name, String otherwise) {
        for (String[] entry : group) {
            if (entry[0].equals(name)) {
                return number(entry[2]);
            }
        }
        if (isNumber(name)) {
            return checked(name);
        }
        throw EngineException.invalid(otherwise);
    }

    private List<Long> groupsOf(String login) {
        var found = new ArrayList<Long>();
        for (String[] entry : group) {
            if (entry.length > 3 && List.of(entry[3].split(",")).contains(login)) {
                found.add(number(entry[2]));
            }
        }
        return found;
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9' || c == '-');
    }

    private static long checked(String text) {
        long value = number(text);
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw EngineException.invalid("uids and gids must be in range 0-2147483647");
        }
        return value;
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
