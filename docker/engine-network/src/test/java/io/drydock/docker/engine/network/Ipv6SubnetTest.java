package io.drydock.docker.engine.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** IPv6 subnets as text, and what lies in them. */
class Ipv6SubnetTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fd00::1/64",
                "::/0",
                "::1/128",
                "2001:db8:0:1::/64",
                "1:2:3:4:5:6:7:8/128",
                "fe80::1:0:0:1/10",
                "1::/16"
            })
    void textComesBack(String text) {
        assertThat(Ipv6Subnet.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"fd00::1", "fd00::/129", "10.0.0.0/8", "fd00::/", "fd00::/x", "fd00::%eth0/64", "nonsense/64"})
    void otherTextIsNone(String text) {
        assertThat(Ipv6Subnet.parse(text)).isNull();
    }

    private static Ipv6Subnet subnet(String text) {
        return Objects.requireNonNull(Ipv6Subnet.parse(text));
    }

    @Test
    void subnetsContainAndOverlap() {
        var wide = subnet("fd00:1::/32");
        var narrow = subnet("fd00:1:2:3::/64");
        var other = subnet("fd00:2::/32");
        assertThat(wide.overlaps(narrow)).isTrue();
        assertThat(narrow.overlaps(wide)).isTrue();
        assertThat(wide.overlaps(other)).isFalse();
        assertThat(narrow.contains(Objects.requireNonNull(Ipv6Subnet.parseAddress("fd00:1:2:3::9"))))
                .isTrue();
        assertThat(narrow.contains(Objects.requireNonNull(Ipv6Subnet.parseAddress("fd00:1:2:4::9"))))
                .isFalse();
    }

    @Test
    void addressesAreGivenLowestFirstAndRunOut() throws NetworkException {
        var subnet = subnet("fd00::/126");
        var addresses = new Ipv6Allocator(subnet, subnet);
        assertThat(addresses.allocate().address()).isEqualTo("fd00::1");
        var second = addresses.allocate();
        addresses.allocate();
        assertThatThrownBy(addresses::allocate)
                .hasMessage("no available IPv6 addresses on this network's address pools");
        addresses.release(second);
        assertThat(addresses.allocate()).isEqualTo(second);
    }
}
