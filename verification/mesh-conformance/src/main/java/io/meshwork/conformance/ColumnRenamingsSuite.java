package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.card.ProductConsumer;
import io.meshwork.contract.Contract;
import io.meshwork.contract.ContractDifference.Change;
import io.meshwork.contract.Partition;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.FindingCode;
import io.meshwork.notice.Notice.Kind;
import io.meshwork.product.ContractVersion.Verdict;
import io.meshwork.rollout.RolloutPlan;
import java.time.Period;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;

/** A rollout shows other names of columns, and breaks no consumer by other names of types. */
abstract class ColumnRenamingsSuite extends TrackFixture {
  private static final Contract OTHER_NAME =
      Contract.of(OrderInCents.class).noticePeriod(Period.ofDays(30));

  @Test
  void aRenamedColumnIsShownWithItsNewNameInThePlanAndInEachNotice() {
    planned().abort("Planned again").commit();
    RolloutPlan plan = rollOut(shop()).withoutHistory("Old orders have no cents").plan();

    assertThat(plan.difference().verdict()).isEqualTo(Verdict.MAJOR);
    assertThat(plan.difference().changes())
        .filteredOn(change -> List.of("customer", "buyer").contains(change.path()))
        .extracting(Change::code, Change::what)
        .containsExactly(
            tuple(
                FindingCode.CONSUMER_BREAK,
                "customer was renamed to buyer; read buyer in its place."));
    assertThat(plan.toString())
        .contains("customer was renamed to buyer")
        .doesNotContain("customer was removed", "buyer is new");
    assertThat(plan.breaks())
        .extracting(ProductConsumer::name)
        .containsExactlyInAnyOrder("finance/customers", "sales");

    plan.commit().announce().commit();

    var sent = notified(Kind.ROLLOUT_OFFERED);
    assertThat(notice(sent, "finance/customers").text())
        .contains("customer was renamed to buyer; read buyer in its place.")
        .doesNotContain("was removed", "is new");
    assertThat(notice(sent, "finance/ids").text()).contains("No change breaks finance/ids");
  }

  @Test
  void anotherColumnUnderTheOldNameBreaksItsReaders() {
    Schema before =
        SchemaBuilder.record("Trip")
            .fields()
            .requiredLong("id")
            .requiredString("start")
            .requiredString("finish")
            .endRecord();
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(Contract.of(before)).openToMesh().commit();
    MeshClient finance = registerFinance();
    finance.subscribe(ORDERS).named("start").purpose("Start").columns("start").commit();
    finance.subscribe(ORDERS).named("id").purpose("ID").columns("id").commit();

    RolloutPlan plan =
        shop.rollOut(ORDERS)
            .contract(Contract.of(before))
            .partitionedBy(Partition.bucket("id", 2))
            .renaming("start", "finish")
            .renaming("finish", "start")
            .because("The columns were swapped")
            .plan();

    assertThat(plan.difference().changes())
        .extracting(Change::code, Change::path)
        .contains(
            tuple(FindingCode.SILENT_MISREAD, "start"),
            tuple(FindingCode.SILENT_MISREAD, "finish"));
    assertThat(plan.breaks()).extracting(ProductConsumer::name).containsExactly("finance/start");
    assertThat(plan.toString())
        .contains("start was renamed to finish, and another column has its name now");
  }

  @Test
  void aColumnCannotBeRenamedIntoAnotherStruct() {
    SchemaBuilder.FieldAssembler<Schema> flat =
        SchemaBuilder.record("Trip").fields().requiredLong("id").optionalString("name");
    Schema before = flat.name("who").type(who(false)).noDefault().endRecord();
    Schema after =
        SchemaBuilder.record("Trip")
            .fields()
            .requiredLong("id")
            .name("who")
            .type(who(true))
            .noDefault()
            .endRecord();
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(Contract.of(before)).commit();

    RolloutPlan plan =
        shop.rollOut(ORDERS)
            .contract(Contract.of(after))
            .renaming("name", "who.name")
            .because("Names belong to persons")
            .plan();

    assertThat(plan.findings())
        .filteredOn(finding -> finding.code() == FindingCode.RENAMING_UNKNOWN)
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.what())
                    .isEqualTo("The column name cannot move into another struct as who.name."));
  }

  private static Schema who(boolean named) {
    SchemaBuilder.FieldAssembler<Schema> fields =
        SchemaBuilder.record("Who").fields().optionalString("first");
    return named ? fields.optionalString("name").endRecord() : fields.endRecord();
  }

  @Test
  void anotherNameOfTheRecordBreaksNoConsumer() {
    reopen(builder -> builder.notifier("test", notices));
    MeshClient shop = shopWithRows();
    MeshClient finance = registerFinance();
    readAll(subscribe(finance, "customers", Customers.class));
    readAll(subscribe(finance, "orders", Order.class));
    var start = shop.rollOut(ORDERS).contract(OTHER_NAME).because(REASON).withoutHistory("None");

    RolloutPlan plan = start.plan();

    assertThat(plan.difference().changes())
        .extracting(Change::code)
        .contains(FindingCode.NAME_CHANGED);
    assertThat(plan.consumers())
        .filteredOn(consumer -> consumer.name().equals("finance/customers"))
        .allSatisfy(consumer -> assertThat(consumer.breaks()).isEmpty())
        .hasSize(1);
    assertThat(plan.breaks())
        .singleElement()
        .satisfies(
            consumer ->
                assertThat(consumer.breaks())
                    .extracting(Change::path)
                    .containsExactlyInAnyOrder("amount", "note"));
    plan.commit().announce().commit().activate().commit();
    assertThat(notice(notified(Kind.ROLLOUT_OFFERED), "finance/customers").text())
        .contains("No change breaks finance/customers");

    shop.publish(ORDERS)
        .majorVersion(2)
        .onlyTo(2, "Only for this test")
        .records(List.of(new OrderInCents(1, "Ann", 100)))
        .commit();
    Schema reader = SchemaBuilder.record("Order").fields().requiredString("customer").endRecord();
    assertThat(all(finance.read(ORDERS).majorVersion(2).as(Customers.class)))
        .containsExactly(new Customers("Ann"));
    assertThat(all(finance.read(ORDERS).majorVersion(2).as(reader)))
        .singleElement()
        .satisfies(row -> assertThat(row.get("customer")).hasToString("Ann"));
  }

  @Test
  void aRejectedAmendmentNamesAllChangesAndTheRollout() {
    MeshClient shop = shopWithRows();

    assertRefused(
        ErrorCode.CHANGE_INCOMPATIBLE,
        () -> shop.amendContract(ORDERS).change(current -> OTHER_NAME).commit(),
        "a different name",
        "amount was removed",
        "cents is new",
        "rollOut(\"commerce/orders\")");
  }
}
