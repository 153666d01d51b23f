package io.drydock.docker.engine.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Subnets, the addresses taken from them, and what a request for a port may say. */
class AddressesTest {

    private static Ipv4Subnet subnet(String text) {
        return Objects.requireNonNull(Ipv4Subnet.parse(text), text);
    }

    @Test
    void subnetsAreReadAndWritten() {
        assertThat(subnet("172.17.0.1/16").network()).hasToString("172.17.0.0/16");
        assertThat(Ipv4Subnet.format(subnet("10.1.2.3/24").broadcast())).isEqualTo("10.1.2.255");
        assertThat(subnet("10.0.0.0/8").overlaps(subnet("10.200.0.0/16"))).isTrue();
        assertThat(subnet("172.17.0.0/16").overlaps(subnet("172.18.0.0/16"))).isFalse();
        for (var wrong :
                new String[] {"", "1.2.3/8", "1.2.3.4", "1.2.3.4/33", "1.2.3.256/8", "1.2.3.4.5/8", "a.b.c.d/8"}) {
            assertThat(Ipv4Subnet.parse(wrong)).as(wrong).isNull();
        }
    }

    @Test
    void theLowestFreeAddressIsTaken() throws NetworkException {
        var addresses = new AddressAllocator(subnet("10.0.0.0/29"), subnet("10.0.0.0/29"));
        addresses.reserve(subnet("10.0.0.1/29").address());
        int second = addresses.allocate();
        assertThat(Ipv4Subnet.format(second)).isEqualTo("10.0.0.2");
        assertThat(Ipv4Subnet.format(addresses.allocate())).isEqualTo("10.0.0.3");
        addresses.release(second);
        assertThat(addresses.allocate()).isEqualTo(second);
        for (int i = 0; i < 3; i++) {
            addresses.allocate();
        }
        assertThatThrownBy(addresses::allocate)
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("no available IPv4 addresses");
    }

    @Test
    void aPartOfTheSubnetIsRespected() throws NetworkException {
        var addresses = new AddressAllocator(subnet("10.0.0.0/16"), subnet("10.0.4.0/24"));
        addresses.reserve(subnet("10.0.0.1/16").address());
        assertThat(Ipv4Subnet.format(addresses.allocate())).isEqualTo("10.0.4.0");
    }

    @Test
    void requestsForPortsAreRead() throws NetworkException {
        assertThat(PortRequest.parse("80", "", "")).isEqualTo(new PortRequest(Protocol.TCP, 80, null, 0, 0, 1));
        assertThat(PortRequest.parse("53/udp", "::1", "5353"))
                .isEqualTo(new PortRequest(Protocol.UDP, 53, InetAddress.ofLiteral("::1"), 5353, 5353, 1));
        assertThat(PortRequest.parse("80/tcp", "127.0.0.1", "8000-8010").lastHostPort())
                .isEqualTo(8010);
        assertInvalid("x/tcp", "80", "invalid port specification: \"x\"");
        assertInvalid("0/tcp", "80", "invalid port specification: \"0\"");
        assertInvalid("80/tcp", "70000", "invalid port specification: \"70000\"");
        assertInvalid("80/tcp", "20-10", "invalid port specification: \"20-10\"");
        assertInvalid("80/icmp", "80", "invalid proto: icmp");
        assertThatThrownBy(() -> PortRequest.parse("80", "1.2.3", "80")).hasMessage("invalid IP address: 1.2.3");
    }

    @Test
    void neighboursAreRequestedAsARange() throws NetworkException {
        var ports = new ArrayList<PortRequest>();
        for (int port : new int[] {8002, 8000, 8001}) {
            ports.add(PortRequest.parse("80", "", ""));
            ports.add(PortRequest.parse(Integer.toString(port), "", Integer.toString(port)));
            ports.add(PortRequest.parse(port + "/udp", "::1", Integer.toString(port + 10)));
        }
        ports.add(PortRequest.parse("8003", "127.0.0.1", "8003"));
        var any = new PortRequest(Protocol.TCP, 80, null, 0, 0, 1);
        var joined = PortRequest.joined(ports);
        assertThat(joined)
                .containsExactly(
                        new PortRequest(Protocol.TCP, 8000, null, 8000, 8000, 3),
                        new PortRequest(Protocol.UDP, 8000, InetAddress.ofLiteral("::1"), 8010, 8010, 3),
                        PortRequest.parse("8003", "127.0.0.1", "8003"),
                        any,
                        any,
                        any);
        for (var request : joined) {
            assertThat(PortRequest.parse(request.text())).isEqualTo(request);
        }
        assertThat(joined.getFirst().each()).contains(PortRequest.parse("8002", "", "8002"));
    }

    private static void assertInvalid(String port, String hostPort, String message) {
        assertThatThrownBy(() -> PortRequest.parse(port, "", hostPort))
                .isInstanceOfSatisfying(
                        NetworkException.class, e -> assertThat(e.kind()).isEqualTo(NetworkException.Kind.INVALID))
                .hasMessage(message);
    }
}
