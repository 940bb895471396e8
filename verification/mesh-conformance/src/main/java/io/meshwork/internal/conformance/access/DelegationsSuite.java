package io.meshwork.internal.conformance.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.AuthorizationSummary;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.AccessPlan;
import io.meshwork.access.AccessPlan.AccessChange;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.event.EventDetailsCodec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An authorization ends when it is withdrawn, and delegates stay within its limits. */
public abstract class DelegationsSuite extends AuthorizationFixture {
  @Test
  void aWithdrawnAuthorizationGrantsNothingAndKeepsEarlierGrantsByDefault() {
    MeshClient shop = shopBesideOthers();
    AuthorizationSummary authorization = standing();
    GrantSummary grant = granted(ETL);

    AccessPlan<List<AuthorizationSummary>> plan =
        shop.access().withdrawAuthorization(authorization.id()).plan();
    assertThat(plan.findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.EXECUTOR_GRANT_STAYS);
    assertThat(plan.findings()).extracting(Finding::where).containsExactly(grant.id());
    assertThat(plan.losses()).isEmpty();
    assertThat(plan.commit()).containsExactly(authorization);
    assertThat(columnsReadBy(ETL)).contains("id");
    assertThat(shop.access().authorizations()).isEmpty();
    assertUnauthorized(
        () -> steward().grant(ORDERS).to(ANALYST).because("More").commit(), "NO_AUTHORIZATION");

    shop.access().authorize(ORDERS).executors(STEWARD).forAnyConsumer().because("Again").commit();
    AccessPlan<List<AuthorizationSummary>> all =
        shop.access().withdrawAuthorization(authorization.id()).cascade().because("Enough").plan();
    assertThat(all.losses()).extracting(AccessChange::who).containsExactly("finance/etl");
    all.commit();
    assertThat(columnsReadBy(ETL)).isEmpty();
    assertThat(shop.access().grants()).isEmpty();
    assertThat(shop.events(ORDERS).list())
        .filteredOn(event -> event.type() == MeshEvent.Type.AUTHORIZATION_WITHDRAWN)
        .extracting(
            event ->
                ((EventDetails.ChangedAuthorizations) EventDetailsCodec.detailsOf(event))
                    .grants()
                    .size())
        .containsExactly(0, 1);
    State before = state();
    assertThat(shop.access().withdrawAuthorization(authorization.id()).commit()).isEmpty();
    assertNothingChanged(before);
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void anExecutorRevokesOnlyItsOwnGrants() {
    MeshClient shop = shopBesideOthers();
    AuthorizationSummary given =
        shop.access()
            .authorizeDomain("commerce")
            .executors(STEWARD)
            .forAnyConsumer()
            .because("Stewards")
            .commit();
    GrantSummary own = shop.grant(ORDERS).to(ETL).because("Revenue").commit().get(0);
    GrantSummary second = steward().grant(ORDERS).to(ANALYST).because("Reports").commit().get(0);
    State before = state();

    assertThatThrownBy(() -> steward().revoke(own.id()).on(ORDERS).commit())
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContainingAll("created by the owner", "shop@example.org");
    assertNothingChanged(before);
    assertThat(steward().revoke(second.id()).on(ORDERS).because("Done").commit())
        .containsExactly(second);
    assertThat(columnsReadBy(ANALYST)).isEmpty();
    assertThat(shop.access().grants()).containsExactly(own);

    GrantSummary late = steward().grant(ORDERS).to(ANALYST).because("Reports").commit().get(0);
    shop.access().withdrawAuthorization(given.id()).commit();
    assertThatThrownBy(() -> steward().revoke(late.id()).on(ORDERS).commit())
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("not active");
    assertThat(shop.revoke(late.id()).commit()).as("the owner may always revoke").hasSize(1);
  }

  @Test
  void aDelegateAuthorizesOthersWithinItsLimitsAndTheyCannotDelegate() {
    MeshClient shop = shopBesideOthers();
    AuthorizationSummary delegated =
        shop.access()
            .authorizeDomain("commerce")
            .executors(DEPUTY)
            .consumerAccounts("finance")
            .allowDelegation()
            .because("Growth shares for us")
            .commit();
    MeshClient growth = mesh.clientAs(DEPUTY);
    assertUnauthorized(
        () ->
            growth
                .access()
                .authorize(ORDERS)
                .executors(STEWARD)
                .forAnyConsumer()
                .because("All")
                .commit(),
        "OTHER_CONSUMER",
        delegated.id());
    assertUnauthorized(
        () ->
            growth
                .access()
                .authorize(ORDERS)
                .executors(STEWARD)
                .consumers(ETL)
                .allowDelegation()
                .because("On and on")
                .commit(),
        "DELEGATION_FORBIDDEN");
    assertUnauthorized(
        () ->
            steward()
                .access()
                .authorize(ORDERS)
                .executors(DEPUTY)
                .consumers(ETL)
                .because("Not mine")
                .commit(),
        "NO_AUTHORIZATION");

    AuthorizationSummary under = byDelegate(growth).columns("id", "amount").commit();
    assertThat(under.under()).contains(delegated.id());
    assertThat(under.authorizedBy()).isEqualTo("commerce/etl");
    assertThat(under.executedBy()).isEqualTo("growth/deputy");
    assertThat(growth.grant(ORDERS).to(ANALYST).because("Reports").commit().get(0).executedBy())
        .isEqualTo("growth/deputy");
    GrantSummary grant =
        steward().grant(ORDERS).columns("id").to(ETL).because("Revenue").commit().get(0);
    assertThat(grant.authorizedBy()).isEqualTo("commerce/etl");
    assertThat(grant.authorization()).contains(under.id());
    assertThatThrownBy(
            () -> growth.access().withdrawAuthorization(delegated.id()).on("commerce").commit())
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("commerce/etl created it");

    assertThat(shop.access().withdrawAuthorization(delegated.id()).cascade().commit())
        .containsExactly(delegated, under);
    assertThat(shop.access().grants()).isEmpty();
    assertUnauthorized(
        () -> steward().grant(ORDERS).columns("id").to(ETL).because("Again").commit(),
        "NO_AUTHORIZATION");
  }

  @Test
  void aDelegateWithdrawsNothingAfterItsExpiry() {
    MeshClient shop = shopBesideOthers();
    shop.access()
        .authorizeDomain("commerce")
        .executors(DEPUTY)
        .forAnyConsumer()
        .allowDelegation()
        .until(clock.instant().plus(Duration.ofDays(1)))
        .because("For a day")
        .commit();
    MeshClient growth = mesh.clientAs(DEPUTY);
    AuthorizationSummary under =
        byDelegate(growth).until(clock.instant().plus(Duration.ofDays(1))).commit();
    clock.advance(Duration.ofDays(1));
    State before = state();
    assertThatThrownBy(
            () -> growth.access().withdrawAuthorization(under.id()).on(ORDERS).cascade().commit())
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("commerce");
    assertNothingChanged(before);
    assertThat(shop.access().withdrawAuthorization(under.id()).commit()).containsExactly(under);
  }
}
