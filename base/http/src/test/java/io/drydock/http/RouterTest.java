package io.drydock.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RouterTest {

    @Test
    void segmentsAndAnything() {
        PathTemplate blobs = PathTemplate.parse("/v2/{name:.*}/blobs/{digest}");
        assertThat(blobs.match("/v2/a/b/blobs/sha256:1"))
                .containsEntry("name", "a/b")
                .containsEntry("digest", "sha256:1");
        assertThat(blobs.match("/v2/a/blobs/blobs/x")).containsEntry("name", "a/blobs");
        assertThat(blobs.match("/v2/a/blobs/")).isNull();
        assertThat(blobs.match("/v2/a/blobs/x/y")).isNull();
        PathTemplate inspect = PathTemplate.parse("/containers/{id}/json");
        assertThat(inspect.match("/containers/abc/json")).containsEntry("id", "abc");
        assertThat(inspect.match("/containers//json")).isNull();
        assertThat(PathTemplate.parse("/images/{name:.*}/json").match("/images/a:5000/b/c/json"))
                .containsEntry("name", "a:5000/b/c");
    }

    @Test
    void queries() {
        QueryParameters query = QueryParameters.parse("a=1&b&a=%2F&&c=x+y");
        assertThat(query.all("a")).containsExactly("1", "/");
        assertThat(query.get("b")).isEmpty();
        assertThat(query.get("c")).isEqualTo("x y");
        assertThat(query.get("d")).isNull();
        assertThat(query.has("b")).isTrue();
    }
}
