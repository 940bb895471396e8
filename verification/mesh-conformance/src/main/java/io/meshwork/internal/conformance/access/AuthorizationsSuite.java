package io.meshwork.internal.conformance.access;

import static io.meshwork.access.TagSelection.where;
import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.AuthorizationSummary;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.AccessPlan;
import io.meshwork.access.GrantOperation;
import io.meshwork.access.Permission;
import io.meshwork.access.TagSelection;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.event.EventDetailsCodec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** An authorization limits what another account may grant for the owner. */
public abstract class AuthorizationsSuite extends AuthorizationFixture {
  @Test
  void aCentralAccountGrantsOnlyWhatTheOwnerAuthorized() {
    MeshClient shop = shopBesideOthers();
    assertUnauthorized(
        () -> steward().grant(ORDERS).to(ETL).because("Revenue").commit(),
        ORDERS,
        "central/steward",
        "finance/etl",
        "NO_AUTHORIZATION",
        "authorize(\"commerce/orders\")");

    assertThat(shop.governance().audit().subject(ORDERS).principal(STEWARD).kinds("grant").list())
        .as("the audit lists the denial")
        .hasSize(1);

    AuthorizationSummary authorization =
        shop.access()
            .authorize(ORDERS)
            .executors(STEWARD)
            .forAnyConsumer()
            .because("Stewards share")
            .commit();
    assertThat(authorization.authorizedBy()).isEqualTo("commerce/etl");
    assertThat(columnsReadBy(STEWARD)).as("an authorization is not a grant to read").isEmpty();
    GrantSummary grant = steward().grant(ORDERS).to(ETL).because("Revenue").commit().get(0);

    assertThat(grant.authorizedBy()).isEqualTo("commerce/etl");
    assertThat(grant.executedBy()).isEqualTo("central/steward");
    assertThat(grant.authorization()).contains(authorization.id());
    assertThat(grant.passedOn()).isFalse();
    assertThat(grant.toString()).contains("granted by central/steward", authorization.id());
    assertThat(all(as("finance").read(ORDERS).as(Order.class))).isEqualTo(Order.range(0, 3));
    assertThat(shop.access().grants()).containsExactly(grant);
    assertThat(shop.access().authorizations()).containsExactly(authorization);
    assertThat(steward().access().authorizations(ORDERS)).containsExactly(authorization);
    assertThat(as("finance").access().authorizations(ORDERS)).isEmpty();
    assertThat(shop.events("commerce/@by/central").list())
        .filteredOn(event -> event.type() == MeshEvent.Type.GRANT_MADE)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.principal()).hasToString("central/steward");
              EventDetails.LoggedGrant facts =
                  ((EventDetails.GrantChange) EventDetailsCodec.detailsOf(event)).grants().get(0);
              assertThat(facts.authorizedBy()).isEqualTo("commerce/etl");
              assertThat(facts.authorization()).contains(authorization.id());
            });
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void eachLimitOfAnAuthorizationIsEnforced() {
    MeshClient shop = shopBesideOthers();
    AuthorizationSummary authorization =
        shop.access()
            .authorize(ORDERS)
            .executorAccounts("central")
            .consumers(ETL)
            .columns("id", "amount")
            .rows("customer = '" + CANARY + "'")
            .until(clock.instant().plus(Duration.ofDays(2)))
            .because("The audit")
            .commit();
    String rows = "customer = '" + CANARY + "'";
    String end = clock.instant().plus(Duration.ofDays(2)).toString();

    assertUnauthorized(
        () -> revenueGrant().to(ANALYST).columns("id").rows(rows).commit(),
        authorization.id(),
        "it is for finance/etl (OTHER_CONSUMER)");
    assertUnauthorized(
        () -> revenueGrant().to(ETL).columns("id", "note").rows(rows).commit(), "MORE_COLUMNS");
    assertUnauthorized(() -> revenueGrant().to(ETL).rows(rows).commit(), "MORE_COLUMNS");
    assertUnauthorized(
        () -> revenueGrant().to(ETL).exceptColumns("note").rows(rows).commit(), "MORE_COLUMNS");
    assertUnauthorized(() -> revenueGrant().to(ETL).columns("id").commit(), "MORE_ROWS");
    assertUnauthorized(
        () -> revenueGrant().to(ETL).columns("id").rows(rows + " OR id = 1").commit(), "MORE_ROWS");
    assertUnauthorized(
        () -> revenueGrant().to(ETL).columns("id").rows(rows + " AND note IS NULL").commit(),
        "[note]");
    assertUnauthorized(
        () -> revenueGrant().to(ETL).columns("id").rows(rows).withGrantOption().commit(),
        "GRANT_OPTION");
    assertUnauthorized(
        () -> revenueGrant().to(ETL).columns("id").rows(rows).permissions(Permission.ALL).commit(),
        "MORE_PERMISSIONS");
    assertUnauthorized(
        () ->
            revenueGrant()
                .to(ETL)
                .columns("id")
                .rows(rows)
                .until(clock.instant().plus(Duration.ofDays(3)))
                .commit(),
        "LATER_END",
        end);
    assertUnauthorized(
        () -> revenueGrant(null).to(ETL).columns("id").rows(rows).commit(), "LATER_END");
    assertUnauthorized(
        () ->
            steward()
                .grantByTags(where("domain", "commerce").and("classification", "internal"))
                .to(ETL)
                .because("All")
                .commit(),
        "NO_AUTHORIZATION");

    GrantSummary grant =
        revenueGrant()
            .to(ETL)
            .columns("id", "amount")
            .rows("(" + rows + ") AND id > 1")
            .commit()
            .get(0);
    assertThat(grant.authorization()).contains(authorization.id());
    assertThat(columnsReadBy(ETL)).containsExactly("amount", "id");
    clock.advance(Duration.ofDays(2));
    assertUnauthorized(
        () -> revenueGrant(Duration.ofDays(1)).to(ETL).columns("id").rows(rows).commit(),
        "AUTHORIZATION_ENDED",
        end);
    assertThat(columnsReadBy(ETL)).as("the grants end with the authorization").isEmpty();
  }

  private GrantOperation.ByName revenueGrant() {
    return revenueGrant(Duration.ofDays(1));
  }

  private GrantOperation.ByName revenueGrant(@Nullable Duration time) {
    GrantOperation.ByName grant = steward().grant(ORDERS).because("Audit");
    return time == null ? grant : grant.until(clock.instant().plus(time));
  }

  @Test
  void anExecutorNeverAmendsGrantsOfTheOwner() {
    MeshClient shop = shopBesideOthers();
    shop.access()
        .authorizeDomain("commerce")
        .executors(STEWARD)
        .forAnyConsumer()
        .because("Stewards share")
        .commit();
    GrantSummary own = shop.grant(ORDERS).to(ETL).because("Revenue").commit().get(0);

    GrantSummary second =
        steward()
            .grant(ORDERS)
            .to(ETL)
            .until(clock.instant().plus(Duration.ofDays(1)))
            .because("For a day")
            .commit()
            .get(0);

    assertThat(second.id()).isNotEqualTo(own.id());
    assertThat(shop.access().grants()).containsExactlyInAnyOrder(own, second);
    clock.advance(Duration.ofDays(1));
    assertThat(columnsReadBy(ETL)).isNotEmpty();
    State before = state();
    assertThat(shop.grant(ORDERS).to(ETL).because("Revenue").commit()).containsExactly(own);
    assertNothingChanged(before);
  }

  @Test
  void tagPoliciesAreGrantedAtMostAsWideAsAuthorized() {
    MeshClient shop = shopBesideOthers();
    shop.governance().defineTag("sensitivity", "public", "internal", "secret").commit();
    shop.access().tag(ORDERS).set("sensitivity", "public").commit();
    shop.access()
        .authorizeByTags("commerce", where("sensitivity", "public", "internal"))
        .executors(STEWARD)
        .consumerAccounts("finance")
        .because("What is not secret")
        .commit();

    assertUnauthorized(
        () -> steward().grantByTags(where("domain", "commerce")).to(ETL).because("All").commit(),
        "OWNER_ONLY");
    assertUnauthorized(
        () ->
            steward()
                .grantByTags(where("domain", "commerce").and("classification", "internal"))
                .to(ETL)
                .because("Any sensitivity")
                .commit(),
        "OTHER_TARGET");
    assertUnauthorized(
        () ->
            steward()
                .grantByTags(where("domain", "commerce").and("sensitivity", "secret"))
                .to(ETL)
                .because("All")
                .commit(),
        "OTHER_TARGET");
    assertUnauthorized(
        () -> steward().grant(ORDERS).to(ETL).because("Orders").commit(), "OTHER_TARGET");
    List<GrantSummary> pair =
        steward()
            .grantByTags(where("domain", "commerce").and("sensitivity", "public"))
            .to(ETL)
            .because("What is public")
            .commit();

    assertThat(pair).extracting(GrantSummary::executedBy).containsOnly("central/steward");
    assertThat(pair).extracting(GrantSummary::authorizedBy).containsOnly("commerce/etl");
    assertThat(columnsReadBy(ETL)).contains("id");
    assertThat(steward().access().authorizations("commerce"))
        .extracting(AuthorizationSummary::consumers)
        .containsExactly(List.of("account finance"));
  }

  @Test
  void passingOnNeedsTheGrantOptionOrAnAuthorization() {
    MeshClient shop = shopBesideOthers();
    shop.access()
        .authorize(ORDERS)
        .executorAccounts("finance")
        .consumers(ANALYST)
        .because("Share")
        .commit();
    GrantSummary carriedOut =
        as("finance").grant(ORDERS).to(ANALYST).because("Reports").commit().get(0);
    assertThat(carriedOut.passedOn()).isFalse();
    assertThat(carriedOut.authorization()).isPresent();
    shop.revoke(carriedOut.id()).commit();

    shop.grant(ORDERS).toAccounts("finance").withGrantOption().because("Finance").commit();
    GrantSummary passedOn =
        as("finance").grant(ORDERS).to(ANALYST).because("Reports").commit().get(0);
    assertThat(passedOn.passedOn()).isTrue();
    assertThat(passedOn.authorization()).isEqualTo(Optional.empty());
    assertThat(columnsReadBy(ANALYST)).contains("id");
  }

  @Test
  void undefinedTagsAreNotAuthorized() {
    MeshClient shop = shopBesideOthers();
    shop.governance().defineTag("sensitivity", "public", "secret").commit();
    State before = state();
    for (TagSelection unknown :
        List.of(
            where("sensitivity", "*"),
            where("sensitivity", "public", "unknown"),
            where("nothing", "public"))) {
      assertRefused(
          ErrorCode.INVALID_ARGUMENT,
          () ->
              shop.access()
                  .authorizeByTags("commerce", unknown)
                  .executors(STEWARD)
                  .because("Share")
                  .commit(),
          "TAG_UNDEFINED");
    }
    assertNothingChanged(before);
  }

  @Test
  void aMalformedIdIsRejectedAndWithdrawingAnUnknownOneSucceeds() {
    MeshClient shop = shopBesideOthers();
    State before = state();
    assertRefused(
        ErrorCode.INVALID_ARGUMENT, () -> shop.revoke("commerce/orders").commit(), "grants()");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.access().withdrawAuthorization("the one for finance").commit(),
        "authorizations()");
    String unknown = "0123456789abcdef0123";
    assertThat(shop.revoke(unknown).commit()).isEmpty();
    assertThat(shop.access().withdrawAuthorization(unknown).commit()).isEmpty();
    assertNothingChanged(before);
  }

  @Test
  void anAuthorizationRequiresAnExecutorAScopeAndAReason() {
    MeshClient shop = shopBesideOthers();
    State before = state();

    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.access().authorize(ORDERS).commit(),
        "executors(..)",
        "because(..)",
        "forAnyConsumer()");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> one(ORDERS).forAnyConsumer().consumers(ETL).commit(),
        "STANDING_WITH_CONSUMERS");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.access().authorizeDomain("commerce").executors(STEWARD).commit(),
        "consumers(..) or forAnyConsumer()",
        "because(..)");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> one(ORDERS).forAnyConsumer().columns("nowhere").commit(),
        "nowhere");
    assertRefused(
        ErrorCode.FILTER_INVALID,
        () -> one(ORDERS).forAnyConsumer().rows("customer = 7").commit(),
        ORDERS);
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> one(ORDERS).forAnyConsumer().until(clock.instant()).commit(),
        "AUTHORIZATION_ENDED");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> one(ORDERS).executorAccounts("commerce").forAnyConsumer().commit(),
        "OWN_ACCOUNT");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> one(ORDERS).allowDelegation().request("r").commit(),
        "DELEGATION_FORBIDDEN");
    assertNothingChanged(before);
    AccessPlan<AuthorizationSummary> wide = ofDomain().forAnyConsumer().plan();
    assertThat(wide.findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.AUTHORIZATION_TOO_BROAD);
    AuthorizationSummary authorization = wide.commit();
    State once = state();
    assertThat(ofDomain().forAnyConsumer().commit()).isEqualTo(authorization);
    assertNothingChanged(once);
    assertThat(ofDomain().forAnyConsumer().until(clock.instant().plusSeconds(60)).commit().id())
        .isEqualTo(authorization.id());
  }
}
