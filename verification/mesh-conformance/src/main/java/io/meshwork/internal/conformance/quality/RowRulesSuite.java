package io.meshwork.internal.conformance.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport.Outcome;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.Finding;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** Contract rules on rows, elements, and whole publishes. */
public abstract class RowRulesSuite extends MeshFixture {
  private static final String BASKETS = "commerce/baskets";

  record Line(String sku, int quantity) {}

  record Basket(long id, String state, List<Line> lines) {}

  private static final Basket GOOD = new Basket(1, "PAID", List.of(new Line("a", 1)));
  private static final Basket EMPTY = new Basket(2, "PAID", List.of());
  private static final Basket NEGATIVE =
      new Basket(3, "PAID", List.of(new Line("a", 1), new Line("b", -1)));
  private static final Basket OPEN = new Basket(4, "OPEN", List.of(new Line(CANARY, -1)));

  private MeshClient define(Contract contract) {
    MeshClient shop = registerShop();
    shop.defineProduct(BASKETS).contract(contract).commit();
    return shop;
  }

  @Test
  void rowsWithABadElementAreQuarantinedUnlessTheRuleExcludesThem() {
    MeshClient shop =
        define(
            Contract.of(Basket.class)
                .require(
                    Rule.atLeast("lines[].quantity", 0).where("state = 'PAID'").id("quantity"),
                    Rule.notMissing("lines[].sku", "", "?"),
                    Rule.custom("few-lines", 1).warn())
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(50));

    PublishReceipt receipt =
        shop.publish(BASKETS).records(List.of(GOOD, EMPTY, NEGATIVE, OPEN)).commit();

    assertThat(receipt.rowsAccepted()).isEqualTo(3);
    assertThat(receipt.quality().rowsQuarantined()).isEqualTo(1);
    RuleResult quantity = receipt.quality().rules().get(0);
    assertThat(quantity.failingRows()).isEqualTo(1);
    assertThat(quantity.evaluatedRows())
        .as("the percentage refers to rows that match the filter")
        .isEqualTo(3);
    assertThat(receipt.quality().rules().get(2).outcome()).isEqualTo(Outcome.NOT_EVALUATED);
    assertThat(receipt.quality().rules().get(2).reason()).contains("customRule(..)");
    assertThat(receipt.toJson()).doesNotContain(CANARY);
    try (Rows<GenericRecord> rows = shop.quarantine(BASKETS).rows()) {
      List<String> rules = new ArrayList<>();
      rows.forEach(row -> rules.add(row.get("row_number") + " " + row.get("rules")));
      assertThat(rules).containsExactly("3 quantity");
    }
    assertWhole();
  }

  @Test
  void aCustomRuleRunsTheCodeOfThePublishInItsVersion() {
    MeshClient shop =
        define(Contract.of(Basket.class).require(Rule.custom("few-lines", 2).id("few")));
    Publish<Basket> without = shop.publish(BASKETS).records(List.of(GOOD, EMPTY));

    assertThatThrownBy(without::commit)
        .isInstanceOfSatisfying(
            ContractViolationException.class,
            e ->
                assertThat(e)
                    .hasMessageContaining("the code 'few-lines' version 2 is not registered"));
    assertThatThrownBy(() -> fewLines(shop, 1, EMPTY).commit())
        .hasMessageContaining("version 2 (registered versions: [1]) is not registered");
    assertThatThrownBy(() -> fewLines(shop, 2, NEGATIVE).commit())
        .isInstanceOfSatisfying(
            ContractViolationException.class,
            e ->
                assertThat(e.findings())
                    .extracting(Finding::where, Finding::count)
                    .containsExactly(org.assertj.core.groups.Tuple.tuple("few", 1L)));
    PublishReceipt receipt = fewLines(shop, 2, EMPTY).commit();

    assertThat(receipt.quality().rules().get(0).outcome()).isEqualTo(Outcome.PASS);
    assertThat(receipt.quality().qualityScore()).hasValue(100);
    assertWhole();
  }

  private static Publish<Basket> fewLines(MeshClient shop, int version, Basket basket) {
    return shop.publish(BASKETS)
        .records(List.of(GOOD, basket))
        .customRule("few-lines", version, row -> ((List<?>) row.get("lines")).size() < 2);
  }

  private static Predicate<GenericRecord> throwingIf(Predicate<GenericRecord> condition) {
    return row -> {
      if (condition.test(row)) {
        throw new IllegalStateException(CANARY);
      }
      return true;
    };
  }

  @Test
  void rulesAcrossRowsAreNotReportedIfCodeThatQuarantinesRowsThrows() {
    MeshClient shop =
        define(
            Contract.of(Basket.class)
                .require(
                    Rule.custom("sound", 1),
                    Rule.notInSet("state", "OPEN"),
                    Rule.unique("id"),
                    Rule.rowCount(10, 20))
                .onViolation(OnViolation.QUARANTINE));
    Publish<Basket> publish =
        shop.publish(BASKETS)
            .records(List.of(GOOD, GOOD, NEGATIVE, OPEN))
            .customRule("sound", 1, throwingIf(row -> row.get("id").equals(3L)));

    assertThatThrownBy(publish::commit)
        .isInstanceOfSatisfying(
            ContractViolationException.class,
            e ->
                assertThat(e.findings())
                    .as("which rows the code would have quarantined is not known")
                    .extracting(Finding::where)
                    .containsExactly("custom.sound", "notInSet.state"))
        .hasMessageNotContaining(CANARY);
    assertWhole();
  }

  /** A basket of a second major version. */
  record Cart(long id, List<Line> lines) {
    static Cart of(Basket basket) {
      return new Cart(basket.id(), basket.lines());
    }
  }

  @Test
  void codeThatThrowsInOneMajorVersionIsTheReasonOfTheRejection() {
    Contract baskets =
        Contract.of(Basket.class)
            .require(Rule.custom("first", 1))
            .onViolation(OnViolation.QUARANTINE);
    MeshClient shop = define(baskets);
    shop.startRollout(BASKETS)
        .contract(
            Contract.of(Cart.class)
                .require(Rule.custom("second", 1))
                .onViolation(OnViolation.QUARANTINE))
        .because("States are private")
        .withoutHistory()
        .commit()
        .activate()
        .commit();
    for (String throwing : List.of("first", "second")) {
      Publish<Basket> publish =
          shop.publish(BASKETS).records(List.of(GOOD, EMPTY)).alsoTo(2, Cart::of);
      for (String code : List.of("first", "second")) {
        publish.customRule(code, 1, throwingIf(row -> code.equals(throwing)));
      }

      assertThatThrownBy(publish::commit)
          .isInstanceOfSatisfying(
              ContractViolationException.class,
              e ->
                  assertThat(e.findings())
                      .extracting(Finding::where)
                      .containsExactly("custom." + throwing))
          .hasMessageContaining("its code threw java.lang.IllegalStateException");
    }
    assertWhole();
  }

  @Test
  void everyRuleIsEvaluatedAndReportedBeforeAPublishIsRejected() {
    MeshClient shop =
        define(
            Contract.of(Basket.class)
                .require(
                    Rule.notInSet("state", "OPEN"),
                    Rule.rowCount(10, 20),
                    Rule.text("baskets are never empty"),
                    Rule.custom("x", 1),
                    Rule.unique("id")));

    assertThatThrownBy(() -> shop.publish(BASKETS).records(List.of(OPEN, OPEN)).commit())
        .isInstanceOfSatisfying(
            ContractViolationException.class,
            e -> {
              Map<String, Long> counts = new TreeMap<>();
              e.findings().forEach(finding -> counts.put(finding.where(), finding.count()));
              assertThat(counts)
                  .isEqualTo(
                      Map.of(
                          "notInSet.state", 2L, "rowCount", 0L, "custom.x", 0L, "unique.id", 1L));
              assertThat(e.getMessage()).doesNotContain(CANARY);
            });
    assertThat(shop.publishHistory(BASKETS).receipts()).isEmpty();
    assertWhole();
  }
}
