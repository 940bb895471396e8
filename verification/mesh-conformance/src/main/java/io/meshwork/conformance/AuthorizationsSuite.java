package io.meshwork.conformance;

import static io.meshwork.access.TagSelection.where;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.Authorize;
import io.meshwork.access.AccessPlan;
import io.meshwork.access.AuthorizationSummary;
import io.meshwork.access.GrantByName;
import io.meshwork.access.GrantSummary;
import io.meshwork.access.Permission;
import io.meshwork.access.TagSelection;
import io.meshwork.card.ProductCard;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.EventDetails;
import io.meshwork.event.MeshEvent;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.request.AccessRequest;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Executors grant access on behalf of the owner, within its authorizations. */
abstract class AuthorizationsSuite extends MeshFixture {
  private static final Principal STEWARD = Principal.of("central", "steward");
  private static final Principal ETL = Principal.of("finance", "etl");
  private static final Principal ANALYST = Principal.of("finance", "analyst");

  /** Defines orders without grants. The central account belongs to no domain. */
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
  void aCentralAccountGrantsOnlyWhatTheOwnerAuthorized() {
    MeshClient shop = shopBesideOthers();
    assertUnauthorized(
        () -> steward().grant(ORDERS).to(ETL).because("Revenue").commit(),
        ORDERS,
        "central/steward",
        "finance/etl",
        "NO_AUTHORIZATION",
        "authorize(\"commerce/orders\")");

    assertThat(shop.governance().audit().of(ORDERS).by(STEWARD).about("grant").list())
        .as("the audit lists the denial")
        .hasSize(1);

    AuthorizationSummary given =
        shop.access()
            .authorize(ORDERS)
            .executor(STEWARD)
            .standing()
            .because("Stewards share")
            .commit();
    assertThat(given.authorizedBy()).isEqualTo("commerce/etl");
    assertThat(columnsReadBy(STEWARD)).as("an authorization is not a grant to read").isEmpty();
    GrantSummary grant = steward().grant(ORDERS).to(ETL).because("Revenue").commit().get(0);

    assertThat(grant.authorizedBy()).isEqualTo("commerce/etl");
    assertThat(grant.executedBy()).isEqualTo("central/steward");
    assertThat(grant.authorization()).contains(given.id());
    assertThat(grant.passedOn()).isFalse();
    assertThat(grant.toString()).contains("granted by central/steward", given.id());
    assertThat(all(as("finance").read(ORDERS).as(Order.class))).isEqualTo(Order.range(0, 3));
    assertThat(shop.access().grants()).containsExactly(grant);
    assertThat(shop.access().authorizations()).containsExactly(given);
    assertThat(steward().access().authorizations(ORDERS)).containsExactly(given);
    assertThat(as("finance").access().authorizations(ORDERS)).isEmpty();
    assertThat(shop.events(ORDERS).list())
        .filteredOn(event -> event.type().equals(MeshEvent.GRANT_MADE))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.principal()).hasToString("central/steward");
              EventDetails.LoggedGrant facts =
                  ((EventDetails.GrantChange) event.details()).grants().get(0);
              assertThat(facts.authorizedBy()).isEqualTo("commerce/etl");
              assertThat(facts.authorization()).contains(given.id());
            });
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void eachLimitOfAnAuthorizationIsEnforced() {
    MeshClient shop = shopBesideOthers();
    AuthorizationSummary given =
        shop.access()
            .authorize(ORDERS)
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
        () -> asked().to(ANALYST).columns("id").rows(rows).commit(),
        given.id(),
        "it is for finance/etl (OTHER_CONSUMER)");
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
        () -> asked().to(ETL).columns("id").rows(rows).allowing(Permission.ALL).commit(),
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
            steward()
                .grantByTags(where("domain").is("commerce").and("classification").is("internal"))
                .to(ETL)
                .because("All")
                .commit(),
        "NO_AUTHORIZATION");

    GrantSummary grant =
        asked().to(ETL).columns("id", "amount").rows("(" + rows + ") AND id > 1").commit().get(0);
    assertThat(grant.authorization()).contains(given.id());
    assertThat(columnsReadBy(ETL)).containsExactly("amount", "id");
    clock.advance(Duration.ofDays(2));
    assertUnauthorized(
        () -> asked(Duration.ofDays(1)).to(ETL).columns("id").rows(rows).commit(), "ENDED", end);
    assertThat(columnsReadBy(ETL)).as("the grants end with the authorization").isEmpty();
  }

  private GrantByName asked() {
    return asked(Duration.ofDays(1));
  }

  private GrantByName asked(@Nullable Duration time) {
    GrantByName grant = steward().grant(ORDERS).because("Audit");
    return time == null ? grant : grant.until(clock.instant().plus(time));
  }

  @Test
  void anExecutorNeverAmendsGrantsOfTheOwner() {
    MeshClient shop = shopBesideOthers();
    shop.access()
        .authorize("commerce")
        .executor(STEWARD)
        .standing()
        .because("Stewards share")
        .commit();
    GrantSummary own = shop.grant(ORDERS).to(ETL).because("Revenue").commit().get(0);

    GrantSummary other =
        steward()
            .grant(ORDERS)
            .to(ETL)
            .until(clock.instant().plus(Duration.ofDays(1)))
            .because("For a day")
            .commit()
            .get(0);

    assertThat(other.id()).isNotEqualTo(own.id());
    assertThat(shop.access().grants()).containsExactlyInAnyOrder(own, other);
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
    shop.access().tag(ORDERS).with("sensitivity", "public").commit();
    shop.access()
        .authorize("commerce")
        .executor(STEWARD)
        .forTags(where("sensitivity").in("public", "internal"))
        .forConsumerAccounts("finance")
        .because("What is not secret")
        .commit();

    assertUnauthorized(
        () -> steward().grantByTags(where("domain").is("commerce")).to(ETL).because("All").commit(),
        "OWNER_ALONE");
    assertUnauthorized(
        () ->
            steward()
                .grantByTags(where("domain").is("commerce").and("classification").is("internal"))
                .to(ETL)
                .because("Any sensitivity")
                .commit(),
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
    List<GrantSummary> pair =
        steward()
            .grantByTags(where("domain").is("commerce").and("sensitivity").is("public"))
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
        .forConsumers(ANALYST)
        .because("Share")
        .commit();
    GrantSummary carriedOut =
        as("finance").grant(ORDERS).to(ANALYST).because("Reports").commit().get(0);
    assertThat(carriedOut.passedOn()).isFalse();
    assertThat(carriedOut.authorization()).isPresent();
    shop.access().revoke(carriedOut.id()).commit();

    shop.grant(ORDERS).toAccounts("finance").withGrantOption().because("Finance").commit();
    GrantSummary passedOn = as("finance").grant(ORDERS).to(ANALYST).because("Reports").commit().get(0);
    assertThat(passedOn.passedOn()).isTrue();
    assertThat(passedOn.authorization()).isEqualTo(Optional.empty());
    assertThat(columnsReadBy(ANALYST)).contains("id");
  }

  @Test
  void aWithdrawnAuthorizationGrantsNothingAndKeepsEarlierGrantsByDefault() {
    MeshClient shop = shopBesideOthers();
    AuthorizationSummary given =
        shop.access()
            .authorize(ORDERS)
            .executor(STEWARD)
            .standing()
            .because("Stewards share")
            .commit();
    GrantSummary grant = steward().grant(ORDERS).to(ETL).because("Revenue").commit().get(0);

    AccessPlan<List<AuthorizationSummary>> plan =
        shop.access().withdrawAuthorization(given.id()).plan();
    assertThat(plan.findings()).extracting(Finding::code).containsExactly("CARRIED_OUT");
    assertThat(plan.findings()).extracting(Finding::where).containsExactly(grant.id());
    assertThat(plan.losses()).isEmpty();
    assertThat(plan.commit()).containsExactly(given);
    assertThat(columnsReadBy(ETL)).contains("id");
    assertThat(shop.access().authorizations()).isEmpty();
    assertUnauthorized(
        () -> steward().grant(ORDERS).to(ANALYST).because("More").commit(), "NO_AUTHORIZATION");

    shop.access().authorize(ORDERS).executor(STEWARD).standing().because("Again").commit();
    AccessPlan<List<AuthorizationSummary>> all =
        shop.access().withdrawAuthorization(given.id()).andGrants().because("Enough").plan();
    assertThat(all.losses())
        .extracting(AccessPlan.AccessChange::who)
        .containsExactly("finance/etl");
    all.commit();
    assertThat(columnsReadBy(ETL)).isEmpty();
    assertThat(shop.access().grants()).isEmpty();
    assertThat(shop.events(ORDERS).list())
        .filteredOn(event -> event.type().equals(MeshEvent.AUTHORIZATION_WITHDRAWN))
        .extracting(event -> ((EventDetails.AuthorizationChange) event.details()).grants().size())
        .containsExactly(0, 1);
    State before = state();
    assertThat(shop.access().withdrawAuthorization(given.id()).commit()).isEmpty();
    assertNothingChanged(before);
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void anExecutorRevokesOnlyItsOwnGrants() {
    MeshClient shop = shopBesideOthers();
    AuthorizationSummary given =
        shop.access()
            .authorize("commerce")
            .executor(STEWARD)
            .standing()
            .because("Stewards")
            .commit();
    GrantSummary own = shop.grant(ORDERS).to(ETL).because("Revenue").commit().get(0);
    GrantSummary other = steward().grant(ORDERS).to(ANALYST).because("Reports").commit().get(0);
    State before = state();

    assertThatThrownBy(() -> steward().access().revoke(own.id()).on(ORDERS).commit())
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContainingAll("created by the owner", "shop@example.org");
    assertNothingChanged(before);
    assertThat(steward().access().revoke(other.id()).on(ORDERS).because("Done").commit())
        .containsExactly(other);
    assertThat(columnsReadBy(ANALYST)).isEmpty();
    assertThat(shop.access().grants()).containsExactly(own);

    GrantSummary late = steward().grant(ORDERS).to(ANALYST).because("Reports").commit().get(0);
    shop.access().withdrawAuthorization(given.id()).commit();
    assertThatThrownBy(() -> steward().access().revoke(late.id()).on(ORDERS).commit())
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("not active");
    assertThat(shop.access().revoke(late.id()).commit())
        .as("the owner may always revoke")
        .hasSize(1);
  }

  @Test
  void aDelegateAuthorizesOthersWithinItsLimitsAndTheyCannotDelegate() {
    MeshClient shop = shopBesideOthers();
    Principal deputy = Principal.of("growth", "deputy");
    AuthorizationSummary delegated =
        shop.access()
            .authorize("commerce")
            .executor(deputy)
            .forConsumerAccounts("finance")
            .delegating()
            .because("Growth shares for us")
            .commit();
    MeshClient growth = mesh.actingAs(deputy);
    assertUnauthorized(
        () ->
            growth.access().authorize(ORDERS).executor(STEWARD).standing().because("All").commit(),
        "OTHER_CONSUMER",
        delegated.id());
    assertUnauthorized(
        () ->
            growth
                .access()
                .authorize(ORDERS)
                .executor(STEWARD)
                .forConsumers(ETL)
                .delegating()
                .because("On and on")
                .commit(),
        "DELEGATING");
    assertUnauthorized(
        () ->
            steward()
                .access()
                .authorize(ORDERS)
                .executor(deputy)
                .forConsumers(ETL)
                .because("Not mine")
                .commit(),
        "NO_AUTHORIZATION");

    AuthorizationSummary under =
        growth
            .access()
            .authorize(ORDERS)
            .executor(STEWARD)
            .forConsumers(ETL)
            .columns("id", "amount")
            .because("Stewards carry it out")
            .commit();
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

    assertThat(shop.access().withdrawAuthorization(delegated.id()).andGrants().commit())
        .containsExactly(delegated, under);
    assertThat(shop.access().grants()).isEmpty();
    assertUnauthorized(
        () -> steward().grant(ORDERS).columns("id").to(ETL).because("Again").commit(),
        "NO_AUTHORIZATION");
  }

  @Test
  void anAuthorizationForOneRequestCoversNoOther() {
    MeshClient shop = shopBesideOthers();
    String request =
        as("finance").requestAccess(ORDERS).columns("id").purpose("Revenue").commit().id();
    AuthorizationSummary given =
        shop.access()
            .authorize(ORDERS)
            .executor(STEWARD)
            .forRequest(request)
            .because("Decided by mail")
            .commit();
    assertThat(given.consumers()).containsExactly("finance/etl");
    assertThat(given.columns()).containsExactly("id");

    assertUnauthorized(
        () -> steward().grant(ORDERS).columns("id").to(ETL).because("Revenue").commit(),
        "OTHER_REQUEST",
        request);
    GrantSummary grant =
        steward()
            .grant(ORDERS)
            .columns("id")
            .to(ETL)
            .forRequest(request)
            .because("Revenue")
            .commit()
            .get(0);
    assertThat(grant.authorization()).contains(given.id());
    assertThat(columnsReadBy(ETL)).containsExactly("id");
    AccessRequest settled = shop.requests().received().get(0);
    assertThat(settled.state()).isEqualTo(AccessRequest.State.APPROVED);
    assertThat(settled.granted()).contains(grant);
    assertThat(settled.approvedBy())
        .extracting(Principal::toString)
        .containsExactly("commerce/etl");
    State before = state();
    assertThat(answer(request).commit()).as("a repeated call").containsExactly(grant);
    assertNothingChanged(before);
    assertThatThrownBy(() -> shop.requests().deny(request).because("Late").commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("APPROVED");
    shop.access().revoke(grant.id()).commit();
    assertThatThrownBy(() -> answer(request).commit())
        .as("a closed request cannot be answered again")
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("APPROVED");
    assertThatThrownBy(() -> one(ORDERS).forRequest(request).commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("APPROVED");
    assertThatThrownBy(() -> one(ORDERS).forRequest("nothing").commit())
        .isInstanceOf(NotFoundException.class);
  }

  private GrantByName answer(String request) {
    return steward().grant(ORDERS).columns("id").to(ETL).forRequest(request).because("Revenue");
  }

  @Test
  void anAuthorizationForARequestEndsWithItAndWithEachChangeOfIt() {
    MeshClient shop = shopBesideOthers();
    String request =
        as("finance").requestAccess(ORDERS).columns("id").purpose("Revenue").commit().id();
    one(ORDERS).forRequest(request).commit();
    as("finance").requests().withdraw(request).commit();
    State before = state();
    assertThatThrownBy(() -> answer(request).commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("WITHDRAWN");
    assertNothingChanged(before);

    String denied =
        as("finance").requestAccess(ORDERS).columns("id").purpose("Again").commit().id();
    one(ORDERS).forRequest(denied).commit();
    shop.requests().deny(denied).because("No").commit();
    assertThatThrownBy(() -> answer(denied).commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("DENIED");

    String changed =
        as("finance").requestAccess(ORDERS).columns("id").purpose("Third").commit().id();
    AuthorizationSummary given = one(ORDERS).forRequest(changed).commit();
    shop.requests().requestClarification(changed).because("What for?").commit();
    as("finance").requests().respond(changed).message("Revenue").commit();
    assertThatThrownBy(() -> answer(changed).commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("changed after it was authorized");
    assertThat(columnsReadBy(ETL)).isEmpty();
    assertThat(one(ORDERS).forRequest(changed).commit().id()).isEqualTo(given.id());
    answer(changed).commit();
    assertThat(columnsReadBy(ETL)).containsExactly("id");
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void anAuthorizationThatNeedsTwoApprovalsIsNotGivenByOne() {
    MeshClient shop = shopBesideOthers();
    String early =
        as("finance").requestAccess(ORDERS).columns("id").purpose("Revenue").commit().id();
    one(ORDERS).forRequest(early).commit();
    shop.amendContract(ORDERS, Contract.of(Order.class).fourEyes()).because("Two").commit();
    State before = state();
    assertRefused(
        ErrorCode.INVALID_ARGUMENT, () -> one(ORDERS).forRequest(early).commit(), "FOUR_EYES");
    assertRefused(ErrorCode.INVALID_ARGUMENT, () -> answer(early).commit(), "FOUR_EYES");
    assertNothingChanged(before);
  }

  @Test
  void aRequestIsGrantedOnlyAsAuthorizedForIt() {
    MeshClient shop = shopBesideOthers();
    State before = state();
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.grant(ORDERS).to(ETL).forRequest("nonsense").because("x").commit(),
        "FOR_REQUEST",
        "approve(id)");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.grant("commerce").to(ETL).forRequest("nonsense").because("x").commit(),
        "FOR_REQUEST");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () ->
            shop.grantByTags(where("classification").is("internal"))
                .to(ETL)
                .forRequest("nonsense")
                .because("x")
                .commit(),
        "FOR_REQUEST");
    assertNothingChanged(before);
    one(ORDERS).standing().commit();
    assertUnauthorized(() -> answer("nonsense").commit(), "OTHER_REQUEST");
  }

  @Test
  void undefinedTagsAreNotAuthorized() {
    MeshClient shop = shopBesideOthers();
    shop.governance().defineTag("sensitivity", "public", "secret").commit();
    State before = state();
    for (TagSelection unknown :
        List.of(
            where("sensitivity").in("*"),
            where("sensitivity").in("public", "unknown"),
            where("nothing").is("public"))) {
      assertRefused(
          ErrorCode.INVALID_ARGUMENT,
          () -> one("commerce").forTags(unknown).commit(),
          "TAG_UNDEFINED");
    }
    assertNothingChanged(before);
  }

  @Test
  void theTagOfTheDomainCoversTheWholeDomain() {
    MeshClient shop = shopBesideOthers();
    AccessPlan<List<GrantSummary>> plan =
        shop.grantByTags(where("domain").is("commerce")).to(ETL).because("All").plan();
    assertThat(plan.findings()).extracting(Finding::code).containsExactly("WHOLE_DOMAIN");
    defineCards(shop);
    State before = state();
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.grantByTags(where("domain").is("commerce")).to(ETL).because("All").commit(),
        "SENSITIVE",
        "commerce/cards",
        "includingSensitive()");
    assertNothingChanged(before);
    one("commerce").standing().commit();
    assertUnauthorized(
        () ->
            steward()
                .grantByTags(where("domain").is("commerce"))
                .to(ETL)
                .includingSensitive()
                .because("All")
                .commit(),
        "OWNER_ALONE");
    assertThat(
            shop.grantByTags(where("domain").is("commerce"))
                .to(ETL)
                .includingSensitive()
                .because("All")
                .commit())
        .hasSize(2);
  }

  private static void defineCards(MeshClient shop) {
    shop.defineProduct("commerce/cards")
        .contract(Contract.of(Order.class).classified(Classification.RESTRICTED, "customer"))
        .commit();
  }

  @Test
  void grantingProductsAboveInternalToTheMeshMustBeExplicit() {
    MeshClient shop = shopBesideOthers();
    defineCards(shop);
    State before = state();
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.grant("commerce/cards").toMesh().because("All").commit(),
        "SENSITIVE",
        "includingSensitive()");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () ->
            shop.grantByTags(where("classification").in("internal", "restricted"))
                .toMesh()
                .because("All")
                .commit(),
        "SENSITIVE",
        "commerce/cards");
    assertNothingChanged(before);
    one("commerce").standing().commit();
    assertUnauthorized(
        () ->
            steward().grant("commerce/cards").toMesh().includingSensitive().because("All").commit(),
        "EXECUTOR_GAINS");
    assertThat(
            shop.grant("commerce/cards").exceptColumns("customer").toMesh().because("x").commit())
        .hasSize(1);
    assertThat(
            shop.grantByTags(where("classification").is("internal")).toMesh().because("x").commit())
        .hasSize(2);
    assertThat(
            shop.grant("commerce/cards")
                .columns("customer")
                .toMesh()
                .includingSensitive()
                .because("x")
                .commit())
        .hasSize(1);
  }

  @Test
  void aMalformedIdIsRejectedAndWithdrawingAnUnknownOneSucceeds() {
    MeshClient shop = shopBesideOthers();
    State before = state();
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.access().revoke("commerce/orders").commit(),
        "grants()");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.access().withdrawAuthorization("the one for finance").commit(),
        "authorizations()");
    String unknown = "0123456789abcdef0123";
    assertThat(shop.access().revoke(unknown).commit()).isEmpty();
    assertThat(shop.access().withdrawAuthorization(unknown).commit()).isEmpty();
    assertNothingChanged(before);
  }

  @Test
  void aDelegateWithdrawsNothingAfterItsExpiry() {
    MeshClient shop = shopBesideOthers();
    Principal deputy = Principal.of("growth", "deputy");
    shop.access()
        .authorize("commerce")
        .executor(deputy)
        .standing()
        .delegating()
        .until(clock.instant().plus(Duration.ofDays(1)))
        .because("For a day")
        .commit();
    MeshClient growth = mesh.actingAs(deputy);
    AuthorizationSummary under =
        growth
            .access()
            .authorize(ORDERS)
            .executor(STEWARD)
            .forConsumers(ETL)
            .until(clock.instant().plus(Duration.ofDays(1)))
            .because("Stewards")
            .commit();
    clock.advance(Duration.ofDays(1));
    State before = state();
    assertThatThrownBy(
            () -> growth.access().withdrawAuthorization(under.id()).on(ORDERS).andGrants().commit())
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("commerce");
    assertNothingChanged(before);
    assertThat(shop.access().withdrawAuthorization(under.id()).commit()).containsExactly(under);
  }

  @Test
  void anAuthorizationRequiresAnExecutorAScopeAndAReason() {
    MeshClient shop = shopBesideOthers();
    State before = state();

    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.access().authorize(ORDERS).commit(),
        "executor(..)",
        "because(..)",
        "standing()");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> one(ORDERS).standing().forConsumers(ETL).commit(),
        "STANDING");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> one(ORDERS).forTags(where("domain").is("commerce")).commit(),
        "TAGS");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> one("commerce").standing().columns("id").commit(),
        "COLUMNS");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> one(ORDERS).standing().columns("nowhere").commit(),
        "nowhere");
    assertRefused(
        ErrorCode.FILTER_INVALID,
        () -> one(ORDERS).standing().rows("customer = 7").commit(),
        ORDERS);
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> one(ORDERS).standing().until(clock.instant()).commit(),
        "ENDED");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> one(ORDERS).executorAccounts("commerce").standing().commit(),
        "OWN_ACCOUNT");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> one(ORDERS).delegating().forRequest("r").commit(),
        "DELEGATING");
    assertNothingChanged(before);
    AccessPlan<AuthorizationSummary> wide = one("commerce").standing().plan();
    assertThat(wide.findings()).extracting(Finding::code).containsExactly("WIDE");
    AuthorizationSummary given = wide.commit();
    State once = state();
    assertThat(one("commerce").standing().commit()).isEqualTo(given);
    assertNothingChanged(once);
    assertThat(one("commerce").standing().until(clock.instant().plusSeconds(60)).commit().id())
        .isEqualTo(given.id());
  }

  private Authorize one(String productOrDomain) {
    return shop().access().authorize(productOrDomain).executor(STEWARD).because("Stewards share");
  }

  @Test
  void grantingAWholeDomainWarnsAndExcludesSensitiveProductsByDefault() {
    MeshClient shop = shopBesideOthers();
    AccessPlan<List<GrantSummary>> plan = shop.grant("commerce").to(ETL).because("All of it").plan();
    assertThat(plan.findings()).extracting(Finding::code).containsExactly("WHOLE_DOMAIN");
    assertThat(plan.findings().get(0).severity()).isEqualTo(Finding.Severity.WARNING);
    assertThat(plan.findings().get(0).fix()).contains("grant(\"commerce/orders\")", "grantByTags(");
    assertThat(plan.gains())
        .extracting(AccessPlan.AccessChange::who)
        .containsExactly("finance/etl");
    GrantSummary grant = plan.commit().get(0);
    assertThat(grant.on()).isEqualTo("all of commerce");
    assertThat(shop.access().grants()).containsExactly(grant);
    assertThat(all(as("finance").read(ORDERS).as(Order.class))).isEqualTo(Order.range(0, 3));
    assertThat(columnsReadBy(ANALYST)).isEmpty();

    shop.defineProduct("commerce/returns").contract(Contract.of(Order.class)).commit();
    assertThat(as("finance").explainAccess(ETL, "commerce/returns").allowed())
        .as("later products are included")
        .isTrue();
    shop.defineProduct("commerce/cards")
        .contract(Contract.of(Order.class).classified(Classification.RESTRICTED, "customer"))
        .commit();
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.grant("commerce").to(ANALYST).because("All of it").commit(),
        "SENSITIVE",
        "commerce/cards",
        "includingSensitive()");
    assertThat(shop.grant("commerce").to(ANALYST).includingSensitive().because("All").commit())
        .hasSize(1);
    assertThatThrownBy(() -> shop.grant("commerce").columns("id").to(ETL).because("x").commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("require a product");
    shop.access().authorize("commerce").executor(STEWARD).standing().because("Stewards").commit();
    assertUnauthorized(
        () -> steward().grant("commerce").to(ETL).because("All").commit(), "OWNER_ALONE");

    AccessPlan<List<GrantSummary>> revoking = shop.access().revoke(grant.id()).plan();
    assertThat(revoking.losses())
        .extracting(loss -> loss.product().toString())
        .contains(ORDERS, "commerce/returns");
    revoking.commit();
    assertThat(columnsReadBy(ETL)).isEmpty();
  }

  @Test
  void aGrantOnAWholeDomainIsPassedOnWhollyOrPartly() {
    MeshClient shop = shopBesideOthers();
    shop.grant("commerce")
        .toAccounts("finance")
        .withGrantOption()
        .because("Finance knows who needs what")
        .commit();
    assertThat(columnsReadBy(ETL)).isEmpty();

    assertThat(as("finance").grant(ORDERS).to(ETL).because("Reports").commit())
        .extracting(GrantSummary::passedOn)
        .containsExactly(true);
    as("finance").grant("commerce").to(ANALYST).because("All").commit();

    assertThat(columnsReadBy(ETL)).contains("id");
    assertThat(columnsReadBy(ANALYST)).contains("id");
  }

  @Test
  void anOpenProductStaysAtInternalAndOneAboveIsNotOpened() {
    MeshClient shop = registerShop();
    Contract plain = Contract.of(Order.class);
    shop.defineProduct(ORDERS).contract(plain).openToMesh().commit();
    Contract raised = plain.classified(Classification.CONFIDENTIAL, "customer");
    assertThat(shop.amendContract(ORDERS, raised).plan().findings())
        .extracting(Finding::code)
        .contains("OPEN_AND_SENSITIVE");
    shop.amendContract(ORDERS, raised).because("Cards").commit();
    assertThat(registerFinance().explainAccess(ETL, ORDERS).columns())
        .containsExactly("id", "amount", "note");
    shop.amendContract(ORDERS, plain.classified(Classification.RESTRICTED)).commit();
    assertThatThrownBy(() -> all(as("finance").read(ORDERS)))
        .isInstanceOf(AccessDeniedException.class);

    String closed = "commerce/cards";
    Contract cards = plain.classified(Classification.CONFIDENTIAL, "customer");
    shop.defineProduct(closed).contract(cards).commit();
    State before = state();
    assertRefused(
        ErrorCode.CONTRACT_INVALID,
        () -> shop.defineProduct(closed).contract(cards).openToMesh().commit(),
        closed,
        "customer",
        "INTERNAL");
    assertNothingChanged(before);
    assertThat(as("stranger").describe(closed).columns())
        .as("every principal has DESCRIBE on every product")
        .isNotEmpty();
    assertThat(as("stranger").describe(closed).access())
        .isEqualTo(ProductCard.Access.DESCRIBE_ONLY);
  }
}
