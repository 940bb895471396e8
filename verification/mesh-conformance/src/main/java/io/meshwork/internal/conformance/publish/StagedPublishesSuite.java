package io.meshwork.internal.conformance.publish;

import static io.meshwork.contract.Rule.atLeast;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Partition;
import io.meshwork.contract.Rule;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.OrderInCents;
import io.meshwork.internal.conformance.fixture.ScriptedRegistry;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.publish.Publish;
import io.meshwork.publish.Publish.PublishPlan;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.StagedPublish;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.rollout.MajorRollout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.io.PositionOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Staged rows are invisible until they are promoted, when everything is asked again. */
public abstract class StagedPublishesSuite extends MeshFixture {
  private static final Contract LENIENT =
      Contract.of(Order.class)
          .require(atLeast("amount", 0).id("not-negative"))
          .onViolation(OnViolation.QUARANTINE)
          .maxQuarantineShare(90);

  private static List<Long> ids(StagedPublish staged) {
    try (Stream<GenericRecord> rows = staged.rows()) {
      return rows.map(row -> (Long) row.get("id")).toList();
    }
  }

  private List<Long> published() {
    return orders().stream().map(Order::id).sorted().toList();
  }

  private StagedPublish only() {
    List<StagedPublish> staged = shop().stagedPublishes(ORDERS);
    assertThat(staged).hasSize(1);
    return staged.get(0);
  }

  @Test
  void stagedRowsSurviveARestartAndAreInvisibleUntilTheyArePromoted() {
    defineOrders();
    MeshClient finance = registerFinance();
    toOrders().records(Order.range(0, 2)).commit();
    StagedPublish staged = toOrders().records(Order.range(2, 5)).idempotencyKey("run").stage();
    assertThat(published()).containsExactly(0L, 1L);
    assertThat(finance.read(ORDERS).snapshots()).hasSize(1);
    assertThat(finance.publishHistory(ORDERS).changes()).hasSize(1);
    assertWhole();
    existingMesh()
        .ifPresent(
            again -> {
              mesh.close();
              mesh = prepared(again).open();
            });

    StagedPublish remaining = only();
    PublishPlan dryRun = remaining.promote().plan();

    assertThat(remaining.id()).isEqualTo(staged.id());
    assertThat(remaining.idempotencyKey()).isEqualTo("run");
    assertThat(remaining.rowCount()).isEqualTo(3);
    assertThat(remaining.stagedBy()).hasToString("commerce/etl");
    assertThat(ids(remaining)).containsExactly(2L, 3L, 4L);
    assertThat(dryRun.isAccepted()).isTrue();
    assertThat(dryRun.quality().rowsAccepted()).isEqualTo(3);
    PublishReceipt receipt = remaining.promote().commit();
    assertThat(receipt.idempotencyKey()).isEqualTo("run");
    assertThat(published()).containsExactly(0L, 1L, 2L, 3L, 4L);
    assertThat(shop().stagedPublishes(ORDERS)).isEmpty();
    assertThat(lastDetailsOf(MeshEvent.Type.PRODUCT_PUBLISHED)).contains(staged.id());
    assertThatThrownBy(() -> ids(remaining)).isInstanceOf(NotFoundException.class);
    assertThat(remaining.promote().commit().publishId()).isEqualTo(receipt.publishId());
    assertWhole();
    assertThat(shop().publishHistory(ORDERS).receipts()).hasSize(2);
  }

  private String lastDetailsOf(MeshEvent.Type event) {
    return shop().events(ORDERS).list().stream()
        .filter(entry -> entry.type() == event)
        .reduce((first, second) -> second)
        .orElseThrow()
        .json();
  }

  @Test
  void rowsOfTheQuarantineAreNotStaged() {
    Publish<GenericRecord> publish = defineOrders().publish(ORDERS);
    assertThat(publish.republish("rules IS NOT NULL", row -> row)).isNotNull();

    assertThatThrownBy(publish::stage)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("which is not staged");
  }

  @Test
  void onlyTheOwnerSeesStagedRows() {
    defineOrders();
    MeshClient finance = registerFinance();
    StagedPublish staged = toOrders().records(Order.range(0, 2)).stage();

    assertThatThrownBy(() -> finance.stagedPublishes(ORDERS))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> finance.publish(ORDERS).records(Order.range(0, 1)).stage())
        .isInstanceOf(AccessDeniedException.class);
    assertThat(finance.read(ORDERS).snapshots()).isEmpty();
    staged.discard();
    staged.discard();
    assertThat(shop().stagedPublishes(ORDERS)).isEmpty();
    assertWhole();
  }

  @Test
  void aPromotionWhoseOutcomeIsUnknownIsRunAgain() {
    defineOrders();
    StagedPublish staged = toOrders().records(Order.range(0, 2)).stage();
    registry.next(ScriptedRegistry.Fault.REPLY_LOST);
    registry.resolving(false);

    assertThatThrownBy(() -> staged.promote().commit())
        .isInstanceOfSatisfying(
            OutcomeUnknownException.class,
            e -> assertThat(e.idempotencyKey()).isEqualTo(staged.idempotencyKey()))
        .hasMessageContaining("Promote it again")
        .message()
        .doesNotContain("with the key");
    registry.resolving(true);

    assertThat(staged.promote().commit().replayed()).isTrue();
    assertThat(published()).containsExactly(0L, 1L);
  }

  @Test
  void aKeyIsStagedAndPublishedOnce() {
    defineOrders();
    UnaryOperator<Publish<?>> keyed = publish -> publish.idempotencyKey("run").contentDigest("d");
    StagedPublish first = keyed.apply(toOrders().records(Order.range(0, 2))).stage();

    StagedPublish second = keyed.apply(toOrders().records(Order.range(0, 2))).stage();

    assertThat(second.id()).isEqualTo(first.id());
    assertWhole();
    assertThatThrownBy(
            () -> toOrders().records(Order.range(0, 2)).replaceAll().idempotencyKey("run").stage())
        .isInstanceOf(AlreadyExistsException.class);
    PublishReceipt receipt = first.promote().commit();
    assertThat(keyed.apply(toOrders().records(Order.range(0, 2))).commit().publishId())
        .as("the same request")
        .isEqualTo(receipt.publishId());
    assertThatThrownBy(() -> keyed.apply(toOrders().records(Order.range(0, 2))).stage())
        .isInstanceOf(AlreadyExistsException.class);
    assertThatThrownBy(first::discard).isInstanceOf(AlreadyExistsException.class);
    assertThat(published()).containsExactly(0L, 1L);
    assertWhole();
  }

  @Test
  void aJobThatRunsAgainAfterItsPromotionPublishesNothing() {
    defineOrders();
    toOrders().records(Order.range(0, 2)).idempotencyKey("run").stage();
    PublishReceipt receipt = only().promote().commit();

    assertThatThrownBy(() -> toOrders().records(Order.range(0, 2)).idempotencyKey("run").stage())
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining("were published");
    assertThat(toOrders().records(Order.range(0, 2)).idempotencyKey("run").commit().publishId())
        .isEqualTo(receipt.publishId());
    assertThat(published()).containsExactly(0L, 1L);
    assertWhole();
  }

  @Test
  void rowsThatWerePublishedUnderTheKeyAreNotPromotedToo() {
    defineOrders();
    StagedPublish staged = toOrders().records(Order.range(0, 2)).idempotencyKey("run").stage();
    PublishReceipt receipt = toOrders().records(Order.range(0, 2)).idempotencyKey("run").commit();

    assertThat(staged.promote().commit().publishId()).isEqualTo(receipt.publishId());
    assertThat(published()).containsExactly(0L, 1L);
    staged.discard();
    assertWhole();
  }

  @Test
  void aPromotionChecksTheContractOfNow() {
    MeshClient shop = defineOrders(LENIENT);
    StagedPublish staged =
        toOrders()
            .records(
                List.of(
                    Order.of(1),
                    row("id", 2L, "customer", "c", "amount", BigDecimal.valueOf(-1)),
                    row("id", "x", "customer", "c", "amount", BigDecimal.ONE)))
            .stage();
    assertThat(staged.rowCount()).isEqualTo(2);
    assertThat(staged.invalidRowCount()).isEqualTo(1);
    assertThat(staged.promote().plan().quality().rowsQuarantined()).isEqualTo(2);
    StagedPublish later = toOrders().records(Order.range(3, 6)).stage();
    staged.promote().commit();
    assertThat(published()).containsExactly(1L);
    assertThat(all(shop().quarantine(ORDERS).asMaps()))
        .extracting(row -> row.get("rules"))
        .containsExactlyInAnyOrder("not-negative", "type:id");
    assertThat(all(shop().quarantine(ORDERS).asMaps()).toString()).contains("\"id\":\"x\"");
    shop.amendContract(ORDERS, LENIENT.require(Rule.between("id", 0, 2).id("few")))
        .because("others are of another system")
        .commit();

    assertThat(later.promote().plan().rejection()).isPresent();
    assertThatThrownBy(() -> later.promote().commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContaining("few");
    assertThat(shop().health(ORDERS).lastRefused())
        .as("the owner sees the refused promotion")
        .hasValueSatisfying(refused -> assertThat(refused.rules()).containsExactly("few"));
    assertThat(ids(only())).as("it stays").containsExactly(3L, 4L, 5L);
    assertWhole();
  }

  @Test
  void replacedRowsThatChangedSinceThenRejectThePromotion() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS)
        .contract(Contract.of(Order.class))
        .partitionBy(Partition.by("customer"))
        .openToMesh()
        .commit();
    toOrders().records(Order.range(0, 14)).commit();
    StagedPublish one =
        toOrders().records(List.of(Order.of(1))).replaceWhere("customer = 'customer 1'").stage();
    StagedPublish two =
        toOrders().records(List.of(Order.of(2), Order.of(9))).replacePartitions().stage();

    toOrders().records(List.of(Order.of(15))).commit();

    assertThat(one.promote().plan().failure())
        .as("a row of customer 1")
        .containsInstanceOf(ConflictException.class);
    assertThatThrownBy(() -> one.promote().commit())
        .isInstanceOfSatisfying(
            ConflictException.class, conflict -> assertThat(conflict.retryable()).isFalse())
        .hasMessageContaining("stage the rows again");
    assertThat(two.promote().plan().rowsRemoved()).isEqualTo(2);
    assertThat(two.promote().commit().rowsRemoved()).isEqualTo(2);
    assertThat(published()).hasSize(15);
    one.discard();
    assertWhole();
  }

  @Test
  void anEraseEndsStagedPublishesWithItsRows() {
    defineOrders(LENIENT);
    StagedPublish matching = toOrders().records(Order.range(0, 3)).stage();
    StagedPublish other = toOrders().records(Order.range(3, 5)).stage();
    StagedPublish malformed =
        toOrders().records(List.of(row("id", "1 ", "amount", BigDecimal.ONE))).stage();

    fromOrders().where("id = 1").because("asked to").commit();

    assertThat(shop().stagedPublishes(ORDERS))
        .filteredOn(staged -> staged.erasedBy().isPresent())
        .extracting(StagedPublish::id)
        .containsExactlyInAnyOrder(matching.id(), malformed.id());
    assertThat(lastDetailsOf(MeshEvent.Type.PRODUCT_PUBLISHED)).contains("\"stagedErased\":2");
    assertWhole();
    for (StagedPublish erased : List.of(matching, malformed)) {
      assertThatThrownBy(() -> erased.promote().commit())
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("erase");
      assertThatThrownBy(() -> ids(erased)).isInstanceOf(NotFoundException.class);
      erased.discard();
    }
    other.promote().commit();
    assertThat(published()).containsExactly(3L, 4L);
    assertWhole();
  }

  @Test
  void anEraseEndsMoreStagedPublishesThanOneTransactionChanges() {
    defineOrders();
    int count = Transaction.MAX_ACTIONS + 1;
    for (int i = 0; i < count; i++) {
      toOrders().records(Order.range(1, 2)).stage();
    }

    fromOrders().where("id = 1").because("asked to").commit();

    assertThat(shop().stagedPublishes(ORDERS))
        .hasSize(count)
        .allSatisfy(staged -> assertThat(staged.erasedBy()).isPresent());
    assertThat(lastDetailsOf(MeshEvent.Type.PRODUCT_PUBLISHED))
        .contains("\"stagedErased\":" + count);
    assertWhole();
  }

  @Test
  void doctorNamesStagedPublishesWithoutTheirFiles() {
    defineOrders();
    StagedPublish staged = toOrders().records(Order.range(0, 2)).stage();
    files.present().keySet().stream()
        .filter(file -> file.contains(staged.id()))
        .forEach(files::deleteFile);

    assertThat(mesh.doctor().findings())
        .filteredOn(finding -> finding.code() == FindingCode.FILE_MISSING)
        .singleElement()
        .satisfies(finding -> assertThat(finding.where()).contains(staged.id()))
        .extracting(Finding::fix)
        .asString()
        .startsWith("Discard");
    staged.discard();
    assertWhole();
  }

  @Test
  void maintenanceRemovesStagedPublishesOnlyAfterTheirRetention() {
    defineOrders();
    toOrders().records(Order.range(0, 2)).stage();
    clock.advance(Duration.ofDays(5));
    StagedPublish later = toOrders().records(Order.range(2, 4)).stage();
    assertThat(maintain().total(Work.FILES_REMOVED)).isZero();
    assertThat(shop().stagedPublishes(ORDERS)).hasSize(2);

    clock.advance(Duration.ofDays(2));

    assertThat(maintain().total(Work.STAGED_PUBLISHES_EXPIRED)).isEqualTo(1);
    assertThat(only().id()).isEqualTo(later.id());
    assertThat(lastDetailsOf(MeshEvent.Type.PRODUCT_UNSTAGED)).contains("expired");
    assertWhole();
    later.promote().commit();
    assertThat(published()).containsExactly(2L, 3L);
    assertWhole();
  }

  @Test
  void theRetentionOfStagedPublishesCanBeSet() {
    defineOrders();
    toOrders().records(Order.range(0, 2)).stage();
    clock.advance(Duration.ofDays(8));

    Duration days = Duration.ofDays(9);
    assertThat(mesh.maintain().keepStagedFor(days).commit().total(Work.STAGED_PUBLISHES_EXPIRED))
        .isZero();
    clock.advance(Duration.ofDays(1));
    assertThat(mesh.maintain().keepStagedFor(days).commit().total(Work.STAGED_PUBLISHES_EXPIRED))
        .isEqualTo(1);
    assertThat(shop().stagedPublishes(ORDERS)).isEmpty();
    assertWhole();
  }

  @Test
  void aPromotionUsesTheCodeOfARuleThatItIsGiven() {
    defineOrders(Contract.of(Order.class).require(Rule.custom("even", 1)));
    StagedPublish staged = toOrders().records(Order.range(0, 3)).stage();

    assertThatThrownBy(() -> staged.promote().commit()).hasMessageContaining("even");
    assertThatThrownBy(
            () ->
                staged
                    .promote()
                    .customRule("even", 1, row -> (Long) row.get("id") % 2 == 0)
                    .commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContaining("even");
    assertThat(published()).isEmpty();

    staged.promote().customRule("even", 1, row -> (Long) row.get("id") < 3).commit();

    assertThat(published()).containsExactly(0L, 1L, 2L);
    assertWhole();
  }

  @Test
  void aPromotedReplacementHasAFilterForEachMajorVersion() {
    MeshClient shop = defineOrders();
    toOrders().records(Order.range(0, 3)).commit();
    MajorRollout rollout =
        shop.startRollout(ORDERS)
            .contract(Contract.of(OrderInCents.class))
            .because("Amounts in cents")
            .commit();
    rollout.backFill(Order.class, OrderInCents::of).commit();
    rollout.activate().commit();
    Order replacing = Order.of(1);
    StagedPublish staged = toOrders().records(List.of(replacing)).replaceWhere("id < 2").stage();

    staged
        .promote()
        .alsoTo(2, row -> OrderInCents.of(replacing), "id < 2")
        .timeout(Duration.ofMinutes(5))
        .commit();

    assertThat(published()).containsExactly(1L, 2L);
    assertThat(all(shop.read(ORDERS).majorVersion(2).as(OrderInCents.class)))
        .extracting(OrderInCents::id)
        .containsExactlyInAnyOrder(1L, 2L);
    assertWhole();
  }

  @Test
  void aPromotionThatReplacesAllRowsTakesNoFilterForAnotherMajorVersion() {
    MeshClient shop = defineOrders();
    toOrders().records(Order.range(0, 3)).commit();
    StagedPublish staged = toOrders().records(List.of(Order.of(1))).replaceAll().stage();
    MajorRollout rollout = startCents(shop);
    rollout.backFill(Order.class, OrderInCents::of).commit();
    rollout.activate().commit();
    Function<GenericRecord, OrderInCents> mapping = row -> OrderInCents.of(Order.of(1));

    assertThatThrownBy(() -> staged.promote().alsoTo(2, mapping, "id < 2").plan())
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> staged.promote().alsoTo(2, mapping, "id < 2").commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("filter", "alsoTo(2, row -> ..)");

    assertThat(published()).containsExactly(0L, 1L, 2L);
    assertThat(staged.promote().alsoTo(2, mapping).commit().rowsRemoved()).isEqualTo(3);
    assertWhole();
  }

  private MajorRollout startCents(MeshClient shop) {
    return shop.startRollout(ORDERS)
        .contract(Contract.of(OrderInCents.class))
        .because("Amounts in cents")
        .commit();
  }

  @Test
  void rowsOfAMajorVersionThatAppearedSinceThenAreNotReplacedUnseen() {
    MeshClient shop = defineOrders();
    toOrders().records(Order.range(0, 3)).commit();
    clock.advance(Duration.ofMinutes(1));
    Order replacing = Order.of(1);
    List<StagedPublish> replacements =
        List.of(
            toOrders().records(List.of(replacing)).replaceWhere("id < 2").stage(),
            toOrders().records(List.of(replacing)).replaceAll().stage());
    StagedPublish other = toOrders().records(List.of(replacing)).replaceWhere("id = 1").stage();
    clock.advance(Duration.ofMinutes(1));
    MajorRollout rollout = startCents(shop);
    rollout.backFill(Order.class, OrderInCents::of).commit();
    rollout.activate().commit();
    shop.publish(ORDERS)
        .records(List.of(new OrderInCents(-5, "only here", 100)))
        .onlyMajorVersion(2)
        .because("a row of version 2")
        .commit();
    clock.advance(Duration.ofDays(2));
    maintain();

    for (StagedPublish staged : replacements) {
      String filter = staged.scope().orElse(null);
      assertThatThrownBy(() -> promote(staged, replacing, filter).commit())
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("stage the rows again");
      assertThat(promote(staged, replacing, filter).plan().failure())
          .containsInstanceOf(ConflictException.class);
    }
    assertThat(promote(other, replacing, "id = 1").commit().rowsRemoved()).isEqualTo(1);
    assertThat(all(shop.read(ORDERS).majorVersion(2).as(OrderInCents.class)))
        .extracting(OrderInCents::id)
        .containsExactlyInAnyOrder(-5L, 0L, 1L, 2L);
    assertWhole();
  }

  private static Publish.StoredRows<GenericRecord> promote(
      StagedPublish staged, Order row, @Nullable String filter) {
    Publish.StoredRows<GenericRecord> promotion = staged.promote();
    return filter == null
        ? promotion.alsoTo(2, any -> OrderInCents.of(row))
        : promotion.alsoTo(2, any -> OrderInCents.of(row), filter);
  }

  @Test
  void aPromotionDuringARolloutPublishesToBothMajorVersions() {
    MeshClient shop = defineOrders();
    StagedPublish staged = toOrders().records(Order.range(0, 3)).stage();
    shop.startRollout(ORDERS)
        .contract(Contract.of(OrderInCents.class))
        .because("Amounts in cents")
        .commit()
        .activate()
        .commit();

    staged
        .promote()
        .alsoTo(
            2,
            row -> new OrderInCents((Long) row.get("id"), String.valueOf(row.get("customer")), 100))
        .commit();

    assertThat(all(shop.read(ORDERS).majorVersion(1).as(Order.class))).hasSize(3);
    assertThat(all(shop.read(ORDERS).majorVersion(2).as(OrderInCents.class))).hasSize(3);
    assertWhole();
  }

  @Test
  void rowsThatWereStagedForARetiredMajorVersionAreNotPublished() {
    MeshClient shop = defineOrders();
    StagedPublish staged = toOrders().records(Order.range(0, 3)).stage();
    shop.endProduct(ORDERS).because("replaced").commit().announce().commit().close().commit();
    shop.productEnd(ORDERS).retire().commit();

    assertThatThrownBy(() -> staged.promote().commit())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("retired");
    assertThat(ids(staged)).hasSize(3);
    clock.advance(Duration.ofDays(15));
    shop.productEnd(ORDERS).purge().because("not needed").commit();
    assertThatThrownBy(() -> staged.promote().commit()).isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> ids(staged)).isInstanceOf(NotFoundException.class);
    assertThat(maintain().total(Work.STAGED_PUBLISHES_EXPIRED)).isEqualTo(1);
    assertThat(shop.stagedPublishes(ORDERS)).isEmpty();
    assertWhole();
  }

  @Test
  void stagedRowsOfAPurgedMajorVersionCanBeDiscarded() {
    MeshClient shop = defineOrders();
    StagedPublish staged = toOrders().records(Order.range(0, 3)).stage();
    shop.endProduct(ORDERS).because("replaced").commit().announce().commit().close().commit();
    shop.productEnd(ORDERS).retire().commit();
    clock.advance(Duration.ofDays(15));
    shop.productEnd(ORDERS).purge().because("not needed").commit();

    assertThat(mesh.doctor().problems()).isEmpty();
    staged.discard();
    assertThat(shop.stagedPublishes(ORDERS)).isEmpty();
    assertWhole();
  }

  private Path jsonLines(String text) {
    try {
      return Files.writeString(scratch.resolve("orders.jsonl"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An order without a customer, which is required. */
  private static GenericRecord withoutCustomer(long id) {
    Contract contract = Contract.of(Order.class);
    GenericRecord order = new GenericData.Record(contract.schema());
    order.put("id", id);
    order.put("amount", new BigDecimal("1.00"));
    return order;
  }

  @Test
  void promotedRowsHaveTheNumbersAndViolationsOfTheirSource() {
    defineOrders(LENIENT);
    List<Object> offered = new ArrayList<>();
    for (long id = 0; id < 10_000; id++) {
      offered.add(
          id % 7 == 0
              ? row("id", "no number", "amount", BigDecimal.ONE)
              : row("id", id, "customer", "c", "amount", BigDecimal.valueOf(id % 5 - 1)));
    }
    PublishReceipt direct = toOrders().<Object>records(offered).commit();
    List<String> aside = numbered();
    shop().erase(ORDERS).quarantineWhere("row_number > 0").because("again").commit();

    PublishReceipt promoted = toOrders().<Object>records(offered).stage().promote().commit();

    assertThat(promoted.failingRowsByRule())
        .isEqualTo(direct.failingRowsByRule())
        .containsEntry("type:id", 1429L)
        .containsEntry("type:customer", 1429L);
    assertThat(numbered()).isEqualTo(aside).hasSize(3143);
    assertWhole();
  }

  private List<String> numbered() {
    return all(shop().quarantine(ORDERS).asMaps()).stream()
        .map(row -> row.get("row_number") + " " + row.get("rules") + " " + row.get("row"))
        .toList();
  }

  @Test
  void aRowWithoutARequiredValueIsStagedAsOneThatDoesNotFit() {
    defineOrders(LENIENT);
    StagedPublish ofRecords = toOrders().records(List.of(Order.of(1), withoutCustomer(2))).stage();
    StagedPublish ofMaps =
        toOrders().records(List.of(Order.of(3), row("id", 4L, "amount", BigDecimal.ONE))).stage();
    StagedPublish ofLines =
        toOrders()
            .files(
                jsonLines(
                    """
                    {"id": 5, "customer": "c", "amount": 1}
                    {"id": 6, "amount": 1}
                    """))
            .stage();

    for (StagedPublish staged : List.of(ofRecords, ofMaps, ofLines)) {
      assertThat(staged.rowCount()).isEqualTo(1);
      assertThat(staged.invalidRowCount()).isEqualTo(1);
      PublishReceipt receipt = staged.promote().commit();
      assertThat(receipt.rowsAccepted()).isEqualTo(1);
      assertThat(receipt.failingRowsByRule()).containsEntry("type:customer", 1L);
    }
    assertThat(published()).containsExactly(1L, 3L, 5L);
    assertThat(all(shop().quarantine(ORDERS).asMaps()))
        .extracting(row -> String.valueOf(row.get("reason")))
        .allSatisfy(reason -> assertThat(reason).contains("customer: REQUIRED_NULL"))
        .anySatisfy(reason -> assertThat(reason).contains("(orders.jsonl, line 2)"));
    assertWhole();
  }

  enum Channel {
    WEB,
    SHOP
  }

  record Sale(Channel channel, Instant at, String city) {}

  @Test
  void rowsThatNoPartitionOrEnumTakesAreStagedAsThoseThatDoNotFit() {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    Instant afterAllHours = Instant.EPOCH.plusSeconds(Integer.MAX_VALUE * 3600L + 3600);
    registerShop()
        .defineProduct(ORDERS)
        .contract(
            Contract.of(Sale.class).onViolation(OnViolation.QUARANTINE).maxQuarantineShare(90))
        .partitionBy(Partition.by("city"), Partition.hour("at"))
        .commit();
    List<Object> offered =
        List.of(
            row("channel", "WEB", "at", now, "city", "a"),
            row("channel", "WEB", "at", now, "city", "\u4e2d".repeat(30)),
            row("channel", "WEB", "at", afterAllHours, "city", "b"),
            row("channel", "FAIR", "at", now, "city", "c"));
    StagedPublish staged = toOrders().<Object>records(offered).stage();

    assertThat(staged.rowCount()).isEqualTo(1);
    assertThat(staged.invalidRowCount()).isEqualTo(3);
    try (Stream<GenericRecord> rows = staged.rows()) {
      assertThat(rows).extracting(row -> String.valueOf(row.get("city"))).containsExactly("a");
    }
    PublishReceipt receipt = staged.promote().commit();
    assertThat(receipt.rowsAccepted()).isEqualTo(1);
    assertThat(receipt.failingRowsByRule())
        .isEqualTo(Map.of("type:channel", 1L, "type:at", 1L, "type:city", 1L));
    assertWhole();
  }

  @Test
  void aReplacementCanBePromotedUntilItsRetentionEnds() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS)
        .contract(Contract.of(Order.class))
        .partitionBy(Partition.by("customer"))
        .openToMesh()
        .commit();
    toOrders().records(Order.range(0, 14)).commit();
    StagedPublish staged =
        toOrders().records(List.of(Order.of(1))).replaceWhere("customer = 'customer 1'").stage();
    for (long id : List.of(16L, 23L, 30L)) {
      toOrders().records(List.of(Order.of(id))).commit();
      clock.advance(Duration.ofDays(2));
      maintain();
    }

    assertThat(staged.promote().commit().rowsRemoved()).isEqualTo(2);
    clock.advance(Duration.ofDays(2));
    maintain();
    clock.advance(Duration.ofDays(2));
    maintain();
    assertThat(shop.read(ORDERS).snapshots()).as("nothing is staged").hasSize(1);
    assertThat(published()).hasSize(16);
    assertWhole();
  }

  @Test
  void aPublishThatVerifiesReplaysIsPromotedOnce() {
    defineOrders(LENIENT);
    List<Object> rows =
        List.of(Order.of(1), row("id", "x", "customer", "c", "amount", BigDecimal.ONE));
    UnaryOperator<Publish<?>> keyed = publish -> publish.idempotencyKey("run").verifyReplay();
    StagedPublish staged = keyed.apply(toOrders().records(rows)).stage();

    PublishReceipt receipt = staged.promote().commit();

    assertThat(staged.promote().commit().publishId()).isEqualTo(receipt.publishId());
    assertThat(keyed.apply(toOrders().records(rows)).commit().publishId())
        .as("the same rows")
        .isEqualTo(receipt.publishId());
    assertThatThrownBy(() -> keyed.apply(toOrders().records(Order.range(0, 2))).commit())
        .isInstanceOf(AlreadyExistsException.class);
    assertThat(published()).containsExactly(1L);
    assertWhole();
  }

  @Test
  void ofTwoPromotionsAtATimeTheLoserReturnsTheReceipt() {
    defineOrders();
    StagedPublish staged =
        toOrders().records(Order.range(0, 3)).idempotencyKey("run").verifyReplay().stage();
    List<PublishReceipt> winners = new ArrayList<>();

    PublishReceipt loser =
        staged
            .promote()
            .onProgress(
                (phase, done, total) -> {
                  if (winners.isEmpty()) {
                    winners.add(staged.promote().commit());
                  }
                })
            .commit();

    assertThat(winners).hasSize(1);
    assertThat(loser.publishId()).isEqualTo(winners.get(0).publishId());
    assertThat(published()).containsExactly(0L, 1L, 2L);
    assertThatThrownBy(() -> ids(staged))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining(loser.publishId())
        .hasMessageNotContaining("Nothing was published");
    assertWhole();
  }

  @Test
  void aKeyWhoseRowsAnEraseRemovedIsNotStagedAgain() {
    defineOrders();
    StagedPublish erased = toOrders().records(Order.range(0, 3)).idempotencyKey("run").stage();
    fromOrders().where("id = 1").because("asked to").commit();

    assertThatThrownBy(() -> toOrders().records(Order.range(0, 3)).idempotencyKey("run").stage())
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining("Discard it");
    erased.discard();
    toOrders().records(Order.range(2, 3)).idempotencyKey("run").stage().promote().commit();
    assertThat(published()).containsExactly(2L);
    assertWhole();
  }

  @Test
  void aRetryStagesForTheMajorVersionOfTheFirstAttempt() {
    MeshClient shop = defineOrders();
    StagedPublish first = toOrders().records(Order.range(0, 3)).idempotencyKey("run").stage();
    shop.startRollout(ORDERS)
        .contract(Contract.of(OrderInCents.class))
        .because("Amounts in cents")
        .commit()
        .activate()
        .commit()
        .makeCurrent()
        .commit();

    StagedPublish second = toOrders().records(Order.range(0, 3)).idempotencyKey("run").stage();

    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.major()).isEqualTo(1);
    assertWhole();
  }

  @Test
  void filesOfErasedRowsThatWereNotDeletedLeaveWithTheNextMaintenance() {
    defineOrders();
    StagedPublish staged = toOrders().records(Order.range(0, 3)).stage();
    String file =
        files.present().keySet().stream()
            .filter(name -> name.contains(staged.id()))
            .findFirst()
            .orElseThrow();
    fromOrders().where("id = 1").because("asked to").commit();
    try (PositionOutputStream again = files.newOutputFile(file).create()) {
      again.write(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }

    maintain();

    assertThat(files.present()).doesNotContainKey(file);
    assertThat(only().erasedBy()).isPresent();
    assertThat(maintain().total(Work.FILES_REMOVED)).isZero();
    assertWhole();
  }
}
