package io.meshwork.internal.conformance.quality;

import static io.meshwork.contract.Rule.atLeast;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.card.Health;
import io.meshwork.card.Health.Status;
import io.meshwork.consume.Read.WaitingRows.WaitingRow;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.QualityReport.QualityEntry;
import io.meshwork.contract.Rule;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.OrderInCents;
import io.meshwork.operation.Plan;
import io.meshwork.publish.Publish;
import io.meshwork.publish.Publish.PublishPlan;
import io.meshwork.publish.Publish.StoredRows;
import io.meshwork.publish.PublishHistory.RuleFailures;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.rollout.MajorRollout;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Quarantined rows are corrected and published again, each once. */
public abstract class RepublishSuite extends MeshFixture {
  private static final String NEGATIVE = "rules LIKE '%not-negative%'";

  @BeforeEach
  void quarantineRows() {
    defineOrders(
        Contract.of(Order.class)
            .require(atLeast("amount", 0).id("not-negative"))
            .onViolation(OnViolation.QUARANTINE)
            .maxQuarantineShare(100));
    toOrders()
        .records(
            List.of(
                Order.of(1),
                order(2, -2),
                order(3, -3),
                row("id", "x", "customer", "c", "amount", BigDecimal.ONE)))
        .commit();
  }

  private static Map<String, Object> order(long id, int amount) {
    return row("id", id, "customer", "c", "amount", BigDecimal.valueOf(amount), "note", "a ü");
  }

  private static Map<String, Object> positive(Map<String, Object> row) {
    row.put("amount", ((BigDecimal) requireNonNull(row.get("amount"))).negate());
    return row;
  }

  private static Map<String, Object> withoutId(Map<String, Object> row) {
    row.remove("id");
    return row;
  }

  private StoredRows<?> republish() {
    return toOrders().republish(NEGATIVE, RepublishSuite::positive);
  }

  private List<Long> published() {
    return orders().stream().map(Order::id).sorted().toList();
  }

  private List<Object> aside(String column) {
    return all(shop().quarantine(ORDERS).asMaps()).stream().map(row -> row.get(column)).toList();
  }

  @Test
  void aCorrectedRowLeavesTheQuarantineWithTheCommitThatPublishesIt() {
    StoredRows<?> publish = republish();
    PublishPlan dryRun = publish.plan();
    assertThat(dryRun.quarantineRowsRemoved()).isEqualTo(2);
    assertThat(aside("row")).hasSize(3);

    PublishReceipt receipt = publish.commit();

    assertThat(receipt.rowsAccepted()).isEqualTo(2);
    assertThat(published()).containsExactly(1L, 2L, 3L);
    assertThat(orders()).extracting(Order::note).contains(Optional.of("a ü"));
    assertThat(aside("rules")).containsExactly("type:id");
    assertThat(republish().commit().rowsAccepted()).as("once").isZero();
    assertThat(published()).hasSize(3);
    assertWhole();
  }

  @Test
  void aRepublishLeavesTheScoreOfTheProductAsItIsWhileOtherRowsWait() {
    QualityEntry first = shop().describe(ORDERS).quality().orElseThrow();
    assertThat(first.qualityScore()).hasValue(25);
    clock.advance(Duration.ofMinutes(5));

    PublishReceipt some = toOrders().republish("row_number = 2", RepublishSuite::positive).commit();

    assertThat(some.rowsAccepted()).isEqualTo(1);
    assertThat(some.quality().qualityScore()).as("of the corrected row").hasValue(100);
    assertThat(shop().describe(ORDERS).quality()).contains(first);
    assertThat(shop().publishHistory(ORDERS).quality())
        .extracting(QualityEntry::publishId)
        .containsExactly(first.publishId());
    assertThat(shop().governance().domainQuality("commerce").score())
        .isEqualTo(first.qualityScore());
    assertThat(shop().health(ORDERS).status()).isEqualTo(Status.QUARANTINING);
    assertThat(shop().health(ORDERS).rowsWaiting()).hasValue(2);
    assertThat(shop().health(ORDERS).waitingSince()).contains(first.committedAt());
    assertThat(shop().health(ORDERS).since()).contains(first.committedAt());
    assertThat(shop().health(ORDERS).quality()).contains(first);
    JsonNode file = lastUpdated();
    assertThat(file.path("last_updated").asText()).isEqualTo(some.committedAt().toString());
    assertThat(file.path("quality_score").asDouble()).isEqualTo(25);
    assertThat(file.path("records_processed").asLong()).isEqualTo(4);

    PublishReceipt rest =
        toOrders()
            .republish(
                "row_number > 0",
                row -> {
                  row.put("id", "x".equals(row.get("id")) ? 4L : row.get("id"));
                  return Long.valueOf(4).equals(row.get("id")) ? row : positive(row);
                })
            .commit();

    assertThat(aside("row")).as("rows that wait").isEmpty();
    assertThat(shop().describe(ORDERS).quality().orElseThrow().publishId())
        .isEqualTo(rest.publishId());
    assertThat(shop().health(ORDERS).status()).isEqualTo(Status.NO_PROMISE);
    assertThat(shop().health(ORDERS).rowsWaiting()).hasValue(0);
    assertThat(shop().health(ORDERS).waitingSince()).isEmpty();
    assertThat(lastUpdated().path("quality_score").asDouble()).isEqualTo(100);
  }

  @Test
  void aCorrectedRowIsJudgedByTheCodeOfARuleThatTheRepublishIsGiven() {
    shop()
        .amendContract(ORDERS)
        .contract(shop().describe(ORDERS).contract().require(Rule.custom("even", 1)))
        .because("Only even orders")
        .commit();

    assertThatThrownBy(() -> republish().commit()).hasMessageContaining("even");
    PublishReceipt receipt =
        republish().customRule("even", 1, row -> (Long) row.get("id") % 2 == 0).commit();

    assertThat(receipt.rowsAccepted()).isEqualTo(1);
    assertThat(published()).containsExactly(1L, 2L);
    assertThat(aside("rules").toString()).contains("even", "type:id");
    assertWhole();
  }

  @Test
  void aRowThatIsStillBadIsQuarantinedAgainAndOneThatIsLeftOutStays() {
    PublishReceipt receipt =
        toOrders()
            .republish(
                "row_number > 0",
                row ->
                    "x".equals(row.get("id"))
                        ? null
                        : Long.valueOf(2).equals(row.get("id")) ? row : positive(row))
            .commit();

    assertThat(receipt.quality().rowsQuarantined()).isEqualTo(1);
    assertThat(receipt.rowsSkipped()).isEqualTo(1);
    assertThat(receipt.toString())
        .startsWith("append to commerce/orders, contract 1.0.0: committed as snapshot ")
        .contains(
            "rows    2 offered, 1 accepted, 1 quarantined (50.0 %), 0 rejected; 0 removed",
            "rule    not-negative: FAIL, 1 of 2 rows",
            "skipped 1 quarantined row stays, because the correction left them out.");
    assertThat(published()).containsExactly(1L, 3L);
    assertThat(aside("publish")).hasSize(2).contains(receipt.publishId());
    toOrders()
        .republish(
            "rules = 'type:id'",
            row -> {
              assertThat(row.get("id")).isEqualTo("x");
              row.put("id", 4L);
              return row;
            })
        .commit();
    assertThat(published()).containsExactly(1L, 3L, 4L);
    assertThat(aside("rules")).containsOnly("not-negative");
    assertWhole();
  }

  private record Letter(long id, ByteBuffer content, List<ByteBuffer> parts) {}

  @Test
  void bytesThatTheQuarantineLacksAreNotPublished() {
    String letters = "commerce/letters";
    shop()
        .defineProduct(letters)
        .contract(
            Contract.of(Letter.class).onViolation(OnViolation.QUARANTINE).maxQuarantineShare(100))
        .commit();
    ByteBuffer whole = ByteBuffer.wrap(new byte[999]);
    ByteBuffer cut = ByteBuffer.wrap(new byte[1_500]);
    shop()
        .publish(letters)
        .records(
            List.of(
                row("id", 0L, "content", whole, "parts", List.of()),
                row("id", "1", "content", whole, "parts", List.of(whole)),
                row("id", "2", "content", cut, "parts", List.of(whole)),
                row("id", "3", "content", whole, "parts", List.of(whole, cut))))
        .commit();

    shop()
        .publish(letters)
        .republish(
            "rules = 'type:id'",
            row -> {
              row.put("id", Long.valueOf(String.valueOf(row.get("id"))));
              return row;
            })
        .commit();

    assertThat(all(shop().read(letters).as(Letter.class)))
        .containsExactlyInAnyOrder(
            new Letter(0, whole, List.of()), new Letter(1, whole, List.of(whole)));
    assertThat(all(shop().quarantine(letters).asMaps())).hasSize(2);
    assertWhole();
  }

  @Test
  void anEraseBetweenReadingAndCommittingRejectsTheRepublish() {
    StoredRows<?> publish =
        beforeCommit(republish(), () -> fromOrders().where("id = 2").because("asked to").commit());

    assertThatThrownBy(publish::commit).isInstanceOf(ConflictException.class);
    assertThat(published()).containsExactly(1L);
    republish().commit();
    assertThat(published()).containsExactly(1L, 3L);
    assertWhole();
  }

  @Test
  void aRolloutTakesTheRowFromBothQuarantines() {
    shop()
        .startRollout(ORDERS)
        .contract(
            Contract.of(OrderInCents.class)
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(100))
        .because("Amounts in cents")
        .commit()
        .backFill(Order.class, OrderInCents::of)
        .commit()
        .activate()
        .commit();
    toOrders()
        .<Order>records(
            List.of(Order.of(5), new Order(6, "c", BigDecimal.valueOf(-6), Optional.empty())))
        .alsoTo(2, OrderInCents::of)
        .commit();
    assertThat(all(shop().quarantine(ORDERS).majorVersion(2).asMaps())).hasSize(1);

    toOrders()
        .republish("row_number = 2 and " + NEGATIVE, RepublishSuite::positive)
        .alsoTo(2, row -> new OrderInCents((Long) requireNonNull(row.get("id")), "c", 600))
        .commit();

    assertThat(all(shop().quarantine(ORDERS).majorVersion(2).asMaps())).isEmpty();
    assertThat(all(shop().read(ORDERS).majorVersion(2).as(OrderInCents.class)))
        .extracting(OrderInCents::id)
        .contains(6L);
    assertWhole();
  }

  @Test
  void rowsThatWaitInAnyVersionAreReadTogetherEachOnceWithItsVersions() {
    secondVersion();
    Instant before = clock.instant();
    toOrders()
        .<Order>records(
            List.of(
                new Order(7, "c", BigDecimal.valueOf(-7), Optional.empty()),
                new Order(8, "c", BigDecimal.valueOf(80), Optional.empty())))
        .alsoTo(2, OrderInCents::of)
        .commit();

    List<WaitingRow> all = shop().waitingRows(ORDERS).rows();
    assertThat(all)
        .extracting(WaitingRow::majors)
        .containsExactly(List.of(2), List.of(2, 1), List.of(1), List.of(1), List.of(1));
    assertThat(all.get(1).rules()).isEqualTo("much,1.0.0:not-negative");
    assertThat(all.get(1).rowNumber()).isEqualTo(1);
    assertThat(all.get(1).row()).contains("-7");
    assertThat(all.get(1).quarantinedAt()).isAfterOrEqualTo(before);
    assertThat(shop().waitingRows(ORDERS).limit(2).rows())
        .as("the versions of a row are complete, however few rows are asked for")
        .isEqualTo(all.subList(0, 2));
    assertThat(shop().waitingRows(ORDERS).majorVersion(1).rows()).hasSize(4);
    assertThat(shop().waitingRows(ORDERS).where("rules LIKE '%type:id%'").rows())
        .as("a rule that the rows of one version break only")
        .singleElement()
        .matches(row -> row.majors().equals(List.of(1)));
  }

  @Test
  void rowsThatWaitAreForTheOwnerOfAnExistingProductAndVersion() {
    assertThatThrownBy(() -> as("visitor").waitingRows(ORDERS).rows())
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> shop().waitingRows("commerce/none").rows())
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> shop().waitingRows(ORDERS).majorVersion(9).rows())
        .isInstanceOf(NotFoundException.class);
    assertThatThrownBy(() -> shop().waitingRows(ORDERS).where("rules LIKE '%none%'").rows())
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> shop().waitingRows(ORDERS).limit(-1))
        .isInstanceOf(InvalidRequestException.class);
  }

  /** A second version, whose quarantine has a row of the first one. */
  private MajorRollout secondVersion() {
    shop()
        .startRollout(ORDERS)
        .contract(
            Contract.of(OrderInCents.class)
                .require(atLeast("cents", 1_000).id("much"))
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(100))
        .because("Amounts in cents")
        .commit();
    MajorRollout rollout = shop().rollout(ORDERS);
    rollout.backFill(Order.class, OrderInCents::of).commit();
    return rollout.activateWithout(1).because("corrected later").commit();
  }

  @Test
  void rowsOfTheOldVersionStillWaitOnceTheNewOneIsCurrent() {
    Optional<Instant> since = shop().health(ORDERS).waitingSince();
    secondVersion().announce().commit();
    Plan<?> closing = shop().rollout(ORDERS).close().plan();

    assertThat(closing.findings())
        .filteredOn(finding -> finding.code() == FindingCode.QUARANTINE_KEPT)
        .extracting(Finding::count)
        .containsExactly(3L);
    closing.commit();

    Health health = shop().health(ORDERS);
    assertThat(health.rowsWaiting()).as("three in version 1, and one in version 2").hasValue(4);
    assertThat(health.waitingSince()).isEqualTo(since);
    assertThat(health.status()).isEqualTo(Status.QUARANTINING);
    assertThat(all(shop().quarantine(ORDERS).majorVersion(1).asMaps())).hasSize(3);
    clock.advance(Duration.ofDays(200));
    assertThat(shop().rollout(ORDERS).retire().plan().findings())
        .extracting(Finding::code)
        .contains(FindingCode.QUARANTINE_KEPT);
    assertWhole();
  }

  @Test
  void aRowThatABackFillQuarantinedIsPublishedToItsVersionOnly() {
    toOrders().records(List.of(Order.of(20))).commit();
    secondVersion();
    Function<Publish<?>, StoredRows<Map<String, Object>>> republish =
        publish ->
            publish.republish(
                "rules LIKE '%much%'",
                row -> {
                  row.put("cents", 5_000L);
                  return row;
                });
    Supplier<StoredRows<Map<String, Object>>> toBoth =
        () ->
            republish
                .apply(shop().publish(ORDERS).majorVersion(2))
                .alsoTo(1, row -> order((Long) requireNonNull(row.get("id")), 50));

    assertThat(toBoth.get().plan().isAccepted()).isFalse();
    assertThatThrownBy(() -> toBoth.get().commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll(
            "back-fill", "major version 1", "onlyMajorVersion(2).because(reason)");
    assertThat(
            republish
                .apply(shop().publish(ORDERS).onlyMajorVersion(2).because("version 1 has it"))
                .commit()
                .rowsAccepted())
        .isEqualTo(1);
    assertThat(published()).containsExactly(1L, 20L);
    assertWhole();
  }

  @Test
  void aRowThatAPublishToOneVersionQuarantinedIsPublishedToItsVersionOnly() {
    secondVersion();
    toOrders().records(List.of(Order.of(7))).onlyMajorVersion(1).because("a late job").commit();
    shop()
        .publish(ORDERS)
        .majorVersion(2)
        .records(
            List.of(
                new OrderInCents(7, "c", 500),
                new OrderInCents(8, "c", 9_000),
                new OrderInCents(9, "c", 500)))
        .onlyMajorVersion(2)
        .because("a late job")
        .commit();
    BiFunction<Publish<?>, Long, StoredRows<Map<String, Object>>> republish =
        (publish, ofNine) ->
            publish.republish(
                "rules LIKE '%much%' AND row NOT LIKE '%\"id\":1%'",
                row -> {
                  row.put("cents", row.containsValue(9L) ? ofNine : 5_000L);
                  return row;
                });
    Function<Long, StoredRows<Map<String, Object>>> toBoth =
        ofNine ->
            republish
                .apply(shop().publish(ORDERS).majorVersion(2), ofNine)
                .alsoTo(1, row -> order((Long) requireNonNull(row.get("id")), 50));

    assertThat(toBoth.apply(5_000L).plan().isAccepted()).isFalse();
    assertThatThrownBy(() -> toBoth.apply(5_000L).commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll(
            "2 of the 2 rows",
            "major version 2 alone",
            "major version 1",
            "onlyMajorVersion(2).because(reason)");
    republish
        .apply(shop().publish(ORDERS).onlyMajorVersion(2).because("still too small"), 501L)
        .commit();
    assertThatThrownBy(() -> toBoth.apply(5_000L).commit())
        .as("quarantined again")
        .hasMessageContainingAll("1 of the 1 rows", "major version 2 alone");
    assertThat(published()).containsExactly(1L, 7L);
    assertWhole();
  }

  @Test
  void aRowThatAPublishToOneVersionQuarantinedIsPublishedToALaterVersionToo() {
    MajorRollout second = secondVersion();
    shop()
        .publish(ORDERS)
        .majorVersion(2)
        .records(List.of(new OrderInCents(7, "c", 500), new OrderInCents(8, "c", 9_000)))
        .onlyMajorVersion(2)
        .because("a late job")
        .commit();
    toOrders().records(List.of(order(8, 90))).onlyMajorVersion(1).because("a late job").commit();
    assertThat(second.verify(1, Order.class, OrderInCents::of).commit().isEqual()).isTrue();
    second.announce().commit();
    shop().rollout(ORDERS).close().commit();
    clock.advance(Duration.ofDays(200));
    shop().rollout(ORDERS).retire().commit();
    shop()
        .startRollout(ORDERS)
        .contract(Contract.of(OrderInCents.class).require(atLeast("id", 0)))
        .because("No least amount")
        .commit();
    shop().rollout(ORDERS).backFill().commit().activate().commit();

    PublishReceipt receipt =
        shop()
            .publish(ORDERS)
            .republish(
                "rules LIKE '%much%' AND row NOT LIKE '%\"id\":1%'",
                row -> {
                  row.put("cents", 5_000L);
                  return row;
                })
            .commit();

    assertThat(receipt.otherVersions()).extracting(PublishReceipt::major).containsExactly(3);
    assertThat(all(shop().read(ORDERS).majorVersion(3).as(OrderInCents.class)))
        .extracting(OrderInCents::id)
        .containsExactlyInAnyOrder(7L, 8L);
    assertWhole();
  }

  @Test
  void rowsThatStayAreFindingsAndNothingToPublishMakesNoSnapshot() {
    int snapshots = shop().read(ORDERS).snapshots().size();
    Supplier<StoredRows<Map<String, Object>>> withoutValue =
        () -> toOrders().republish("rules = 'type:id'", RepublishSuite::withoutId);

    assertThat(withoutValue.get().plan().findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.QUARANTINE_KEPT);
    PublishReceipt receipt = withoutValue.get().commit();

    assertThat(receipt.snapshotId()).isEmpty();
    assertThat(receipt.rowsAccepted()).isZero();
    assertThat(receipt.quality().violations())
        .extracting(Finding::code, Finding::count)
        .containsExactly(org.assertj.core.groups.Tuple.tuple(FindingCode.QUARANTINE_KEPT, 1L));
    assertThat(shop().read(ORDERS).snapshots()).hasSize(snapshots);
    assertThat(republish().commit().quality().violations()).isEmpty();
    assertThat(republish().commit().snapshotId()).as("nothing is left").isEmpty();
    assertThat(shop().read(ORDERS).snapshots()).hasSize(snapshots + 1);
    assertWhole();
  }

  @Test
  void onlyTheOwnerRepublishesAndOnlyAsAnAddition() {
    assertThatThrownBy(
            () -> registerFinance().publish(ORDERS).republish(NEGATIVE, row -> row).commit())
        .isInstanceOf(AccessDeniedException.class);
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> toOrders().replaceAll().republish(NEGATIVE, row -> row).commit(),
        "republish");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () ->
            toOrders()
                .idempotencyKey("again")
                .verifyReplay()
                .republish(NEGATIVE, row -> row)
                .commit(),
        "verifyReplay");
  }

  @Test
  void theHistoryCountsTheFailingRowsOfEachRuleByDay() {
    clock.advance(Duration.ofDays(1));
    toOrders().records(List.of(order(7, -7), Order.of(8))).commit();

    List<RuleFailures> failures = shop().publishHistory(ORDERS).failures();

    assertThat(failures).hasSize(3);
    assertThat(failures.get(0).day()).hasToString("2026-11-21");
    assertThat(failures.get(0).failingRows()).isEqualTo(1);
    assertThat(failures.get(0).offeredRows()).isEqualTo(2);
    assertThat(failures)
        .extracting(RuleFailures::rule)
        .containsExactly("not-negative", "not-negative", "type:id");
    assertThatThrownBy(() -> registerFinance().publishHistory(ORDERS).failures())
        .isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void aLineThatIsNotARowIsNotOffered() throws IOException {
    Path file =
        Files.writeString(
            scratch.resolve("orders.jsonl"),
            """
            {"id": 20, "customer": "c", "amount": -1}
            {"id": 21, "customer"
            {"id": 22, "customer": "c", "amount": 1}
            """);
    toOrders().files(file).commit();
    List<Map<String, Object>> offered = new ArrayList<>();

    PublishReceipt receipt =
        toOrders()
            .republish(
                "row_number <= 2",
                row -> {
                  offered.add(row);
                  return Long.valueOf(20).equals(row.get("id")) ? positive(row) : null;
                })
            .commit();

    assertThat(receipt.rowsAccepted()).isEqualTo(1);
    assertThat(offered).extracting(row -> row.get("id")).contains(20L);
    assertThat(offered).noneSatisfy(row -> assertThat(row).containsKey("line"));
    assertThat(aside("rules")).contains("type:malformed-line");
    assertWhole();
  }
}
