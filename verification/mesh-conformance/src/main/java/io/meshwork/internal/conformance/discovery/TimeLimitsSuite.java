package io.meshwork.internal.conformance.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Every time and duration is accepted or rejected, and never causes an arithmetic error. */
public abstract class TimeLimitsSuite extends MeshFixture {
  private static final List<Instant> TIMES =
      List.of(Instant.MIN, Instant.EPOCH.minusSeconds(1), Instant.MAX);

  private static final List<Duration> SPANS =
      List.of(
          Duration.ofSeconds(Long.MIN_VALUE),
          Duration.ofDays(-1),
          Duration.ZERO,
          Duration.ofSeconds(Long.MAX_VALUE));

  @Test
  void textWithConfusableCharactersIsRejected() {
    MeshClient shop = defineOrders();
    MeshClient finance = registerFinance();
    for (int hidden : List.of(0x0, 0x1B, 0x202A, 0x202E, 0x2028, 0x2029, 0x2066, 0x2069)) {
      String text = "a" + (char) hidden + "b";
      State before = state();
      for (ThrowingCallable call :
          List.<ThrowingCallable>of(
              () -> shop.registerDomain("commerce").description(text).commit(),
              () -> shop.registerDomain("commerce").owner(text).commit(),
              () ->
                  shop.defineProduct("commerce/other")
                      .contract(Contract.of(Order.class).description(text))
                      .commit(),
              () -> shop.amendContract(ORDERS, Contract.of(Order.class).description(text)).commit(),
              () -> shop.governance().defineTag("use", text).commit(),
              () -> shop.grant(ORDERS).to(finance.principal()).because(text).commit(),
              () -> finance.requests().requestAccess(ORDERS).purpose(text).commit(),
              () -> finance.subscribe(ORDERS).name("daily").purpose(text).commit(),
              () ->
                  shop.publish(ORDERS).records(Order.range(0, 1)).idempotencyKey(text).commit())) {
        assertThatThrownBy(call)
            .as("U+%04X", hidden)
            .isInstanceOf(InvalidRequestException.class)
            .hasMessageContaining("character");
      }
      assertNothingChanged(before);
    }
  }

  @Test
  void aLinkDatabaseAndADomainNeverShareAName() {
    defineOrders();
    MeshClient finance = registerFinance();
    finance.linkResource(ORDERS).database("growth_db").name("orders").commit();
    State before = state();
    assertThatThrownBy(() -> finance.linkResource(ORDERS).database("_mesh").name("orders").commit())
        .isInstanceOf(MeshException.class)
        .hasMessageContainingAll("_mesh", "Choose another database");
    assertThatThrownBy(
            () -> as("growth-db").registerDomain("growth-db").owner("g@example.org").commit())
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining("growth_db");
    assertNothingChanged(before);
  }

  private static void assertNoArithmetic(Map<String, ThrowingCallable> calls) {
    List<String> raw = new ArrayList<>();
    calls.forEach(
        (name, call) -> {
          try {
            call.call();
          } catch (MeshException refused) {
            assertThat(refused.code()).as(name).isNotBlank();
          } catch (Throwable thrown) {
            raw.add(name + ": " + thrown);
          }
        });
    assertThat(raw).isEmpty();
  }

  @Test
  void everyTimeIsAcceptedOrRejected() {
    MeshClient shop = defineOrders(Contract.of(Order.class).freshWithin(Duration.ofDays(1)));
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    Principal analyst = Principal.of("finance", "analyst");
    MeshClient finance = registerFinance();
    for (Instant time : TIMES) {
      Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
      Subscription<?> subscription = finance.subscribe(ORDERS).name("daily").purpose("x").commit();
      calls.put("audit since", () -> shop.governance().audit().since(time).list());
      calls.put("audit until", () -> shop.governance().audit().until(time).list());
      calls.put(
          "audit of since", () -> shop.governance().audit().subject(ORDERS).since(time).list());
      calls.put("read as of", () -> all(shop.read(ORDERS).asOf(time)));
      calls.put(
          "subscribe from",
          () -> finance.subscribe(ORDERS).name("from").purpose("x").fromTime(time).commit());
      calls.put("seek", () -> subscription.seekToTime(time).commit());
      calls.put("complete", () -> subscription.awaitComplete(time, Duration.ofMillis(1)));
      calls.put("grant", () -> shop.grant(ORDERS).to(analyst).until(time).because("x").commit());
      calls.put(
          "authorize",
          () ->
              shop.access()
                  .authorize(ORDERS)
                  .executors(analyst)
                  .forAnyConsumer()
                  .until(time)
                  .because("x")
                  .commit());
      calls.put(
          "request",
          () -> finance.requests().requestAccess(ORDERS).until(time).purpose("x").commit());
      calls.put(
          "publish",
          () -> shop.publish(ORDERS).records(Order.range(3, 4)).completeUpTo(time).commit());
      calls.put("freshness", subscription::freshness);
      calls.put("maintain", () -> mesh.maintain().commit());
      calls.put("review", () -> shop.governance().accessReview("commerce"));
      calls.put("describe", () -> finance.describe(ORDERS));
      assertNoArithmetic(calls);
    }
    assertThat(shop.governance().audit().since(Instant.MIN).list())
        .isEqualTo(shop.governance().audit().list());
    assertThat(shop.governance().audit().since(Instant.MAX).list()).isEmpty();
  }

  @Test
  void everyDurationIsAcceptedOrRejected() {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    MeshClient finance = registerFinance();
    Subscription<?> subscription = finance.subscribe(ORDERS).name("daily").purpose("x").commit();
    for (Duration span : SPANS) {
      Map<String, ThrowingCallable> calls = new LinkedHashMap<>();
      calls.put("unused", () -> shop.governance().accessReview("commerce").unusedFor(span));
      calls.put("expiring", () -> shop.governance().accessReview("commerce").expiringWithin(span));
      calls.put(
          "publish", () -> shop.publish(ORDERS).records(Order.range(3, 4)).timeout(span).commit());
      calls.put("fresh", () -> Contract.of(Order.class).freshWithin(span));
      calls.put("notice", () -> Contract.of(Order.class).noticePeriod(span));
      calls.put("snapshots", () -> mesh.maintain().keepSnapshotsFor(span).commit());
      calls.put("receipts", () -> mesh.maintain().keepReceiptsFor(span).commit());
      calls.put("maintain", () -> mesh.maintain().timeout(span).commit());
      calls.put("await", () -> subscription.awaitFresh(span));
      if (span.isNegative() || span.isZero()) {
        calls.put(
            "poll",
            () -> {
              try (Batch<?> batch = subscription.poll(span)) {
                assertThat(batch.id()).isNotNull();
              }
            });
      }
      assertNoArithmetic(calls);
    }
    assertThatThrownBy(
            () ->
                shop.governance()
                    .accessReview("commerce")
                    .unusedFor(Duration.ofSeconds(Long.MAX_VALUE)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("36500 days");
  }
}
