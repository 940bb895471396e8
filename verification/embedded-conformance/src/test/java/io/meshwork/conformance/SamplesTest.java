package io.meshwork.conformance;

import static io.meshwork.contract.Rule.atLeast;
import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.betweenExclusive;
import static io.meshwork.contract.Rule.compare;
import static io.meshwork.contract.Rule.greaterThan;
import static io.meshwork.contract.Rule.inSet;
import static io.meshwork.contract.Rule.length;
import static io.meshwork.contract.Rule.matches;
import static io.meshwork.contract.Rule.notNull;
import static io.meshwork.contract.Rule.rowCount;
import static io.meshwork.contract.Rule.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.MeshAssertions;
import io.meshwork.testkit.Samples;
import io.meshwork.testkit.Seeds;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SamplesTest {
  enum State {
    NEW,
    PAID,
    SENT
  }

  record Line(String article, int quantity, Optional<LocalDate> due) {}

  /** A column of each type, and nested columns. */
  record Shipment(
      long id,
      @Column("order_no") String orderNumber,
      Integer parcels,
      short shelf,
      float weight,
      double distance,
      boolean fragile,
      State state,
      @Column(precision = 12, scale = 2) BigDecimal price,
      @Column(precision = 12, scale = 2) BigDecimal paid,
      LocalDate day,
      LocalTime from,
      LocalTime until,
      LocalDateTime booked,
      Instant left,
      Optional<Instant> arrived,
      UUID carrier,
      byte[] seal,
      Optional<String> note,
      List<Line> lines,
      Map<String, Optional<Double>> measures) {}

  private static final Contract SHIPMENTS =
      Contract.of(Shipment.class)
          .require(
              unique("id"),
              unique("day", "shelf").id("one-a-shelf-and-day"),
              matches("order_no", "[A-Z]{2}-\\d{4,6}(/(x|y+))?"),
              notNull("parcels", "note"),
              between("parcels", 1, 20),
              inSet("parcels", 0, 1, 2, 3, 21).id("parcels-known"),
              betweenExclusive("shelf", 0, 300),
              between("weight", 0.5, 31.5),
              greaterThan("distance", 0),
              inSet("state", State.NEW, State.PAID).warn(),
              between("price", "0.01", 10_000).id("price").toleratePercent(5),
              compare("paid <= price"),
              atLeast("paid", 0),
              between("day", LocalDate.parse("2026-11-01"), LocalDate.parse("2026-11-30")),
              compare("from < until"),
              compare("arrived >= left"),
              inSet("fragile", true),
              length("seal", 4, 8),
              length("note", 0, 12),
              rowCount(1, 100_000));

  private static Rule.OnRows between(String column, Object low, Object high) {
    return Rule.between(column, low instanceof String text ? new BigDecimal(text) : low, high);
  }

  static List<String> rulesOnRows() {
    return SHIPMENTS.rules().stream()
        .filter(rule -> rule.kind() != Rule.Kind.ROW_COUNT)
        .map(Rule::id)
        .toList();
  }

  @Test
  void rowsSatisfyAllRulesOfAContractWithEveryType() {
    Samples<Shipment> samples = Samples.of(Shipment.class, SHIPMENTS, 7);
    List<Shipment> rows = new ArrayList<>(samples.rows(200));
    rows.addAll(samples.rows(100));

    PublishReceipt receipt = publish(SHIPMENTS, rows);

    MeshAssertions.assertThat(receipt).hasAccepted(300).hasNoFailingRows();
    assertThat(rows).extracting(Shipment::price).contains(new BigDecimal("0.01"));
    assertThat(rows).extracting(Shipment::arrived).contains(Optional.empty());
    assertThat(rows).anySatisfy(row -> assertThat(row.lines()).hasSizeGreaterThan(1));
  }

  @ParameterizedTest
  @MethodSource("rulesOnRows")
  void rowsThatBreakARuleBreakNoOtherRule(String rule) {
    Samples<Shipment> samples = Samples.of(Shipment.class, SHIPMENTS, 8);
    List<Shipment> rows = new ArrayList<>(samples.rows(30));
    rows.addAll(samples.breaking(rule, 12));

    Map<String, Long> failing = publish(SHIPMENTS, rows).failingRowsByRule();

    assertThat(failing)
        .allSatisfy((id, count) -> assertThat(count).isEqualTo(id.equals(rule) ? 12 : 0));
  }

  @Test
  void theSameSeedGivesTheSameRowsInEachForm() {
    Samples<Map<String, Object>> maps = Samples.maps(SHIPMENTS, 3);
    Samples<GenericRecord> records = Samples.records(SHIPMENTS, 3);

    List<Map<String, Object>> rows = maps.rows(20);
    List<GenericRecord> same = records.rows(20);

    assertThat(Samples.maps(SHIPMENTS, 3).rows(20)).isEqualTo(rows);
    assertThat(Samples.maps(SHIPMENTS, 4).rows(20)).isNotEqualTo(rows);
    assertThat(same)
        .extracting(row -> row.get("id"))
        .isEqualTo(rows.stream().map(row -> row.get("id")).toList());
    assertThat(same).allSatisfy(row -> assertThat(row.getSchema()).isEqualTo(SHIPMENTS.schema()));
    assertThat(publish(SHIPMENTS, same).rowsAccepted()).isEqualTo(20);
  }

  @Test
  void rowsOfAnySchemaAreValid() {
    Seeds.forEach(
        30,
        random -> {
          Schema schema = new RandomRecords(random.nextLong()).schema(3);
          Contract contract = Contract.of(schema);
          List<Map<String, Object>> rows = Samples.maps(contract, random.nextLong()).rows(25);

          assertThat(publish(contract, rows).rowsAccepted()).isEqualTo(25);
        });
  }

  /** Some contracts cannot be satisfied, such as {@code a < b} where b has its minimum value. */
  @Test
  void rowsOfAnyContractSatisfyItsRulesOrBreakTheNamedOne() {
    Map<Rule.Kind, Integer> made = new EnumMap<>(Rule.Kind.class);
    List<String> contradictions = new ArrayList<>();
    Map<Rule.Kind, Integer> impossible = new EnumMap<>(Rule.Kind.class);
    Seeds.forEach(
        20,
        random -> {
          Contract contract = RandomContracts.from(random);
          Samples<Map<String, Object>> samples = Samples.maps(contract, random.nextLong());
          List<Map<String, Object>> good;
          try {
            good = samples.rows(12);
          } catch (IllegalStateException e) {
            contradictions.add(e.getMessage());
            return;
          }
          MeshAssertions.assertThat(publish(contract, good)).hasAccepted(12).hasNoFailingRows();
          for (Rule rule : contract.rules()) {
            List<Map<String, Object>> rows = new ArrayList<>(good);
            try {
              rows.addAll(samples.breaking(rule.id(), 4));
            } catch (IllegalStateException e) {
              impossible.merge(rule.kind(), 1, Integer::sum);
              continue;
            }
            made.merge(rule.kind(), 1, Integer::sum);
            assertThat(publish(contract, rows).failingRowsByRule())
                .as("rows that break %s", rule)
                .allSatisfy(
                    (id, failing) ->
                        assertThat(failing).as(id).isEqualTo(id.equals(rule.id()) ? 4 : 0));
          }
        });
    assertThat(contradictions).hasSizeLessThan(3);
    assertThat(made.keySet())
        .contains(
            Rule.Kind.BETWEEN,
            Rule.Kind.IN_SET,
            Rule.Kind.MATCHES,
            Rule.Kind.LENGTH,
            Rule.Kind.COMPARE,
            Rule.Kind.UNIQUE,
            Rule.Kind.NOT_NULL);
    assertThat(impossible.values().stream().mapToInt(Integer::intValue).sum())
        .as("rules that no row can break alone: %s, of %s", impossible, made)
        .isLessThan(8);
  }

  record Numbered(int id, String name, String code) {}

  @Test
  void thousandsOfRowsAreUniqueBeyondThePlainValues() {
    Contract contract =
        Contract.of(Numbered.class)
            .require(unique("id"), unique("name"), unique("code"), matches("code", "c-[0-9]+"));

    List<Numbered> rows = Samples.of(Numbered.class, contract, 5).rows(20_000);

    MeshAssertions.assertThat(publish(contract, rows)).hasAccepted(20_000).hasNoFailingRows();
  }

  @Test
  void impossibleSamplesAreRejectedWithTheReason() {
    Samples<Shipment> samples = Samples.of(Shipment.class, SHIPMENTS, 1);

    assertThatThrownBy(() -> samples.breaking("cheap", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("'cheap'", "price");
    assertThatThrownBy(() -> samples.breaking("unique.di", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Did you mean 'unique.id'?");
    assertThatThrownBy(() -> samples.breaking("rowCount", 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("fewer rows");
    assertThatThrownBy(() -> samples.breaking("unique.id", 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("rows(..)");
    assertThatThrownBy(
            () -> Samples.maps(SHIPMENTS.require(unique("fragile", "parcels")), 1).rows(4))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("only 3 of 4", "unique.fragile.parcels");
    assertThatThrownBy(
            () ->
                Samples.maps(SHIPMENTS.require(between("price", 20_000, 30_000).id("dear")), 1)
                    .rows(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll("only 0 of 1", "dear");
  }

  private static PublishReceipt publish(Contract contract, List<?> rows) {
    try (Mesh mesh = InMemoryMesh.open()) {
      MeshClient client = mesh.clientAs(Principal.of("shop", "etl"));
      client.registerDomain("shop").owner("shop@example.org").commit();
      client
          .defineProduct("shop/rows")
          .contract(contract.onViolation(OnViolation.QUARANTINE).maxQuarantineShare(90))
          .commit();
      return client.publish("shop/rows").records(rows).commit();
    }
  }

  record Piece(int qty) {}

  record Basket(long id, List<Piece> lines) {}

  @Test
  void rulesOnElementsAreSatisfiedOrBroken() {
    Contract contract = Contract.of(Basket.class).require(Rule.between("lines[].qty", 0, 100));
    Samples<Basket> samples = Samples.of(Basket.class, contract, 4);

    assertThat(samples.rows(5))
        .hasSize(5)
        .allSatisfy(
            basket ->
                assertThat(basket.lines())
                    .allSatisfy(line -> assertThat(line.qty()).isBetween(0, 100)));
    assertThat(samples.breaking("between.lines[].qty", 3))
        .hasSize(3)
        .allSatisfy(
            basket ->
                assertThat(basket.lines())
                    .anySatisfy(line -> assertThat(line.qty() < 0 || line.qty() > 100).isTrue()));
  }
}
