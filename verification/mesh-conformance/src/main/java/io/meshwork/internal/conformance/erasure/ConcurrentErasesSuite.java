package io.meshwork.internal.conformance.erasure;

import static io.meshwork.contract.Rule.atLeast;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.ConflictException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.publish.Erase;
import io.meshwork.publish.Publish.PublishPlan;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.testkit.Faults.Port;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Erases concurrent with publishes: their conflicts, and the files that each commit attempt reads.
 */
public abstract class ConcurrentErasesSuite extends MeshFixture {
  private static final Contract STRICT =
      Contract.of(Order.class).require(atLeast("amount", 0).id("not-negative"));

  private static final Contract LENIENT =
      STRICT.onViolation(OnViolation.QUARANTINE).maxQuarantineShare(100);

  private static Map<String, Object> order(long id, String customer, int amount) {
    return row("id", id, "customer", customer, "amount", BigDecimal.valueOf(amount));
  }

  private PublishReceipt publish(List<Map<String, Object>> rows) {
    return shop().publish(ORDERS).records(rows).commit();
  }

  private Erase erase(String customer) {
    return shop().erase(ORDERS).where("customer = '" + customer + "'").because("asked to");
  }

  private PublishReceipt eraseFromQuarantine(String filter) {
    return shop().erase(ORDERS).quarantineWhere(filter).because("by hand").commit();
  }

  private List<Object> quarantined() {
    return all(shop().quarantine(ORDERS).asMaps()).stream().map(row -> row.get("row")).toList();
  }

  private static Set<String> ofKind(String suffix, SortedMap<String, Integer> reads) {
    return reads.keySet().stream()
        .filter(location -> location.endsWith(suffix))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void anEraseIgnoresOtherRowsThatAreQuarantinedConcurrently() {
    defineOrders(LENIENT);
    publish(List.of(order(1, "anna", 1), order(2, "anna", -2), order(3, "bert", -3)));

    beforeCommit(
            erase("anna"),
            () -> {
              publish(List.of(order(4, "bert", -4), order(5, "bert", 5)));
              eraseFromQuarantine("publish <> 'x' and row_number = 1");
            })
        .commit();

    assertThat(quarantined()).singleElement().asString().contains("\"id\":3");
    assertThat(orders()).extracting(Order::id).containsExactly(5L);
    assertWhole();
  }

  @Test
  void anEraseConflictsWithMatchingRowsThatEnterOrLeaveTheQuarantine() {
    defineOrders(LENIENT);
    publish(List.of(order(1, "anna", 1), order(2, "anna", -2)));

    for (Runnable others :
        List.<Runnable>of(
            () -> publish(List.of(order(6, "bert", 6), order(7, "anna", -7))),
            () -> eraseFromQuarantine("row_number = 2"))) {
      int before = quarantined().size();
      assertThatThrownBy(() -> beforeCommit(erase("anna"), others).commit())
          .isInstanceOf(ConflictException.class)
          .hasMessageContainingAll(ORDERS, "Nothing was committed");
      assertThat(quarantined().size()).as("the concurrent change is kept").isNotEqualTo(before);
    }

    erase("anna").commit();
    assertThat(quarantined()).isEmpty();
    assertWhole();
  }

  @Test
  void anEraseReadsEachQuarantineFileOnceBeforeItsCommit() {
    defineOrders(LENIENT);
    for (int id = 0; id < 5; id++) {
      publish(List.of(order(id, "anna", 1), order(10 + id, "anna", -1)));
    }
    List<SortedMap<String, Integer>> reads = new ArrayList<>();
    faults.on(Port.REGISTRY_COMMIT).nth(1).meanwhile(() -> publish(List.of(order(99, "bert", 1))));
    files.asked();

    beforeCommit(erase("anna"), () -> reads.add(files.asked())).commit();

    reads.add(files.asked());
    assertThat(ofKind(".parquet", reads.get(0)))
        .as("read before the commit")
        .hasSizeGreaterThanOrEqualTo(5);
    Set<String> again = ofKind(".parquet", reads.get(1));
    again.retainAll(reads.get(0).keySet());
    assertThat(again).as("data files read by the commit").isEmpty();
    assertThat(quarantined()).isEmpty();
    assertWhole();
  }

  @Test
  void anEraseReadsEarlierSnapshotsOnceForAnyNumberOfRetries() {
    defineOrders(LENIENT);
    for (int id = 0; id < 5; id++) {
      publish(List.of(order(id, "anna", 1), order(10 + id, "bert", 1)));
      shop().publish(ORDERS).records(List.of(order(20 + id, "anna", 1))).replaceAll().commit();
    }
    List<SortedMap<String, Integer>> reads = new ArrayList<>();
    for (int nth : List.of(1, 3)) {
      faults
          .on(Port.REGISTRY_COMMIT)
          .nth(nth)
          .meanwhile(
              () -> {
                publish(List.of(order(99, "bert", 1)));
                reads.add(files.asked());
              });
    }
    files.asked();

    PublishReceipt receipt = beforeCommit(erase("anna"), () -> reads.add(files.asked())).commit();

    reads.add(files.asked());
    assertThat(reads).as("one read before the commit and one for each attempt").hasSize(4);
    int ahead = ofKind(".avro", reads.get(0)).size();
    for (SortedMap<String, Integer> attempt : reads.subList(1, 4)) {
      assertThat(ofKind(".avro", attempt))
          .as("manifests and manifest lists that an attempt reads, of %s", ahead)
          .hasSizeLessThan(ahead / 2);
    }
    assertThat(receipt.rowsRemoved()).isEqualTo(1);
    assertThat(orders()).extracting(Order::id).containsExactly(99L, 99L);
    assertWhole();
  }

  @Test
  void rowsThatBreakRulesSinceARollbackAreReadOnceForAnyNumberOfRetries() {
    MeshClient shop = defineOrders();
    MeshClient finance = registerFinance();
    List<Map<String, Object>> bad = List.of(order(1, "anna", -1), order(2, "bert", 1));
    String snapshot = publish(bad).snapshotId().orElseThrow();
    shop.publish(ORDERS).records(List.of(order(3, "bert", 1))).replaceAll().commit();
    shop.amendContract(ORDERS).contract(STRICT).commit();
    shop.rollBack(ORDERS)
        .to(snapshot)
        .because("x")
        .allowViolations()
        .because("just for now")
        .commit();
    List<SortedMap<String, Integer>> reads = new ArrayList<>();
    faults
        .on(Port.REGISTRY_COMMIT)
        .nth(1)
        .meanwhile(
            () -> finance.subscribe(ORDERS).name("revenue").purpose("x").contact("r@x").commit());
    files.asked();

    beforeCommit(erase("anna"), () -> reads.add(files.asked())).commit();

    reads.add(files.asked());
    assertThat(ofKind(".parquet", reads.get(0))).as("read before the commit").isNotEmpty();
    assertThat(ofKind(".parquet", reads.get(1))).as("read by the commit").isEmpty();
    assertThat(shop.describe(ORDERS).current().orElseThrow().brokenRules()).isEmpty();
    assertWhole();
  }

  @Test
  void concurrentlyPublishedRowsCountAsRowsThatMayBreakRules() {
    MeshClient shop = defineOrders();
    List<Map<String, Object>> bad = List.of(order(1, "anna", -1), order(2, "bert", 1));
    String snapshot = publish(bad).snapshotId().orElseThrow();
    shop.publish(ORDERS).records(List.of(order(3, "bert", 1))).replaceAll().commit();
    shop.amendContract(ORDERS).contract(STRICT.primaryKey("id")).commit();
    shop.rollBack(ORDERS)
        .to(snapshot)
        .because("x")
        .allowViolations()
        .because("just for now")
        .commit();
    faults.on(Port.REGISTRY_COMMIT).nth(1).meanwhile(() -> publish(List.of(order(4, "carl", 1))));

    erase("anna").commit();

    assertThat(shop.describe(ORDERS).current().orElseThrow().brokenRules()).isEmpty();
    assertThat(orders()).extracting(Order::id).containsExactlyInAnyOrder(2L, 4L);
    assertWhole();
  }

  @Test
  void aDryRunOfAnEraseCountsTheQuarantinedRowsToo() {
    defineOrders(LENIENT);
    publish(List.of(order(1, "anna", 1), order(2, "anna", -2), order(3, "bert", -3)));
    State before = state();

    PublishPlan dryRun = erase("anna").plan();
    PublishPlan ofQuarantine =
        shop().erase(ORDERS).quarantineWhere("row_number > 0").because("all").plan();

    assertNothingChanged(before);
    assertThat(dryRun.rowsRemoved()).isEqualTo(1);
    assertThat(dryRun.quarantineRowsRemoved()).isEqualTo(1);
    assertThat(dryRun.toString())
        .contains("erase from " + ORDERS, "1 removed, and 1 from the quarantine");
    assertThat(ofQuarantine.rowsRemoved()).isEqualTo(2);
    assertThat(ofQuarantine.quarantineRowsRemoved()).isZero();
  }
}
