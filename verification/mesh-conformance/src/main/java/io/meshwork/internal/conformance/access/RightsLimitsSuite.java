package io.meshwork.internal.conformance.access;

import static io.meshwork.access.TagSelection.where;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.AccessPlan;
import io.meshwork.access.AccessPlan.AccessChange;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Limits of the size and duration of rights. A change beyond a limit changes nothing. */
public abstract class RightsLimitsSuite extends MeshFixture {
  private static final Principal ETL = Principal.of("finance", "etl");
  private static final Principal ANALYST = Principal.of("finance", "analyst");
  private static final Principal INTERN = Principal.of("finance", "intern");

  /** The maximum number of roles to which one transaction can grant. */
  private static final int MOST_GRANTS = 81;

  private MeshClient shopThatSharesNothing() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    registerFinance();
    return shop;
  }

  private static Principal[] roles(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Principal.of("finance", "role" + i))
        .toArray(Principal[]::new);
  }

  private void assertDenied(Principal who) {
    assertThatThrownBy(() -> all(mesh.clientAs(who).read(ORDERS)))
        .isInstanceOf(AccessDeniedException.class);
  }

  private void assertReads(Principal who) {
    assertThat(all(mesh.clientAs(who).read(ORDERS).as(Order.class))).isEqualTo(Order.range(0, 3));
  }

  @Test
  void aChangeLargerThanATransactionIsRejectedAsAWhole() {
    MeshClient shop = shopThatSharesNothing();
    State before = state();

    assertRefused(
        ErrorCode.LIMIT_EXCEEDED,
        () -> shop.grant(ORDERS).to(roles(MOST_GRANTS + 1)).because("All").commit(),
        ORDERS,
        "91 actions",
        "the limit is 90",
        "Nothing was changed",
        "Split it");
    assertNothingChanged(before);

    List<GrantSummary> grants = shop.grant(ORDERS).to(roles(MOST_GRANTS)).because("All").commit();
    assertThat(grants).hasSize(MOST_GRANTS);
    assertReads(Principal.of("finance", "role" + (MOST_GRANTS - 1)));
    String[] ids = grants.stream().map(GrantSummary::id).toArray(String[]::new);
    assertThat(shop.revoke(ids).commit()).hasSize(MOST_GRANTS);
    assertDenied(Principal.of("finance", "role0"));
    assertThat(shop.access().grants()).isEmpty();
    assertWhole();
  }

  @Test
  void aChangeLargerThanALogEntryIsRejectedAsAWhole() {
    MeshClient shop = shopThatSharesNothing();
    String reason = "理".repeat(4_096);
    State before = state();

    // Each grant fits into its document, but together they exceed one log entry.
    assertRefused(
        ErrorCode.LIMIT_EXCEEDED,
        () -> shop.grant(ORDERS).to(roles(30)).because(reason).commit(),
        ORDERS,
        "log",
        "the limit is 358400",
        "Nothing was changed",
        "Split it");
    assertNothingChanged(before);

    assertThat(shop.grant(ORDERS).to(roles(28)).because(reason).commit())
        .hasSize(28)
        .allSatisfy(grant -> assertThat(grant.because()).isEqualTo(reason));
    assertWhole();
  }

  @Test
  void aPassedOnGrantEndsWithTheOriginalOne() {
    MeshClient shop = shopThatSharesNothing();
    Instant end = clock.instant().plus(Duration.ofHours(1));
    shop.grant(ORDERS).toAccounts("finance").withGrantOption().until(end).because("A").commit();
    as("finance").grant(ORDERS).to(ANALYST).because("Handed on").commit();
    shop.grantByTags(where("domain", "commerce")).to(ETL).until(end).because("B").commit();
    Subscription<Map<String, Object>> subscription =
        as("finance").subscribe(ORDERS).name("s").purpose("test").asMaps().commit();

    clock.advance(Duration.ofHours(1).minusNanos(1));
    assertReads(ETL);
    assertReads(ANALYST);
    try (Batch<Map<String, Object>> batch = subscription.poll()) {
      assertThat(batch).hasSize(3);
      batch.ack();
    }
    shop.publish(ORDERS).records(Order.range(3, 4)).commit();

    clock.advance(Duration.ofNanos(1));
    assertDenied(ETL);
    assertDenied(ANALYST);
    assertThatThrownBy(subscription::poll).isInstanceOf(AccessDeniedException.class);
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.grant(ORDERS).to(ETL).until(end).because("Late").commit(),
        end.toString(),
        "already");
    shop.grant(ORDERS).to(INTERN).until(end.plusNanos(1)).because("A moment").commit();
    assertThat(all(mesh.clientAs(INTERN).read(ORDERS).as(Order.class))).hasSize(4);
    clock.advance(Duration.ofNanos(1));
    assertDenied(INTERN);
  }

  @Test
  void aGrantIsRevokedAloneOrWithPassedOnGrants() {
    MeshClient shop = shopThatSharesNothing();
    shop.grant(ORDERS).toAccounts("finance").withGrantOption().because("A").commit();
    String first =
        as("finance").grant(ORDERS).to(ANALYST).withGrantOption().because("B").commit().get(0).id();
    String second = passedOn(ANALYST, INTERN);
    String third = passedOn(INTERN, Principal.of("finance", "clerk"));
    String otherGrant = as("finance").grant(ORDERS).to(ETL).because("E").commit().get(0).id();

    AccessPlan<List<GrantSummary>> alone = as("finance").revoke(first).plan();
    assertThat(alone.findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.DEPENDENT_GRANT_STAYS);
    assertThat(alone.findings()).extracting(Finding::where).containsExactly(second);
    assertThat(alone.losses()).extracting(AccessChange::who).containsExactly("finance/analyst");

    AccessPlan<List<GrantSummary>> with = as("finance").revoke(first).cascade().plan();
    assertThat(with.findings()).isEmpty();
    assertThat(with.losses())
        .extracting(AccessChange::who)
        .containsExactlyInAnyOrder("finance/analyst", "finance/intern", "finance/clerk");
    assertThat(with.commit())
        .extracting(GrantSummary::id)
        .containsExactlyInAnyOrder(first, second, third);

    for (Principal gone : List.of(ANALYST, INTERN, Principal.of("finance", "clerk"))) {
      assertDenied(gone);
    }
    assertReads(ETL);
    assertThat(as("finance").access().grants())
        .extracting(GrantSummary::id)
        .containsExactly(otherGrant);
    assertWhole();
  }

  private String passedOn(Principal by, Principal to) {
    return mesh.clientAs(by)
        .grant(ORDERS)
        .to(to)
        .withGrantOption()
        .because("Handed on")
        .commit()
        .get(0)
        .id();
  }

  @Test
  void revokingAGrantAloneKeepsPassedOnGrants() {
    MeshClient shop = shopThatSharesNothing();
    shop.grant(ORDERS).toAccounts("finance").withGrantOption().because("A").commit();
    String first =
        as("finance").grant(ORDERS).to(ANALYST).withGrantOption().because("B").commit().get(0).id();
    String second = passedOn(ANALYST, INTERN);

    as("finance").revoke(first).commit();

    assertDenied(ANALYST);
    assertReads(INTERN);
    assertThat(as("finance").access().grants())
        .extracting(GrantSummary::id)
        .containsExactly(second);
  }

  @Test
  void tagsHaveTheLimitsOfLakeFormation() {
    MeshClient shop = shopThatSharesNothing();
    String fifty = "ä".repeat(50);
    assertThat(shop.governance().defineTag(fifty, fifty).commit()).containsExactly(fifty);
    assertThat(shop.access().tag(ORDERS).set(fifty.toUpperCase(Locale.ROOT), fifty).commit())
        .containsEntry(fifty, fifty);
    State before = state();

    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.governance().defineTag(fifty + "x", "a"),
        "51 characters",
        "the limit is 50");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.governance().defineTag("a", fifty + "x"),
        "51 characters",
        "the limit is 50");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT, () -> shop.access().tag(ORDERS).set(fifty, fifty + "x"), "51");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT, () -> shop.governance().defineTag("a", "*"), "all values");
    assertRefused(
        ErrorCode.LIMIT_EXCEEDED,
        () -> shop.governance().defineTag("many", values(1_001)).commit(),
        "1001 values",
        "the limit is 1000");
    assertNothingChanged(before);

    assertThat(shop.governance().defineTag("many", values(1_000)).commit()).hasSize(1_000);
    assertRefused(
        ErrorCode.LIMIT_EXCEEDED,
        () -> shop.governance().defineTag("many", "one-more").commit(),
        "1001 values");
    // A hundred values take more than 900 bytes of JSON.
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.grantByTags(where("many", values(100))).to(ETL).because("Too many").commit(),
        "900 bytes",
        "EXPRESSION_TOO_LARGE");
    assertThat(shop.grantByTags(where("many", values(50))).to(ETL).because("Fits").commit())
        .hasSize(2);
  }

  private static String[] values(int count) {
    return IntStream.range(0, count).mapToObj(i -> "value" + i).toArray(String[]::new);
  }
}
