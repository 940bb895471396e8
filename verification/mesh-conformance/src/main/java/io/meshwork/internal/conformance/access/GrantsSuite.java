package io.meshwork.internal.conformance.access;

import static io.meshwork.access.TagSelection.where;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.AccessPlan;
import io.meshwork.access.AccessPlan.AccessChange;
import io.meshwork.access.ExplainedAccess;
import io.meshwork.access.Permission;
import io.meshwork.card.ProductCard;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.event.EventDetailsCodec;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A grant permits what it names, until it ends. */
public abstract class GrantsSuite extends GrantFixture {
  @Test
  void aGrantToARoleIsUsedByThatRoleOnly() {
    MeshClient shop = shopBesideFinance();
    assertReadsNothing(ETL, "not open to the mesh", "grant(\"" + ORDERS + "\")");

    List<GrantSummary> grants = shop.grant(ORDERS).to(ETL).because("Revenue").commit();

    assertThat(grants).hasSize(1);
    assertThat(grants.get(0).permissions()).containsExactly(Permission.DESCRIBE, Permission.SELECT);
    assertThat(grants.get(0).authorizedBy()).isEqualTo("commerce/etl");
    assertReadsAll(ETL);
    assertThat(finance().describe(ORDERS).access()).isEqualTo(ProductCard.Access.READ_ALL);
    assertReadsNothing(ANALYST, "no active grant", "shop@example.org");
    assertThat(mesh.clientAs(ANALYST).describe(ORDERS).access())
        .isEqualTo(ProductCard.Access.DESCRIBE_ONLY);
    assertThatThrownBy(() -> finance().publish(ORDERS).records(Order.range(3, 4)).commit())
        .isInstanceOf(AccessDeniedException.class);
    finance().subscribe(ORDERS).name("revenue").purpose("Revenue").commit();
    assertThat(finance().publishHistory(ORDERS).changes()).hasSize(1);
    assertWhole();
  }

  @Test
  void aRevokedGrantEndsWithTheNextRead() {
    MeshClient shop = shopBesideFinance();
    String first = shop.grant(ORDERS).to(ETL, ANALYST).because("Revenue").commit().get(0).id();
    String second =
        shop.grantByTags(where("domain", "commerce"))
            .to(ETL)
            .because("All of it")
            .commit()
            .get(1)
            .id();
    assertReadsAll(ETL);

    AccessPlan<List<GrantSummary>> harmless = shop.revoke(first).plan();
    assertThat(harmless.losses()).as("data that stays readable by tags is not a loss").isEmpty();
    harmless.commit();
    assertReadsAll(ETL);

    AccessPlan<List<GrantSummary>> plan = shop.revoke(second).because("Over").plan();
    assertThat(plan.losses()).extracting(AccessChange::who).containsExactly("finance/etl");
    assertThat(plan.losses().get(0).columns()).contains("id", "customer", "amount", "note");
    assertThat(plan.gains()).isEmpty();
    assertThat(plan.commit()).extracting(GrantSummary::id).containsExactly(second);

    assertReadsNothing(ETL, "no active grant");
    assertReadsAll(ANALYST);
    State before = state();
    assertThat(shop.revoke(second).commit()).as("the grant is already revoked").isEmpty();
    assertThat(shop.revoke(second).plan().findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.NOTHING_TO_REMOVE);
    assertNothingChanged(before);
    assertWhole();
  }

  @Test
  void aGrantExpiresByTheClockOfTheMesh() {
    MeshClient shop = shopBesideFinance();
    shop.grant(ORDERS)
        .to(ETL)
        .until(clock.instant().plus(Duration.ofHours(2)))
        .because("Closing the books")
        .commit();

    clock.advance(Duration.ofHours(2).minusMillis(1));
    assertReadsAll(ETL);
    clock.advance(Duration.ofMillis(1));
    assertReadsNothing(ETL, "no active grant");
    assertThat(shop.access().explain(ETL, ORDERS).missing())
        .singleElement(InstanceOfAssertFactories.STRING)
        .startsWith("NO_GRANT: ")
        .endsWith("access ended at " + clock.instant());
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.grant(ORDERS).to(ETL).until(clock.instant()).because("Late").commit(),
        ORDERS,
        "already");
  }

  @Tag("smoke")
  @Test
  void onlyGrantedColumnsAreShown() {
    MeshClient shop = shopBesideFinance();
    AccessPlan<List<GrantSummary>> plan =
        shop.grant(ORDERS).columns("AMOUNT", "id").to(ETL).because("Revenue").plan();
    assertThat(plan.gains()).hasSize(1);
    assertThat(plan.gains().get(0).columns()).containsExactly("id", "amount");
    assertThat(plan.gains().get(0).everyRow()).isTrue();
    assertThat(plan.toString())
        .contains("gains   finance/etl  commerce/orders  SELECT of id, amount");
    GrantSummary grant = plan.commit().get(0);

    assertThat(grant.columns()).containsExactly("id", "amount");
    assertThat(columnsOf(ETL)).containsExactly("id", "amount");
    assertThat(columnsRead(ETL)).isSubsetOf("id", "amount");
    assertThat(finance().describe(ORDERS).access()).isEqualTo(ProductCard.Access.READ_SOME);
    assertThatThrownBy(() -> finance().publishHistory(ORDERS).changes())
        .isInstanceOf(AccessDeniedException.class);

    shop.grant(ORDERS).exceptColumns("customer").to(ANALYST).because("Audit").commit();
    assertThat(columnsOf(ANALYST)).containsExactly("id", "amount", "note");
    ExplainedAccess explained = shop.access().explain(ANALYST, ORDERS);
    assertThat(explained.hiddenColumns()).containsExactly("customer");
    assertThat(explained.toString()).contains("not customer", "because of grant");
    assertThat(explained.missing())
        .containsExactly("NO_GRANT: no active grant lets finance/analyst read customer");
    assertThat(explained.shortestChange())
        .containsExactly(
            "domain commerce grants SELECT of customer on " + ORDERS + " to finance/analyst");
    assertThat(explained.whoCanGrant()).containsExactly("shop@example.org");

    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.grant(ORDERS).columns("nowhere").to(ETL).because("No").commit(),
        "nowhere",
        "customer");
  }

  @Test
  void aRowFilterIsValidatedAndNotLogged() {
    MeshClient shop = shopBesideFinance();
    GrantSummary grant =
        shop.grant(ORDERS)
            .rows("customer = '" + CANARY + "'")
            .to(ETL)
            .because("One customer")
            .commit()
            .get(0);

    ExplainedAccess explained = finance().access().explain(ETL, ORDERS);
    assertThat(explained.isAllowed()).isTrue();
    assertThat(explained.everyCell()).isFalse();
    assertThat(explained.toString()).doesNotContain(CANARY);
    assertThat(grant.rows()).contains("customer = '" + CANARY + "'");
    assertThat(grant.toString()).contains("in some rows").doesNotContain(CANARY);
    assertThat(columnsRead(ETL)).as("no rows are granted").isEmpty();
    assertThat(shop.events(ORDERS).list())
        .filteredOn(event -> event.type() == MeshEvent.Type.GRANT_MADE)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.json()).doesNotContain(CANARY);
              assertThat(
                      ((EventDetails.GrantChange) EventDetailsCodec.detailsOf(event))
                          .grants()
                          .get(0)
                          .rowsHash())
                  .isPresent();
            });
    State before = state();
    for (String wrong : List.of("customer = 7", "nowhere = 'x'", "customer =")) {
      assertRefused(
          ErrorCode.FILTER_INVALID,
          () -> shop.grant(ORDERS).rows(wrong).to(ANALYST).because("No").commit(),
          ORDERS);
    }
    assertNothingChanged(before);
  }

  @Test
  void aGrantToAnAccountReachesARoleOnceItIsPassedOn() {
    MeshClient shop = shopBesideFinance();
    AccessPlan<List<GrantSummary>> plan =
        shop.grant(ORDERS).toAccounts("finance").withGrantOption().because("Finance").plan();
    assertThat(plan.gains()).extracting(AccessChange::who).containsExactly("account finance");
    String share = plan.commit().get(0).id();
    assertReadsNothing(ETL, "did not pass it on", "LOCAL_GRANT", "finance@example.org");

    GrantSummary passedOn = finance().grant(ORDERS).to(ANALYST).because("Reports").commit().get(0);
    assertThat(passedOn.passedOn()).isTrue();
    assertReadsAll(ANALYST);
    assertReadsNothing(ETL, "did not pass it on");
    assertThat(finance().access().grants())
        .extracting(GrantSummary::id)
        .containsExactly(passedOn.id());
    assertThat(shop.access().grants()).extracting(GrantSummary::id).containsExactly(share);
    assertThat(shop.access().whoCanRead(ORDERS))
        .extracting(ExplainedAccess::who)
        .containsExactly("every role of account commerce", "finance/analyst");

    assertThatThrownBy(
            () ->
                finance()
                    .grant(ORDERS)
                    .to(Principal.of("growth", "etl"))
                    .because("Friends")
                    .commit())
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContainingAll("RESHARE_FORBIDDEN", "growth/etl", "Nothing was changed");

    AccessPlan<List<GrantSummary>> revoking = shop.revoke(share).plan();
    assertThat(revoking.losses())
        .extracting(AccessChange::who)
        .containsExactlyInAnyOrder("account finance", "finance/analyst");
    revoking.commit();
    assertReadsNothing(ANALYST, "ACCOUNT_GRANT");
    finance().revoke(passedOn.id()).commit();
    assertReadsNothing(ANALYST, "no active grant");
    assertWhole();
  }

  @Test
  void theOwnerSeesTheConditionAndTheHiddenColumnsOfEachReaderAndTheReaderDoesNot() {
    MeshClient shop = shopBesideFinance();
    String grant =
        shop.grant(ORDERS)
            .to(ANALYST)
            .columns("id", "customer")
            .rows("customer = 'c1'")
            .because("Reports")
            .commit()
            .get(0)
            .id();

    for (ExplainedAccess owned :
        List.of(shop.access().whoCanRead(ORDERS).get(1), shop.access().explain(ANALYST, ORDERS))) {
      assertThat(owned.who()).isEqualTo("finance/analyst");
      assertThat(owned.everyCell()).isFalse();
      assertThat(owned.rowFilters()).containsExactly("customer = 'c1' by grant " + grant);
      assertThat(owned.hiddenColumns()).containsExactly("amount", "note");
      assertThat(owned.because()).singleElement().matches(line -> line.contains(grant));
    }
    assertThat(shop.access().whoCanRead(ORDERS).get(0).rowFilters()).isEmpty();
    ExplainedAccess own = mesh.clientAs(ANALYST).access().explain(ANALYST, ORDERS);
    assertThat(own.everyCell()).isFalse();
    assertThat(own.rowFilters()).isEmpty();
    assertThat(own.toString()).doesNotContain("c1");
  }

  @Test
  void passingOnNeedsTheGrantOption() {
    MeshClient shop = shopBesideFinance();
    shop.grant(ORDERS).toAccounts("finance").because("Finance").commit();
    State before = state();

    assertThatThrownBy(() -> finance().grant(ORDERS).to(ETL).because("Mine").commit())
        .isInstanceOfSatisfying(
            AccessDeniedException.class,
            denied -> assertThat(denied.whoCanGrant()).containsExactly("shop@example.org"))
        .hasMessageContainingAll("NOT_GRANTABLE", "Nothing was changed");
    assertThatThrownBy(() -> finance().access().tag(ORDERS).set("x", "y").commit())
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> finance().access().whoCanRead(ORDERS))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> finance().access().explain(ANALYST, ORDERS))
        .isInstanceOf(AccessDeniedException.class);
    assertRefused(
        ErrorCode.INVALID_ARGUMENT, () -> shop.grant(ORDERS).commit(), "to(..) and because(..)");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.access().tag(ORDERS).set("sensitivity", "public").commit(),
        "TAG_UNDEFINED",
        "defineTag");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.grant(ORDERS).toAccounts("IAM_ALLOWED_PRINCIPALS").because("All").commit(),
        "IAM_ALLOWED_PRINCIPALS");
    assertNothingChanged(before);
  }

  @Test
  void aRepeatedGrantIsTheSameGrantAndIsLoggedOnce() {
    MeshClient shop = shopBesideFinance();
    List<GrantSummary> first = shop.grant(ORDERS).to(ETL).because("Revenue").commit();
    State before = state();

    assertThat(shop.grant(ORDERS).to(ETL).because("Revenue").commit()).isEqualTo(first);
    assertThat(shop.grant(ORDERS).to(ETL).because("Revenue").plan().isEmpty()).isTrue();
    assertNothingChanged(before);

    GrantSummary amended = shop.grant(ORDERS).to(ETL).because("Revenue and tax").commit().get(0);
    assertThat(amended.id()).isEqualTo(first.get(0).id());
    assertThat(shop.access().grants())
        .extracting(GrantSummary::because)
        .containsExactly("Revenue and tax");
    assertThat(shop.events(ORDERS).list())
        .extracting(MeshEvent::type)
        .endsWith(MeshEvent.Type.GRANT_MADE, MeshEvent.Type.GRANT_AMENDED);
  }

  @Test
  void anOutdatedGrantPlanIsNotCommitted() {
    MeshClient shop = shopBesideFinance();
    shop.governance().defineTag("sensitivity", "public", "secret").commit();
    AccessPlan<List<GrantSummary>> plan =
        shop.grantByTags(where("sensitivity", "public")).to(ETL).because("Public").plan();
    shop.access().tag(ORDERS).set("sensitivity", "public").commit();
    State before = state();

    assertThatThrownBy(plan::commit)
        .isInstanceOfSatisfying(
            ConflictException.class, stale -> assertThat(stale.retryable()).isFalse())
        .hasMessageContaining("Nothing was changed");

    assertNothingChanged(before);
    assertReadsNothing(ETL, "no active grant");
  }

  @Test
  void concurrentGrantsRevocationsTagsAndReadsAreAtomic()
      throws InterruptedException, ExecutionException {
    MeshClient shop = shopBesideFinance();
    shop.governance().defineTag("sensitivity", "public", "secret").commit();
    shop.grantByTags(where("sensitivity", "public")).to(ETL).because("Public").commit();
    ExecutorService threads = Executors.newFixedThreadPool(3);
    List<Future<?>> running = new ArrayList<>();
    try {
      running.add(
          threads.submit(
              () -> {
                for (int i = 0; i < 5; i++) {
                  String id = shop.grant(ORDERS).to(ANALYST).because("Now").commit().get(0).id();
                  shop.revoke(id).commit();
                }
              }));
      running.add(
          threads.submit(
              () -> {
                for (int i = 0; i < 5; i++) {
                  shop.access().tag(ORDERS).set("sensitivity", "public").commit();
                  shop.access().tag(ORDERS).set("sensitivity", "secret").commit();
                }
              }));
      running.add(
          threads.submit(
              () -> {
                for (int i = 0; i < 10; i++) {
                  // The tag applies to all rows or to none.
                  assertThat(columnsRead(ETL))
                      .hasSizeLessThan(5)
                      .satisfies(
                          seen -> assertThat(seen.isEmpty() || seen.contains("id")).isTrue());
                }
              }));
      for (Future<?> each : running) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }

    assertReadsNothing(ANALYST, "no active grant");
    assertReadsNothing(ETL, "no active grant");
    // The definition, two grants, and twenty changes; each rewrote the document.
    assertThat(registry.read(new Key("commerce", "policy")).orElseThrow().json())
        .contains("\"revision\":22");
    assertWhole();
  }
}
