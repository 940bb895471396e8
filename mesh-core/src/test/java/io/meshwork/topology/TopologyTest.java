package io.meshwork.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TopologyTest {
  private static final Topology LINES =
      Topology.byLineOfBusiness(
          Map.of("retail", Set.of("commerce", "green-trips"), "banking", Set.of("finance")));

  @Test
  void eachTopologyDeterminesTheHomeOfADomainAndWhatItSees() {
    assertThat(Topology.central().catalogs()).containsExactly("mesh");
    assertThat(Topology.central().catalogOf("finance")).isEqualTo("mesh");
    assertThat(Topology.central().sees("finance", "commerce")).isTrue();

    assertThat(LINES.catalogs()).containsExactly("banking", "retail");
    assertThat(LINES.catalogOf("green_trips")).isEqualTo("retail");
    assertThat(LINES.sees("commerce", "green-trips")).isTrue();
    assertThat(LINES.sees("finance", "commerce")).isFalse();
    assertThat(LINES.sees("unknown", "commerce")).isFalse();

    assertThat(Topology.federated().catalogs()).isEmpty();
    assertThat(Topology.federated().catalogOf("green-trips")).isEqualTo("green_trips");
    assertThat(Topology.federated().sees("green-trips", "green_trips")).isTrue();
    assertThat(Topology.federated().sees("finance", "commerce")).isFalse();
  }

  @Test
  void contradictoryLinesAreRejected() {
    for (Map<String, Set<String>> wrong :
        List.<Map<String, Set<String>>>of(
            Map.of(),
            Map.of("retail", Set.of()),
            Map.of("mesh", Set.of("commerce")),
            Map.of("reads", Set.of("commerce")),
            Map.of("by", Set.of("commerce")),
            Map.of("Retail", Set.of("commerce")),
            Map.of("retail", Set.of("green-trips", "green_trips")),
            Map.of("retail", Set.of("commerce"), "banking", Set.of("commerce")),
            Map.of("a-b", Set.of("commerce"), "a_b", Set.of("finance")))) {
      assertThatThrownBy(() -> Topology.byLineOfBusiness(wrong))
          .as("%s", wrong)
          .isInstanceOf(InvalidRequestException.class);
    }
  }

  @Test
  void aDomainWithoutALineIsRejectedWithTheLines() {
    assertThatThrownBy(() -> LINES.catalogOf("risk"))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.CONFIG_INVALID))
        .hasMessageContainingAll("'risk'", "banking [finance]", "retail [commerce, green-trips]");
    assertThatThrownBy(() -> Topology.federated().catalogOf("mesh"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("'mesh'");
    assertThat(Topology.federated().findCatalog("No Name")).isEmpty();
  }

  @Test
  void topologiesAreComparedByValueAndPrinted() {
    assertThat(Topology.byLineOfBusiness(LINES.lines())).isEqualTo(LINES).hasSameHashCodeAs(LINES);
    assertThat(LINES).isNotEqualTo(Topology.federated());
    assertThat(LINES)
        .hasToString("by line of business: banking [finance], retail [commerce, green-trips]");
  }
}
