package io.drydock.image.remote;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One challenge of a {@code WWW-Authenticate} header: a scheme in lower case and its parameters (RFC 9110 §11.6.1). */
record Challenge(String scheme, Map<String, String> parameters) {

    /** Reads all challenges of the headers; what cannot be read ends the list. */
    static List<Challenge> parse(List<String> headers) {
        var challenges = new ArrayList<Challenge>();
        for (var header : headers) {
            new Parser(header).challenges(challenges);
        }
        return challenges;
    }

    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        void challenges(List<Challenge> out) {
            while (skip(" ,") < text.length()) {
                var scheme = token();
                if (scheme.isEmpty()) {
                    return;
                }
                var parameters = new LinkedHashMap<String, String>();
                while (parameter(parameters)) {
                    skip(" ,");
                }
                out.add(new Challenge(scheme.toLowerCase(Locale.ROOT), parameters));
            }
        }

        /** Reads {@code name=value}; a word without "=" is the next scheme and is left alone. */
        private boolean parameter(Map<String, String> out) {
            skip(" ");
            int begin = at;
            var name = token();
            if (name.isEmpty() || at >= text.length() || text.charAt(at) != '=') {
                at = begin;
                return false;
            }
            at++;
            out.put(name.toLowerCase(Locale.ROOT), at < text.length() && text.charAt(at) == '"' ? quoted() : token());
            return true;
        }

        private String quoted() {
            var value = new StringBuilder();
            for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
                if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                    at++;
                }
                value.append(text.charAt(at));
            }
            at++;
            return value.toString();
        }

        private String token() {
            int begin = at;
            while (at < text.length() && " ,=\"".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return text.substring(begin, at);
        }

        private int skip(String characters) {
            while (at < text.length() && characters.indexOf(text.charAt(at)) >= 0) {
                at++;
            }
            return at;
        }
    }
}
