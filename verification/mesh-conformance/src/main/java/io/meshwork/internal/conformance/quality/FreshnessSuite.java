package io.meshwork.internal.conformance.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.card.Health;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.consume.Subscription.Freshness;
import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.publish.PublishReceipt;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** Freshness and completeness of a product, and waiting for fresh rows. */
public abstract class FreshnessSuite extends MeshFixture {
  private static final Instant MIDNIGHT = Instant.parse("2026-11-20T00:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  private Subscription<GenericRecord> reader(Contract contract) {
    defineOrders(contract);
    return registerFinance().subscribe(ORDERS).name("report").purpose("A report").commit();
  }

  private Subscription<GenericRecord> reader() {
    return reader(Contract.of(Order.class));
  }

  private Contract promising(Duration freshness) {
    return Contract.of(Order.class).freshWithin(freshness);
  }

  @Test
  void aProductIsLateWhenItIsOlderThanItsContractPromises() {
    Subscription<GenericRecord> reader = reader(promising(HOUR));
    assertThat(reader.freshness().status()).isEqualTo(Health.Status.NEVER_PUBLISHED);
    assertThat(reader.freshness().isFresh()).isFalse();
    assertThat(reader.freshness().lastUpdated()).isEmpty();

    PublishReceipt receipt = shop().publish(ORDERS).records(Order.range(0, 3)).commit();
    clock.advance(HOUR);
    assertThat(reader.freshness())
        .isEqualTo(
            new Freshness(
                Health.Status.FRESH,
                Optional.of(receipt.committedAt()),
                Optional.empty(),
                Optional.empty(),
                Duration.ZERO,
                "shop@example.org"));
    clock.advance(Duration.ofMinutes(5));
    assertThat(reader.freshness().status()).isEqualTo(Health.Status.LATE);
    assertThat(reader.freshness().lateBy()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void erasingAndRollingBackDoNotRefreshAProduct() {
    Subscription<GenericRecord> reader = reader(promising(HOUR));
    MeshClient shop = shop();
    PublishReceipt first = shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    clock.advance(Duration.ofMinutes(10));
    shop.erase(ORDERS).where("id = 1").because("asked to").commit();
    clock.advance(Duration.ofMinutes(10));
    shop.rollBack(ORDERS)
        .to(first.snapshotId().orElseThrow())
        .because("a mistake")
        .restoreErased()
        .commit();
    assertThat(reader.freshness().lastUpdated()).contains(first.committedAt());

    PublishReceipt replaced = shop.publish(ORDERS).records(Order.range(0, 2)).replaceAll().commit();
    assertThat(reader.freshness().lastUpdated()).contains(replaced.committedAt());
  }

  @Test
  void aRollbackRestoresTheAgeOfTheRows() {
    Subscription<GenericRecord> reader = reader(promising(HOUR));
    MeshClient shop = shop();
    PublishReceipt first = shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    clock.advance(Duration.ofMinutes(50));
    PublishReceipt wrong = shop.publish(ORDERS).records(Order.range(3, 6)).commit();
    clock.advance(Duration.ofMinutes(30));
    assertThat(reader.freshness().status()).isEqualTo(Health.Status.FRESH);

    PublishReceipt back =
        shop.rollBack(ORDERS).to(first.snapshotId().orElseThrow()).because("wrong").commit();

    assertThat(reader.freshness().lastUpdated()).contains(first.committedAt());
    assertThat(reader.freshness().lateBy()).isEqualTo(Duration.ofMinutes(20));
    shop.erase(ORDERS).where("id = 1").because("asked to").commit();
    clock.advance(Duration.ofDays(2));
    mesh.maintain().commit();
    assertThat(shop.read(ORDERS).snapshots()).hasSize(1);
    assertThat(reader.freshness().lastUpdated())
        .as("the time survives the expiry of its snapshot")
        .contains(first.committedAt());
    PublishReceipt again = shop.publish(ORDERS).records(Order.range(3, 6)).commit();
    assertThat(reader.freshness().lastUpdated()).contains(again.committedAt());
    shop.rollBack(ORDERS).to(again.snapshotId().orElseThrow()).because("nothing changes").commit();
    assertThat(reader.freshness().lastUpdated()).contains(again.committedAt());
    assertThat(back.committedAt()).isAfter(wrong.committedAt());
    assertWhole();
  }

  @Test
  void aProductWithoutAFreshnessTermIsNeverLate() {
    Subscription<GenericRecord> reader = reader();

    assertThat(reader.freshness().status()).isEqualTo(Health.Status.NO_PROMISE);
    assertThat(reader.awaitFresh(HOUR)).isTrue();
  }

  @Test
  void waitingForFreshRowsEndsWithThemOrTimesOut() {
    Subscription<GenericRecord> reader = reader(promising(HOUR));
    Instant began = clock.instant();

    assertThat(reader.awaitFresh(Duration.ofMinutes(30))).isFalse();
    assertThat(clock.instant()).isEqualTo(began.plus(Duration.ofMinutes(30)));
    onceWaiting = () -> shop().publish(ORDERS).records(Order.range(0, 3)).commit();
    assertThat(reader.awaitFresh(Duration.ofMinutes(30))).isTrue();
    assertThat(clock.instant()).isBefore(began.plus(Duration.ofMinutes(31)));
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> reader.awaitFresh(Duration.ZERO), "atMost");
  }

  @Test
  void theProducerStatesUntilWhenRowsAreComplete() {
    Subscription<GenericRecord> reader = reader();
    MeshClient shop = shop();

    PublishReceipt stated =
        shop.publish(ORDERS).records(Order.range(0, 3)).completeUpTo(MIDNIGHT).commit();
    shop.publish(ORDERS).records(Order.range(3, 5)).commit();
    shop.erase(ORDERS).where("id = 1").because("asked to").commit();

    assertThat(stated.dataTime()).contains(MIDNIGHT);
    assertThat(stated.toJson()).contains("\"dataTime\":\"2026-11-20T00:00:00Z\"");
    assertThat(shop.publishHistory(ORDERS).receipts().get(0).dataTime()).contains(MIDNIGHT);
    assertThat(reader.freshness().completeUpTo()).contains(MIDNIGHT);
    assertThat(reader.awaitComplete(MIDNIGHT, HOUR)).isTrue();
    assertThat(reader.awaitComplete(MIDNIGHT.plusMillis(1), HOUR)).isFalse();
    assertWhole();
  }

  @Test
  void anEmptyPublishMayCompleteATime() {
    Subscription<GenericRecord> reader = reader(promising(HOUR));
    shop().publish(ORDERS).records(Order.range(0, 3)).completeUpTo(MIDNIGHT).commit();
    try (Batch<GenericRecord> batch = reader.poll()) {
      batch.ack();
    }
    clock.advance(Duration.ofHours(2));
    Instant noon = MIDNIGHT.plus(Duration.ofHours(12));
    onceWaiting =
        () -> shop().publish(ORDERS).records(Order.range(0, 0)).completeUpTo(noon).commit();

    assertThat(reader.awaitComplete(noon, HOUR)).isTrue();
    assertThat(reader.freshness().isFresh()).isTrue();
    try (Batch<GenericRecord> batch = reader.poll()) {
      assertThat(batch.isEmpty()).as("an empty publish creates no batch").isTrue();
    }
    assertThat(reader.position().sequence()).isEqualTo(2);
    assertThat(orders()).hasSize(3);
    shop().publish(ORDERS).records(Order.range(3, 4)).completeUpTo(MIDNIGHT).commit();
    assertThat(reader.freshness().completeUpTo())
        .as("the complete time never decreases")
        .contains(noon);
  }

  @Test
  void aTimeFarInTheFutureCannotBeComplete() {
    Subscription<GenericRecord> reader = reader();
    Instant latest = clock.instant().plus(Duration.ofHours(24));
    State before = state();

    assertThatThrownBy(
            () ->
                shop()
                    .publish(ORDERS)
                    .records(Order.range(0, 1))
                    .completeUpTo(latest.plusMillis(1))
                    .commit())
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessageContainingAll("completeUpTo", "24 hours", "Nothing was published");
    assertNothingChanged(before);
    shop().publish(ORDERS).records(Order.range(0, 1)).completeUpTo(latest).commit();
    assertThat(reader.freshness().completeUpTo()).contains(latest);
  }

  @Test
  void aRollbackRestoresTheCompleteTime() {
    Subscription<GenericRecord> reader = reader();
    PublishReceipt first = shop().publish(ORDERS).records(Order.range(0, 3)).commit();
    shop().publish(ORDERS).records(Order.range(3, 6)).completeUpTo(MIDNIGHT).commit();

    shop().rollBack(ORDERS).to(first.snapshotId().orElseThrow()).because("wrong").commit();

    assertThat(reader.freshness().completeUpTo()).isEmpty();
    shop().publish(ORDERS).records(Order.range(6, 7)).commit();
    assertThat(reader.freshness().completeUpTo()).isEmpty();
  }
}
