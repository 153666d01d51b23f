package io.drydock.docker.cli.container;

import io.drydock.docker.cli.session.CliException;
import io.drydock.flags.FlagException;
import io.drydock.flags.FlagValues;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code --device}, {@code --gpus} and the limits of block devices. */
final class Devices {
    private static final String RATE = ". The correct format is <device-path>:<number>";

    private Devices() {}

    static Map<String, Object> weight(String text) throws FlagException {
        String value = value(text);
        long weight;
        try {
            weight = Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new FlagException("invalid weight for device: " + text);
        }
        if (weight < 0 || weight > 0 && weight < 10 || weight > 1000) {
            throw new FlagException("invalid weight for device: " + text);
        }
        return Map.of("Path", path(text), "Weight", weight);
    }

    static Map<String, Object> bytesRate(String text) throws FlagException {
        String value = value(text);
        long rate;
        try {
            rate = FlagValues.bytes(value);
        } catch (FlagException e) {
            rate = -1;
        }
        if (rate < 0) {
            throw new FlagException("invalid rate for device: " + text + RATE + "[<unit>]. Number must be a positive "
                    + "integer. Unit is optional and can be kb, mb, or gb");
        }
        return Map.of("Path", path(text), "Rate", rate);
    }

    static Map<String, Object> operationsRate(String text) throws FlagException {
        String value = value(text);
        try {
            return Map.of("Path", path(text), "Rate", Long.parseUnsignedLong(value));
        } catch (NumberFormatException e) {
            throw new FlagException("invalid rate for device: " + text + RATE + ". Number must be a positive integer");
        }
    }

    private static String path(String text) {
        return text.substring(0, text.indexOf(':'));
    }

    private static String value(String text) throws FlagException {
        int colon = text.indexOf(':');
        if (colon <= 0) {
            throw new FlagException("bad format: " + text);
        }
        if (!text.startsWith("/dev/")) {
            throw new FlagException("bad format for device path: " + text);
        }
        return text.substring(colon + 1);
    }

    /** Whether it names a device by the Container Device Interface: {@code vendor.com/class=name}. */
    static boolean isQualifiedName(String text) {
        int slash = text.indexOf('/');
        return slash > 0 && text.indexOf('=') > slash + 1 && !text.endsWith("=");
    }

    static Map<String, Object> device(String text) throws CliException {
        String[] parts = text.split(":", -1);
        if (parts.length > 3 || parts[0].isEmpty()) {
            throw new CliException("bad format for path: " + text);
        }
        String target = parts.length == 1 || parts.length == 2 && isMode(parts[1]) ? parts[0] : parts[1];
        String mode = parts.length == 3 ? parts[2] : parts.length == 2 && isMode(parts[1]) ? parts[1] : "rwm";
        if (!isMode(mode)) {
            throw new CliException("bad mode specified: " + mode);
        }
        if (!target.startsWith("/")) {
            throw new CliException(target + " is not an absolute path");
        }
        return Map.of("PathOnHost", parts[0], "PathInContainer", target, "CgroupPermissions", mode);
    }

    private static boolean isMode(String text) {
        var seen = new HashSet<Character>();
        for (int i = 0; i < text.length(); i++) {
            if ("rwm".indexOf(text.charAt(i)) < 0 || !seen.add(text.charAt(i))) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /** {@code c 1:3 rwm}, with {@code *} for any number. */
    static void checkRule(String text) throws FlagException {
        String[] parts = text.split(" ", -1);
        boolean good = parts.length == 3
                && (parts[0].equals("a") || parts[0].equals("b") || parts[0].equals("c"))
                && isMode(parts[2]);
        if (good) {
            String[] numbers = parts[1].split(":", -1);
            good = numbers.length == 2 && isNumber(numbers[0]) && isNumber(numbers[1]);
        }
        if (!good) {
            throw new FlagException("invalid device cgroup format '" + text + "'");
        }
    }

    private static boolean isNumber(String text) {
        return text.equals("*") || !text.isEmpty() && text.chars().allMatch(Character::isDigit);
    }

    /** One request for devices of a driver. */
    static Map<String, Object> gpus(String text) throws FlagException {
        var request = new LinkedHashMap<String, Object>();
        var seen = new HashSet<String>();
        for (String field : MountSpecs.fields(text)) {
            int equals = field.indexOf('=');
            String key = equals < 0 ? field : field.substring(0, equals);
            String value = equals < 0 ? "" : field.substring(equals + 1);
            if (!seen.add(key)) {
                throw new FlagException("gpu request key '" + key + "' can be specified only once");
            }
            if (equals < 0) {
                seen.add("count");
                request.put("Count", count(key));
                continue;
            }
            switch (key) {
                case "driver" -> request.put("Driver", value);
                case "count" -> request.put("Count", count(value));
                case "device" -> request.put("DeviceIDs", List.of(value.split(",")));
                case "capabilities" -> {
                    var all = new ArrayList<>(List.of(value.split(",")));
                    all.add("gpu");
                    request.put("Capabilities", List.of(all));
                }
                case "options" -> {
                    var options = new LinkedHashMap<String, String>();
                    for (String option : MountSpecs.fields(value)) {
                        CreateOptions.pair(options, option);
                    }
                    request.put("Options", options);
                }
                default -> throw new FlagException("unexpected key '" + key + "' in '" + field + "'");
            }
        }
        if (!seen.contains("count") && !seen.contains("device")) {
            request.put("Count", 1L);
        }
        request.putIfAbsent("Options", Map.of());
        request.putIfAbsent("Capabilities", List.of(List.of("gpu")));
        return request;
    }

    private static long count(String text) throws FlagException {
        if (text.equals("all")) {
            return -1;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new FlagException(
                    "invalid count (" + text + "): value must be either \"all\" or an integer: invalid syntax");
        }
    }
}
