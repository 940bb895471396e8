package io.meshwork.internal.conformance.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.card.Health;
import io.meshwork.card.Health.Status;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.discovery.Lineage.ColumnEdge;
import io.meshwork.discovery.Lineage.Edge;
import io.meshwork.discovery.Lineage.Impact.AffectedItem;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Snapshot;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.testkit.InMemoryMesh;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Questions about many products when documents are damaged, missing, or old. */
class DamagedIndexTest extends MeshFixture {
  private static final String REVENUE = "finance/revenue";
  private static final String ACTIVITY = "index/pulse/revenue/1";

  private int attempts;

  @Override
  protected Mesh.Builder mesh() {
    return InMemoryMesh.builder();
  }

  private void define() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS)
        .contract(Contract.of(Order.class).freshWithin(Duration.ofHours(1)))
        .openToMesh()
        .commit();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    MeshClient finance = registerFinance();
    finance.defineProduct(REVENUE).contract(Contract.of(Order.class)).openToMesh().commit();
  }

  private void derive(String... columns) {
    Snapshot read;
    try (Rows<Order> rows = as("finance").read(ORDERS).as(Order.class).rows()) {
      read = rows.snapshot().orElseThrow();
    }
    as("finance").publish(REVENUE).records(Order.range(0, 2)).derivedFrom(read, columns).commit();
  }

  private Document document(String sort) {
    return registry.documents().values().stream()
        .filter(each -> each.key().sort().equals(sort))
        .findFirst()
        .orElseThrow();
  }

  private void damage(Document document, UnaryOperator<String> change) {
    String json = change.apply(document.json());
    assertThat(json).isNotEqualTo(document.json());
    registry.commit(attempt().replace(document.key(), json, document.version()).build());
  }

  private void remove(String sort) {
    Document document = document(sort);
    registry.commit(attempt().delete(document.key(), document.version()).build());
  }

  private Transaction.Builder attempt() {
    attempts++;
    return Transaction.attempt("01a9f2e0-0000-8000-8000-" + String.format("%012d", attempts));
  }

  private List<FindingCode> differences() {
    return mesh.doctor().findings().stream()
        .map(Finding::code)
        .filter(code -> code == FindingCode.INDEX_DIFFERS)
        .toList();
  }

  @Test
  void malformedIndexEntriesAndActivitiesAreReadFromTheirSourcesAndReplaced() {
    define();
    derive("amount=amount");
    damage(document("index/shape/revenue/1"), json -> json.replace("\"ACTIVE\"", "\"FROZEN\""));
    damage(
        document(ACTIVITY), json -> json.replaceAll("\"updated\":\"[^\"]*\"", "\"updated\":\"x\""));

    assertThat(as("visitor").lineage(REVENUE).upstream(1).graph().edges()).hasSize(1);
    assertThat(as("visitor").health(REVENUE).status()).isEqualTo(Status.NO_PROMISE);
    assertThat(differences()).hasSize(2);
    derive("amount=amount");
    assertThat(differences()).as("the publish wrote the pulse again").hasSize(1);
    mesh.repair().commit();
    assertWhole();
  }

  @Test
  void anUnreadableActivityIsReplacedByRepair() {
    define();
    derive();
    damage(document(ACTIVITY), json -> json.replaceAll("\"last\":\"[^\"]*\"", "\"last\":\"x\""));

    assertThat(differences()).hasSize(1);
    mesh.repair().commit();
    assertWhole();
    assertThat(as("visitor").lineage(REVENUE).upstream(1).graph().edges()).hasSize(1);
  }

  @Test
  void aRollbackToAPublishThatTheActivityNoLongerHasIsNotADifference() {
    define();
    MeshClient shop = shop();
    String early = shop.describe(ORDERS).current().orElseThrow().id();
    for (int publish = 1; publish <= 62; publish++) {
      clock.advance(Duration.ofMinutes(1));
      shop.publish(ORDERS).records(Order.range(publish * 3, publish * 3 + 1)).commit();
    }

    shop.rollBack(ORDERS).to(early).because("wrong prices").commit();

    assertThat(differences()).isEmpty();
  }

  @Test
  void oneDamagedProductDoesNotConcernTheOthers() {
    define();
    derive();
    damage(document("product/revenue"), json -> "{\"format\":1,\"name\":\"\"}");

    assertThat(as("visitor").health().products())
        .extracting(health -> health.product().toString())
        .containsExactly(ORDERS);
    assertThat(as("visitor").health().unreachable()).isEmpty();
    assertThat(as("visitor").impactOf(ORDERS).affected()).isNotEmpty();
  }

  @Test
  void oneDamagedUseDoesNotConcernTheOthers() {
    define();
    derive();
    MeshClient sales = as("sales");
    sales.registerDomain("sales").owner("sales@example.org").commit();
    all(sales.read(ORDERS).as(Order.class));
    Document use =
        registry.documents().values().stream()
            .filter(each -> each.key().sort().startsWith("usage/"))
            .filter(each -> each.key().partition().contains("sales"))
            .findFirst()
            .orElseThrow();
    damage(use, json -> "{\"format\":1,\"at\":\"soon\"}");

    assertThat(as("visitor").impactOf(ORDERS).affected())
        .extracting(AffectedItem::name)
        .contains(REVENUE, "finance")
        .doesNotContain("sales");
    assertThat(sales.uses("sales")).isEmpty();
    assertThat(as("commerce").avoidedCopies().products()).hasSize(1);
  }

  @Test
  void pairsOfColumnsCountFor90DaysAndStayTheSameInARebuild() {
    define();
    derive("id=id");
    clock.advance(Duration.ofDays(50));
    derive("amount=amount");
    assertThat(columns()).hasSize(2);
    clock.advance(Duration.ofDays(50));
    derive("amount=amount");

    assertThat(columns()).containsExactly(new ColumnEdge("amount", "amount"));
    assertThat(differences()).isEmpty();
    derive();
    assertThat(columns()).as("all columns").isEmpty();
    clock.advance(Duration.ofDays(95));
    derive("id=id");
    assertThat(columns()).containsExactly(new ColumnEdge("id", "id"));
    assertThat(differences()).isEmpty();
  }

  private List<ColumnEdge> columns() {
    return as("visitor").lineage(REVENUE).upstream(1).graph().edges().stream()
        .map(Edge::columns)
        .flatMap(List::stream)
        .toList();
  }

  @Test
  void aCommitDoesNotReadTheLogForAnActivityAndMaintenanceCompletesIt() {
    define();
    derive("id=id");
    remove(ACTIVITY);
    as("finance").publish(REVENUE).records(Order.range(2, 3)).commit();

    assertThat(document(ACTIVITY).json()).contains("\"partial\":true");
    assertThat(columns()).containsExactly(new ColumnEdge("id", "id"));
    assertThat(differences()).as("it is only to be completed").isEmpty();
    mesh.maintain().commit();
    assertThat(document(ACTIVITY).json()).doesNotContain("partial").contains("id=id");
    assertWhole();
  }

  @Test
  void onlyDaysThatAreKnownCompletelyAreCounted() {
    define();
    Health.Freshness first = freshness();
    assertThat(first.daysKept()).as("the day of the first publish").isZero();
    assertThat(first.daysObserved()).as("the day of the first publish").isZero();
    clock.advance(Duration.ofDays(2));
    as("commerce").publish(ORDERS).records(Order.range(3, 4)).commit();

    assertThat(freshness().daysKept()).isZero();
    assertThat(freshness().daysObserved()).isEqualTo(2);
  }

  private Health.Freshness freshness() {
    return as("visitor").health(ORDERS).freshness();
  }

  @Test
  void aSearchReadsAMalformedShapeFromItsSources() {
    define();
    derive();
    damage(document("index/shape/orders/1"), json -> json.replace("\"ACTIVE\"", "\"FROZEN\""));

    assertThat(as("visitor").search("").results().hits())
        .extracting(hit -> hit.product().toString(), hit -> hit.status())
        .containsExactly(tuple(ORDERS, Status.FRESH), tuple(REVENUE, Status.NO_PROMISE));
  }

  @Test
  void aDamagedDocumentOfAConsumerDoesNotConcernTheCardOfTheOwner() {
    define();
    MeshClient finance = as("finance");
    finance.subscribe(ORDERS).name("other").purpose("Others").contact("x@example.org").commit();
    readAll(finance.subscribe(ORDERS).name("totals").purpose("Totals").commit());
    as("commerce").defineProduct("commerce/returns").contract(Contract.of(Order.class)).commit();
    finance.requests().requestAccess("commerce/returns").purpose("A report").commit();

    for (Document kept : List.copyOf(registry.documents().values())) {
      if (kept.key().partition().contains("finance")
          && kept.key().sort().matches("(subscription|usage|position|request)/.*")
          && !kept.key().sort().endsWith("other")) {
        for (String broken :
            List.of(
                "{\"format\":99}",
                "{\"format\":1,\"at\":\"soon\"}",
                "{\"format\":1,\"major\":1,\"product\":\"commerce/orders\",\"by\":\"?\"}")) {
          damage(registry.read(kept.key()).orElseThrow(), json -> broken);
          assertTheOwnerIsAnswered(kept.key() + ": " + broken);
        }
        damage(registry.read(kept.key()).orElseThrow(), json -> kept.json());
      }
    }
  }

  private void assertTheOwnerIsAnswered(String damage) {
    MeshClient shop = as("commerce");
    assertThat(shop.describe(ORDERS).health()).as(damage).isPresent();
    assertThat(shop.health(ORDERS).notified())
        .as(damage)
        .contains("shop@example.org", "x@example.org");
    assertThat(shop.describeDomain("commerce").maturity()).as(damage).isNotEmpty();
  }

  @Test
  void aTextWithoutWordsFindsNothingAndAnEmptyOneEverything() {
    define();

    assertThat(as("visitor").search("!!!").results().hits()).isEmpty();
    assertThat(as("visitor").search("  ").results().hits()).hasSize(2);
  }

  private record Parcel(String parcelId, String netWeight2024) {}

  @Test
  void wordsBeginAtCapitalsAndDigitsAndEqualMatchesAreInOrderOfNamesRetiredOnesLast() {
    MeshClient shop = registerShop();
    for (String product : List.of("commerce/parcels-b", "commerce/parcels-a")) {
      shop.defineProduct(product).contract(Contract.of(Parcel.class)).commit();
    }

    for (String text : List.of("weight", "Wei 2024", "net_weight", "parcels weight")) {
      assertThat(as("visitor").search(text).results().hits())
          .as(text)
          .extracting(hit -> hit.product().toString())
          .containsExactly("commerce/parcels-a", "commerce/parcels-b");
    }
    for (String text : List.of("eight", "024", "weight 2025")) {
      assertThat(as("visitor").search(text).results().hits()).as(text).isEmpty();
    }

    shop.endProduct("commerce/parcels-a")
        .because("Test")
        .commit()
        .announce()
        .commit()
        .close()
        .commit()
        .retire()
        .commit();
    assertThat(as("visitor").search("weight").results().hits())
        .as("retired last")
        .extracting(hit -> hit.product().toString())
        .containsExactly("commerce/parcels-b", "commerce/parcels-a");
  }
}
