package io.meshwork.testkit;

import static io.meshwork.sharing.TagChoice.where;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.access.Permission;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.event.EventDetails;
import io.meshwork.event.MeshEvent;
import io.meshwork.product.Principal;
import io.meshwork.sharing.AuthorizationCard;
import io.meshwork.sharing.GrantCard;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Others carry out grants for the owner, and none that it did not authorize. */
abstract class MeshAuthority extends MeshLinks {
  private static final Principal STEWARD = Principal.of("central", "steward");
  private static final Principal ETL = Principal.of("finance", "etl");
  private static final Principal ANALYST = Principal.of("finance", "analyst");

  /** Orders of a domain that shares nothing yet; the central account acts for no domain. */
  private MeshClient shopBesideOthers() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    registerFinance();
    return shop;
  }

  private MeshClient steward() {
    return mesh.actingAs(STEWARD);
  }

  private void assertUnauthorized(ThrowingCallable call, String... facts) {
    State before = state();
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AccessDeniedException.class,
            denied -> {
              assertThat(denied.errorCode()).isEqualTo(ErrorCode.ACCESS_DENIED);
              assertThat(denied.missing()).contains("authorization", "commerce");
              assertThat(denied.whoCanGrant()).containsExactly("shop@example.org");
            })
        .hasMessageContainingAll(facts)
        .hasMessageContaining("Nothing was changed")
        .hasMessageNotContaining(CANARY);
    assertNothingChanged(before);
  }

  private TreeSet<String> columnsReadBy(Principal who) {
    return new TreeSet<>(mesh.actingAs(who).explainAccess(who, ORDERS).columns());
  }

  @Test
  void aCentralAccountCarriesOutWhatTheOwnerAuthorizedAndNothingBefore() {
    MeshClient shop = shopBesideOthers();
    assertUnauthorized(
        () -> steward().grant(ORDERS).to(ETL).because("Revenue").commit(),
        ORDERS,
        "central/steward",
        "finance/etl",
        "NO_AUTHORIZATION",
        "authorize(\"commerce/orders\")");

    AuthorizationCard given =
        shop.authorize(ORDERS).executor(STEWARD).standing().because("Stewards share").commit();
    assertThat(given.authorizedBy()).isEqualTo("commerce/etl");
    assertThat(columnsReadBy(STEWARD)).as("an authorization lets nobody read").isEmpty();
    GrantCard grant = steward().grant(ORDERS).to(ETL).because("Revenue").commit().get(0);

    assertThat(grant.authorizedBy()).isEqualTo("commerce/etl");
    assertThat(grant.executedBy()).isEqualTo("central/steward");
    assertThat(grant.authorization()).contains(given.id());
    assertThat(grant.handedOn()).isFalse();
    assertThat(grant.toString()).contains("carried out by central/steward", given.id());
    assertThat(all(as("finance").read(ORDERS).as(Order.class))).isEqualTo(Order.range(0, 3));
    assertThat(shop.grants()).containsExactly(grant);
    assertThat(shop.authorizations()).containsExactly(given);
    assertThat(steward().authorizations(ORDERS)).containsExactly(given);
    assertThat(as("finance").authorizations(ORDERS)).isEmpty();
    assertThat(shop.events(ORDERS).list())
        .filteredOn(event -> event.type().equals(MeshEvent.GRANT_MADE))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.principal()).hasToString("central/steward");
              EventDetails.GrantFacts facts =
                  ((EventDetails.Granted) event.details()).grants().get(0);
              assertThat(facts.authorizedBy()).isEqualTo("commerce/etl");
              assertThat(facts.authorization()).contains(given.id());
            });
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void eachBoundOfAnAuthorizationHolds() {
    MeshClient shop = shopBesideOthers();
    AuthorizationCard given =
        shop.authorize(ORDERS)
            .executorAccounts("central")
            .forConsumers(ETL)
            .columns("id", "amount")
            .rows("customer = '" + CANARY + "'")
            .until(clock.instant().plus(Duration.ofDays(2)))
            .because("The audit")
            .commit();
    String rows = "customer = '" + CANARY + "'";
    String end = clock.instant().plus(Duration.ofDays(2)).toString();

    assertUnauthorized(
        () -> asked().to(ANALYST).columns("id").rows(rows).commit(), given.id(), "OTHER_CONSUMER");
    assertUnauthorized(
        () -> asked().to(ETL).columns("id", "note").rows(rows).commit(), "MORE_COLUMNS");
    assertUnauthorized(() -> asked().to(ETL).rows(rows).commit(), "MORE_COLUMNS");
    assertUnauthorized(
        () -> asked().to(ETL).exceptColumns("note").rows(rows).commit(), "MORE_COLUMNS");
    assertUnauthorized(() -> asked().to(ETL).columns("id").commit(), "MORE_ROWS");
    assertUnauthorized(
        () -> asked().to(ETL).columns("id").rows(rows + " OR id = 1").commit(), "MORE_ROWS");
    assertUnauthorized(
        () -> asked().to(ETL).columns("id").rows(rows + " AND note IS NULL").commit(), "[note]");
    assertUnauthorized(
        () -> asked().to(ETL).columns("id").rows(rows).withGrantOption().commit(), "GRANT_OPTION");
    assertUnauthorized(
        () -> asked().to(ETL).columns("id").rows(rows).allowing(Permission.ALTER).commit(),
        "MORE_PERMISSIONS");
    assertUnauthorized(
        () ->
            asked()
                .to(ETL)
                .columns("id")
                .rows(rows)
                .until(clock.instant().plus(Duration.ofDays(3)))
                .commit(),
        "LATER_END",
        end);
    assertUnauthorized(() -> asked(null).to(ETL).columns("id").rows(rows).commit(), "LATER_END");
    assertUnauthorized(
        () ->
            steward().grantByTags(where("domain").is("commerce")).to(ETL).because("All").commit(),
        "NO_AUTHORIZATION");

    GrantCard grant =
        asked().to(ETL).columns("id", "amount").rows("(" + rows + ") AND id > 1").commit().get(0);
    assertThat(grant.authorization()).contains(given.id());
    assertThat(columnsReadBy(ETL)).containsExactly("amount", "id");
    clock.advance(Duration.ofDays(2));
    assertUnauthorized(
        () -> asked(Duration.ofDays(1)).to(ETL).columns("id").rows(rows).commit(), "ENDED", end);
    assertThat(columnsReadBy(ETL)).as("what was granted ends with it").isEmpty();
  }

  private io.meshwork.sharing.GrantByName asked() {
    return asked(Duration.ofDays(1));
  }

  private io.meshwork.sharing.GrantByName asked(
      @org.jspecify.annotations.Nullable Duration time) {
    io.meshwork.sharing.GrantByName grant = steward().grant(ORDERS).because("Audit");
    return time == null ? grant : grant.until(clock.instant().plus(time));
  }

  @Test
  void whatOthersCarryOutNeverAmendsWhatTheOwnerGranted() {
    MeshClient shop = shopBesideOthers();
    shop.authorize("commerce").executor(STEWARD).standing().because("Stewards share").commit();
    GrantCard own = shop.grant(ORDERS).to(ETL).because("Revenue").commit().get(0);

    GrantCard other =
        steward()
            .grant(ORDERS)
            .to(ETL)
            .until(clock.instant().plus(Duration.ofDays(1)))
            .because("For a day")
            .commit()
            .get(0);

    assertThat(other.id()).isNotEqualTo(own.id());
    assertThat(shop.grants()).containsExactlyInAnyOrder(own, other);
    clock.advance(Duration.ofDays(1));
    assertThat(columnsReadBy(ETL)).isNotEmpty();
    State before = state();
    assertThat(shop.grant(ORDERS).to(ETL).because("Revenue").commit()).containsExactly(own);
    assertNothingChanged(before);
  }

  @Test
  void tagPoliciesAreCarriedOutAsNarrowAsTheyWereAuthorizedOrNarrower() {
    MeshClient shop = shopBesideOthers();
    shop.governance().defineTag("sensitivity", "public", "internal", "secret").commit();
    shop.tag(ORDERS).with("sensitivity", "public").commit();
    shop.authorize("commerce")
        .executor(STEWARD)
        .forTags(where("sensitivity").in("public", "internal"))
        .forConsumerAccounts("finance")
        .because("What is not secret")
        .commit();

    assertUnauthorized(
        () ->
            steward().grantByTags(where("domain").is("commerce")).to(ETL).because("All").commit(),
        "OTHER_TARGET");
    assertUnauthorized(
        () ->
            steward()
                .grantByTags(where("domain").is("commerce").and("sensitivity").in("secret"))
                .to(ETL)
                .because("All")
                .commit(),
        "OTHER_TARGET");
    assertUnauthorized(
        () -> steward().grant(ORDERS).to(ETL).because("Orders").commit(), "OTHER_TARGET");
    List<GrantCard> pair =
        steward()
            .grantByTags(where("domain").is("commerce").and("sensitivity").is("public"))
            .to(ETL)
            .because("What is public")
            .commit();

    assertThat(pair).extracting(GrantCard::executedBy).containsOnly("central/steward");
    assertThat(pair).extracting(GrantCard::authorizedBy).containsOnly("commerce/etl");
    assertThat(columnsReadBy(ETL)).contains("id");
    assertThat(steward().authorizations("commerce"))
        .extracting(AuthorizationCard::consumers)
        .containsExactly(List.of("account finance"));
  }

  @Test
  void oneWhoWasGivenTheGrantOptionHandsOnAndOtherwiseNeedsAnAuthorization() {
    MeshClient shop = shopBesideOthers();
    shop.authorize(ORDERS).executorAccounts("finance").standing().because("Share").commit();
    GrantCard carriedOut = as("finance").grant(ORDERS).to(ANALYST).because("Reports").commit().get(0);
    assertThat(carriedOut.handedOn()).isFalse();
    assertThat(carriedOut.authorization()).isPresent();
    shop.revoke(carriedOut.id()).commit();

    shop.grant(ORDERS).toAccounts("finance").withGrantOption().because("Finance").commit();
    GrantCard handedOn = as("finance").grant(ORDERS).to(ANALYST).because("Reports").commit().get(0);
    assertThat(handedOn.handedOn()).isTrue();
    assertThat(handedOn.authorization()).isEqualTo(Optional.empty());
    assertThat(columnsReadBy(ANALYST)).contains("id");
  }
}
