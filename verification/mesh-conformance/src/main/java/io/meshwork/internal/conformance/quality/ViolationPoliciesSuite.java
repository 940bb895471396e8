package io.meshwork.internal.conformance.quality;

import static io.meshwork.contract.Rule.atLeast;
import static io.meshwork.contract.Rule.atMost;
import static io.meshwork.contract.Rule.inSet;
import static io.meshwork.contract.Rule.length;
import static io.meshwork.contract.Rule.matches;
import static io.meshwork.contract.Rule.notNull;
import static io.meshwork.contract.Rule.rowCount;
import static io.meshwork.contract.Rule.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.MeshClient;
import io.meshwork.card.Health.Status;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.QualityReport.Outcome;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.ScriptedRegistry;
import io.meshwork.publish.PublishReceipt;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Violation policies: accepted rows, quarantined rows, and reports to the producer. */
public abstract class ViolationPoliciesSuite extends MeshFixture {
  private static Order bad(long id) {
    return new Order(id, CANARY, new BigDecimal("-1.00"), Optional.empty());
  }

  private static List<Order> withBadRows(int good, long... badIds) {
    List<Order> orders = new ArrayList<>(Order.range(0, good));
    for (long id : badIds) {
      orders.set((int) id, bad(id));
    }
    return orders;
  }

  private static Contract contract(OnViolation policy, Rule... rules) {
    return Contract.of(Order.class).require(rules).onViolation(policy);
  }

  private static RuleResult rule(PublishReceipt receipt, String id) {
    return receipt.quality().rules().stream()
        .filter(result -> result.ruleId().equals(id))
        .findFirst()
        .orElseThrow();
  }

  @Tag("smoke")
  @Test
  void aBatchWithOneBadRowPublishesNothing() {
    MeshClient shop =
        defineOrders(contract(OnViolation.REJECT, atLeast("amount", 0).id("not-negative")));
    shop.publish(ORDERS).records(Order.range(0, 5)).commit();
    State before = state();

    ContractViolationException refused =
        catchThrowableOfType(
            ContractViolationException.class,
            () -> shop.publish(ORDERS).records(withBadRows(20_000, 17_000)).commit());

    assertThat(refused.errorCode()).isEqualTo(ErrorCode.CONTRACT_VIOLATED);
    assertThat(refused)
        .hasMessageContainingAll(
            ORDERS, "1.0.0", "not-negative", "amount", "1 of 20000 rows", "Nothing was published")
        .hasMessageNotContaining(CANARY);
    Finding finding = refused.findings().get(0);
    assertThat(finding.where()).isEqualTo("not-negative");
    assertThat(finding.count()).isEqualTo(1);
    assertThat(finding.samples()).hasSize(1);
    assertThat(finding.samples().get(0)).contains(CANARY);
    assertNothingChanged(before);
    assertThat(orders()).isEqualTo(Order.range(0, 5));
  }

  @Test
  void aValueOfTheWrongTypePublishesNothingAndIsNotShown() {
    MeshClient shop = defineOrders();
    State before = state();

    ContractViolationException refused =
        catchThrowableOfType(
            ContractViolationException.class,
            () ->
                shop.publish(ORDERS)
                    .records(
                        List.of(
                            row("id", 1L, "customer", "c", "amount", new BigDecimal("1.00")),
                            row("id", CANARY, "customer", "c", "amount", new BigDecimal("1.00")),
                            row("id", 3L, "customer", "c", "amount", new BigDecimal("1.001")),
                            row("id", 4L, "amount", new BigDecimal("1.00"))))
                    .commit());

    assertThat(refused)
        .hasMessageContainingAll("3 of 4 rows break the schema", "id", "amount", "customer")
        .hasMessageNotContaining(CANARY);
    assertThat(refused.findings())
        .extracting(Finding::code)
        .contains(FindingCode.TYPE_MISMATCH, FindingCode.DECIMAL_SCALE, FindingCode.REQUIRED_NULL);
    assertNothingChanged(before);
  }

  @Test
  void aRejectionStatesEachReasonOnce() {
    MeshClient shop =
        defineOrders(
            contract(OnViolation.REJECT, atLeast("amount", 0).id("not-negative"), notNull("note")));

    assertThatThrownBy(() -> shop.publish(ORDERS).records(withBadRows(3, 1)).commit())
        .hasMessage(
            """
            Cannot publish to commerce/orders: the rows break contract 1.0.0.
              Rule not-negative, atLeast(amount, 0), failed in 1 of 3 rows, first in row 2.
              Rule notNull.note, notNull(note), failed in 2 of 3 rows, first in row 1.
            Nothing was published. Fix the rows and commit again; findings() has samples. \
            [MESH-2001]\
            """);
  }

  @Test
  void aRowIsCountedUnderEachColumnThatItDoesNotFit() {
    MeshClient shop = defineOrders(contract(OnViolation.QUARANTINE).maxQuarantineShare(90));

    PublishReceipt receipt =
        shop.publish(ORDERS)
            .records(
                List.of(
                    row("id", "no number", "amount", BigDecimal.ONE),
                    row("id", 2L, "customer", "c", "amount", BigDecimal.ONE),
                    row("id", 3L, "amount", BigDecimal.ONE)))
            .commit();

    assertThat(receipt.failingRowsByRule())
        .containsEntry("type:id", 1L)
        .containsEntry("type:customer", 2L);
    assertThat(all(shop.quarantine(ORDERS).asMaps()))
        .extracting(row -> row.get("row_number") + " " + row.get("rules") + " " + row.get("reason"))
        .containsExactly(
            "1 type:customer,type:id does not fit its columns: id: TYPE_MISMATCH, customer:"
                + " REQUIRED_NULL",
            "3 type:customer does not fit its columns: customer: REQUIRED_NULL");
    assertWhole();
  }

  @Test
  void aQuarantinedRowNamesEachRuleThatItBreaksAlsoATolerantOne() {
    MeshClient shop =
        defineOrders(
            contract(
                    OnViolation.QUARANTINE,
                    atLeast("amount", 0).id("not-negative"),
                    matches("customer", "customer [0-9]").id("known").tolerateRows(1))
                .maxQuarantineShare(90));
    Order both = new Order(2, "stranger", new BigDecimal("-1.00"), Optional.empty());
    Order order = new Order(3, "stranger", new BigDecimal("1.00"), Optional.empty());

    PublishReceipt receipt =
        shop.publish(ORDERS).records(List.of(Order.of(1), both, order)).commit();

    assertThat(receipt.failingRowsByRule()).containsEntry("known", 2L);
    assertThat(all(shop.quarantine(ORDERS).asMaps()))
        .extracting(row -> row.get("row_number") + " " + row.get("rules"))
        .containsExactlyInAnyOrder("2 not-negative,known", "3 known");
    assertWhole();
  }

  @Tag("smoke")
  @Test
  void goodRowsArePublishedAndBadRowsAreShownToTheOwner() {
    MeshClient shop =
        defineOrders(
            contract(
                OnViolation.QUARANTINE,
                atLeast("amount", 0).id("not-negative"),
                matches("customer", "customer [0-9]").id("customer-known")));
    MeshClient finance = registerFinance();
    List<Order> offered = withBadRows(100, 3, 97);
    List<Object> records = new ArrayList<>(offered);
    records.set(50, row("id", "no number", "customer", "c", "amount", BigDecimal.ONE));

    PublishReceipt receipt = shop.publish(ORDERS).records(records).commit();

    assertThat(receipt.rowsAccepted()).isEqualTo(97);
    assertThat(receipt.quality().rowsOffered()).isEqualTo(100);
    assertThat(receipt.quality().rowsQuarantined()).isEqualTo(3);
    assertThat(receipt.quality().rowsRejected()).isZero();
    List<Order> good = new ArrayList<>(offered);
    good.remove(97);
    good.remove(50);
    good.remove(3);
    assertThat(all(finance.read(ORDERS).as(Order.class))).isEqualTo(good);

    List<Map<String, Object>> aside = all(shop.quarantine(ORDERS).asMaps());
    assertThat(aside).extracting(row -> row.get("row_number")).containsExactly(4L, 51L, 98L);
    assertThat(aside).extracting(row -> row.get("publish")).containsOnly(receipt.publishId());
    assertThat(aside).extracting(row -> row.get("quarantined_at")).containsOnly(clock.instant());
    assertThat(aside.get(0))
        .containsEntry("rules", "not-negative,customer-known")
        .containsEntry("reason", "breaks not-negative, customer-known");
    assertThat((String) aside.get(0).get("row"))
        .contains("\"id\":3", CANARY, "\"amount\":\"-1.00\"", "\"note\":null");
    assertThat(aside.get(1)).containsEntry("rules", "type:id");
    assertThat((String) aside.get(1).get("reason")).contains("id: TYPE_MISMATCH");
    assertThat((String) aside.get(1).get("row")).contains("no number");
    assertThatThrownBy(() -> all(finance.quarantine(ORDERS)))
        .isInstanceOf(AccessDeniedException.class);
    assertWhole();
  }

  @Test
  void productAndQuarantineChangeInOneCommit() {
    MeshClient shop =
        defineOrders(contract(OnViolation.QUARANTINE, atLeast("amount", 0).id("not-negative")));
    shop.publish(ORDERS).records(withBadRows(100, 1)).commit();
    List<Order> good = orders();
    registry.always(ScriptedRegistry.Fault.REJECTED);

    assertThatThrownBy(
            () ->
                shop.publish(ORDERS)
                    .records(withBadRows(100, 2))
                    .timeout(Duration.ofSeconds(5))
                    .commit())
        .isInstanceOf(ConflictException.class);
    registry.next();
    assertThat(orders()).isEqualTo(good);
    assertThat(all(shop.quarantine(ORDERS))).hasSize(1);

    shop.publish(ORDERS).records(withBadRows(100, 2)).commit();
    assertThat(registry.documents().entrySet())
        .filteredOn(entry -> entry.getKey().sort().startsWith("table/"))
        .extracting(entry -> entry.getValue().version())
        .hasSize(2)
        .containsOnly(
            registry.documents().values().stream()
                .filter(document -> document.key().sort().equals("table/orders_v1"))
                .findFirst()
                .orElseThrow()
                .version());
    assertThat(all(shop.quarantine(ORDERS))).hasSize(2);
    assertWhole();
  }

  @Test
  void tooManyBadRowsRejectTheWholePublish() {
    MeshClient shop =
        defineOrders(
            contract(OnViolation.QUARANTINE, atLeast("amount", 0).id("not-negative"))
                .maxQuarantineShare(2));
    State before = state();

    assertThatThrownBy(() -> shop.publish(ORDERS).records(withBadRows(100, 1, 2, 3)).commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContainingAll(
            "3 of 100 rows would be quarantined",
            "limit is 2 percent (maxQuarantineShare of the contract; in ODCS, the custom property"
                + " meshwork.maxQuarantineShare)")
        .hasMessageNotContaining(CANARY);
    assertNothingChanged(before);

    assertThat(shop.publish(ORDERS).records(withBadRows(100, 1, 2)).commit().rowsAccepted())
        .isEqualTo(98);
  }

  @Test
  void aPublishOfOnlyBadRowsIsRejectedForAnyLimit() {
    MeshClient shop =
        defineOrders(
            contract(OnViolation.QUARANTINE, atLeast("amount", 0)).maxQuarantineShare(100));
    State before = state();

    assertThatThrownBy(() -> shop.publish(ORDERS).records(List.of(bad(0), bad(1))).commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContaining("no row is left to publish");
    assertNothingChanged(before);
  }

  @Test
  void toleratedRowsArePublishedUpToTheToleranceAndQuarantinedBeyond() {
    MeshClient shop =
        defineOrders(
            contract(OnViolation.QUARANTINE, atLeast("amount", 0).tolerateRows(2).id("few")));

    PublishReceipt within = shop.publish(ORDERS).records(withBadRows(100, 1, 99)).commit();
    PublishReceipt beyond = shop.publish(ORDERS).records(withBadRows(100, 1, 50, 99)).commit();

    assertThat(within.rowsAccepted()).isEqualTo(100);
    assertThat(rule(within, "few").outcome()).isEqualTo(Outcome.PASS);
    assertThat(rule(within, "few").failingRows()).isEqualTo(2);
    assertThat(beyond.rowsAccepted()).isEqualTo(97);
    assertThat(rule(beyond, "few").outcome()).isEqualTo(Outcome.FAIL);
    assertThat(all(shop.quarantine(ORDERS).asMaps()))
        .extracting(row -> row.get("row_number"))
        .containsExactly(2L, 51L, 100L);
    assertThat(orders()).hasSize(197);
    assertWhole();
  }

  @Test
  void manyToleratedRowsAreBufferedOnDisk() {
    MeshClient shop =
        defineOrders(contract(OnViolation.QUARANTINE, atLeast("amount", 0).toleratePercent(100)));
    List<Order> orders = new ArrayList<>();
    for (long id = 0; id < 80_000; id++) {
      orders.add(id % 10 == 0 ? Order.of(id) : bad(id));
    }

    PublishReceipt receipt = shop.publish(ORDERS).records(orders).commit();

    assertThat(receipt.rowsAccepted()).isEqualTo(80_000);
    assertThat(orders().stream().sorted(Comparator.comparingLong(Order::id)).toList())
        .isEqualTo(orders);
  }

  @Test
  void everyRuleIsEvaluatedBeforeAPublishIsRejected() {
    MeshClient shop =
        defineOrders(
            contract(
                OnViolation.REJECT,
                atLeast("amount", 0).id("cheap"),
                length("customer", 1, 3).id("short"),
                unique("id").id("once"),
                rowCount(1, 2).id("small"),
                notNull("note").id("noted").warn()));

    ContractViolationException refused =
        catchThrowableOfType(
            ContractViolationException.class,
            () ->
                shop.publish(ORDERS)
                    .records(List.of(bad(1), Order.of(1), Order.of(2), Order.of(3)))
                    .commit());

    assertThat(refused.findings())
        .extracting(Finding::where)
        .containsExactlyInAnyOrder("cheap", "short", "once", "small", "noted");
    assertThat(refused).hasMessageContainingAll("cheap", "short", "once", "small");
  }

  @Test
  void aWarningIsReportedAndRejectsNothing() {
    MeshClient shop =
        defineOrders(
            contract(
                OnViolation.REJECT,
                notNull("note").warn().id("noted"),
                unique("customer").warn().id("once"),
                rowCount(0, 5).warn().id("few"),
                atMost("id", 1_000).id("small")));

    PublishReceipt receipt = shop.publish(ORDERS).records(Order.range(0, 10)).commit();

    assertThat(receipt.rowsAccepted()).isEqualTo(10);
    assertThat(receipt.failingRowsByRule())
        .containsEntry("noted", 4L)
        .containsEntry("once", 3L)
        .containsEntry("small", 0L);
    assertThat(receipt.quality().failed())
        .extracting(RuleResult::ruleId)
        .containsExactly("noted", "once", "few");
    assertThat(receipt.quality().failedInAccepted()).isEqualTo(receipt.quality().failed());
    assertThat(receipt.quality().qualityScore()).hasValue(100);
    assertThat(shop.health(ORDERS).status()).isEqualTo(Status.VIOLATED);
  }

  @Test
  void theReportCountsRowsAndItsScoreIsTheirShare() {
    MeshClient shop =
        defineOrders(
            contract(
                OnViolation.QUARANTINE,
                atLeast("amount", 0).id("not-negative"),
                notNull("note").toleratePercent(50).id("noted"),
                inSet("customer", "customer 0", CANARY).warn().id("first")));

    PublishReceipt receipt = shop.publish(ORDERS).records(withBadRows(20, 3)).commit();

    QualityReport quality = receipt.quality();
    assertThat(quality.qualityScore()).hasValue(100.0 * quality.rowsAccepted() / 20);
    assertThat(quality.failedInAccepted()).extracting(RuleResult::ruleId).containsExactly("first");
    assertThat(rule(receipt, "noted"))
        .returns(7L, RuleResult::failingRows)
        .returns(20L, RuleResult::evaluatedRows)
        .returns(35.0, RuleResult::percent)
        .returns(Outcome.PASS, RuleResult::outcome);
    assertThat(rule(receipt, "not-negative").samples().get(0)).contains(CANARY);
    assertThat(receipt.toJson()).doesNotContain(CANARY);
    assertThat(
            shop.publishHistory(ORDERS)
                .findReceipt(receipt.idempotencyKey())
                .orElseThrow()
                .quality()
                .toJson())
        .isEqualTo(receipt.quality().toJson());
  }

  @Test
  void uniqueKeepsTheFirstRowOfAKey() {
    MeshClient shop = defineOrders(contract(OnViolation.QUARANTINE, unique("id").id("once")));
    List<Order> orders = new ArrayList<>(Order.range(0, 100));
    Order twin = new Order(7, "second", BigDecimal.ONE.setScale(2), Optional.empty());
    orders.add(twin);

    PublishReceipt receipt = shop.publish(ORDERS).records(orders).commit();

    assertThat(receipt.rowsAccepted()).isEqualTo(100);
    assertThat(rule(receipt, "once").failingRows()).isEqualTo(1);
    assertThat(orders()).isEqualTo(Order.range(0, 100));
    assertThat(all(shop.quarantine(ORDERS).asMaps()))
        .extracting(row -> row.get("row_number"))
        .containsExactly(101L);

    shop.publish(ORDERS).records(List.of(Order.of(7))).commit();
    assertThat(orders()).as("unique applies within one publish").hasSize(101);
  }

  @Test
  void aRowCountRuleRejectsTheWholePublish() {
    MeshClient shop = defineOrders(contract(OnViolation.QUARANTINE, rowCount(2, 3).id("two")));
    State before = state();

    for (List<Order> wrong : List.of(Order.range(0, 1), Order.range(0, 4), List.<Order>of())) {
      assertThatThrownBy(() -> shop.publish(ORDERS).records(wrong).commit())
          .isInstanceOf(ContractViolationException.class)
          .hasMessageContaining("two");
    }
    assertNothingChanged(before);
    assertThat(shop.publish(ORDERS).records(Order.range(0, 3)).commit().rowsAccepted())
        .isEqualTo(3);
  }

  @Test
  void anEmptyAppendCreatesASnapshotOfTheSameRows() {
    MeshClient shop = defineOrders(contract(OnViolation.REJECT, notNull("note").id("noted")));

    PublishReceipt receipt =
        shop.publish(ORDERS).records(List.of()).idempotencyKey("nothing").commit();

    assertThat(receipt.snapshotId()).isPresent();
    assertThat(receipt.files()).isZero();
    assertThat(receipt.rowsAccepted()).isZero();
    assertThat(receipt.quality().qualityScore()).isEmpty();
    assertThat(shop.describe(ORDERS).current().orElseThrow().rows()).hasValue(0);
    assertThat(shop.publish(ORDERS).records(List.of()).idempotencyKey("nothing").commit())
        .returns(true, PublishReceipt::replayed);
    assertThat(shop.publishHistory(ORDERS).receipts()).hasSize(1);
    assertWhole();
  }

  @Test
  void aPublishMayBeStricterThanItsContractButNotLessStrict() {
    MeshClient shop = defineOrders(contract(OnViolation.QUARANTINE, atLeast("amount", 0)));
    List<Order> orders = withBadRows(100, 1);

    assertThatThrownBy(
            () -> shop.publish(ORDERS).onViolation(OnViolation.REJECT).records(orders).commit())
        .isInstanceOf(ContractViolationException.class);
    assertThat(all(shop.quarantine(ORDERS))).isEmpty();

    shop.defineProduct("commerce/strict")
        .contract(contract(OnViolation.REJECT, atLeast("amount", 0)))
        .commit();
    assertThatThrownBy(
            () ->
                shop.publish("commerce/strict")
                    .onViolation(OnViolation.QUARANTINE)
                    .records(orders)
                    .commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("REJECT", "only be stricter");
  }
}
