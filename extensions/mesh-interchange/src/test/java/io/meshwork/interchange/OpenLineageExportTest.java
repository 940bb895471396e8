package io.meshwork.interchange;

import static io.meshwork.interchange.ExportedMesh.order;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import io.meshwork.interchange.OpenLineageExport.Batch;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.registry.Registry;
import io.meshwork.testkit.InMemoryMesh;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Publishes as lines of OpenLineage. */
class OpenLineageExportTest {
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
  void everyLineIsValidByTheOfficialSchemas() throws Exception {
    publishInAllWays();

    List<JsonNode> lines = lines(shop.lineage("commerce").read());
    lines.addAll(lines(shop.lineage("finance").read()));

    assertThat(lines).hasSize(12);
    for (JsonNode line : lines) {
      assertThat(OfficialSchemas.faultsOfRunEvent(line)).as(line.toPrettyString()).isEmpty();
    }
  }

  @Test
  void aLineWithAFaultIsFoundByTheOfficialSchemas() throws Exception {
    shop.publishOrders(order(1, 10));
    JsonNode line = lines(shop.lineage("commerce").read()).get(1);
    ((ObjectNode) line.at("/outputs/0/facets/version")).remove("datasetVersion");

    assertThat(OfficialSchemas.faultsOfRunEvent(line))
        .anyMatch(each -> each.contains("datasetVersion"));
  }

  @Test
  void aRunHasTheIdOfThePublishAndStartsAtItsTime() throws Exception {
    PublishReceipt receipt = shop.publishOrders(order(1, 10));

    List<JsonNode> lines = lines(shop.lineage("commerce/orders").read());

    assertThat(lines).hasSize(2);
    JsonNode start = lines.get(0);
    JsonNode complete = lines.get(1);
    assertThat(start.path("eventType").asText()).isEqualTo("START");
    assertThat(complete.path("eventType").asText()).isEqualTo("COMPLETE");
    assertThat(start.at("/run/runId").asText()).isEqualTo(receipt.publishId());
    assertThat(complete.at("/run/runId").asText()).isEqualTo(receipt.publishId());
    assertThat(start.at("/job/name").asText()).isEqualTo("commerce.orders.publish");
    assertThat(Instant.parse(start.path("eventTime").asText()).toEpochMilli())
        .isEqualTo(UUID.fromString(receipt.publishId()).getMostSignificantBits() >>> 16);
    assertThat(complete.path("eventTime").asText()).isEqualTo(receipt.committedAt().toString());
  }

  @Test
  void anOutputHasItsSchemaVersionOwnerAndStatistics() throws Exception {
    PublishReceipt receipt = shop.publishOrders(order(1, 10), order(2, -1));

    JsonNode output = lines(shop.lineage("commerce").read()).get(1).path("outputs").get(0);

    assertThat(output.path("namespace").asText()).isEqualTo(ExportedMesh.NAMESPACE);
    assertThat(output.path("name").asText()).isEqualTo("commerce.orders_v1");
    assertThat(output.at("/facets/version/datasetVersion").asText())
        .isEqualTo(receipt.snapshotId().orElseThrow());
    assertThat(output.at("/facets/ownership/owners/0/name").asText())
        .isEqualTo("orders@example.org");
    assertThat(output.at("/facets/documentation/description").asText())
        .isEqualTo("Orders of the shop");
    assertThat(output.at("/outputFacets/outputStatistics/rowCount").asLong()).isEqualTo(1);
    assertThat(output.at("/outputFacets/outputStatistics/fileCount").asLong()).isEqualTo(1);
    assertThat(output.at("/outputFacets/outputStatistics/size").asLong())
        .isEqualTo(receipt.bytes())
        .isPositive();
    assertThat(output.at("/facets/meshwork_contract/rowsQuarantined").asLong()).isEqualTo(1);
    assertThat(output.at("/facets/meshwork_contract/contractVersion").asText()).isEqualTo("1.0.0");
    assertThat(output.at("/facets/schema/fields").toString())
        .isEqualTo(
            OfficialSchemas.JSON
                .readTree(
                    """
                    [{"name":"orderId","type":"string","description":"The number on the invoice"},
                     {"name":"createdAt","type":"timestamptz"},
                     {"name":"amount","type":"double"},
                     {"name":"address","type":"struct","fields":[
                       {"name":"city","type":"string"},{"name":"zip","type":"string"}]},
                     {"name":"tags","type":"list","fields":[
                       {"name":"_element","type":"string"}]}]
                    """)
                .toString());
  }

  @Test
  void aColumnWithoutATextInTheContractHasThatOfItsAvroSchema() {
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "r", "fields": [
                  {"name": "a", "type": "string", "doc": "Of the schema"},
                  {"name": "b", "type": "string", "doc": "Replaced"}]}\
                """);
    assertThat(SchemaFields.of(schema, Map.of("b", "Of the contract")).toString())
        .contains("Of the schema", "Of the contract")
        .doesNotContain("Replaced");
  }

  @Test
  void declaredColumnsAreColumnLineageAndInputsHaveTheirSnapshot() throws Exception {
    PublishReceipt orders = shop.publishOrders(order(1, 10));
    shop.publishRevenue();

    JsonNode line = lines(shop.lineage("finance/revenue-by-city").read()).get(1);

    assertThat(line.at("/inputs/0/name").asText()).isEqualTo("commerce.orders_v1");
    assertThat(line.at("/inputs/0/facets/version/datasetVersion").asText())
        .isEqualTo(orders.snapshotId().orElseThrow());
    assertThat(line.at("/outputs/0/name").asText()).isEqualTo("finance.revenue_by_city_v1");
    assertThat(line.at("/outputs/0/facets/columnLineage/fields").toString())
        .isEqualTo(
            """
            {"city":{"inputFields":[{"namespace":"meshwork://shop","name":"commerce.orders_v1",\
            "field":"address.city"}]},"total":{"inputFields":[{"namespace":"meshwork://shop",\
            "name":"commerce.orders_v1","field":"amount"}]}}\
            """);
  }

  @Test
  void aPublishWithoutDeclaredColumnsHasNoColumnLineage() throws Exception {
    shop.publishOrders(order(1, 10));

    JsonNode line = lines(shop.lineage("commerce").read()).get(1);

    assertThat(line.path("inputs")).isEmpty();
    assertThat(line.at("/outputs/0/facets").has("columnLineage")).isFalse();
  }

  @Test
  void theSchemaOfAnEarlierContractIsLeftOut() throws Exception {
    shop.publishOrders(order(1, 10));
    shop.commerce
        .amendContract("commerce/orders")
        .contract(
            shop.commerce
                .describe("commerce/orders")
                .contract()
                .describeColumn("amount", "In Swiss francs"))
        .commit();
    shop.publishOrders(order(2, 10));

    List<JsonNode> lines = lines(shop.lineage("commerce").read());

    assertThat(lines).hasSize(4);
    assertThat(lines.get(1).at("/outputs/0/facets").has("schema")).isFalse();
    assertThat(lines.get(3).at("/outputs/0/facets").has("schema")).isTrue();
  }

  @Test
  void batchesInOrderGiveTheSameLinesAsOne() throws Exception {
    publishInAllWays();
    OpenLineageExport export = shop.lineage("commerce");
    List<String> all = export.read().lines();

    List<String> inBatches = new ArrayList<>();
    Batch batch = export.limit(1).read();
    while (batch.events() > 0) {
      inBatches.addAll(batch.lines());
      batch = export.limit(1).after(batch.cursor()).read();
    }

    assertThat(inBatches).isEqualTo(all);
  }

  @Test
  void theReceiptsOfAProductAreReadOnceForAllBatches() {
    AtomicInteger receiptLists = new AtomicInteger();
    try (Mesh mesh =
        InMemoryMesh.builder()
            .testing()
            .wrapRegistry(real -> new CountedReceipts(real, receiptLists))
            .open()) {
      MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
      commerce.registerDomain("commerce").owner("orders@example.org").commit();
      commerce
          .defineProduct("commerce/orders")
          .contract(Contract.of(ExportedMesh.Revenue.class))
          .commit();
      for (int i = 0; i < 6; i++) {
        commerce
            .publish("commerce/orders")
            .records(List.of(new ExportedMesh.Revenue("Bern", i)))
            .commit();
      }
      OpenLineageExport export =
          OpenLineageExport.of(commerce, ExportedMesh.NAMESPACE, "commerce").limit(2);
      receiptLists.set(0);
      List<String> lines = new ArrayList<>();
      Batch batch = export.read();
      while (batch.events() > 0) {
        lines.addAll(batch.lines());
        batch = export.after(batch.cursor()).read();
      }

      assertThat(lines).hasSize(12);
      assertThat(lines).filteredOn(line -> line.contains("\"size\":")).hasSize(6);
      assertThat(receiptLists).hasValue(1);

      commerce
          .publish("commerce/orders")
          .records(List.of(new ExportedMesh.Revenue("Bern", 7)))
          .commit();
      assertThat(export.after(batch.cursor()).read().lines())
          .as("a publish since then")
          .anyMatch(line -> line.contains("\"size\":"));
    }
  }

  private static final class CountedReceipts extends ForwardingRegistry {
    private final AtomicInteger lists;

    CountedReceipts(Registry real, AtomicInteger lists) {
      super(real);
      this.lists = lists;
    }

    @Override
    public Page list(String partition, String sortPrefix, @Nullable String cursor) {
      if (sortPrefix.equals("key/")) {
        lists.incrementAndGet();
      }
      return super.list(partition, sortPrefix, cursor);
    }
  }

  @Test
  void afterTheCursorOnlyWhatIsNewIsEmitted() {
    shop.publishOrders(order(1, 10));
    Batch first = shop.lineage("commerce").read();
    assertThat(shop.lineage("commerce").after(first.cursor()).read().lines()).isEmpty();

    PublishReceipt receipt = shop.publishOrders(order(2, 10));

    List<String> next = shop.lineage("commerce").after(first.cursor()).read().lines();
    assertThat(next).hasSize(2).allMatch(line -> line.contains(receipt.publishId()));
  }

  @Test
  void aProductThatIsDefinedLaterIsExportedFromItsBeginning() {
    shop.publishOrders(order(1, 10));
    String cursor = shop.lineage("commerce").read().cursor();
    shop.commerce
        .defineProduct("commerce/refunds")
        .contract(shop.commerce.describe("commerce/orders").contract())
        .commit();
    shop.commerce.publish("commerce/refunds").records(List.of(order(1, 5))).commit();

    List<String> lines = shop.lineage("commerce").after(cursor).read().lines();

    assertThat(lines).hasSize(2).allMatch(line -> line.contains("commerce.refunds_v1"));
  }

  @Test
  void linesHaveNoValuesFiltersOrReasons() {
    shop.publishOrders(order(1, 10));
    shop.commerce
        .erase("commerce/orders")
        .where("orderId = 'o-1'")
        .because("asked by customer 4711")
        .commit();

    String lines = String.join("\n", shop.lineage("commerce").read().lines());

    assertThat(lines).contains("commerce.orders.erase").doesNotContain("o-1", "4711", "Bern");
  }

  @Test
  void onlyTheDomainItselfReadsItsLog() {
    shop.publishOrders(order(1, 10));
    OpenLineageExport export =
        OpenLineageExport.of(shop.finance, ExportedMesh.NAMESPACE, "commerce/orders");

    assertThatThrownBy(export::read).isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void aWrongNameIsAnErrorAndNotAnEmptyExport() {
    assertThatThrownBy(() -> shop.lineage("commerc").read()).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> shop.lineage("commerce/order").read())
        .isInstanceOf(NotFoundException.class);
  }

  @Test
  void aWrongSettingIsRefusedWithItsReason() {
    OpenLineageExport export = shop.lineage("commerce");
    List<Runnable> wrong =
        List.of(
            () -> OpenLineageExport.of(shop.commerce, "shop", "commerce"),
            () -> OpenLineageExport.of(shop.commerce, "a b", "commerce"),
            () -> OpenLineageExport.of(shop.commerce, ExportedMesh.NAMESPACE),
            () -> export.after("commerce/orders"),
            () -> export.after("commerce/orders=x"),
            () -> export.after("commerce/orders=-1"),
            () -> export.after("commerce/orders=1,commerce/orders=2"),
            () -> export.after("orders=1"),
            () -> export.after("commerce/orders=9999999999999999999"),
            () -> export.limit(0),
            () -> export.timeout(Duration.ZERO),
            () -> export.attempts(0),
            () -> export.apiKey("a\nb"));

    assertThat(wrong)
        .allSatisfy(
            each -> assertThatThrownBy(each::run).isInstanceOf(InvalidRequestException.class));
  }

  /** Five runs of commerce, one with two rows set apart, and one of finance. */
  private void publishInAllWays() {
    PublishReceipt first = shop.publishOrders(order(1, 10), order(2, -1));
    shop.clock.advance(Duration.ofMinutes(5));
    shop.publishRevenue();
    shop.publishOrders(order(3, 10));
    shop.commerce.publish("commerce/orders").replaceAll().records(List.of(order(4, 10))).commit();
    shop.commerce
        .rollBack("commerce/orders")
        .to(first.snapshotId().orElseThrow())
        .because("test")
        .commit();
    shop.commerce.erase("commerce/orders").where("orderId = 'o-1'").because("test").commit();
  }

  private static List<JsonNode> lines(Batch batch) throws JsonProcessingException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : batch.lines()) {
      assertThat(line).doesNotContain("\n");
      lines.add(OfficialSchemas.JSON.readTree(line));
    }
    return lines;
  }
}
