package io.meshwork.internal.conformance.discovery;

import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.rowCount;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.card.Health;
import io.meshwork.card.Health.Status;
import io.meshwork.card.ProductCard;
import io.meshwork.card.ProductConsumer;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.discovery.DomainCard.Practice;
import io.meshwork.discovery.Lineage;
import io.meshwork.discovery.Lineage.Impact.AffectedItem;
import io.meshwork.discovery.Lineage.Impact.Evidence;
import io.meshwork.discovery.MeshOverview;
import io.meshwork.discovery.Search;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Classification;
import io.meshwork.product.ProductName;
import io.meshwork.product.Snapshot;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.testkit.Faults;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Search, health, lineage, impact, and fault, as different callers see them. */
public abstract class DiscoverySuite extends MeshFixture {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String REVENUE = "finance/revenue";
  private static final String REPORT = "finance/report";

  private MeshClient visitor() {
    return as("visitor");
  }

  /** Orders, revenue that derives from their amounts, and a report on the revenue. */
  private void publishChain() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS)
        .description("What customers ordered")
        .contract(
            Contract.of(Order.class)
                .freshWithin(HOUR)
                .require(between("id", 0, 100))
                .describeColumn("amount", "Price with tax"))
        .openToMesh()
        .commit();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    MeshClient finance = registerFinance();
    for (String product : List.of(REVENUE, REPORT)) {
      finance.defineProduct(product).contract(Contract.of(Order.class)).openToMesh().commit();
    }
    derive(finance, ORDERS, REVENUE, "amount=amount");
    derive(finance, REVENUE, REPORT, "id=id", "amount=amount");
  }

  private static void derive(MeshClient client, String from, String to, String... columns) {
    Snapshot read;
    try (Rows<Order> rows = client.read(from).as(Order.class).rows()) {
      read = rows.snapshot().orElseThrow();
    }
    client.publish(to).records(Order.range(0, 2)).derivedFrom(read, columns).commit();
  }

  @Test
  void wordsFindProductsByNameTagColumnAndDescription() {
    publishChain();
    shop().governance().defineTag("area", "sales").commit();
    shop().access().tag(ORDERS).set("area", "sales").commit();

    Search.Result result = visitor().search("order").results();
    assertThat(result.hits())
        .extracting(hit -> hit.product().toString(), hit -> hit.score())
        .containsExactly(tuple(ORDERS, 10));
    assertThat(visitor().search("commerce/ORDERS").results().hits().get(0).score()).isEqualTo(108);
    assertThat(visitor().search("price").results().hits().get(0).matchingColumns())
        .containsExactly("amount");
    assertThat(visitor().search("amount revenue").results().hits())
        .extracting(hit -> hit.product().toString())
        .containsExactly(REVENUE);
    assertThat(visitor().search("").tag("area", "sales").results().total()).isEqualTo(1);
    assertThat(visitor().search("").domain("finance").offset(1).results().hits()).hasSize(1);
    assertThat(visitor().search("").column("AMOUNT").limit(2).results())
        .satisfies(page -> assertThat(page.total()).isEqualTo(3))
        .satisfies(page -> assertThat(page.hits()).hasSize(2));
    assertThat(visitor().search("").owner("shop@example.org").results().total()).isEqualTo(1);
    assertThat(visitor().search("").maxClassification(Classification.PUBLIC).results().total())
        .isZero();
    assertThat(visitor().search("nothing").results().hits()).isEmpty();
  }

  @Test
  void textsOfAnOdcsDocumentFindTheProductAndSayWhere() {
    MeshClient shop = registerShop();
    String terms =
        """
        [{"field":"SYNONYM","column":"amount","text":"net turnover"},
         {"field":"SYNONYM","column":"gone","text":"of a column that is gone"},
         {"field":"MEASURE","column":"margin","text":"margin"},
         {"field":"CONTEXT","column":"","in":"notes","parts":["Turn",[0,13]," tax.",[0,99],[7]]},
         {"field":"OTHER","column":"","text":"other"}, 7, {"field":"TAG","text":5}]
        """;
    Contract contract =
        Contract.fromJson(
            Contract.of(Order.class)
                .toJson()
                .replaceFirst(
                    "\\{",
                    "{\"extensions\":{\"notes\":\"over excludes\",\"searchTerms\":"
                        + terms
                        + "},"));
    shop.defineProduct(ORDERS).contract(contract).commit();

    Search.Hit hit = visitor().search("turnover").results().hits().get(0);
    assertThat(hit.matches())
        .containsExactly(
            new Search.Match(Search.Field.CONTEXT, "", "Turnover excludes tax."),
            new Search.Match(Search.Field.SYNONYM, "amount", "net turnover"));
    assertThat(hit.matchingColumns()).containsExactly("amount");
    assertThat(hit.score()).isEqualTo(4);
    Search.Hit measure = visitor().search("margin orders").results().hits().get(0);
    assertThat(measure.matches())
        .extracting(Search.Match::field)
        .containsExactly(Search.Field.NAME, Search.Field.MEASURE);
    assertThat(measure.matchingColumns()).isEmpty();
    assertThat(visitor().search("gone").results().hits()).isEmpty();
    assertThat(visitor().search("other").results().hits()).isEmpty();
    assertThat(mesh.doctor().findings()).isEmpty();

    shop.amendContract(ORDERS, Contract.of(Order.class)).commit();
    assertThat(visitor().search("turnover").results().hits()).isEmpty();
  }

  @Test
  void theHealthOfTheMeshShowsTheWorstFirst() {
    publishChain();
    shop()
        .defineProduct("commerce/returns")
        .contract(Contract.of(Order.class).freshWithin(HOUR))
        .commit();
    clock.advance(HOUR.plusMinutes(5));

    assertThat(visitor().health().products())
        .extracting(health -> health.product().toString(), Health::status)
        .containsExactly(
            tuple(ORDERS, Status.LATE),
            tuple("commerce/returns", Status.NEVER_PUBLISHED),
            tuple(REPORT, Status.NO_PROMISE),
            tuple(REVENUE, Status.NO_PROMISE));
    assertThat(visitor().health().late()).isEqualTo(2);
    Health late = visitor().health(ORDERS);
    assertThat(late.freshness().lateBy()).isEqualTo(Duration.ofMinutes(5));
    assertThat(late.since()).contains(clock.instant().minus(Duration.ofMinutes(5)));
    assertThat(late.contact()).isEqualTo("shop@example.org");

    shop().publish(ORDERS).records(Order.range(3, 4)).commit();
    assertThat(visitor().health(ORDERS).status()).isEqualTo(Status.FRESH);
  }

  @Test
  void theIndexOfAProductWhosePublishesHadNoRowsIsThatOfItsSources() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(Contract.of(Order.class).freshWithin(HOUR)).commit();
    shop.publish(ORDERS).records(List.<Order>of()).commit();
    clock.advance(Duration.ofMinutes(10));
    shop.publish(ORDERS).records(List.<Order>of()).commit();
    Snapshot empty = shop.describe(ORDERS).current().orElseThrow();
    Instant last = clock.instant();

    assertThat(shop.health(ORDERS).freshness().updated()).contains(last);
    assertThat(mesh.doctor().findings()).isEmpty();

    clock.advance(HOUR);
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    assertThat(shop.health(ORDERS).freshness().updated()).contains(clock.instant());
    shop.rollBack(ORDERS).to(empty.id()).because("Test").commit();
    assertThat(mesh.doctor().findings()).isEmpty();
    assertThat(mesh.maintain().commit().remaining()).isEmpty();
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  @Test
  void onlyReadersOfAllRowsSeeThatRowsWereQuarantined() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS)
        .contract(
            Contract.of(Order.class)
                .require(between("id", 0, 10))
                .onViolation(OnViolation.QUARANTINE))
        .commit();
    shop.publish(ORDERS).records(Order.range(0, 12)).commit();

    assertThat(shop.health(ORDERS).status()).isEqualTo(Status.QUARANTINING);
    assertThat(shop.health(ORDERS).rowsWaiting()).hasValue(1);
    assertThat(shop.health().products().get(0).status()).isEqualTo(Status.QUARANTINING);
    assertThat(shop.health(ORDERS).quality()).isPresent();
    assertThat(visitor().health(ORDERS).status()).isEqualTo(Status.NO_PROMISE);
    assertThat(visitor().health(ORDERS).quality()).isEmpty();
    assertThat(visitor().health(ORDERS).rowsWaiting()).isEmpty();
    assertThat(visitor().health(ORDERS).waitingSince()).isEmpty();
  }

  @Test
  void rowsThatWaitCountUntilTheyAreErasedThoughLaterPublishesAreClean() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS)
        .contract(
            Contract.of(Order.class)
                .require(between("id", 0, 10))
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(50)
                .freshWithin(HOUR))
        .commit();
    Instant first = clock.instant();
    shop.publish(ORDERS).records(Order.range(0, 13)).commit();
    clock.advance(Duration.ofMinutes(10));
    Instant second = clock.instant();
    shop.publish(ORDERS).records(Order.range(9, 12)).commit();
    clock.advance(Duration.ofMinutes(10));
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();

    Health clean = shop.health(ORDERS);
    assertThat(clean.quality().orElseThrow().qualityScore()).hasValue(100);
    assertThat(clean.status()).isEqualTo(Status.QUARANTINING);
    assertThat(clean.rowsWaiting()).hasValue(3);
    assertThat(clean.waitingSince()).contains(first);
    assertThat(shop.search("orders").results().hits().get(0).status())
        .isEqualTo(Status.QUARANTINING);
    assertThat(mesh.doctor().findings()).isEmpty();

    shop.erase(ORDERS)
        .quarantineWhere("quarantined_at < TIMESTAMP '" + second.toString().replace('T', ' ') + "'")
        .because("checked")
        .commit();
    assertThat(shop.health(ORDERS).rowsWaiting()).hasValue(1);
    assertThat(shop.health(ORDERS).waitingSince()).contains(second);
    shop.erase(ORDERS).quarantineWhere("row_number > 0").because("checked").commit();
    assertThat(shop.health(ORDERS).status()).isEqualTo(Status.FRESH);
    assertThat(shop.health(ORDERS).rowsWaiting()).hasValue(0);
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  @Test
  void aViolatedProductNamesTheRuleHowManyRowsBreakItAndSinceWhen() {
    MeshClient shop =
        defineOrders(Contract.of(Order.class).require(between("id", 0, 10).warn().id("few_ids")));
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    assertThat(shop.health(ORDERS).problems()).isEmpty();
    clock.advance(HOUR);
    Instant first = clock.instant();
    shop.publish(ORDERS).records(Order.range(8, 13)).commit();
    clock.advance(HOUR);
    shop.publish(ORDERS).records(Order.range(10, 12)).commit();

    assertThat(shop.health(ORDERS).status()).isEqualTo(Status.VIOLATED);
    assertThat(shop.health(ORDERS).problems())
        .containsExactly(
            "Rule few_ids, between(id, 0, 10), is broken since the publish of "
                + first
                + ": 1 of 2 rows (50.0 %) of the newest publish, which consumers read.");
    assertThat(shop.health().products().get(0).problems())
        .isEqualTo(shop.health(ORDERS).problems());
    assertThat(shop.publishHistory(ORDERS).quality())
        .extracting(
            entry -> entry.brokenRules().stream().map(rule -> rule.failingRows() + "").toList())
        .containsExactly(List.of("1"), List.of("2"), List.of());
    assertThat(visitor().health(ORDERS).problems()).isEmpty();
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  @Test
  void aRuleOnAWholePublishIsNamedWithWhatWasMeasured() {
    MeshClient shop =
        defineOrders(Contract.of(Order.class).require(rowCount(5, 10).warn().id("enough")));
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();

    assertThat(shop.health(ORDERS).problems())
        .containsExactly(
            "Rule enough, rowCount(5, 10), is broken since the publish of "
                + clock.instant()
                + ": the publish has 3 rows.");
  }

  @Test
  void aLateProductSaysWhatItPromisesHowOldItsRowsAreAndSinceWhenItIsLate() {
    MeshClient shop = defineOrders(Contract.of(Order.class).freshWithin(HOUR.multipliedBy(24)));
    Instant defined = clock.instant();
    clock.advance(HOUR.multipliedBy(30));
    assertThat(visitor().health(ORDERS).problems())
        .containsExactly(
            "Late by 6 h, since "
                + defined.plus(HOUR.multipliedBy(24))
                + ": rows at most 24 h old are promised, and nothing was published yet.");

    Instant published = clock.instant();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    clock.advance(HOUR.multipliedBy(31));
    for (MeshClient client : List.of(shop, visitor())) {
      assertThat(client.health(ORDERS).problems())
          .containsExactly(
              "Late by 7 h, since "
                  + published.plus(HOUR.multipliedBy(24))
                  + ": rows at most 24 h old are promised, they are 31 h old, and the last update"
                  + " was at "
                  + published
                  + ".");
    }
  }

  @Test
  void aRefusedPublishIsAProblemForTheOwnerUntilTheNextPublish() {
    MeshClient shop = defineOrders(Contract.of(Order.class).require(between("id", 0, 10)));
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    clock.advance(HOUR);
    Instant refused = clock.instant();
    assertThatThrownBy(() -> shop.publish(ORDERS).records(Order.range(8, 13)).commit())
        .isInstanceOf(ContractViolationException.class);

    Health health = shop.health(ORDERS);
    assertThat(health.status()).isEqualTo(Status.NO_PROMISE);
    String reason = health.lastRefused().orElseThrow().reason();
    assertThat(reason)
        .isEqualTo(
            "The rows break contract 1.0.0. Rule between.id, between(id, 0, 10), failed in 2 of 5"
                + " rows, first in row 4.");
    assertThat(health.problems())
        .containsExactly(
            "The last publish, by commerce/etl at " + refused + ", was rejected. " + reason);
    assertThat(visitor().health(ORDERS).problems()).isEmpty();

    clock.advance(HOUR);
    shop.publish(ORDERS).records(Order.range(3, 5)).commit();
    assertThat(shop.health(ORDERS).problems()).isEmpty();
    assertThat(shop.health(ORDERS).lastRefused()).isPresent();
  }

  @Test
  void anInputThatIsOnlyLateDoesNotExplainABrokenRule() {
    publishChain();
    MeshClient finance = as("finance");
    finance
        .amendContract(REVENUE)
        .contract(Contract.of(Order.class).require(between("id", 0, 0).warn()))
        .commit();
    derive(finance, ORDERS, REVENUE, "amount=amount");
    assertThat(finance.faultOf(REVENUE).origins())
        .extracting(origin -> origin.product().toString(), origin -> origin.problems())
        .containsExactly(tuple(REVENUE, finance.health(REVENUE).problems()));
    clock.advance(HOUR.plusMinutes(1));

    assertThat(finance.faultOf(REVENUE).origins())
        .extracting(origin -> origin.product().toString(), origin -> origin.status())
        .containsExactly(tuple(REVENUE, Status.VIOLATED), tuple(ORDERS, Status.LATE));
  }

  @Test
  void theOwnerSeesWhatWasRefusedAndTheCardHasTagsChangesHealthAndTheOwnRequest() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS)
        .contract(Contract.of(Order.class).require(between("id", 0, 10)))
        .commit();
    assertThatThrownBy(
            () ->
                shop.publish(ORDERS).records(Order.range(8, 13)).idempotencyKey("monday").commit())
        .isInstanceOf(ContractViolationException.class);
    Health details = shop.health(ORDERS);
    assertThat(details.isForOwner()).isTrue();
    assertThat(details.notified()).containsExactly("shop@example.org");
    assertThat(details.lastRefused())
        .hasValueSatisfying(
            refused -> {
              assertThat(refused.idempotencyKey()).isEqualTo("monday");
              assertThat(refused.rules()).containsExactly("between.id");
              assertThat(refused.failed()).isEqualTo(2);
            });
    MeshClient finance = registerFinance();
    finance.requests().requestAccess(ORDERS).purpose("A report").commit();

    assertThat(finance.health(ORDERS).isForOwner()).isFalse();
    assertThat(finance.describe(ORDERS).health())
        .map(Health::status)
        .contains(Status.NEVER_PUBLISHED);
    assertThat(finance.describe(ORDERS).ownRequest())
        .map(ProductCard.OwnRequest::state)
        .contains("WAITING");
    assertThat(visitor().describe(ORDERS).ownRequest()).isEmpty();
    assertThat(visitor().contractHistory(ORDERS).changesSince(Instant.EPOCH)).isZero();
    assertThat(shop.describeDomain("commerce").maturity())
        .extracting(criterion -> criterion.practice())
        .contains(Practice.REQUESTS_ANSWERED, Practice.INPUTS_DECLARED);
  }

  @Test
  void aRefusalIsRecordedInTheTimeOfThePublishAndWithAtMostOneHundredRules() {
    Contract strict = Contract.of(Order.class);
    for (int i = 0; i <= 100; i++) {
      strict = strict.require(between("id", 0, 10).id("rule-" + i));
    }
    MeshClient shop = defineOrders(strict);
    assertThatThrownBy(() -> shop.publish(ORDERS).records(Order.range(8, 13)).commit())
        .isInstanceOf(ContractViolationException.class);
    assertThat(shop.health(ORDERS).lastRefused())
        .hasValueSatisfying(refused -> assertThat(refused.rules()).hasSize(100));

    faults.on(Faults.Port.REGISTRY_COMMIT).failBefore();
    Instant start = clock.instant();
    assertThatThrownBy(
            () ->
                shop.publish(ORDERS)
                    .records(Order.range(8, 13))
                    .timeout(Duration.ofSeconds(5))
                    .commit())
        .isInstanceOfSatisfying(
            ContractViolationException.class, e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThat(clock.instant()).isBefore(start.plusSeconds(10));
    faults.clear();
  }

  @Test
  void damagedDocumentsOfTheIndexAreFoundAndRepaired() {
    publishChain();
    Document activity =
        registry.documents().values().stream()
            .filter(document -> document.key().sort().equals("index/pulse/orders/1"))
            .findFirst()
            .orElseThrow();
    registry.commit(
        Transaction.attempt("01a9f2e0-0000-8000-8000-000000000001")
            .replace(
                activity.key(),
                activity.json().replace("\"rows\":3", "\"rows\":4"),
                activity.version())
            .build());

    assertThat(mesh.doctor().findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.INDEX_DIFFERS);
    mesh.repair().commit();
    assertWhole();
    removeIndex();
    mesh.maintain().commit();
    assertThat(removeIndex()).isEqualTo(6);
  }

  @Test
  void aDomainIsDescribedWithItsProductsAndItsMaturity() {
    publishChain();

    assertThat(visitor().describeDomain("commerce").products()).hasSize(1);
    assertThat(visitor().describeDomain("commerce").maturity())
        .filteredOn(criterion -> criterion.practice() == Practice.FRESHNESS_PROMISED)
        .allMatch(criterion -> criterion.isMet() && criterion.total() == 1);
    assertThat(visitor().describeDomain("finance").maturity())
        .filteredOn(criterion -> criterion.practice() == Practice.DESCRIPTIONS)
        .noneMatch(criterion -> criterion.isMet());
  }

  @Test
  void lineageFollowsDeclaredInputsInBothDirections() {
    publishChain();

    Lineage lineage = visitor().lineage(REVENUE).upstream(3).downstream(3).graph();
    assertThat(lineage.nodes())
        .extracting(node -> node.product().toString(), Lineage.Node::distance)
        .containsExactly(tuple(ORDERS, -1), tuple(REVENUE, 0), tuple(REPORT, 1));
    assertThat(lineage.edges())
        .contains(
            new Lineage.Edge(
                ProductName.of(ORDERS),
                ProductName.of(REVENUE),
                List.of(new Lineage.ColumnEdge("amount", "amount"))));
    assertThat(visitor().lineage(REVENUE).graph().nodes()).hasSize(1);
  }

  @Test
  void aProductThatPublishesItsOwnRowsAgainIsNotItsOwnInput() {
    publishChain();
    derive(as("finance"), REVENUE, REVENUE);

    assertThat(visitor().lineage(REVENUE).upstream(3).downstream(3).graph().edges())
        .hasSize(2)
        .noneMatch(edge -> edge.from().equals(edge.to()));
  }

  @Test
  void theImpactOfAColumnFollowsItThroughProductsToTheirReaders() {
    publishChain();
    MeshClient sales = as("sales");
    sales.registerDomain("sales").owner("sales@example.org").commit();
    all(sales.read(REPORT).columns("amount").as(Amount.class));

    assertThat(as("finance").impactOf(ORDERS, "amount").affected())
        .extracting(AffectedItem::name, AffectedItem::steps, AffectedItem::evidence)
        .containsExactly(
            tuple(REVENUE, 1, Evidence.DECLARED),
            tuple("finance", 1, Evidence.READ),
            tuple(REPORT, 2, Evidence.DECLARED),
            tuple("sales", 3, Evidence.READ));
    assertThat(as("finance").impactOf(ORDERS, "note").affected())
        .extracting(AffectedItem::name)
        .containsExactly("finance");
    assertThat(visitor().impactOf(ORDERS, "amount").affected())
        .as("a visitor does not know which columns are read")
        .filteredOn(affected -> affected.name().equals("sales"))
        .extracting(AffectedItem::evidence)
        .containsExactly(Evidence.POSSIBLE);
    assertThat(visitor().uses("sales"))
        .extracting(ProductConsumer::kind, use -> use.lastUsed().isPresent())
        .containsExactly(tuple(ProductConsumer.Kind.DOMAIN, false));
    assertThat(sales.uses("sales"))
        .extracting(ProductConsumer::kind, ProductConsumer::columns)
        .containsExactly(tuple(ProductConsumer.Kind.READER, List.of("amount")));
    assertThat(as("finance").avoidedCopies().products()).hasSize(1);
    assertThat(as("finance").avoidedCopies().bytes()).isPositive();
    assertThat(visitor().avoidedCopies().bytes()).isZero();
  }

  record Amount(java.math.BigDecimal amount) {}

  @Test
  void anOverviewAnswersAsTheSameQuestionsDo() {
    publishChain();
    as("sales").registerDomain("sales").owner("sales@example.org").commit();
    all(as("sales").read(REPORT).columns("amount").as(Amount.class));
    clock.advance(HOUR.plusMinutes(1));

    for (MeshClient client : List.of(visitor(), shop(), as("finance"), as("sales"))) {
      MeshOverview overview = client.overview();
      assertThat(overview.health()).isEqualTo(client.health());
      assertThat(overview.avoidedCopies()).isEqualTo(client.avoidedCopies());
      List<ProductConsumer> uses = new ArrayList<>(client.uses("commerce"));
      uses.addAll(client.uses("finance"));
      uses.addAll(client.uses("sales"));
      assertThat(overview.uses()).isEqualTo(uses);
      for (String product : List.of(ORDERS, REVENUE, REPORT)) {
        assertThat(overview.lineage(product).upstream(1).downstream(3).graph())
            .isEqualTo(client.lineage(product).upstream(1).downstream(3).graph());
        assertThat(overview.faultOf(product)).isEqualTo(client.faultOf(product));
      }
      assertThatThrownBy(
              () -> overview.lineage("commerce/nothing").upstream(1).downstream(1).graph())
          .isInstanceOf(NotFoundException.class);
    }
  }

  @Test
  void aFaultIsTracedToTheNearestLateProductUpstream() {
    publishChain();
    assertThat(visitor().faultOf(REPORT).origins()).isEmpty();
    clock.advance(HOUR.plusMinutes(1));

    assertThat(visitor().faultOf(REPORT).origins())
        .extracting(origin -> origin.product().toString(), origin -> origin.path().size())
        .containsExactly(tuple(ORDERS, 3));
  }

  @Test
  void whatTouchesASensitiveProductIsKnownToItsTwoEndsOnly() {
    publishChain();
    as("hr").registerDomain("hr").owner("hr@example.org").commit();
    as("hr")
        .defineProduct("hr/bonuses")
        .contract(Contract.of(Order.class).classification(Classification.RESTRICTED))
        .commit();
    derive(as("hr"), REPORT, "hr/bonuses");

    assertThat(visitor().lineage(REPORT).downstream(1).graph().nodes()).hasSize(1);
    assertThat(shop().lineage(REPORT).downstream(1).graph().nodes()).hasSize(1);
    assertThat(as("finance").lineage(REPORT).downstream(1).graph().nodes()).hasSize(2);
    assertThat(as("hr").lineage("hr/bonuses").upstream(1).graph().nodes()).hasSize(2);
  }

  @Test
  void theContractHistoryShowsVersionsAndWhatChanged() {
    publishChain();
    clock.advance(HOUR);
    shop()
        .amendContract(ORDERS)
        .contract(
            Contract.of(Order.class)
                .freshWithin(HOUR)
                .require(between("id", 0, 100))
                .describeColumn("amount", "Price with tax and shipping"))
        .commit();

    assertThat(visitor().contractHistory(ORDERS).versions())
        .extracting(
            version -> version.difference().isPresent(), version -> version.at().isPresent())
        .containsExactly(tuple(true, true), tuple(false, true));
    assertThat(visitor().contractHistory(ORDERS).changesSince(clock.instant())).isEqualTo(1);
    assertThat(visitor().contractHistory(ORDERS).breakingSince(clock.instant())).isZero();
  }

  @Test
  void answersAreTheSameWithoutIndexEntriesAndActivities() {
    publishChain();
    shop().governance().defineTag("area", "sales").commit();
    shop().access().tag(ORDERS).set("area", "sales").commit();
    shop().erase(ORDERS).where("id = 1").because("asked to").commit();
    clock.advance(HOUR.plusMinutes(1));
    List<Object> indexed = answers();

    assertThat(removeIndex()).isEqualTo(6);

    assertThat(answers()).isEqualTo(indexed);
    shop().publish(ORDERS).records(Order.range(3, 4)).commit();
    assertThat(visitor().health(ORDERS).status()).isEqualTo(Status.FRESH);
    assertThat(visitor().lineage(REVENUE).upstream(3).downstream(3).graph().nodes()).hasSize(3);
    assertWhole();
  }

  private List<Object> answers() {
    List<Object> answers = new ArrayList<>();
    for (MeshClient client : List.of(visitor(), shop(), as("finance"))) {
      answers.add(client.health());
      answers.add(client.search("").results());
      answers.add(client.search("sales").results());
      answers.add(client.lineage(REVENUE).upstream(3).downstream(3).graph());
      answers.add(client.impactOf(ORDERS));
      answers.add(client.faultOf(REPORT));
      answers.add(client.avoidedCopies());
      answers.add(client.consumers(ORDERS).stream().map(Object::toString).toList());
    }
    return answers;
  }

  private int removeIndex() {
    int removed = 0;
    for (Document document : registry.documents().values()) {
      String sort = document.key().sort();
      if (sort.startsWith(RegistryKeys.INDEX_ENTRIES) || sort.startsWith(RegistryKeys.ACTIVITIES)) {
        registry.commit(
            Transaction.attempt("01a9f2e0-0000-8000-8000-" + String.format("%012d", removed))
                .delete(document.key(), document.version())
                .build());
        removed++;
      }
    }
    return removed;
  }
}
