package io.meshwork.internal.conformance.publish;

import static io.meshwork.contract.Rule.between;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.contract.Rule.Scope;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.SensorReading;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.event.EventDetailsCodec;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.PublishHistory.RowChange;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.RollBack;
import io.meshwork.testkit.Faults.Port;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A rollback restores earlier rows within the rules of the current contract. */
public abstract class RollBacksSuite extends MeshFixture {
  private static final String READINGS = "commerce/readings";

  private static final Contract LOOSE = Contract.of(SensorReading.class);
  private static final Contract STRICT = LOOSE.primaryKey("id").require(between("degrees", 0, 100));

  /**
   * Publishes two rows with the same key and an invalid value, and replaces them with valid rows.
   */
  private String withBadRowsBehind() {
    MeshClient shop = registerShop();
    shop.defineProduct(READINGS).contract(LOOSE).openToMesh().commit();
    String bad =
        publish(new SensorReading(1, 1), new SensorReading(1, 2), new SensorReading(2, -5))
            .snapshotId()
            .orElseThrow();
    shop.publish(READINGS).records(List.of(new SensorReading(7, 7))).replaceAll().commit();
    shop.amendContract(READINGS, STRICT).commit();
    return bad;
  }

  private PublishReceipt publish(SensorReading... rows) {
    return shop().publish(READINGS).records(List.of(rows)).commit();
  }

  private RollBack rollBack(String snapshot) {
    return shop().rollBack(READINGS).to(snapshot).because("a bad day");
  }

  private List<SensorReading> readings() {
    return all(shop().read(READINGS).as(SensorReading.class));
  }

  private Snapshot current() {
    return shop().describe(READINGS).current().orElseThrow();
  }

  private List<Finding> problems() {
    return mesh.doctor().problems();
  }

  @Test
  void aRollbackToRowsThatBreakTheContractIsRejectedWithTheRules() {
    String bad = withBadRowsBehind();
    State before = state();

    ContractViolationException refused =
        catchThrowableOfType(ContractViolationException.class, () -> rollBack(bad).commit());

    assertThat(refused)
        .hasMessageContainingAll(
            READINGS,
            bad,
            "1.1.0",
            "primaryKey",
            "1 of 3 rows",
            "between.degrees",
            "Nothing was changed",
            "allowViolations()");
    assertThat(refused.findings())
        .extracting(Finding::where)
        .containsExactlyInAnyOrder("primaryKey", "between.degrees");
    assertNothingChanged(before);
    assertThat(readings()).containsExactly(new SensorReading(7, 7));
  }

  @Test
  void aRollbackThatMayBreakRulesIsRecordedUntilTheRowsAreFixed() {
    String bad = withBadRowsBehind();
    MeshClient finance = registerFinance();

    PublishReceipt back = rollBack(bad).allowViolations().because("the auditor asked").commit();

    assertThat(readings()).hasSize(3);
    List<String> broken = List.of("between.degrees", "primaryKey");
    assertThat(current().brokenRules()).isEqualTo(broken);
    try (Rows<SensorReading> rows = finance.read(READINGS).as(SensorReading.class).rows()) {
      assertThat(rows.snapshot().orElseThrow().brokenRules()).isEqualTo(broken);
    }
    RowChange entry = shop().publishHistory(READINGS).changes().get(0);
    assertThat(entry.snapshotId()).isEqualTo(back.snapshotId().orElseThrow());
    assertThat(entry.brokenRules()).containsExactlyInAnyOrderElementsOf(broken);
    assertThat(entry.because()).contains("the auditor asked");
    assertThat(finance.publishHistory(READINGS).changes().get(0).because()).isEmpty();
    List<MeshEvent> events = shop().events(READINGS).list();
    EventDetails.Restoration logged =
        ((EventDetails.TableCommit) EventDetailsCodec.detailsOf(events.get(events.size() - 1)))
            .majors()
            .get(0)
            .restoration()
            .orElseThrow();
    assertThat(logged.brokenRules()).containsExactlyInAnyOrderElementsOf(broken);
    assertThat(logged.violationsAllowed()).contains("the auditor asked");

    publish(new SensorReading(3, 3));
    assertThat(current().brokenRules()).as("an append fixes nothing").isEqualTo(broken);
    assertThat(problems())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.ROWS_BREAK_CONTRACT);
              assertThat(finding.what()).contains("between.degrees", "primaryKey");
            });
    shop().erase(READINGS).where("degrees < 0").because("out of bounds").commit();
    assertThat(current().brokenRules()).containsExactly("primaryKey");
    shop()
        .publish(READINGS)
        .records(List.of(new SensorReading(1, 1)))
        .replaceWhere("id = 1")
        .commit();

    assertThat(current().brokenRules()).isEmpty();
    assertThat(
            shop().read(READINGS).snapshots().stream()
                .filter(snapshot -> !snapshot.brokenRules().isEmpty()))
        .as("snapshots from that time still report broken rules")
        .hasSize(3);
    assertWhole();
  }

  @Test
  void aRestoredStateBreaksTheRulesThatItBrokeBefore() {
    String bad = withBadRowsBehind();
    rollBack(bad).allowViolations().because("just for now").commit();
    String appended = publish(new SensorReading(3, 3)).snapshotId().orElseThrow();
    String good =
        shop()
            .publish(READINGS)
            .records(List.of(new SensorReading(8, 8)))
            .replaceAll()
            .commit()
            .snapshotId()
            .orElseThrow();

    assertThatThrownBy(() -> rollBack(appended).commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContainingAll("primaryKey", "between.degrees");

    rollBack(appended).allowViolations().because("once more").commit();
    assertThat(current().brokenRules()).containsExactly("between.degrees", "primaryKey");
    rollBack(good).commit();
    assertThat(current().brokenRules()).isEmpty();
    assertWhole();
  }

  @Test
  void aRollbackUnderTheSameRulesReadsNoRows() {
    registerShop();
    shop().defineProduct(READINGS).contract(STRICT).commit();
    String first = publish(new SensorReading(1, 1)).snapshotId().orElseThrow();
    shop().publish(READINGS).records(List.of(new SensorReading(2, 2))).replaceAll().commit();
    shop().amendContract(READINGS, STRICT.description("Readings")).commit();

    assertThat(files.dataFilesAsked(() -> rollBack(first).commit())).isZero();

    assertThat(readings()).containsExactly(new SensorReading(1, 1));
    assertWhole();
  }

  @Test
  void tableAndPartitionRulesAreCheckedOnTheRestoredTable() {
    registerShop();
    shop().defineProduct(READINGS).contract(LOOSE).commit();
    String one = publish(new SensorReading(1, 1)).snapshotId().orElseThrow();
    publish(new SensorReading(2, 2), new SensorReading(3, 3));
    shop()
        .amendContract(
            READINGS,
            LOOSE
                .require(Rule.rowCount(2, 10).scope(Scope.TABLE))
                .require(Rule.rowCount(5, 10).id("of-a-publish"))
                .require(Rule.between("degrees", 5, 9).id("warned").warn()))
        .commit();

    assertThatThrownBy(() -> rollBack(one).commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContaining("rowCount")
        .hasMessageNotContainingAny("of-a-publish", "warned");
    assertThat(readings()).hasSize(3);
  }

  @Test
  void aRollbackToARemovedEnumSymbolIsRejected() {
    registerShop();
    Contract three = ofColor("red", "green", "blue");
    shop().defineProduct(READINGS).contract(three).commit();
    String blue =
        shop()
            .publish(READINGS)
            .records(List.of(row("color", "blue")))
            .commit()
            .snapshotId()
            .orElseThrow();
    shop().publish(READINGS).records(List.of(row("color", "red"))).replaceAll().commit();
    shop().amendContract(READINGS, ofColor("red", "green")).commit();

    assertThatThrownBy(() -> rollBack(blue).commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContainingAll("color", "1 row");
    rollBack(blue).allowViolations().because("paint it").commit();
    assertThat(current().brokenRules()).containsExactly("color: ENUM_MEMBER");
    shop().erase(READINGS).where("color = 'blue'").because("unpaint").commit();
    assertThat(current().brokenRules()).isEmpty();
  }

  private static Contract ofColor(String... symbols) {
    return Contract.of(
            org.apache.avro.SchemaBuilder.record("R")
                .fields()
                .name("color")
                .type()
                .enumeration("Color")
                .symbols(symbols)
                .noDefault()
                .endRecord())
        .compatibility(io.meshwork.contract.Compatibility.NONE);
  }

  @Test
  void anEraseDuringARollbackAppliesToTheRestoredRows() {
    defineOrders();
    String all = toOrders().records(Order.range(0, 3)).commit().snapshotId().orElseThrow();
    toOrders().records(Order.range(5, 7)).replaceAll().commit();
    faults
        .on(Port.REGISTRY_COMMIT)
        .nth(1)
        .meanwhile(() -> fromOrders().where("id = 1").because("asked to").commit());

    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop().rollBack(ORDERS).to(all).because("oops").commit(),
        "erased",
        "restoreErased()");

    assertThat(orders()).isEqualTo(Order.range(5, 7));
    assertWhole();
  }

  @Test
  void aRollbackDuringAnAmendmentConflicts() {
    defineOrders();
    String first = toOrders().records(Order.range(0, 3)).commit().snapshotId().orElseThrow();
    toOrders().records(Order.range(5, 7)).replaceAll().commit();
    faults
        .on(Port.REGISTRY_COMMIT)
        .nth(1)
        .meanwhile(
            () ->
                shop()
                    .amendContract(ORDERS)
                    .change(current -> current.require(between("id", 5, 9)))
                    .commit());

    assertThatThrownBy(() -> shop().rollBack(ORDERS).to(first).because("x").commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll(ORDERS, "Nothing was changed");
    assertThat(orders()).isEqualTo(Order.range(5, 7));
    assertThatThrownBy(() -> shop().rollBack(ORDERS).to(first).because("x").commit())
        .isInstanceOf(ContractViolationException.class);
    assertWhole();
  }
}
