package io.meshwork.internal.conformance.quality;

import static io.meshwork.contract.Rule.completeness;
import static io.meshwork.contract.Rule.distinctCount;
import static io.meshwork.contract.Rule.fresh;
import static io.meshwork.contract.Rule.max;
import static io.meshwork.contract.Rule.mean;
import static io.meshwork.contract.Rule.notNull;
import static io.meshwork.contract.Rule.references;
import static io.meshwork.contract.Rule.rowCount;
import static io.meshwork.contract.Rule.sameRowCount;
import static io.meshwork.contract.Rule.sameSum;
import static io.meshwork.contract.Rule.steady;
import static io.meshwork.contract.Rule.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.MeshClient;
import io.meshwork.change.DefineProduct;
import io.meshwork.contract.Column;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport.Outcome;
import io.meshwork.contract.Rule.Scope;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.testkit.Faults.Port;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rules on other products and on the whole resulting table. */
public abstract class TableRulesSuite extends VisitFixture {
  @Test
  void rowsReferToRowsOfAPinnedSnapshotOfAnotherProduct() {
    MeshClient crm = defineCustomers();
    PublishReceipt customers = crm.publish(CUSTOMERS).records(Customer.range(0, 5)).commit();
    defineVisits(references("customer", CUSTOMERS, "id"));

    List<Visit> visits = new ArrayList<>(visits(0, 5));
    visits.add(new Visit(9, "ulm", Optional.empty(), MORNING, 1));
    PublishReceipt receipt = published(visits);
    assertThat(only(receipt).outcome()).isEqualTo(Outcome.PASS);
    assertThat(shop().publishHistory(VISITS).receipts().get(0).quality().rules().get(0).reason())
        .contains(customers.snapshotId().orElseThrow(), CUSTOMERS);

    ContractViolationException refused = refused(visits(3, 8));
    assertThat(refused.findings().get(0).count()).isEqualTo(3);
    crm.publish(CUSTOMERS).records(Customer.range(5, 8)).commit();
    assertThat(only(published(visits(3, 8))).outcome()).isEqualTo(Outcome.PASS);
  }

  @Test
  void rowsWithADanglingReferenceMayBeQuarantined() {
    defineCustomers().publish(CUSTOMERS).records(Customer.range(0, 5)).commit();
    defineVisits(OnViolation.QUARANTINE, references("customer", CUSTOMERS, "id"), rowCount(1, 3));

    PublishReceipt receipt = published(visits(2, 7));

    assertThat(receipt.rowsAccepted()).isEqualTo(3);
    assertThat(receipt.quality().rowsQuarantined()).isEqualTo(2);
    assertThat(receipt.quality().rules().get(1).measure()).hasValue(3);
  }

  @Test
  void anUnreadableReferencedProductRejectsThePublish() {
    defineVisits(
        references("customer", CUSTOMERS, "id"),
        sameRowCount("crm/missing"),
        sameSum("spent", ORDERS, "missing").warn());
    shop().defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();

    assertThat(refused(visits(0, 3)))
        .hasMessageContainingAll(
            "could not be evaluated", "there is no product " + CUSTOMERS, "crm/missing")
        .hasMessageContainingAll(
            "could not be checked against", "define the product", "amendContract")
        .hasMessageNotContainingAny("Fix the rows", "samples");

    MeshClient crm = as("crm");
    crm.registerDomain("crm").owner("crm@example.org").commit();
    crm.defineProduct(CUSTOMERS).contract(Contract.of(Customer.class)).commit();
    assertThat(refused(visits(0, 3)).findings())
        .extracting(Finding::what)
        .anyMatch(what -> what.contains("may not read " + CUSTOMERS))
        .anyMatch(what -> what.contains("has no column missing"));
  }

  @Test
  void aSuspendedProductIsReadByTheRulesOfItsOwnerAlone() {
    MeshClient crm = defineCustomers();
    crm.publish(CUSTOMERS).records(Customer.range(0, 5)).commit();
    defineVisits(references("customer", CUSTOMERS, "id"), sameRowCount(CUSTOMERS, 0.1, 10).warn());
    crm.defineProduct("crm/calls")
        .contract(Contract.of(Visit.class).require(references("customer", CUSTOMERS, "id")))
        .commit();
    crm.governance().suspendReads(CUSTOMERS).because("Wrong persons").commit();
    State before = state();

    assertThat(refused(visits(0, 3)))
        .hasMessageContainingAll(
            "could not be evaluated", "are suspended by its owner", "Wrong persons");
    assertNothingChanged(before);
    assertThat(
            shop()
                .amendContract(VISITS)
                .change(contract -> contract.description("x"))
                .plan()
                .findings())
        .filteredOn(finding -> finding.code() == FindingCode.RULE_NOT_EVALUATED)
        .extracting(Finding::what)
        .hasSize(2)
        .allMatch(what -> what.contains("suspended by its owner"));
    assertThat(crm.publish("crm/calls").records(visits(0, 3)).commit().rowsAccepted()).isEqualTo(3);

    clock.advance(Duration.ofHours(72));
    assertThat(published(visits(0, 3)).rowsAccepted()).isEqualTo(3);

    crm.governance().suspendReads(CUSTOMERS).because("Wrong again").commit();
    assertThat(refused(visits(3, 5))).hasMessageContaining("Wrong again");
    crm.governance().resumeReads(CUSTOMERS).commit();
    assertThat(published(visits(3, 5)).rowsAccepted()).isEqualTo(2);
  }

  @Test
  void aMisspelledProductOfARuleIsReportedInThePlan() {
    defineCustomers();
    defineVisits(rowCount(1, 9));
    DefineProduct define =
        shop()
            .defineProduct("commerce/others")
            .contract(
                Contract.of(Visit.class)
                    .require(
                        references("customer", "crm/customer", "id").id("misspelt"),
                        references("customer", CUSTOMERS, "idd").id("column"),
                        sameSum("spent", VISITS, "spend").id("sum").warn(),
                        references("customer", VISITS, "customer").id("fits")));

    assertThat(define.plan().isAllowed()).isTrue();
    assertThat(define.plan().findings())
        .allMatch(finding -> finding.severity() == Finding.Severity.WARNING)
        .extracting(Finding::where)
        .contains("misspelt", "sum")
        .doesNotContain("fits");
    assertThat(define.plan().findings().get(0).what())
        .contains("there is no product crm/customer; the nearest is '" + CUSTOMERS + "'");
    assertThat(define.plan().toString()).contains("warning Rule misspelt cannot be evaluated");
    assertThat(
            shop()
                .amendContract(VISITS)
                .change(c -> c.require(sameRowCount("crm/customer").warn()))
                .plan()
                .findings())
        .extracting(Finding::code)
        .contains(FindingCode.RULE_NOT_EVALUATED);
    define.plan().commit();
  }

  @Test
  void rowsMayReferToRowsOfTheSamePublishAndOfEarlierOnes() {
    MeshClient crm = defineCustomers(references("invitedBy", CUSTOMERS, "id"));
    crm.publish(CUSTOMERS)
        .records(List.of(new Customer(1, Optional.of(2L), 0), Customer.of(2)))
        .commit();
    PublishReceipt second =
        crm.publish(CUSTOMERS).records(List.of(new Customer(3, Optional.of(1L), 0))).commit();
    assertThat(only(second).outcome()).isEqualTo(Outcome.PASS);

    assertThatThrownBy(
            () ->
                crm.publish(CUSTOMERS)
                    .records(
                        List.of(
                            new Customer(4, Optional.of(1L), 0),
                            new Customer(5, Optional.of(7L), 0)))
                    .commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContaining("1 of 2 rows");
    assertThatThrownBy(
            () ->
                crm.publish(CUSTOMERS)
                    .records(List.of(new Customer(9, Optional.of(1L), 0)))
                    .replaceAll()
                    .commit())
        .as("the referenced row is replaced")
        .isInstanceOf(ContractViolationException.class);
  }

  @Test
  void countsAndSumsAreReconciledWithAnotherProduct() {
    MeshClient crm = defineCustomers();
    defineVisits(
        sameRowCount(CUSTOMERS, 0.5, 1.5), sameSum("spent", CUSTOMERS, "credit", 0.9, 1.1));
    assertThat(refused(visits(0, 3))).hasMessageContaining("before its first publish");

    crm.publish(CUSTOMERS).records(Customer.range(0, 2)).commit();
    // Three rows instead of two, and 21 instead of 20.
    List<Visit> visits = List.of(visit(6, "ulm", 0), visit(7, "ulm", 0), visit(8, "berlin", 1));
    PublishReceipt receipt = published(visits);
    assertThat(receipt.quality().rules().get(0).measure()).hasValue(1.5);
    assertThat(receipt.quality().rules().get(1).measure()).hasValue(1.05);

    crm.publish(CUSTOMERS).records(Customer.range(2, 20)).commit();
    ContractViolationException refused = refused(visits);
    assertThat(refused.findings()).hasSize(2);
    assertThat(refused).hasMessageContaining("0.15 times as much");
  }

  @Test
  void theFreshnessOfATableIsThatOfItsLatestRow() {
    defineVisits(fresh("at", Duration.ofHours(2), ZoneId.of("UTC")));
    assertThat(refused(List.of())).as("an empty table").isNotNull();

    PublishReceipt first = published(visits(0, 3));
    assertThat(only(first).measure()).hasValue(120);
    List<Visit> late = List.of(new Visit(9, "ulm", Optional.empty(), MORNING.minusDays(1), 1));
    assertThat(only(published(late)).outcome())
        .as("older rows do not change the freshness")
        .isEqualTo(Outcome.PASS);
    assertThat(only(published(List.of())).outcome())
        .as("an empty publish does not change the freshness")
        .isEqualTo(Outcome.PASS);

    clock.advance(Duration.ofSeconds(1));
    assertThat(refused(late)).hasMessageContaining("minutes ago");
    assertThat(visitsThere()).isEqualTo(4);
  }

  private long visitsThere() {
    return shop().describe(VISITS).current().orElseThrow().rows().orElseThrow();
  }

  @Test
  void theFreshnessOfAPublishIsThatOfItsRows() {
    defineVisits(
        fresh("at", Duration.ofHours(2), ZoneId.of("America/New_York")).scope(Scope.BATCH));
    // 06:00 in New York is 11:00 UTC.
    clock.advance(Duration.between(clock.instant(), Instant.parse("2026-11-20T13:00:00Z")));
    assertThat(only(published(visits(0, 1))).measure()).hasValue(120);
    clock.advance(Duration.ofMillis(1));
    assertThat(refused(visits(0, 1))).isNotNull();
  }

  @Test
  void aFilterWithoutColumnsSelectsTheRowsOfARule() {
    defineVisits(
        rowCount(0, 5).scope(Scope.TABLE).where("TRUE").id("all"),
        rowCount(0, 0).scope(Scope.TABLE).where("FALSE").id("none"));
    published(visits(0, 3));
    published(visits(3, 5));

    assertThat(refused(visits(5, 6)).findings()).hasSize(1);
    assertThat(visitsThere()).isEqualTo(5);
  }

  @Test
  void tableRulesCheckAllRowsAfterThePublish() {
    defineVisits(
        rowCount(0, 6).scope(Scope.TABLE),
        distinctCount("customer", 1, 4).scope(Scope.TABLE).id("customers"),
        mean("spent", 0, 12).scope(Scope.TABLE).id("spent"),
        completeness("customer", 50).scope(Scope.TABLE).where("shop = 'ulm'").id("known"),
        max("at", null, MORNING).scope(Scope.TABLE).id("latest"));
    published(visits(0, 3));
    PublishReceipt second =
        published(List.of(visit(5, "ulm", 1), new Visit(7, "ulm", Optional.empty(), MORNING, 7)));

    assertThat(second.quality().rules())
        .extracting(rule -> rule.measure().orElseThrow())
        .containsExactly(5.0, 3.0, 3.0, 50.0, (double) MORNING.toEpochSecond(ZoneOffset.UTC));
    ContractViolationException refused = refused(visits(10, 14));
    assertThat(refused.findings())
        .extracting(Finding::where)
        .containsExactly("rowCount", "customers");
    assertThat(refused).hasMessageContaining("9 rows after it");
    PublishReceipt replaced = shop().publish(VISITS).records(visits(10, 14)).replaceAll().commit();
    assertThat(replaced.quality().rules().get(0).measure()).hasValue(4);
    assertThat(replaced.quality().rules().get(3).outcome()).isEqualTo(Outcome.PASS);
    assertThat(visitsThere()).isEqualTo(4);
  }

  @Test
  void partitionRulesCheckTouchedPartitions() {
    defineVisits(rowCount(0, 3).scope(Scope.PARTITION));
    published(visits(0, 3));

    PublishReceipt ulm = published(List.of(visit(1, "ulm", 1)));
    assertThat(only(ulm).measure()).hasValue(1);
    assertThat(only(published(List.of(visit(2, "ulm", 1)))).measure()).hasValue(2);
    assertThat(refused(visits(9, 10))).hasMessageContaining("4 rows after it");
  }

  @Test
  void aRejectedPublishIsCheckedAgainstTheResultingTable() {
    defineVisits(
        notNull("customer").id("known"),
        rowCount(0, 6).scope(Scope.TABLE).id("table"),
        rowCount(0, 4).scope(Scope.PARTITION).id("partition"),
        max("id", null, 50).scope(Scope.TABLE).id("highest"),
        steady("rowCount"));
    published(visits(0, 3));
    published(List.of(visit(40, "ulm", 1), visit(41, "ulm", 1)));
    Visit bad = new Visit(51, "berlin", Optional.empty(), MORNING, 1);
    List<Visit> one = List.of(bad);

    assertThat(failedRules(shop().publish(VISITS).records(List.of(bad, visit(4, "berlin", 1)))))
        .containsExactly("known", "table", "partition", "highest");
    assertThat(failedRules(shop().publish(VISITS).records(one)))
        .containsExactly("known", "highest");
    assertThat(failedRules(shop().publish(VISITS).records(one).replaceAll()))
        .containsExactly("known", "highest");
    List<Visit> many = new ArrayList<>(visits(4, 8));
    many.add(bad);
    assertThat(failedRules(shop().publish(VISITS).records(many).replacePartitions()))
        .as("three rows are removed and five added")
        .containsExactly("known", "table", "partition", "highest");
    assertThat(failedRules(shop().publish(VISITS).records(many).replaceWhere("shop = 'berlin'")))
        .containsExactly("known", "table", "partition", "highest");
    assertThat(
            failedRules(
                shop()
                    .publish(VISITS)
                    .records(one)
                    .replaceWhere("shop = 'berlin' and id > 1 or id = 41")))
        .containsExactly("known", "highest");
    assertWhole();
  }

  private static List<String> failedRules(Publish<?> publish) {
    return catchThrowableOfType(ContractViolationException.class, publish::commit)
        .findings()
        .stream()
        .map(Finding::where)
        .toList();
  }

  @Test
  void aConcurrentCommitRepeatsTableRules() {
    defineVisits(rowCount(0, 5).scope(Scope.TABLE));
    faults.on(Port.REGISTRY_COMMIT).nth(1).meanwhile(() -> published(visits(0, 3)));

    ContractViolationException refused = refused(visits(3, 6));

    assertThat(refused).hasMessageContaining("6 rows after it");
    faults.clear();
    assertThat(visitsThere()).isEqualTo(3);
    assertThat(only(published(visits(3, 5))).measure()).hasValue(5);
  }

  @Test
  void aMeasureIsComparedWithTheHistoryAtTheCommit() {
    defineVisits(steady("rowCount", 4, 5).error());
    for (int i = 0; i < 4; i++) {
      published(visits(0, 10));
    }
    faults.on(Port.REGISTRY_COMMIT).nth(1).meanwhile(() -> published(visits(0, 10)));

    assertThat(refused(visits(0, 11))).as("the fifth publish was concurrent").isNotNull();

    faults.clear();
    assertThat(shop().publishHistory(VISITS).quality()).hasSize(5);
    assertThat(only(published(visits(0, 10))).reason()).isEqualTo("not enough history");
  }

  @Test
  void aSumOfTooManyDigitsIsNotEvaluated() {
    record Wide(@Column(precision = 38, scale = 0) BigDecimal amount) {}
    registerShop()
        .defineProduct(VISITS)
        .contract(Contract.of(Wide.class).require(sum("amount", 0, null)))
        .commit();
    Wide most = new Wide(BigDecimal.TEN.pow(38).subtract(BigDecimal.ONE));

    shop().publish(VISITS).records(List.of(most)).commit();
    assertThatThrownBy(() -> shop().publish(VISITS).records(List.of(most, most)).commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContainingAll("could not be evaluated", "38 digits");
  }
}
