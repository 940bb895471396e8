package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.card.ProductCard;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.governance.GovernanceClient.TopologyReport;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.request.AccessRequest;
import io.meshwork.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** One program runs in each topology, and the calls that a topology costs are counted. */
abstract class TopologyProgramSuite extends TopologyFixture {
  @Test
  void oneProgramRunsInEachTopologyWithCountedCalls() {
    List<TopologyReport> shapes = new ArrayList<>();
    for (Topology shape : supported(VirtualWorld.shapes())) {
      try (VirtualWorld world = world(shape)) {
        run(world);
        shapes.add(world.as("risk", "analyst").governance().topology());
      }
    }

    assertThat(TopologyReport.compared(shapes).lines())
        .containsExactlyElementsOf(
            """
            shape      catalogs  links  shares  for a tag  audit asks
            central           1      0       0          1           1
            lines             2      1       1          2           2
            federated         4      1       1          4           4\
            """
                .lines()
                .filter(row -> row.startsWith("shape") || isReported(row, shapes))
                .toList());
    for (TopologyReport report : shapes) {
      if (report.topology().shape() == Topology.Shape.LINES) {
        assertThat(report.toString())
            .contains("retail  domains [commerce, logistics]  guests [finance]");
      }
    }
  }

  /**
   * Publishes, discovers, requests, grants, links, and reads: the same program in each topology.
   */
  static void run(VirtualWorld world) {
    define(world, SALES);
    MeshClient analyst = world.as("finance", "analyst");

    assertThat(analyst.products()).containsExactly(ProductName.of(SALES));
    assertThat(analyst.describe(SALES).access()).isEqualTo(ProductCard.Access.DESCRIBE_ONLY);
    assertThat(analyst.access().explain(analyst.principal(), SALES).isAllowed()).isFalse();
    assertThatThrownBy(() -> all(analyst.read(SALES)))
        .isInstanceOfSatisfying(
            AccessDeniedException.class,
            denied -> assertThat(denied.errorCode()).isEqualTo(ErrorCode.ACCESS_DENIED));

    admit(world, SALES, "finance");
    AccessRequest request =
        analyst
            .requests()
            .requestAccess(SALES)
            .columns("id", "cents")
            .purpose("Month end")
            .commit();
    MeshClient steward = world.as("commerce", "steward");
    assertThat(steward.requests().received())
        .extracting(AccessRequest::id)
        .containsExactly(request.id());
    AccessRequest approved =
        steward.requests().approve(request.id()).because("They close the books").commit();
    assertThat(approved.state()).isEqualTo(AccessRequest.State.APPROVED);
    assertThat(analyst.requests().sent()).hasSize(1);
    String suggestion = analyst.suggestions().suggest(SALES).text("Add the currency").commit().id();
    assertThat(steward.suggestions().received()).hasSize(1);
    steward.suggestions().accept(suggestion).version(ContractVersion.FIRST).commit();
    assertThat(analyst.suggestions().sent().get(0).deliveredIn()).contains(ContractVersion.FIRST);
    assertThat(analyst.access().explain(analyst.principal(), SALES).columns())
        .containsExactly("id", "cents");

    if (!world.topology().sees("finance", "commerce")) {
      assertThatThrownBy(() -> all(analyst.read(SALES)))
          .isInstanceOfSatisfying(
              AccessDeniedException.class,
              denied -> assertThat(denied.errorCode()).isEqualTo(ErrorCode.LINK_MISSING))
          .hasMessageContainingAll(
              SALES, world.topology().catalogOf("commerce"), "linkResource(\"commerce/sales\")");
      assertThatThrownBy(() -> analyst.subscribe(SALES).name("close").purpose("Month end").commit())
          .isInstanceOfSatisfying(
              AccessDeniedException.class,
              denied -> assertThat(denied.errorCode()).isEqualTo(ErrorCode.LINK_MISSING));
    }
    assertThat(analyst.linkResource(SALES).database("finance_db").name("sales").commit().readable())
        .isTrue();

    assertThat(all(analyst.read(SALES).columns("id", "cents"))).hasSize(4);
    assertThat(all(analyst.read("finance_db.sales").columns("id"))).hasSize(4);
    Subscription<GenericRecord> close =
        analyst.subscribe(SALES).name("close").purpose("Month end").columns("id", "cents").commit();
    poll(close, 4);
    publish(world, SALES, 4, 6);
    poll(close, 2);
    assertThat(world.mesh().doctor().findings()).isEmpty();
    world.mesh().maintain().commit();
    assertThat(world.mesh().doctor().findings()).isEmpty();
  }

  private static void poll(Subscription<GenericRecord> subscription, int rows) {
    try (Batch<GenericRecord> batch = subscription.poll()) {
      assertThat(batch.stream().toList()).hasSize(rows);
      batch.ack();
    }
  }

  private static boolean isReported(String row, List<TopologyReport> reports) {
    return reports.stream()
        .map(report -> report.topology().shape().name().toLowerCase(Locale.ROOT))
        .anyMatch(row::startsWith);
  }
}
