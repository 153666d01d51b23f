package io.drydock.docker.cli.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drydock.docker.cli.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cases of Go's text/template; what is right was seen with the original. */
class TemplateTest {
    private static final String DATA = """
            {"Name": "web", "N": 3, "F": 1.5, "Yes": true, "No": false, "Empty": "", "Null": null,
             "List": ["a", "b", "c"], "Map": {"y": 2, "x": 1}, "Deep": {"Er": {"Est": "end"}}, "None": []}
            """;

    private static String render(String template) throws TemplateException {
        return Template.parse(template).render(Json.parse(DATA), Template.MissingKey.NO_VALUE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
                    {{.Name}} {{.N}} {{.F}} {{.Yes}}                          ~ web 3 1.5 true
                    {{.List}} {{.Map}} {{.Null}} {{.Gone}}                    ~ [a b c] map[x:1 y:2] <nil> <no value>
                    {{.Deep.Er.Est}}                                          ~ end
                    {{with .Deep}}{{.Er.Est}}{{end}}{{with .Empty}}x{{else}}y{{end}} ~ endy
                    {{if .Yes}}a{{else}}b{{end}}{{if .No}}a{{else if .N}}c{{else}}b{{end}} ~ ac
                    {{if and .Yes .Name}}{{or .Empty .Name}}{{end}}{{not .No}} ~ webtrue
                    {{range .List}}{{.}},{{end}}                              ~ a,b,c,
                    {{range $i, $e := .List}}{{$i}}{{$e}}{{end}}              ~ 0a1b2c
                    {{range $k, $v := .Map}}{{$k}}={{$v}};{{end}}             ~ x=1;y=2;
                    {{range .None}}x{{else}}none{{end}}                       ~ none
                    {{range .List}}{{if eq . "b"}}{{continue}}{{end}}{{.}}{{end}} ~ ac
                    {{range .List}}{{if eq . "b"}}{{break}}{{end}}{{.}}{{end}} ~ a
                    {{range .List}}{{$.Name}}{{end}}                          ~ webwebweb
                    {{$x := .N}}{{$x}}{{$x = 5}}{{$x}}                        ~ 35
                    {{.Name | printf "%s-%d" "a" | len}}                      ~ 17
                    {{printf "%.2f %t %%" .F .Yes}}                           ~ 1.50 true %
                    {{index .List 1}} {{index .Map "x"}} {{len .List}} {{slice .Name 1 3}} ~ b 1 3 eb
                    {{eq .N 3}} {{eq .N 1 2 3}} {{ne .Name "x"}} {{lt 1 2}} {{ge "b" "a"}} ~ true true true true true
                    {{json .List}} {{json .Map}} {{json .Name}} {{json .Null}} ~ ["a","b","c"] {"y":2,"x":1} "web" null
                    {{join .List "-"}} {{split "a,b" ","}} {{upper .Name}} {{lower "AB"}} {{title "ab cd"}} ~ a-b-c [a b] WEB ab Ab Cd
                    {{pad .Name 1 2}}|{{truncate "abcdef" 3}}|                ~ ` web  |abc|`
                    {{html "<a&b>"}} {{urlquery "a b"}}                       ~ &lt;a&amp;b&gt; a+b
                    {{define "T"}}[{{.}}]{{end}}{{template "T" .Name}}        ~ [web]
                    {{block "B" .N}}<{{.}}>{{end}}                            ~ <3>
                    {{/* a comment */}}x                                      ~ x
                    a {{- .N -}} b                                            ~ a3b
                    {{(index .List 0)}}{{(.Deep.Er).Est}}                     ~ aend
                    """)
    void rendersAsGoDoes(String template, String expected) throws TemplateException {
        assertThat(render(template)).isEqualTo(expected);
    }

    @Test
    void rendersBlanksAsGoDoes() throws TemplateException {
        assertThat(render("{{printf \"%5d|%-5s|%05d|%q|%v|%x\" 42 \"ab\" 7 \"q\" .List 255}}"))
                .isEqualTo("   42|ab   |00007|\"q\"|[a b c]|ff");
        assertThat(render("{{println \"x\" 1}}")).isEqualTo("x 1\n");
        assertThat(render("{{`raw \\n`}} {{\"t\\tt\"}} {{'a'}} {{0x10}}")).isEqualTo("raw \\n t\tt 97 16");
        assertThat(render("{{print 1 2 \"a\" \"b\" 3}}")).isEqualTo("1 2ab3");
        assertThat(render("a \n {{- .N -}} \n b")).isEqualTo("a3b");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
                    {{.ID             ~ template: :1: unclosed action
                    {{json.}}         ~ template: :1: unexpected <.> in operand
                    {{nope .}}        ~ template: :1: function "nope" not defined
                    {{if .Name}}x     ~ template: :1: unexpected EOF
                    {{end}}           ~ template: :1: unexpected {{end}}
                    {{break}}         ~ template: :1: {{break}} outside {{range}}
                    {{"x}}            ~ template: :1: unterminated quoted string
                    """)
    void refusesToParse(String template, String message) {
        assertThatThrownBy(() -> Template.parse(template))
                .isInstanceOf(TemplateException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
                    {{.Foo}}          ~ template: :1:2: executing "" at <.Foo>: map has no entry for key "Foo"
                    {{json.Config}}   ~ template: :1:2: executing "" at <json>: wrong number of args for json: want 1 got 0
                    {{index .List 9}} ~ template: :1:2: executing "" at <index .List 9>: error calling index: index out of range: 9
                    """)
    void failsWhenRun(String template, String message) throws TemplateException {
        var parsed = Template.parse(template);

        assertThatThrownBy(() -> parsed.render(Json.parse(DATA), Template.MissingKey.ERROR))
                .isInstanceOf(TemplateException.class)
                .hasMessage(message);
    }
}
