package io.meshwork.internal.conformance.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.contract.Contract;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.rollout.Rollout;
import java.time.Duration;
import java.time.Period;
import java.util.List;

/** Payments in three major versions, between which rows are converted without a mapping. */
public abstract class ThreeVersionsFixture extends MeshFixture {
  /** A payment of the first major version. */
  public record Payment(long id, String customer) {}

  /** A payment of the second major version. */
  public record PaymentOfBuyer(long id, String buyer) {}

  /** A payment of the third major version. */
  public record PaymentOfPayer(long id, String payer) {}

  static Contract contract(Class<?> rows) {
    return Contract.of(rows).noticePeriod(Period.ofDays(30));
  }

  final void defined() {
    defineOrders(contract(Payment.class))
        .publish(ORDERS)
        .records(List.of(new Payment(0, "ann"), new Payment(1, "bob"), new Payment(2, "eve")))
        .commit();
    registerFinance();
  }

  final MajorRollout rollout(int number) {
    return shop().rollouts().stream()
        .filter(each -> each.number() == number)
        .map(MajorRollout.class::cast)
        .findFirst()
        .orElseThrow();
  }

  /** Rolls out a contract, whose major version has the same rows, and notifies the consumers. */
  final void rollOut(Class<?> next, String old, String now) {
    shop()
        .startRollout(ORDERS)
        .contract(contract(next))
        .renameColumn(old, now)
        .because("Names")
        .commit();
    shop().rollout(ORDERS).backFill().commit().activate().commit().announce().commit();
  }

  final void second() {
    rollOut(PaymentOfBuyer.class, "customer", "buyer");
  }

  final void third() {
    rollOut(PaymentOfPayer.class, "buyer", "payer");
  }

  final void retire(int number) {
    rollout(number).close().commit();
    clock.advance(Duration.ofDays(31));
    assertThat(rollout(number).retire().commit().state()).isEqualTo(Rollout.State.RETIRED);
  }

  final void publish(int major, Object... rows) {
    shop().publish(ORDERS).majorVersion(major).records(List.of(rows)).commit();
  }

  final void assertIds(int major, Long... ids) {
    assertThat(all(shop().read(ORDERS).majorVersion(major).asMaps()))
        .as("major version %s", major)
        .extracting(row -> row.get("id"))
        .containsExactlyInAnyOrder((Object[]) ids);
  }
}
