package io.meshwork.internal.conformance.quality;

import static io.meshwork.contract.Rule.atLeast;
import static io.meshwork.contract.Rule.inSet;
import static io.meshwork.contract.Rule.notNull;
import static io.meshwork.contract.Rule.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.QualityReport.QualityEntry;
import io.meshwork.error.ContractViolationException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.event.EventDetails.MajorCommit;
import io.meshwork.internal.event.EventDetails.TableCommit;
import io.meshwork.internal.event.EventDetailsCodec;
import io.meshwork.meter.Meters;
import io.meshwork.notice.Notice;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.testkit.MeshAssertions;
import io.meshwork.testkit.RecordingNotifier;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

/** Each offered row is accepted or quarantined, and all row counts agree. */
public abstract class RowCountsSuite extends MeshFixture {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PUBLISHES = 12;

  private static final class Sums implements Meters {
    private final Map<String, Double> counts = new HashMap<>();

    @Override
    public void count(String meter, Map<String, String> tags, double amount) {
      counts.merge(meter, amount, Double::sum);
    }

    @Override
    public void time(String meter, Map<String, String> tags, Duration took) {}

    @Override
    public void gauge(String meter, Map<String, String> tags, DoubleSupplier value) {}
  }

  private static Contract strict(OnViolation policy) {
    return Contract.of(Order.class)
        .require(
            atLeast("amount", 0).id("not-negative"),
            notNull("note").toleratePercent(40).id("noted"),
            inSet("customer", "c", "d").warn().id("known"),
            unique("id"))
        .onViolation(policy)
        .maxQuarantineShare(100);
  }

  /** Returns valid rows, rows that break rules, and rows of the wrong type in random order. */
  private static List<Map<String, Object>> offered(Random random, int publish) {
    List<Map<String, Object>> rows = new ArrayList<>();
    rows.add(row("id", -1L - publish, "customer", "c", "amount", BigDecimal.ONE, "note", "n"));
    for (int i = random.nextInt(80); i >= 0; i--) {
      Map<String, Object> row =
          row(
              "id",
              (long) random.nextInt(200),
              "customer",
              random.nextBoolean() ? "c" : "e",
              "amount",
              BigDecimal.valueOf(random.nextInt(100) - 10, 2),
              "note",
              random.nextInt(3) == 0 ? null : "n");
      switch (random.nextInt(12)) {
        case 0 -> row.put("id", "no number");
        case 1 -> row.remove("customer");
        case 2 -> row.put("amount", new BigDecimal("1.001"));
        case 3 -> row.put("unknown" + random.nextInt(3), 1);
        case 4 -> {
          row.put("id", 1.5);
          row.put("amount", "x");
        }
        default -> {}
      }
      rows.add(row);
    }
    return rows;
  }

  @Test
  void acceptedAndQuarantinedRowsAddUpInEveryReport() {
    Sums meters = new Sums();
    RecordingNotifier notices = new RecordingNotifier();
    reopen(builder -> builder.meters(meters).notifier("test", notices));
    MeshClient shop = defineOrders(strict(OnViolation.QUARANTINE));
    long seed = 20_261_120;
    Random random = new Random(seed);
    long offered = 0;
    long aside = 0;
    long typeFailures = 0;
    for (int i = 0; i < PUBLISHES; i++) {
      List<Map<String, Object>> rows = offered(random, i);
      String seen = "seed " + seed + ", publish " + i;
      PublishReceipt receipt = shop.publish(ORDERS).records(rows).idempotencyKey("" + i).commit();
      QualityReport quality = receipt.quality();
      long accepted = receipt.rowsAccepted();
      long quarantined = rows.size() - accepted;

      assertThat(quality.rowsOffered()).as(seen).isEqualTo(rows.size());
      assertThat(quality.rowsQuarantined()).as(seen).isEqualTo(quarantined);
      assertThat(quality.rowsRejected()).as(seen).isZero();
      MeshAssertions.assertThat(receipt)
          .hasOffered(rows.size())
          .hasAccepted(accepted)
          .hasQuarantined(quarantined);
      numbersOf(seen, receipt.toJson(), rows.size(), accepted, quarantined);
      PublishReceipt stored = shop.publishHistory(ORDERS).findReceipt("" + i).orElseThrow();
      assertThat(stored.quality().toJson()).as(seen).isEqualTo(quality.toJson());
      assertThat(accepted)
          .as(seen)
          .isEqualTo(shop.publishHistory(ORDERS).changes().get(0).rowsAdded());
      QualityEntry entry = shop.publishHistory(ORDERS).quality().get(0);
      assertThat(entry.rowsAccepted()).as(seen).isEqualTo(accepted);
      assertThat(entry.rowsQuarantined()).as(seen).isEqualTo(quarantined);
      assertThat(entry.qualityScore()).as(seen).isEqualTo(quality.qualityScore());
      MajorCommit event = lastPublished(shop);
      assertThat(event.rowsAccepted()).as(seen).isEqualTo(accepted);
      assertThat(event.rowsQuarantined()).as(seen).isEqualTo(quarantined);
      JsonNode file = lastUpdatedOfOrders();
      assertThat(file.path("records_processed").asLong()).as(seen).isEqualTo(rows.size());
      assertThat(file.path("records_quarantined").asLong()).as(seen).isEqualTo(quarantined);
      mesh.deliverNotices();
      assertThat(factsOf(notices, receipt, "rowsQuarantined"))
          .as(seen)
          .isEqualTo(quarantined == 0 ? List.of() : List.of("" + quarantined));

      Map<String, Long> byRule = asideByRule(shop, receipt.publishId());
      assertThat(byRule).as(seen).doesNotContainKey("");
      receipt
          .failingRowsByRule()
          .forEach(
              (rule, failing) -> {
                if (rule.startsWith("type:") || rule.equals("not-negative")) {
                  assertThat(byRule.getOrDefault(rule, 0L)).as(seen + rule).isEqualTo(failing);
                }
              });
      typeFailures += byRule.keySet().stream().filter(rule -> rule.startsWith("type:")).count();
      offered += rows.size();
      aside += quarantined;
      MeshAssertions.assertThatProduct(shop, ORDERS).hasQuarantined(aside);
    }
    assertThat(meters.counts.get("meshwork.records_processed")).isEqualTo(offered);
    assertThat(meters.counts.get("meshwork.records_quarantined")).isEqualTo(aside);
    assertThat(orders()).hasSize((int) (offered - aside));
    assertThat(typeFailures).isGreaterThan(PUBLISHES);
    assertWhole();
  }

  private static void numbersOf(
      String seen, String json, long offered, long accepted, long quarantined) {
    JsonNode rows = json(json).path("rows");
    assertThat(rows.path("offered").asLong()).as(seen).isEqualTo(offered);
    assertThat(rows.path("accepted").asLong()).as(seen).isEqualTo(accepted);
    assertThat(rows.path("quarantined").asLong()).as(seen).isEqualTo(quarantined);
    assertThat(json(json).path("qualityScore").asDouble())
        .as(seen)
        .isEqualTo(100.0 * accepted / offered);
  }

  private static MajorCommit lastPublished(MeshClient shop) {
    List<MeshEvent> events =
        shop.events(ORDERS).list().stream()
            .filter(event -> event.type() == MeshEvent.Type.PRODUCT_PUBLISHED)
            .toList();
    return ((TableCommit) EventDetailsCodec.detailsOf(events.get(events.size() - 1)))
        .majors()
        .get(0);
  }

  private static List<String> factsOf(
      RecordingNotifier notices, PublishReceipt receipt, String fact) {
    return notices.all().stream()
        .filter(notice -> notice.kind() == Notice.Kind.QUARANTINED)
        .filter(notice -> receipt.publishId().equals(notice.facts().get("publishId")))
        .map(notice -> String.valueOf(notice.facts().get(fact)))
        .toList();
  }

  private static Map<String, Long> asideByRule(MeshClient shop, String publishId) {
    Map<String, Long> byRule = new TreeMap<>();
    for (Map<String, Object> row :
        all(shop.quarantine(ORDERS).where("publish = '" + publishId + "'").asMaps())) {
      Arrays.stream(String.valueOf(row.get("rules")).split(",", -1))
          .forEach(rule -> byRule.merge(rule, 1L, Long::sum));
    }
    return byRule;
  }

  private JsonNode lastUpdatedOfOrders() {
    String file = shop().read(ORDERS).files().get(0);
    String folder = file.substring(0, file.indexOf("/orders_v1/"));
    try (InputStream in =
        files.newInputFile(folder + "/orders_v1/_metadata/last_updated.json").newStream()) {
      return JSON.readTree(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aRowOfTheWrongTypeFailsTheTypeRule() {
    MeshClient shop =
        defineOrders(
            Contract.of(Order.class)
                .require(atLeast("amount", 0))
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(90));
    List<Map<String, Object>> rows =
        List.of(
            row("id", 1L, "customer", "c", "amount", BigDecimal.ONE),
            row("id", "19.11.2026", "customer", "c", "amount", BigDecimal.ONE),
            row("id", 3L, "customer", "c", "amount", "x", "colour", "red"));

    PublishReceipt receipt = shop.publish(ORDERS).records(rows).commit();

    assertThat(receipt.failingRowsByRule())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "atLeast.amount", 0L, "type:amount", 1L, "type:id", 1L, "type:unknown-column", 1L));
    assertThat(receipt.quality().qualityScore()).hasValue(100.0 / 3);
    MeshAssertions.assertThat(receipt).hasFailing("type:id", 1);
    assertThatThrownBy(() -> MeshAssertions.assertThat(receipt).hasNoFailingRows())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("type:amount in 1 rows");
    MeshAssertions.assertThatProduct(shop, ORDERS)
        .hasQuarantined(2)
        .hasQuarantined("type:amount", 1)
        .hasQuarantined("type:unknown-column", 1);
    assertWhole();
  }

  @Test
  void rowsOfTheWrongTypeCountTowardsTheQuarantineLimit() {
    MeshClient shop =
        defineOrders(
            Contract.of(Order.class).onViolation(OnViolation.QUARANTINE).maxQuarantineShare(10));
    List<Map<String, Object>> rows = new ArrayList<>();
    for (long id = 0; id < 10; id++) {
      rows.add(row("id", id < 2 ? "x" : id, "customer", "c", "amount", BigDecimal.ONE));
    }
    State before = state();

    assertThatThrownBy(() -> shop.publish(ORDERS).records(rows).commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContaining("2 of 10 rows would be quarantined");
    assertNothingChanged(before);
  }

  @Test
  void manyUnknownColumnsAreReportedInFewFindings() {
    MeshClient shop =
        defineOrders(
            Contract.of(Order.class).onViolation(OnViolation.QUARANTINE).maxQuarantineShare(100));
    List<Map<String, Object>> rows = new ArrayList<>();
    rows.add(row("id", 0L, "customer", "c", "amount", BigDecimal.ONE));
    for (long id = 1; id <= 500; id++) {
      rows.add(row("id", id, "customer", "c", "amount", BigDecimal.ONE, "x" + id, 1, "y" + id, 1));
    }

    PublishReceipt receipt = shop.publish(ORDERS).records(rows).commit();

    assertThat(receipt.failingRowsByRule()).containsEntry("type:unknown-column", 500L);
    assertThat(receipt.quality().violations()).hasSize(21);
    assertThat(receipt.quality().violations().get(20).count()).isEqualTo(490);
  }
}
