package io.meshwork.internal.conformance.access;

import static io.meshwork.access.TagSelection.where;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.Permission;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Classification;
import io.meshwork.product.Domain;
import io.meshwork.product.Principal;
import io.meshwork.request.AccessRequest;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * Administrators of a domain grant and pass on access, and deciders approve requests. Other roles
 * do neither.
 */
public abstract class DomainRolesSuite extends AccessRequestFixture {
  private static final Principal ANALYST = Principal.of("finance", "analyst");
  private static final Principal INTERN = Principal.of("finance", "intern");
  private static final Principal JOB = Principal.of("commerce", "nightly-job");
  private static final Principal OTHER_JOB = Principal.of("commerce", "nightly-job2");
  private static final Principal LEAD = Principal.of("commerce", "lead");
  private static final Principal SECURITY = Principal.of("commerce", "security");
  private static final Principal STEWARD = Principal.of("central", "steward");

  /** Defines orders without grants. The registering role is the only role of each domain. */
  private MeshClient shopBesideFinance(Contract contract) {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(contract).commit();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    registerFinance();
    return shop;
  }

  private void assertWithoutRole(ThrowingCallable call, String... facts) {
    State before = state();
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AccessDeniedException.class,
            denied -> assertThat(denied.errorCode()).isEqualTo(ErrorCode.ACCESS_DENIED))
        .hasMessageContainingAll(facts)
        .hasMessageContaining("Nothing was changed");
    assertNothingChanged(before);
  }

  private boolean reads(Principal who) {
    return mesh.clientAs(who).access().explain(who, ORDERS).isAllowed();
  }

  @Test
  void theRegistrantAdministersADomainUntilRolesAreNamed() {
    Domain registered = registerShop().registerDomain("commerce").commit();
    Principal etl = shop().principal();
    assertThat(registered.administrators()).containsExactly(etl);
    assertThat(registered.deciders()).containsExactly(etl);

    Domain named = shop().registerDomain("commerce").administrators(etl, LEAD).commit();
    assertThat(named.deciders()).as("the administrators").containsExactly(etl, LEAD);
    Domain apart = shop().registerDomain("commerce").deciders(LEAD, SECURITY).commit();
    assertThat(apart.administrators()).containsExactly(etl, LEAD);
    assertThat(apart.deciders()).containsExactly(LEAD, SECURITY);
    Domain without = mesh.clientAs(LEAD).registerDomain("commerce").administrators(LEAD).commit();
    assertThat(without.administrators()).containsExactly(LEAD);
    assertThat(without.deciders()).containsExactly(LEAD, SECURITY);
    assertWithoutRole(
        () -> shop().registerDomain("commerce").administrators(etl).commit(), "commerce/lead");
    assertThat(shop().registerDomain("commerce").description("Sales").commit().description())
        .isEqualTo("Sales");
  }

  @Test
  void onlyAdministratorsNameRolesAndAccounts() {
    registerShop();
    MeshClient job = mesh.clientAs(JOB);
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> job.registerDomain("commerce").administrators(JOB).commit(),
            () -> job.registerDomain("commerce").deciders(JOB).commit(),
            () -> job.registerDomain("commerce").accounts("commerce", "friends").commit())) {
      assertWithoutRole(call, "commerce/nightly-job", "commerce/etl", "administrator");
    }
    State before = state();
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop().registerDomain("commerce").deciders(INTERN).commit(),
        "finance/intern",
        "[commerce]");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop().registerDomain("commerce").accounts("web").commit(),
        "commerce/etl",
        "administrators(..)");
    assertNothingChanged(before);
    assertThat(
            shop()
                .registerDomain("commerce")
                .accounts("web")
                .administrators(as("web").principal())
                .commit()
                .deciders())
        .containsExactly(as("web").principal());
  }

  @Test
  void registeringADomainForOthersSetsOnlyItsAdministrators() {
    MeshClient platform = as("platform");
    Domain registered =
        platform
            .registerDomain("finance")
            .owner("finance@example.org")
            .accounts("finance")
            .commit();
    assertThat(registered.administrators()).isEmpty();
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    shop.grant(ORDERS).toAccounts("finance").withGrantOption().because("Finance").commit();
    MeshClient intern = mesh.clientAs(INTERN);
    assertWithoutRole(
        () -> intern.grant(ORDERS).to(INTERN).because("Curious").commit(), "administrators(..)");
    assertWithoutRole(
        () -> intern.registerDomain("finance").administrators(INTERN).commit(),
        "none is named",
        "platform/etl");
    State before = state();
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> platform.registerDomain("finance").owner("platform@example.org").commit(),
            () -> as("growth").registerDomain("finance").administrators(INTERN).commit())) {
      assertThatThrownBy(call)
          .isInstanceOfSatisfying(
              AccessDeniedException.class,
              denied -> assertThat(denied.errorCode()).isEqualTo(ErrorCode.NOT_OWNER));
    }
    assertNothingChanged(before);

    assertThat(platform.registerDomain("finance").administrators(ANALYST).commit().administrators())
        .containsExactly(ANALYST);
    mesh.clientAs(ANALYST).grant(ORDERS).to(INTERN).because("Learns").commit();
    assertThat(reads(INTERN)).isTrue();
  }

  @Test
  void onlyAnAdministratorPassesGrantsOnToItself() {
    MeshClient shop = shopBesideFinance(Contract.of(Order.class));
    shop.grant(ORDERS).toAccounts("finance").withGrantOption().because("Finance").commit();
    MeshClient intern = mesh.clientAs(INTERN);
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> intern.grant(ORDERS).to(INTERN).because("Curious").commit(),
            () -> intern.grant(ORDERS).toAllRoles("finance").because("All").commit(),
            () -> intern.grant(ORDERS).columns("id").to(ANALYST).because("Us").commit())) {
      assertWithoutRole(call, "finance/intern", "NOT_GRANTABLE", "finance/etl");
    }
    assertThat(reads(INTERN)).isFalse();
    as("finance").grant(ORDERS).to(ANALYST).because("Reports").commit();
    assertThat(reads(ANALYST)).isTrue();
  }

  @Test
  void aJobOfTheOwnerNeitherGrantsNorTagsNorAuthorizesNorDecides() {
    MeshClient shop = shopBesideFinance(sensitive());
    shop.governance().defineTag("use", "reports").commit();
    AccessRequest request = analyst().requests().requestAccess(ORDERS).purpose("Reports").commit();
    MeshClient job = mesh.clientAs(JOB);
    job.publish(ORDERS).records(Order.range(3, 4)).commit();
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> job.grant(ORDERS).to(ANALYST).because("x").commit(),
            () -> job.grant(ORDERS).toMesh().because("x").commit(),
            () -> job.grantDomain("commerce").to(ANALYST).because("x").commit(),
            () -> job.grantByTags(where("domain", "commerce")).to(ANALYST).because("x").plan(),
            () -> job.access().tag(ORDERS).set("use", "reports").commit(),
            () ->
                job.access()
                    .authorize(ORDERS)
                    .executors(STEWARD)
                    .forAnyConsumer()
                    .because("x")
                    .commit(),
            () ->
                job.access()
                    .authorize(ORDERS)
                    .executors(STEWARD)
                    .request(request.id())
                    .because("x")
                    .commit(),
            () -> job.requests().approve(request).commit(),
            () -> job.requests().approve(request.id()).plan(),
            () -> job.requests().deny(request).because("x").commit(),
            () -> job.requests().requestClarification(request.id(), "x").commit())) {
      assertWithoutRole(call, "commerce/nightly-job", "commerce/etl");
    }
    assertThat(shop.governance().audit().subject(ORDERS).principal(JOB).kinds("approve").list())
        .as("the audit lists the denial")
        .isNotEmpty();
    assertThat(shop.requests().approve(request).commit().state())
        .isEqualTo(AccessRequest.State.APPROVED);
  }

  @Test
  void separationOfDutiesNeedsTwoDeciders() {
    MeshClient shop = shopBesideFinance(sensitive().requireFourEyes());
    String id = analyst().requests().requestAccess(ORDERS).purpose("Audit").commit().id();
    assertWithoutRole(() -> mesh.clientAs(JOB).requests().approve(id).commit(), "decider");
    assertThat(shop.requests().approve(id).commit().approvalsMissing()).isEqualTo(1);
    assertWithoutRole(() -> mesh.clientAs(OTHER_JOB).requests().approve(id).commit(), "decider");
    assertThat(reads(ANALYST)).isFalse();

    shop.registerDomain("commerce").deciders(LEAD, SECURITY).commit();
    AccessRequest waiting = shop.requests().received().get(0);
    assertThat(waiting.approvedBy()).as("the decider was removed").isEmpty();
    assertThat(waiting.approvalsMissing()).isEqualTo(2);
    mesh.clientAs(LEAD).requests().approve(id).commit();
    assertThat(reads(ANALYST)).isFalse();
    assertThat(mesh.clientAs(SECURITY).requests().approve(id).commit().approvedBy())
        .containsExactly(LEAD, SECURITY);
    assertThat(reads(ANALYST)).isTrue();
  }

  @Test
  void theOnlyDeciderIsAskedToNameASecondOne() {
    MeshClient shop = shopBesideFinance(sensitive().requireFourEyes());
    shop.registerDomain("commerce").deciders(shop.principal()).commit();
    String id = analyst().requests().requestAccess(ORDERS).purpose("Audit").commit().id();

    assertThat(shop.requests().approve(id).plan().findings())
        .filteredOn(finding -> finding.code() == FindingCode.TWO_APPROVALS_REQUIRED)
        .singleElement()
        .asString()
        .contains("no other decider", "registerDomain(\"commerce\").deciders(..)");
    assertThat(
            shop.amendContract(ORDERS)
                .change(Contract::waiveFourEyes)
                .waiveFourEyes()
                .because("Few ask")
                .plan()
                .findings())
        .filteredOn(finding -> finding.code() == FindingCode.SECOND_DECIDER)
        .singleElement()
        .satisfies(
            finding ->
                assertThat(finding.fix()).contains("registerDomain(\"commerce\").deciders(..)"));

    shop.requests().approve(id).commit();
    assertWithoutRole(() -> mesh.clientAs(SECURITY).requests().approve(id).commit(), "decider");
    assertThat(reads(ANALYST)).isFalse();
    shop.registerDomain("commerce").deciders(shop.principal(), SECURITY).commit();
    mesh.clientAs(SECURITY).requests().approve(id).commit();
    assertThat(reads(ANALYST)).isTrue();
  }

  @Test
  void anExecutorGrantsItselfNothingUnlessItIsNamed() {
    MeshClient shop =
        shopBesideFinance(
            Contract.of(Order.class)
                .classification(Classification.RESTRICTED, "customer")
                .requireFourEyes());
    MeshClient central = as("central");
    central
        .registerDomain("central")
        .owner("central@example.org")
        .accounts("central", "central2")
        .commit();
    shop.access()
        .authorize(ORDERS)
        .executorAccounts("central")
        .forAnyConsumer()
        .because("Share")
        .commit();
    shop.access()
        .authorizeByTags("commerce", where("classification", "internal", "restricted"))
        .executorAccounts("central")
        .because("Share")
        .commit();
    MeshClient steward = mesh.clientAs(STEWARD);
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> steward.grant(ORDERS).to(STEWARD).because("x").commit(),
            () -> steward.grant(ORDERS).to(Principal.of("central", "b")).because("x").commit(),
            () -> steward.grant(ORDERS).to(Principal.of("central2", "b")).because("x").commit(),
            () -> steward.grant(ORDERS).toAccounts("central").because("x").commit(),
            () -> steward.grant(ORDERS).toMesh().because("x").commit(),
            () -> steward.grant(ORDERS).to(ANALYST, STEWARD).because("x").commit(),
            () ->
                steward
                    .grantByTags(where("domain", "commerce").and("classification", "internal"))
                    .to(STEWARD)
                    .because("x")
                    .commit())) {
      assertWithoutRole(call, "central/steward", "EXECUTOR_IS_CONSUMER");
    }
    assertThat(reads(STEWARD)).isFalse();
    steward.grant(ORDERS).to(ANALYST).because("Reports").commit();
    assertThat(reads(ANALYST)).isTrue();

    shop.access()
        .authorize(ORDERS)
        .executorAccounts("central")
        .consumers(STEWARD)
        .columns("id")
        .because("Counts them")
        .commit();
    steward.grant(ORDERS).columns("id").to(STEWARD).because("Counts").commit();
    assertThat(steward.access().explain(STEWARD, ORDERS).columns()).containsExactly("id");
  }

  @Test
  void aDelegatingAccountGainsNoAccess() {
    MeshClient shop = shopBesideFinance(Contract.of(Order.class));
    shop.access()
        .authorize(ORDERS)
        .executorAccounts("central")
        .forAnyConsumer()
        .allowDelegation()
        .because("Share")
        .commit();
    mesh.clientAs(STEWARD)
        .access()
        .authorize(ORDERS)
        .executors(ANALYST)
        .consumers(STEWARD)
        .because("A favour")
        .commit();
    assertWithoutRole(
        () -> analyst().grant(ORDERS).to(STEWARD).because("x").commit(), "EXECUTOR_IS_CONSUMER");
  }

  @Test
  void permissionsOfTheOwnerAreNotGrantedToOthers() {
    MeshClient shop = shopBesideFinance(Contract.of(Order.class));
    State before = state();
    for (Permission idle :
        List.of(Permission.INSERT, Permission.DELETE, Permission.ALTER, Permission.DROP)) {
      for (ThrowingCallable call :
          List.<ThrowingCallable>of(
              () ->
                  shop.grant(ORDERS)
                      .to(ANALYST)
                      .permissions(Permission.SELECT, idle)
                      .because("x")
                      .commit(),
              () -> shop.grantDomain("commerce").to(ANALYST).permissions(idle).because("x").plan(),
              () ->
                  shop.grantByTags(where("domain", "commerce"))
                      .toAccounts("finance")
                      .permissions(idle)
                      .because("x")
                      .commit(),
              () ->
                  shop.access()
                      .authorize(ORDERS)
                      .executors(STEWARD)
                      .forAnyConsumer()
                      .permissions(idle)
                      .because("x")
                      .commit())) {
        assertRefused(
            ErrorCode.INVALID_ARGUMENT,
            call,
            "PERMISSION_WITHOUT_EFFECT",
            idle.name(),
            "SELECT",
            "accounts(..)");
      }
    }
    assertNothingChanged(before);
    shop.grant(ORDERS).to(ANALYST).permissions(Permission.ALL).because("Reports").commit();
    assertThat(reads(ANALYST)).isTrue();
  }

  @Test
  void aConsumerThatLostAccessDoesNotBlockAmendments() {
    Contract daily = Contract.of(Order.class).freshWithin(Duration.ofDays(1));
    MeshClient shop = shopBesideFinance(daily);
    GrantSummary grant = shop.grant(ORDERS).to(ANALYST).because("Reports").commit().get(0);
    Subscription<?> subscription =
        analyst().subscribe(ORDERS).name("reports").purpose("Reports").commit();
    Contract weekly = daily.freshWithin(Duration.ofDays(7));
    assertThatThrownBy(() -> shop.amendContract(ORDERS, weekly).commit())
        .hasMessageContaining("finance/reports");

    shop.revoke(grant.id()).because("The year is closed").commit();
    assertThatThrownBy(subscription::poll).isInstanceOf(AccessDeniedException.class);
    assertThat(shop.amendContract(ORDERS, weekly).plan().consumers()).isEmpty();
    shop.amendContract(ORDERS, weekly).commit();
  }

  @Test
  void passedOnGrantsEndWhenTheOwnerRevokesTheOption() {
    MeshClient shop = shopBesideFinance(Contract.of(Order.class));
    GrantSummary share =
        shop.grant(ORDERS)
            .toAccounts("finance")
            .withGrantOption()
            .because("Finance")
            .commit()
            .get(0);
    as("finance")
        .grant(ORDERS)
        .toAllRoles("finance")
        .withGrantOption()
        .because("All of us")
        .commit();
    assertThat(reads(INTERN)).isTrue();
    shop.revoke(share.id()).because("Less").commit();
    shop.grant(ORDERS).columns("id").toAccounts("finance").because("Less").commit();

    assertThat(reads(INTERN)).as("passed on with a revoked grant option").isFalse();
    for (MeshClient role : List.of(mesh.clientAs(INTERN), as("finance"))) {
      assertWithoutRole(
          () -> role.grant(ORDERS).columns("id").to(ANALYST).because("x").commit(),
          "NOT_GRANTABLE");
    }
    assertThat(reads(ANALYST)).isFalse();
    shop.grant(ORDERS)
        .columns("id")
        .toAccounts("finance")
        .withGrantOption()
        .because("Again")
        .commit();
    assertThat(mesh.clientAs(INTERN).access().explain(INTERN, ORDERS).columns())
        .containsExactly("id");
  }
}
