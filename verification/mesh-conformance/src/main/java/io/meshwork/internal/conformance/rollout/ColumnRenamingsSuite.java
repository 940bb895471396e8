package io.meshwork.internal.conformance.rollout;

import static io.meshwork.internal.conformance.fixture.AmendedOrders.subscribe;
import static io.meshwork.internal.conformance.fixture.TrackedRollout.notice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.card.ProductConsumer;
import io.meshwork.contract.Contract;
import io.meshwork.contract.ContractDifference.Change;
import io.meshwork.contract.Partition;
import io.meshwork.contract.Rule;
import io.meshwork.discovery.ContractHistory.Version;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.AmendedOrders.Customers;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.OrderInCents;
import io.meshwork.internal.conformance.fixture.RolloutFixture;
import io.meshwork.internal.conformance.fixture.TrackedRollout;
import io.meshwork.notice.Notice.Kind;
import io.meshwork.product.ContractVersion.Verdict;
import io.meshwork.rollout.StartRollout.RolloutPlan;
import java.time.Duration;
import java.time.Period;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecordBuilder;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A rollout shows other names of columns, and breaks no consumer by other names of types. */
public abstract class ColumnRenamingsSuite extends RolloutFixture {
  private final TrackedRollout tracked = new TrackedRollout(this);

  private static final Contract OTHER_NAME =
      Contract.of(OrderInCents.class).noticePeriod(Period.ofDays(30));

  @Test
  void aRenamedColumnIsShownWithItsNewNameInThePlanAndInEachNotice() {
    tracked.planned().abort().because("Planned again").commit();
    RolloutPlan plan = rollOut(shop()).withoutHistory().plan();

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

    var sent = tracked.notified(Kind.ROLLOUT_OFFERED);
    assertThat(notice(sent, "finance/customers").text())
        .contains("customer was renamed to buyer; read buyer in its place.")
        .doesNotContain("was removed", "is new");
    assertThat(notice(sent, "finance/ids").text()).contains("No change breaks finance/ids");
  }

  @Test
  void theHistoryHasTheChangesThatThePlanOfARolloutShows() {
    tracked.planned().abort().because("Planned again").commit();
    RolloutPlan plan = rollOut(shop()).withoutHistory().plan();
    plan.commit().announce().commit();
    clock.advance(Duration.ofHours(1));
    shop()
        .amendContract(ORDERS)
        .majorVersion(1)
        .change(now -> now.description("Orders until they are in cents"))
        .commit();

    Version next =
        shop().contractHistory(ORDERS).versions().stream()
            .filter(version -> version.version().equals(plan.version()))
            .findFirst()
            .orElseThrow();

    assertThat(next.difference()).contains(plan.difference());
    assertThat(next.difference().orElseThrow().changes())
        .extracting(Change::what)
        .contains("customer was renamed to buyer; read buyer in its place.");
  }

  @Test
  void aRuleThatIsRemovedBreaksTheReadersOfItsColumnsInThePlanAndInTheNotices() {
    Schema before =
        SchemaBuilder.record("Sale")
            .fields()
            .requiredLong("id")
            .requiredDouble("amount")
            .endRecord();
    Schema after =
        SchemaBuilder.record("Sale")
            .fields()
            .requiredLong("id")
            .requiredDouble("price")
            .endRecord();
    reopen(builder -> builder.notifier("test", tracked.notices));
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS)
        .contract(
            Contract.of(before).require(Rule.atLeast("amount", 0)).noticePeriod(Period.ofDays(30)))
        .openToMesh()
        .commit();
    MeshClient finance = registerFinance();
    for (String column : List.of("id", "amount")) {
      finance.subscribe(ORDERS).name(column).purpose(column).columns(column).commit();
    }

    RolloutPlan plan =
        shop.startRollout(ORDERS)
            .contract(Contract.of(after).noticePeriod(Period.ofDays(30)))
            .renameColumn("amount", "price")
            .because("A better name")
            .withoutHistory()
            .plan();

    assertThat(plan.difference().changes())
        .filteredOn(change -> change.code() == FindingCode.RULE_REMOVED)
        .extracting(Change::columns)
        .containsExactly(List.of("amount"));
    assertThat(plan.breaks()).extracting(ProductConsumer::name).containsExactly("finance/amount");

    plan.commit().announce().commit();

    var sent = tracked.notified(Kind.ROLLOUT_OFFERED);
    assertThat(notice(sent, "finance/id").text())
        .contains("No change breaks finance/id")
        .doesNotContain("Rule");
    assertThat(notice(sent, "finance/amount").text())
        .contains("amount was renamed to price", "is removed, so values can appear");
  }

  @Test
  void eachDoorThatMissesARenamedColumnSaysItsNewName() {
    MeshClient shop = shopWithRows();
    MeshClient finance = registerFinance();
    readAll(subscribe(finance, "customers", Customers.class));
    inParallel(shop);
    publishLevel(shop);

    Map<String, ThrowingCallable> doors = new LinkedHashMap<>();
    doors.put("a type", () -> finance.read(ORDERS).majorVersion(2).as(Customers.class).rows());
    doors.put("columns", () -> finance.read(ORDERS).majorVersion(2).columns("customer").rows());
    doors.put(
        "a filter", () -> finance.read(ORDERS).majorVersion(2).where("customer = 'Ann'").rows());
    doors.put(
        "a name in quotes",
        () -> finance.read(ORDERS).majorVersion(2).where("\"customer\" = 'Ann'").rows());
    doors.put(
        "a list of values",
        () -> finance.read(ORDERS).majorVersion(2).whereIn("customer", List.of("Ann")).rows());
    doors.put(
        "a row filter of files",
        () -> shop.read(ORDERS).majorVersion(2).where("customer = 'Ann'").files());
    doors.put(
        "an erase",
        () ->
            shop.erase(ORDERS).majorVersion(2).where("customer = 'Ann'").because("asked").commit());
    doors.put(
        "an erase by values",
        () ->
            shop.erase(ORDERS)
                .majorVersion(2)
                .whereIn("customer", List.of("Ann"))
                .because("asked")
                .commit());
    doors.put(
        "the plan of an erase by values now",
        () ->
            shop.erase(ORDERS)
                .whereIn("customer", List.of("Ann"))
                .because("asked")
                .withProof()
                .plan());
    doors.put(
        "a new subscription",
        () ->
            finance
                .subscribe(ORDERS)
                .name("new")
                .purpose("New")
                .majorVersion(2)
                .as(Customers.class)
                .commit());
    doors.put(
        "a filter of a subscription",
        () ->
            finance
                .subscribe(ORDERS)
                .name("new")
                .purpose("New")
                .majorVersion(2)
                .where("customer = 'Ann'")
                .commit());
    doors.put(
        "a subscription that moves",
        () -> finance.subscribe(ORDERS).name("customers").majorVersion(2).commit());
    doors.put(
        "a plan of a subscription",
        () ->
            finance.subscribe(ORDERS).name("customers").majorVersion(2).as(Customers.class).plan());
    assertThat(doors)
        .allSatisfy(
            (door, call) ->
                assertThatThrownBy(call)
                    .as(door)
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("'customer' (now 'buyer')"));

    shop.rollout(ORDERS).makeCurrent().commit();

    assertThatThrownBy(() -> finance.read(ORDERS).as(Customers.class).rows())
        .as("a laggard that names no version")
        .hasMessageContaining("the product has no column 'customer' (now 'buyer')");
    assertThatThrownBy(() -> finance.impactOf(ORDERS, "customer"))
        .hasMessageContaining("'customer' (now 'buyer')");
    assertThatThrownBy(() -> finance.read(ORDERS).majorVersion(1).as(Buyers.class).rows())
        .as("the type of the new version")
        .hasMessageContaining("the product has no column 'buyer' (now 'customer')");
  }

  private static void publishLevel(MeshClient shop) {
    shop.publish(ORDERS)
        .majorVersion(2)
        .onlyMajorVersion(2)
        .because("Only for this test")
        .records(List.of(new OrderOfBuyer(9, "Ann", 100, Optional.empty())))
        .commit();
  }

  @Test
  void aConsumerGetsAllChangesOfARenamedColumnByThePathThatItReads() {
    Schema before =
        SchemaBuilder.record("Sale")
            .fields()
            .requiredLong("id")
            .requiredDouble("amount")
            .requiredInt("quantity")
            .optionalString("note")
            .endRecord();
    Schema after =
        SchemaBuilder.record("Sale")
            .fields()
            .requiredLong("id")
            .requiredString("cents")
            .optionalInt("pieces")
            .requiredString("remark")
            .endRecord();
    reopen(builder -> builder.notifier("test", tracked.notices));
    MeshClient shop = shopWith(before);
    MeshClient finance = registerFinance();
    for (String column : List.of("amount", "quantity", "note")) {
      finance.subscribe(ORDERS).name(column).purpose(column).columns(column).commit();
    }

    RolloutPlan plan =
        shop.startRollout(ORDERS)
            .contract(Contract.of(after).noticePeriod(Period.ofDays(30)))
            .renameColumn("amount", "cents")
            .renameColumn("quantity", "pieces")
            .renameColumn("note", "remark")
            .because("The columns have better names")
            .withoutHistory()
            .plan();

    assertThat(plan.toString()).contains("Add a second").doesNotContain("startRollout(");
    assertThat(plan.difference().changes())
        .filteredOn(change -> !change.oldReadersReadNewRows())
        .extracting(Change::path)
        .containsOnly("amount", "quantity", "note");

    plan.commit().announce().commit();

    var sent = tracked.notified(Kind.ROLLOUT_OFFERED);
    assertThat(notice(sent, "finance/amount").text())
        .contains(
            "amount was renamed to cents; read cents in its place.",
            "amount (renamed to cents) became string, which old readers cannot read.")
        .doesNotContain("pieces");
    assertThat(notice(sent, "finance/quantity").text())
        .contains(
            "quantity was renamed to pieces; read pieces in its place.",
            "quantity (renamed to pieces) may be null now, which old readers do not support.")
        .doesNotContain("cents");
    assertThat(notice(sent, "finance/note").text())
        .contains(
            "note was renamed to remark, so reads that name note fail, and readers whose schema has"
                + " a default for it get the default without an error; read remark in its place.");
  }

  @Test
  void aReadThatNamesARenamedColumnFailsAndASchemaWithADefaultGetsTheDefault() {
    Schema before =
        SchemaBuilder.record("Sale").fields().requiredLong("id").optionalString("note").endRecord();
    Schema after =
        SchemaBuilder.record("Sale")
            .fields()
            .requiredLong("id")
            .optionalString("remark")
            .endRecord();
    MeshClient shop = shopWith(before);
    shop.startRollout(ORDERS)
        .contract(Contract.of(after))
        .renameColumn("note", "remark")
        .because("A better name")
        .withoutHistory()
        .commit()
        .announce()
        .commit()
        .activate()
        .commit();
    shop.publish(ORDERS)
        .majorVersion(2)
        .onlyMajorVersion(2)
        .because("Only for this test")
        .records(List.of(new GenericRecordBuilder(after).set("id", 1L).set("remark", "x").build()))
        .commit();
    MeshClient finance = registerFinance();

    assertThatThrownBy(() -> finance.read(ORDERS).majorVersion(2).columns("note").rows())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("the product has no column 'note'");
    assertThat(all(finance.read(ORDERS).majorVersion(2).as(before)))
        .singleElement()
        .satisfies(row -> assertThat(row.get("note")).isNull());
  }

  @Test
  void aColumnRenamedInARenamedRecordIsShownWithThePathsOfBothVersions() {
    reopen(builder -> builder.notifier("test", tracked.notices));
    MeshClient shop = shopWith(customer("address", "city"));
    MeshClient finance = registerFinance();
    finance.subscribe(ORDERS).name("city").purpose("City").columns("address.city").commit();

    RolloutPlan plan =
        shop.startRollout(ORDERS)
            .contract(Contract.of(customer("place", "town")).noticePeriod(Period.ofDays(30)))
            .renameColumn("address", "place")
            .renameColumn("address.city", "place.town")
            .because("The columns have better names")
            .withoutHistory()
            .plan();

    String renamed = "address.city was renamed to place.town; read place.town in its place.";
    assertThat(plan.toString()).contains(renamed).doesNotContain("place.city");
    plan.commit().announce().commit();
    assertThat(notice(tracked.notified(Kind.ROLLOUT_OFFERED), "finance/city").text())
        .contains("address was renamed to place", renamed);
  }

  private static Schema customer(String address, String city) {
    return SchemaBuilder.record("Customer")
        .fields()
        .requiredLong("id")
        .name(address)
        .type()
        .record("Address")
        .fields()
        .requiredString(city)
        .requiredInt("zip")
        .endRecord()
        .noDefault()
        .endRecord();
  }

  private MeshClient shopWith(Schema schema) {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS)
        .contract(Contract.of(schema).noticePeriod(Period.ofDays(30)))
        .openToMesh()
        .commit();
    return shop;
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
    finance.subscribe(ORDERS).name("start").purpose("Start").columns("start").commit();
    finance.subscribe(ORDERS).name("id").purpose("ID").columns("id").commit();

    RolloutPlan plan =
        shop.startRollout(ORDERS)
            .contract(Contract.of(before))
            .partitionBy(Partition.bucket("id", 2))
            .renameColumn("start", "finish")
            .renameColumn("finish", "start")
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
  void aRuleOfARenamedColumnIsUnchanged() {
    Schema before = SchemaBuilder.record("Trip").fields().requiredString("start").endRecord();
    Schema after = SchemaBuilder.record("Trip").fields().requiredString("origin").endRecord();
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS)
        .contract(Contract.of(before).require(Rule.matches("start", "[A-Z]+")))
        .commit();

    RolloutPlan plan =
        shop.startRollout(ORDERS)
            .contract(Contract.of(after).require(Rule.matches("origin", "[A-Z]+")))
            .renameColumn("start", "origin")
            .because("Origin is the term of the field")
            .plan();

    assertThat(plan.difference().changes())
        .extracting(Change::code)
        .isNotEmpty()
        .doesNotContain(FindingCode.RULE_REMOVED, FindingCode.RULE_ADDED);
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
        shop.startRollout(ORDERS)
            .contract(Contract.of(after))
            .renameColumn("name", "who.name")
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
    reopen(builder -> builder.notifier("test", tracked.notices));
    MeshClient shop = shopWithRows();
    MeshClient finance = registerFinance();
    readAll(subscribe(finance, "customers", Customers.class));
    readAll(subscribe(finance, "orders", Order.class));
    var start = shop.startRollout(ORDERS).contract(OTHER_NAME).because(REASON).withoutHistory();

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
    assertThat(plan.toString())
        .contains("note    The record has a different name")
        .doesNotContain("NAME_CHANGED");
    plan.commit().announce().commit().activate().commit();
    assertThat(notice(tracked.notified(Kind.ROLLOUT_OFFERED), "finance/customers").text())
        .contains("No change breaks finance/customers");

    shop.publish(ORDERS)
        .majorVersion(2)
        .onlyMajorVersion(2)
        .because("Only for this test")
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
  void otherNamesOfTypesAreNotesOfThePlanAndBreakNoConsumer() {
    MeshClient shop = shopWith(person("Person", "Address"));
    MeshClient finance = registerFinance();
    finance
        .subscribe(ORDERS)
        .name("people")
        .purpose("People")
        .as(person("Person", "Address"))
        .commit();

    RolloutPlan plan =
        shop.startRollout(ORDERS)
            .contract(Contract.of(person("Customer", "Place")))
            .because("The types have better names")
            .withoutHistory()
            .plan();

    assertThat(plan.isAllowed()).isTrue();
    assertThat(plan.breaks()).isEmpty();
    assertThat(plan.difference().changes())
        .extracting(Change::concernsTypeNames)
        .hasSizeGreaterThan(2)
        .containsOnly(true);
    assertThat(plan.toString())
        .contains(
            "note    The record has a different name",
            "note    address has a type with a different name",
            "has a type whose name Avro's decoders do not find in new rows with the old schema."
                + " Reads of the product do not depend on it.")
        .doesNotContain("change  ", "CONSUMER_BREAK", "startRollout(");
    assertThat(plan.findings())
        .extracting(Finding::severity, Finding::code)
        .containsOnly(tuple(Finding.Severity.NOTE, FindingCode.NAME_CHANGED));
  }

  private static Schema person(String name, String address) {
    return SchemaBuilder.record(name)
        .fields()
        .requiredLong("id")
        .name("address")
        .type()
        .record(address)
        .fields()
        .requiredString("city")
        .endRecord()
        .noDefault()
        .endRecord();
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
        "startRollout(\"commerce/orders\")");
  }
}
