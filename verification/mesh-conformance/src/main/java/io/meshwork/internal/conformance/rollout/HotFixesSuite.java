package io.meshwork.internal.conformance.rollout;

import static io.meshwork.contract.Rule.atLeast;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.change.ContractPlan;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscribe;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Compatibility;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout;
import java.time.Duration;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** Amendments of a contract while a rollout publishes two major versions together. */
public abstract class HotFixesSuite extends MeshFixture {
  record Payment(long id, String customer, int quantity) {}

  record PaymentOfBuyer(long id, String buyer, int quantity) {}

  /** The same rows with an additional column. */
  static final class More {
    private More() {}

    record Payment(long id, String customer, int quantity, Optional<String> note) {}

    record PaymentOfBuyer(long id, String buyer, int quantity, Optional<String> channel) {}
  }

  /** The same rows with a wider type. */
  static final class Wide {
    private Wide() {}

    record Payment(long id, String customer, long quantity) {}
  }

  /** The rows of the new version with the column that the old one gets, too. */
  static final class WithNote {
    private WithNote() {}

    record PaymentOfBuyer(long id, String buyer, int quantity, Optional<String> note) {}
  }

  private static final FindingCode MAPPING_REQUIRED = FindingCode.MAPPING_REQUIRED;

  private Compatibility mode = Compatibility.FULL_TRANSITIVE;
  private OnViolation policy = OnViolation.REJECT;

  private Contract contract(Class<?> rows) {
    return contract(Contract.of(rows));
  }

  private Contract contract(Contract contract) {
    return contract
        .compatibility(mode)
        .onViolation(policy)
        .maxQuarantineShare(90)
        .noticePeriod(Period.ofDays(30));
  }

  /** One payment in each of two major versions, to which rows are converted without a mapping. */
  private MeshClient inParallel() {
    MeshClient shop = defineOrders(contract(Payment.class));
    registerFinance();
    publish(1, new Payment(0, "ann", 3));
    rollOut(contract(PaymentOfBuyer.class));
    return shop;
  }

  private void rollOut(Contract next) {
    shop()
        .startRollout(ORDERS)
        .contract(next)
        .renameColumn("customer", "buyer")
        .because("Buyers")
        .commit();
    shop().rollout(ORDERS).backFill().commit().activate().commit().announce().commit();
  }

  private PublishReceipt publish(int major, Object... rows) {
    return shop().publish(ORDERS).majorVersion(major).records(List.of(rows)).commit();
  }

  private ContractPlan plan(int major, Contract next) {
    return shop().amendContract(ORDERS).majorVersion(major).contract(next).plan();
  }

  /** Amends a contract without a warning. */
  private void amend(int major, Contract next) {
    ContractPlan plan = plan(major, next);
    assertThat(plan.findings()).extracting(Finding::code).doesNotContain(MAPPING_REQUIRED);
    plan.commit();
  }

  /** Amends a contract, whose plan warns that publishes then need a mapping for one column. */
  private void amendWithWarning(int major, Contract next, String column, String... words) {
    ContractPlan plan = plan(major, next);
    assertThat(plan.isAllowed()).isTrue();
    assertThat(plan.findings())
        .filteredOn(finding -> finding.code() == MAPPING_REQUIRED)
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING);
              assertThat(finding.where()).isEqualTo(column);
              assertThat(finding.what() + finding.fix()).contains(words);
            });
    assertThat(plan.toString()).contains(words);
    plan.commit();
  }

  private Subscribe<Map<String, Object>> copy(String name) {
    return as("finance").subscribe(ORDERS).name(name).purpose("A copy").columns("id").asMaps();
  }

  private static List<Long> take(Subscription<Map<String, Object>> subscription) {
    List<Long> ids = new ArrayList<>();
    try (Batch<Map<String, Object>> batch = subscription.poll()) {
      assertThat(batch.kind()).as("%s", batch.because()).isEqualTo(Batch.Kind.ADDED);
      batch.forEach(row -> ids.add((Long) row.get("id")));
      batch.ack();
    }
    return ids;
  }

  private <R> List<R> rows(int major, Class<R> type) {
    return all(shop().read(ORDERS).majorVersion(major).as(type));
  }

  private void assertLevel() {
    MajorRollout.Verification verified = shop().rollout(ORDERS).verify().commit();
    assertThat(verified.findings()).isEmpty();
    assertThat(verified.isEqual()).isTrue();
    assertThat(shop().rollout(ORDERS).mayDiffer()).isFalse();
  }

  @Test
  void aNewColumnOfTheOldVersionIsInThatVersionAloneAndTheWayBackNeedsAMapping() {
    MeshClient shop = inParallel();
    Subscription<Map<String, Object>> old =
        copy("old").majorVersion(1).allowDeprecated().because("The report needs it").commit();
    Subscription<Map<String, Object>> current = copy("current").majorVersion(2).commit();
    shop.rollout(ORDERS).announce().commit();
    assertThat(take(old)).containsExactly(0L);
    assertThat(take(current)).containsExactly(0L);

    amendWithWarning(
        1, contract(More.Payment.class), "note", "major version 2", "'note'", "alsoTo(1");

    PublishReceipt both = publish(1, new More.Payment(1, "bob", 2, Optional.of("gift")));
    assertThat(both.contractVersion()).hasToString("1.1.0");
    assertThat(both.otherVersions()).extracting(PublishReceipt::rowsAccepted).containsExactly(1L);
    publish(1, new Payment(2, "eve", 2));
    State before = state();
    assertRefused(
        ErrorCode.VERSION_LEFT_OUT,
        () -> publish(2, new PaymentOfBuyer(3, "kim", 1)),
        "major version 1",
        "'note'",
        "alsoTo(1",
        "Nothing was published");
    assertNothingChanged(before);
    shop.publish(ORDERS)
        .majorVersion(2)
        .<PaymentOfBuyer>records(List.of(new PaymentOfBuyer(3, "kim", 1)))
        .alsoTo(1, row -> new Payment(row.id(), row.buyer(), row.quantity()))
        .commit();

    assertThat(rows(1, More.Payment.class))
        .containsExactlyInAnyOrder(
            new More.Payment(0, "ann", 3, Optional.empty()),
            new More.Payment(1, "bob", 2, Optional.of("gift")),
            new More.Payment(2, "eve", 2, Optional.empty()),
            new More.Payment(3, "kim", 1, Optional.empty()));
    assertThat(rows(2, PaymentOfBuyer.class))
        .containsExactlyInAnyOrder(
            new PaymentOfBuyer(0, "ann", 3),
            new PaymentOfBuyer(1, "bob", 2),
            new PaymentOfBuyer(2, "eve", 2),
            new PaymentOfBuyer(3, "kim", 1));
    assertLevel();
    assertThat(take(current)).containsExactly(1L, 2L, 3L);
    assertThat(take(old)).containsExactly(1L, 2L, 3L);
    publish(1, new More.Payment(4, "lou", 1, Optional.empty()));
    Subscription<Map<String, Object>> moved = copy("old").majorVersion(2).commit();
    assertThat(take(moved)).containsExactly(4L);
    as("finance").rollout(ORDERS).track("old").moved().because("Done").commit();
    shop.rollout(ORDERS).close().commit();
    clock.advance(Duration.ofDays(31));
    assertThat(shop.rollout(ORDERS).retire().commit().state()).isEqualTo(Rollout.State.RETIRED);
    publish(2, new PaymentOfBuyer(5, "zoe", 1));
    assertThat(take(moved)).containsExactly(5L);
    assertThat(take(current)).containsExactly(4L, 5L);
    assertWhole();
  }

  @Test
  void aNewColumnOfTheNewVersionNeedsNoMapping() {
    inParallel();

    amend(2, contract(More.PaymentOfBuyer.class));

    publish(1, new Payment(1, "bob", 2));
    publish(2, new More.PaymentOfBuyer(2, "eve", 2, Optional.of("web")));
    assertThat(rows(1, Payment.class))
        .extracting(Payment::id)
        .containsExactlyInAnyOrder(0L, 1L, 2L);
    assertThat(rows(2, More.PaymentOfBuyer.class))
        .extracting(More.PaymentOfBuyer::channel)
        .containsExactlyInAnyOrder(Optional.empty(), Optional.empty(), Optional.of("web"));
    assertLevel();
    assertWhole();
  }

  @Test
  void bothVersionsGetAColumnAndAreCompared() {
    MeshClient shop = inParallel();
    amend(2, contract(More.PaymentOfBuyer.class));
    amendWithWarning(1, contract(More.Payment.class), "note", "alsoTo(1");

    shop.publish(ORDERS)
        .majorVersion(2)
        .<More.PaymentOfBuyer>records(
            List.of(new More.PaymentOfBuyer(1, "bob", 2, Optional.of("web"))))
        .alsoTo(1, row -> new More.Payment(row.id(), row.buyer(), row.quantity(), row.channel()))
        .commit();
    assertLevel();

    shop.publish(ORDERS)
        .majorVersion(2)
        .<PaymentOfBuyer>records(List.of(new PaymentOfBuyer(2, "eve", 2)))
        .alsoTo(1, row -> new Payment(row.id(), row.buyer(), row.quantity() + 1))
        .commit();
    assertThat(shop.rollout(ORDERS).verify().commit().onlyInOld()).isEqualTo(1);
    assertWhole();
  }

  @Test
  void aStricterRuleOfTheOldVersionRejectsPublishesOfTheNewOneAsAWhole() {
    inParallel();
    amend(1, contract(Payment.class).require(atLeast("quantity", 1).id("ordered")));
    State before = state();

    assertThatThrownBy(
            () -> publish(2, new PaymentOfBuyer(1, "bob", 2), new PaymentOfBuyer(2, "eve", 0)))
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContainingAll("1.1.0", "ordered");

    assertNothingChanged(before);
    publish(2, new PaymentOfBuyer(1, "bob", 2));
    assertThat(rows(1, Payment.class)).hasSize(2);
    assertThat(rows(2, PaymentOfBuyer.class)).hasSize(2);
    assertLevel();
    assertWhole();
  }

  @Test
  void aRowThatBreaksTheStricterRuleIsInTheQuarantineOfBoth() {
    policy = OnViolation.QUARANTINE;
    MeshClient shop = inParallel();
    amend(1, contract(Payment.class).require(atLeast("quantity", 1).id("ordered")));

    publish(2, new PaymentOfBuyer(1, "bob", 2), new PaymentOfBuyer(2, "eve", 0));
    publish(1, new Payment(3, "kim", 0), new Payment(4, "lou", 1));

    assertThat(rows(1, Payment.class))
        .extracting(Payment::id)
        .containsExactlyInAnyOrder(0L, 1L, 4L);
    assertThat(rows(2, PaymentOfBuyer.class))
        .extracting(PaymentOfBuyer::id)
        .containsExactlyInAnyOrder(0L, 1L, 4L);
    assertThat(all(shop.quarantine(ORDERS).majorVersion(1).asMaps()))
        .extracting(row -> String.valueOf(row.get("rules")))
        .hasSize(2)
        .allMatch(rules -> rules.contains("ordered"));
    assertThat(all(shop.quarantine(ORDERS).majorVersion(2).asMaps()))
        .extracting(row -> String.valueOf(row.get("rules")))
        .hasSize(2)
        .allMatch(rules -> rules.contains("1.1.0:ordered"));
    assertLevel();
    assertWhole();
  }

  @Test
  void aWiderTypeOfTheOldVersionNeedsAMappingToTheNewOne() {
    mode = Compatibility.BACKWARD;
    MeshClient shop = inParallel();

    amendWithWarning(
        1, contract(Wide.Payment.class), "quantity", "major version 1", "'quantity'", "alsoTo(2");

    State before = state();
    assertRefused(
        ErrorCode.VERSION_LEFT_OUT,
        () -> publish(1, new Wide.Payment(1, "bob", 2)),
        "major version 2",
        "'quantity'",
        "alsoTo(2");
    assertNothingChanged(before);
    shop.publish(ORDERS)
        .majorVersion(1)
        .<Wide.Payment>records(List.of(new Wide.Payment(1, "bob", 2)))
        .alsoTo(
            2, row -> new PaymentOfBuyer(row.id(), row.customer(), Math.toIntExact(row.quantity())))
        .commit();
    publish(2, new PaymentOfBuyer(2, "eve", 5));
    assertThat(rows(1, Wide.Payment.class))
        .containsExactlyInAnyOrder(
            new Wide.Payment(0, "ann", 3),
            new Wide.Payment(1, "bob", 2),
            new Wide.Payment(2, "eve", 5));
    assertThat(rows(2, PaymentOfBuyer.class)).hasSize(3);
    assertLevel();
    assertWhole();
  }

  /** Payments with a currency, of which the last one is the default. */
  private Contract currencies(String customer, String... symbols) {
    return contract(
        Contract.of(
            new Schema.Parser()
                .parse(
                    """
                    {"type": "record", "name": "Payment", "fields": [
                      {"name": "id", "type": "long"},
                      {"name": "%s", "type": "string"},
                      {"name": "currency", "type": {"type": "enum", "name": "Currency",
                        "symbols": ["%s"], "default": "%s"}}]}
                    """
                        .formatted(
                            customer,
                            String.join("\", \"", symbols),
                            symbols[symbols.length - 1]))));
  }

  private void publishCurrency(int major, long id, String currency) {
    shop()
        .publish(ORDERS)
        .majorVersion(major)
        .records(
            List.of(row("id", id, major == 1 ? "customer" : "buyer", "ann", "currency", currency)))
        .commit();
  }

  @Test
  void aNewSymbolOfTheOldVersionNeedsAMappingUntilTheNewOneHasIt() {
    defineOrders(currencies("customer", "EUR", "OTHER"));
    publishCurrency(1, 0, "EUR");
    rollOut(currencies("buyer", "EUR", "OTHER"));

    amendWithWarning(
        1, currencies("customer", "EUR", "CHF", "OTHER"), "currency", "[CHF]", "alsoTo(2");

    State before = state();
    assertRefused(
        ErrorCode.VERSION_LEFT_OUT,
        () -> publishCurrency(1, 1, "CHF"),
        "major version 2",
        "'currency'",
        "[CHF]");
    assertNothingChanged(before);
    publishCurrency(2, 1, "EUR");
    amend(2, currencies("buyer", "EUR", "CHF", "OTHER"));
    publishCurrency(1, 2, "CHF");
    publishCurrency(2, 3, "CHF");
    for (int major : new int[] {1, 2}) {
      assertThat(all(shop().read(ORDERS).majorVersion(major).asMaps()))
          .extracting(row -> row.get("id") + " " + row.get("currency"))
          .containsExactlyInAnyOrder("0 EUR", "1 EUR", "2 CHF", "3 CHF");
    }
    assertLevel();
    assertWhole();
  }

  @Test
  void aPlanIsOutdatedWhenTheOtherVersionIsAmended() {
    inParallel();
    ContractPlan plan = plan(1, contract(More.Payment.class));
    assertThat(plan.findings()).extracting(Finding::code).contains(MAPPING_REQUIRED);

    amend(2, contract(WithNote.PaymentOfBuyer.class));

    assertThatThrownBy(plan::commit)
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("new plan");
    amend(1, contract(More.Payment.class));
    publish(2, new WithNote.PaymentOfBuyer(1, "bob", 2, Optional.of("gift")));
    publish(1, new More.Payment(2, "eve", 2, Optional.of("card")));
    assertThat(rows(1, More.Payment.class))
        .extracting(More.Payment::note)
        .containsExactlyInAnyOrder(Optional.empty(), Optional.of("gift"), Optional.of("card"));
    assertThat(rows(2, WithNote.PaymentOfBuyer.class))
        .extracting(WithNote.PaymentOfBuyer::note)
        .containsExactlyInAnyOrder(Optional.empty(), Optional.of("gift"), Optional.of("card"));
    assertLevel();
    assertWhole();
  }
}
