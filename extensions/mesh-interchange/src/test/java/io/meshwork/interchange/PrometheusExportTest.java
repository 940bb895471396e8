package io.meshwork.interchange;

import static io.meshwork.interchange.ExportedMesh.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.error.BackendException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The health of a mesh as metrics of Prometheus. */
class PrometheusExportTest {
  private static final String ORDERS =
      "{domain=\"commerce\",major=\"1\",product=\"commerce/orders\"} ";
  private static final String REVENUE =
      "{domain=\"finance\",major=\"1\",product=\"finance/revenue-by-city\"} ";

  @TempDir Path folder;
  private ExportedMesh shop;

  @BeforeEach
  void open() {
    shop = new ExportedMesh(folder.resolve("mesh"));
  }

  @AfterEach
  void close() {
    shop.close();
  }

  @Test
  void aPublishedProductHasAllMetrics() {
    PublishReceipt receipt = shop.publishOrders(order(1, 10), order(2, 20), order(3, -1));
    shop.clock.advance(Duration.ofSeconds(90));

    List<String> lines = lines(shop.commerce);

    assertThat(lines)
        .contains(
            "meshwork_product_freshness_minutes" + ORDERS + "1.5",
            "meshwork_product_fresh" + ORDERS + "1.0",
            "meshwork_product_quality_score" + ORDERS + 200.0 / 3,
            "meshwork_product_rows_waiting" + ORDERS + "1.0",
            "meshwork_product_rows" + ORDERS + "2.0",
            "meshwork_product_bytes" + ORDERS + (double) receipt.bytes());
  }

  @Test
  void aLateProductIsNotFreshAndOthersKeepTheirValues() {
    shop.publishOrders(order(1, 10));
    shop.publishRevenue();
    shop.clock.advance(Duration.ofMinutes(61));

    List<String> lines = lines(shop.finance);

    assertThat(lines)
        .contains(
            "meshwork_product_freshness_minutes" + ORDERS + "61.0",
            "meshwork_product_fresh" + ORDERS + "0.0",
            "meshwork_product_freshness_minutes" + REVENUE + "61.0")
        .noneMatch(line -> line.startsWith("meshwork_product_fresh" + REVENUE));
  }

  @Test
  void aProductThatWasNeverPublishedBreaksItsPromiseAfterItsTime() {
    assertThat(lines(shop.commerce))
        .contains("meshwork_product_fresh" + ORDERS + "1.0")
        .noneMatch(line -> line.startsWith("meshwork_product_freshness_minutes{"));

    shop.clock.advance(Duration.ofMinutes(61));

    assertThat(lines(shop.commerce)).contains("meshwork_product_fresh" + ORDERS + "0.0");
  }

  @Test
  void aProcessThatPublishedNothingHasTheSameMetrics() {
    shop.publishOrders(order(1, 10), order(2, 20), order(3, -1));
    shop.clock.advance(Duration.ofSeconds(90));

    try (Mesh other = LocalMesh.builder(folder.resolve("mesh")).clock(shop.clock).open()) {
      assertThat(lines(other.clientAs(Principal.of("commerce", "etl"))))
          .contains("meshwork_product_freshness_minutes" + ORDERS + "1.5")
          .isEqualTo(lines(shop.commerce));
    }
  }

  @Test
  void whoMayNotReadAllRowsSeesFreshnessAndNothingOfTheRows() {
    shop.publishOrders(order(1, 10));
    shop.publishRevenue();
    MeshClient stranger = shop.mesh.clientAs(Principal.of("marketing", "analyst"));
    stranger.registerDomain("marketing").owner("m@example.org").commit();

    List<String> lines = lines(stranger);

    assertThat(lines)
        .contains("meshwork_product_freshness_minutes" + REVENUE + "0.0")
        .contains("meshwork_product_rows" + ORDERS + "1.0")
        .noneMatch(
            line ->
                line.matches(
                    "meshwork_product_(rows|bytes|rows_waiting|quality_score).*revenue.*"));
  }

  @Test
  void theTextFollowsTheFormatOfPrometheus() {
    shop.publishOrders(order(1, 10));

    String text = PrometheusExport.of(shop.commerce).asText();

    assertThat(text).endsWith("\n");
    assertThat(text.lines())
        .allMatch(
            line ->
                line.matches(
                    "# (HELP|TYPE) meshwork_[a-z_]+ .+"
                        + "|meshwork_[a-z_]+\\{([a-z]+=\"[^\"\\\\\\n]*\",?)+} [0-9.E+-]+"));
    assertThat(PrometheusExport.CONTENT_TYPE).startsWith("text/plain; version=0.0.4");
  }

  @Test
  void aTextfileIsReplacedAsAWhole() throws IOException {
    shop.publishOrders(order(1, 10));
    Path file = folder.resolve("meshwork.prom");
    Files.writeString(file, "old");

    PrometheusExport.of(shop.commerce).writeTo(file);

    assertThat(file).hasContent(PrometheusExport.of(shop.commerce).asText());
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(each -> each.getFileName().toString()))
          .containsExactlyInAnyOrder("mesh", "meshwork.prom");
    }
  }

  @Test
  void theUnfinishedTextfileOfAnotherProcessIsNotTouched() throws IOException {
    Path file = folder.resolve("meshwork.prom");
    Path theirs = Files.writeString(folder.resolve("meshwork.prom.part"), "theirs");

    PrometheusExport.of(shop.commerce).writeTo(file);

    assertThat(theirs).hasContent("theirs");
    assertThat(file).hasContent(PrometheusExport.of(shop.commerce).asText());
  }

  @Test
  void aTextfileThatCannotBeWrittenNamesTheFile() {
    Path file = folder.resolve("missing/meshwork.prom");

    assertThatThrownBy(() -> PrometheusExport.of(shop.commerce).writeTo(file))
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("missing/meshwork.prom");
  }

  @Test
  void aLinkStaysAndItsFileIsReplaced() throws IOException {
    Path file = Files.createDirectory(folder.resolve("real")).resolve("meshwork.prom");
    Path link = Files.createSymbolicLink(folder.resolve("meshwork.prom"), file);
    for (int time = 0; time < 2; time++) {
      PrometheusExport.of(shop.commerce).writeTo(link);
      assertThat(link).isSymbolicLink();
      assertThat(file).hasContent(PrometheusExport.of(shop.commerce).asText());
    }
  }

  private static List<String> lines(MeshClient client) {
    return PrometheusExport.of(client).asText().lines().toList();
  }
}
