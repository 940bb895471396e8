package io.meshwork.conformance;

import static io.meshwork.access.TagSelection.where;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessPlan;
import io.meshwork.access.AccessPlan.AccessChange;
import io.meshwork.access.ExplainedAccess;
import io.meshwork.access.GrantSummary;
import io.meshwork.access.Permission;
import io.meshwork.card.ProductCard;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.event.EventDetails;
import io.meshwork.event.MeshEvent;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Products are shared by grants and tags. Ungranted data is not readable. */
abstract class GrantsSuite extends MeshFixture {
  private static final Principal ETL = Principal.of("finance", "etl");
  private static final Principal ANALYST = Principal.of("finance", "analyst");

  /** Defines orders without grants, and registers a second domain. */
  private MeshClient shopBesideFinance() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    registerFinance();
    return shop;
  }

  private MeshClient finance() {
    return as("finance");
  }

  /** Asserts that the principal is denied and that no data file is opened. */
  private void assertReadsNothing(Principal who, String... facts) {
    int asked =
        files.dataFilesAsked(
            () ->
                assertThatThrownBy(() -> all(mesh.actingAs(who).read(ORDERS)))
                    .isInstanceOfSatisfying(
                        AccessDeniedException.class,
                        denied -> {
                          assertThat(denied.errorCode()).isEqualTo(ErrorCode.ACCESS_DENIED);
                          assertThat(denied.missing()).isNotBlank();
                          assertThat(denied.whoCanGrant()).isNotEmpty();
                        })
                    .hasMessageContainingAll(ORDERS, who.toString())
                    .hasMessageContainingAll(facts));
    assertThat(asked).as("data files opened by " + who).isZero();
  }

  private void assertReadsAll(Principal who) {
    assertThat(all(mesh.actingAs(who).read(ORDERS).as(Order.class))).isEqualTo(Order.range(0, 3));
  }

  private List<String> columnsOf(Principal who) {
    return mesh.actingAs(who).explainAccess(who, ORDERS).columns();
  }

  /** Returns the columns that the principal reads; none if it is denied. */
  private Set<String> columnsRead(Principal who) {
    Set<String> columns = new TreeSet<>();
    Throwable denied =
        catchThrowable(
            () ->
                all(mesh.actingAs(who).read(ORDERS).asMaps())
                    .forEach(row -> columns.addAll(row.keySet())));
    if (denied != null) {
      assertThat(denied).isInstanceOf(AccessDeniedException.class);
    }
    return columns;
  }

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
    assertThat(mesh.actingAs(ANALYST).describe(ORDERS).access())
        .isEqualTo(ProductCard.Access.DESCRIBE_ONLY);
    assertThatThrownBy(() -> finance().publish(ORDERS).records(Order.range(3, 4)).commit())
        .isInstanceOf(AccessDeniedException.class);
    finance().subscribe(ORDERS).named("revenue").purpose("Revenue").commit();
    assertThat(finance().history(ORDERS).changes()).hasSize(1);
    assertWhole();
  }

  @Test
  void aRevokedGrantEndsWithTheNextRead() {
    MeshClient shop = shopBesideFinance();
    String first = shop.grant(ORDERS).to(ETL, ANALYST).because("Revenue").commit().get(0).id();
    String second =
        shop.grantByTags(where("domain").is("commerce"))
            .to(ETL)
            .because("All of it")
            .commit()
            .get(1)
            .id();
    assertReadsAll(ETL);

    AccessPlan<List<GrantSummary>> harmless = shop.access().revoke(first).plan();
    assertThat(harmless.losses()).as("data that stays readable by tags is not a loss").isEmpty();
    harmless.commit();
    assertReadsAll(ETL);

    AccessPlan<List<GrantSummary>> plan = shop.access().revoke(second).because("Over").plan();
    assertThat(plan.losses()).extracting(AccessChange::who).containsExactly("finance/etl");
    assertThat(plan.losses().get(0).columns()).contains("id", "customer", "amount", "note");
    assertThat(plan.gains()).isEmpty();
    assertThat(plan.commit()).extracting(GrantSummary::id).containsExactly(second);

    assertReadsNothing(ETL, "no active grant");
    assertReadsAll(ANALYST);
    State before = state();
    assertThat(shop.access().revoke(second).commit()).as("the grant is already revoked").isEmpty();
    assertThat(shop.access().revoke(second).plan().findings())
        .extracting(Finding::code)
        .containsExactly("NOT_THERE");
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
    assertThat(shop.explainAccess(ETL, ORDERS).missing())
        .singleElement(InstanceOfAssertFactories.STRING)
        .startsWith("NO_GRANT: ")
        .endsWith("access ended at " + clock.instant());
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.grant(ORDERS).to(ETL).until(clock.instant()).because("Late").commit(),
        ORDERS,
        "already");
  }

  @Test
  void onlyGrantedColumnsAreShown() {
    MeshClient shop = shopBesideFinance();
    AccessPlan<List<GrantSummary>> plan =
        shop.grant(ORDERS).columns("AMOUNT", "id").to(ETL).because("Revenue").plan();
    assertThat(plan.gains()).hasSize(1);
    assertThat(plan.gains().get(0).columns()).containsExactly("id", "amount");
    assertThat(plan.gains().get(0).everyRow()).isTrue();
    assertThat(plan.toString())
        .contains("gains  finance/etl  commerce/orders  SELECT of id, amount");
    GrantSummary grant = plan.commit().get(0);

    assertThat(grant.columns()).containsExactly("id", "amount");
    assertThat(columnsOf(ETL)).containsExactly("id", "amount");
    assertThat(columnsRead(ETL)).isSubsetOf("id", "amount");
    assertThat(finance().describe(ORDERS).access()).isEqualTo(ProductCard.Access.READ_SOME);
    assertThatThrownBy(() -> finance().history(ORDERS).changes())
        .isInstanceOf(AccessDeniedException.class);

    shop.grant(ORDERS).exceptColumns("customer").to(ANALYST).because("Audit").commit();
    assertThat(columnsOf(ANALYST)).containsExactly("id", "amount", "note");
    ExplainedAccess explained = shop.explainAccess(ANALYST, ORDERS);
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

    ExplainedAccess explained = finance().explainAccess(ETL, ORDERS);
    assertThat(explained.allowed()).isTrue();
    assertThat(explained.everyCell()).isFalse();
    assertThat(explained.toString()).doesNotContain(CANARY);
    assertThat(grant.rows()).contains("customer = '" + CANARY + "'");
    assertThat(grant.toString()).contains("in some rows").doesNotContain(CANARY);
    assertThat(columnsRead(ETL)).as("no rows are granted").isEmpty();
    assertThat(shop.events(ORDERS).list())
        .filteredOn(event -> event.type().equals(MeshEvent.GRANT_MADE))
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.json()).doesNotContain(CANARY);
              assertThat(((EventDetails.GrantChange) event.details()).grants().get(0).rowsHash())
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
  void tagsAreInheritedOverriddenAndMatched() {
    MeshClient shop = shopBesideFinance();
    shop.governance().defineTag("Sensitivity", "public", "secret").commit();
    assertThat(shop.governance().defineTag("sensitivity", "internal").commit())
        .containsExactly("internal", "public", "secret");
    AccessPlan<List<GrantSummary>> untagged =
        shop.grantByTags(where("domain").is("commerce").and("sensitivity").in("public"))
            .to(ETL)
            .because("What is public")
            .plan();
    assertThat(untagged.gains()).isEmpty();
    assertThat(untagged.findings()).extracting(Finding::where).containsExactly(ORDERS);
    List<GrantSummary> pair = untagged.commit();
    assertThat(pair)
        .extracting(GrantSummary::permissions)
        .containsExactly(
            List.of(Permission.DESCRIBE), List.of(Permission.DESCRIBE, Permission.SELECT));
    assertReadsNothing(ETL, "no active grant");

    AccessPlan<Map<String, String>> opening =
        shop.access().tag("commerce").with("sensitivity", "public").plan();
    assertThat(opening.gains()).extracting(AccessChange::who).containsExactly("finance/etl");
    assertThat(opening.gains().get(0).because()).contains("sensitivity=public (database)");
    opening.commit();
    assertReadsAll(ETL);

    AccessPlan<Map<String, String>> hiding =
        shop.access().tag(ORDERS).with("sensitivity", "secret").onColumns("customer").plan();
    assertThat(hiding.losses()).hasSize(1);
    assertThat(hiding.losses().get(0).columns()).containsExactly("customer");
    assertThat(hiding.commit()).containsEntry("sensitivity", "secret").containsKey("domain");
    assertThat(columnsOf(ETL)).containsExactly("id", "amount", "note");
    assertThat(columnsRead(ETL)).doesNotContain("customer");

    shop.access().tag(ORDERS).with("sensitivity", "internal").commit();
    assertReadsNothing(ETL, "no active grant");
    shop.access().tag(ORDERS).without("sensitivity").commit();
    shop.access().tag(ORDERS).without("sensitivity").onColumns("customer").commit();
    assertReadsAll(ETL);
    assertWhole();
  }

  @Test
  void domainAndClassificationAreTags() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS)
        .contract(Contract.of(Order.class).classified(Classification.CONFIDENTIAL, "customer"))
        .commit();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    registerFinance();
    shop.grantByTags(where("domain").is("commerce").and("classification").in("public", "internal"))
        .to(ETL)
        .because("All that is not secret")
        .commit();

    assertThat(columnsOf(ETL)).containsExactly("id", "amount", "note");
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> shop.access().tag(ORDERS).with("classification", "public"),
            () -> shop.governance().defineTag("domain", "finance"))) {
      assertThatThrownBy(call)
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("the mesh sets itself");
    }
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

    AccessPlan<List<GrantSummary>> revoking = shop.access().revoke(share).plan();
    assertThat(revoking.losses())
        .extracting(AccessChange::who)
        .containsExactlyInAnyOrder("account finance", "finance/analyst");
    revoking.commit();
    assertReadsNothing(ANALYST, "ACCOUNT_GRANT");
    finance().access().revoke(passedOn.id()).commit();
    assertReadsNothing(ANALYST, "no active grant");
    assertWhole();
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
    assertThatThrownBy(() -> finance().access().tag(ORDERS).with("x", "y").commit())
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> finance().access().whoCanRead(ORDERS))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(() -> finance().explainAccess(ANALYST, ORDERS))
        .isInstanceOf(AccessDeniedException.class);
    assertRefused(
        ErrorCode.INVALID_ARGUMENT, () -> shop.grant(ORDERS).commit(), "to(..) and because(..)");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.access().tag(ORDERS).with("sensitivity", "public").commit(),
        "TAG_UNDEFINED",
        "defineTag");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.grant(ORDERS).toAccounts("IAM_ALLOWED_PRINCIPALS").because("All").commit(),
        "IAM_ALLOWED_PRINCIPALS");
    assertNothingChanged(before);
  }

  @Test
  void theFirstDenialNamesAGrantAsItsExplanationDoes() {
    shopBesideFinance();

    assertThatThrownBy(() -> finance().read(ORDERS).read())
        .isInstanceOfSatisfying(
            AccessDeniedException.class,
            denied -> assertThat(denied.missing()).isEqualTo("a grant of SELECT on " + ORDERS))
        .hasMessageContainingAll("no active grant", "(NO_GRANT)", "requestAccess");
    ExplainedAccess explained = finance().explainAccess(ETL, ORDERS);
    assertThat(explained.missing()).singleElement().asString().startsWith("NO_GRANT: ");
  }

  @Test
  void aMisspelledColumnOrTagIsRejectedWithTheNearest() {
    MeshClient shop = shopBesideFinance();
    shop.governance().defineTag("sensitivity", "internal", "public").commit();
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> shop.grant(ORDERS).columns("amuont").to(ETL).because("A").plan(),
            () ->
                shop.access().tag(ORDERS).with("sensitivity", "public").onColumns("amuont").plan(),
            () -> finance().requestAccess(ORDERS).columns("amuont").purpose("A").commit(),
            () -> Contract.of(Order.class).classified(Classification.INTERNAL, "amuont"))) {
      assertSuggests("Did you mean 'amount'?", call);
    }
    assertSuggests(
        "Did you mean 'sensitivity'?",
        () -> shop.access().tag(ORDERS).with("sensitvity", "internal").plan(),
        "defines no tag 'sensitvity'");
    assertSuggests(
        "Did you mean 'internal'?",
        () -> shop.access().tag(ORDERS).with("sensitivity", "intrnal").plan(),
        "has no value 'intrnal'");
    assertSuggests(
        "Did you mean 'public'?",
        () -> shop.grantByTags(where("sensitivity").is("pubic")).to(ETL).because("A").plan());
  }

  private static void assertSuggests(String question, ThrowingCallable call, String... facts) {
    assertThatThrownBy(call)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining(question)
        .hasMessageContainingAll(facts.length == 0 ? new String[] {"Cannot"} : facts);
  }

  @Test
  void aTagDefinedAgainKeepsItsOtherValuesAsThePlanShows() {
    MeshClient shop = shopBesideFinance();
    shop.governance().defineTag("kind", "a", "b").commit();

    assertThat(shop.governance().defineTag("kind", "b").plan().findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo("VALUES_REMAIN");
              assertThat(finding.what()).contains("keeps its values a");
            });
    assertThat(shop.governance().defineTag("kind", "c", "a", "b").plan().findings()).isEmpty();
  }

  @Test
  void aPlanWarnsOfGrantsWithoutEffect() {
    MeshClient shop = shopBesideFinance();
    Principal own = Principal.of("commerce", "reports");
    assertThat(shop.grant(ORDERS).toAccounts("finance").because("A").plan().findings())
        .extracting(Finding::code, Finding::where)
        .containsExactly(tuple("NOT_HANDED_ON", "account finance"));
    assertThat(
            shop.grantByTags(where("domain").is("commerce"))
                .toMesh()
                .because("A")
                .plan()
                .findings())
        .extracting(Finding::code, Finding::where)
        .containsExactly(tuple("WHOLE_DOMAIN", "commerce"), tuple("NOT_HANDED_ON", "the mesh"));
    assertThat(
            shop.grant(ORDERS)
                .to(own, Principal.of("unknown", "etl"), ETL)
                .because("A")
                .plan()
                .findings())
        .extracting(Finding::code, Finding::where)
        .containsExactly(
            tuple("OWNER_READS_ALREADY", "commerce/reports"),
            tuple("ACCOUNT_UNKNOWN", "unknown/etl"));
    AccessPlan<List<GrantSummary>> ownRole = shop.grant(ORDERS).to(own, ETL).because("A").plan();
    assertThat(ownRole.gains())
        .extracting(AccessPlan.AccessChange::who)
        .containsExactly("finance/etl");
    assertThat(ownRole.findings()).extracting(Finding::where).containsExactly("commerce/reports");
    AccessPlan<List<GrantSummary>> useful =
        shop.grant(ORDERS).toAccounts("finance").withGrantOption().because("A").plan();
    assertThat(useful.findings()).isEmpty();
  }

  @Test
  void aDenialNamesWhoCanGrantAccess() {
    MeshClient shop = shopBesideFinance();
    shop.grant(ORDERS).toAccounts("finance").because("Without option").commit();
    assertReadsNothing(ETL, "without grant option", "Ask shop@example.org", "withGrantOption()");
    assertThat(shop.explainAccess(ETL, ORDERS).whoCanGrant()).containsExactly("shop@example.org");

    Instant end = clock.instant().plus(Duration.ofHours(2));
    shop.grant(ORDERS).to(ANALYST).until(end).because("Closing").commit();
    clock.advance(Duration.ofHours(2));
    assertReadsNothing(ANALYST, "access ended at " + end);
    assertThat(shop.explainAccess(Principal.of("growth", "etl"), ORDERS).missing())
        .noneMatch(missing -> missing.contains("ended"));

    String whole = shop.grant(ORDERS).to(ETL).because("All").commit().get(0).id();
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.grant(ORDERS).columns("id").to(ETL).because("Some").commit(),
        "PARTIAL_SELECT_CONFLICT",
        "finance/etl has the whole product already",
        "Revoke grant " + whole + " first");
    String list = shop.grant(ORDERS).columns("id").to(ANALYST).because("S").commit().get(0).id();
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.grant(ORDERS).to(ANALYST).because("All").commit(),
        "finance/analyst has a list of columns already",
        "Revoke grant " + list + " first");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () ->
            shop.grantByTags(where("domain").is("commerce").and("classification").is("private"))
                .to(ETL)
                .because("A")
                .commit(),
        "'classification'",
        "has no value 'private'");
    assertThatThrownBy(() -> finance().subscribe(ORDERS).commit())
        .hasMessageContaining("named(..) and purpose(..) are missing");
  }

  @Test
  void aDenialDoesNotSuggestOpeningASensitiveProduct() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS)
        .contract(Contract.of(Order.class).classified(Classification.CONFIDENTIAL))
        .commit();
    registerFinance();
    assertThatThrownBy(() -> all(finance().read(ORDERS)))
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("requestAccess(\"" + ORDERS)
        .hasMessageNotContaining("openToMesh");
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
        .endsWith(MeshEvent.GRANT_MADE, MeshEvent.GRANT_AMENDED);
  }

  @Test
  void anOutdatedGrantPlanIsNotCommitted() {
    MeshClient shop = shopBesideFinance();
    shop.governance().defineTag("sensitivity", "public", "secret").commit();
    AccessPlan<List<GrantSummary>> plan =
        shop.grantByTags(where("sensitivity").is("public")).to(ETL).because("Public").plan();
    shop.access().tag(ORDERS).with("sensitivity", "public").commit();
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
    shop.grantByTags(where("sensitivity").is("public")).to(ETL).because("Public").commit();
    ExecutorService threads = Executors.newFixedThreadPool(3);
    List<Future<?>> running = new ArrayList<>();
    try {
      running.add(
          threads.submit(
              () -> {
                for (int i = 0; i < 5; i++) {
                  String id = shop.grant(ORDERS).to(ANALYST).because("Now").commit().get(0).id();
                  shop.access().revoke(id).commit();
                }
              }));
      running.add(
          threads.submit(
              () -> {
                for (int i = 0; i < 5; i++) {
                  shop.access().tag(ORDERS).with("sensitivity", "public").commit();
                  shop.access().tag(ORDERS).with("sensitivity", "secret").commit();
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

  @Test
  void anOpenProductIsExplainedAsAStandingGrant() {
    defineOrders();
    registerFinance();

    ExplainedAccess explained = finance().explainAccess(ETL, ORDERS);

    assertThat(explained.allowed()).isTrue();
    assertThat(explained.because()).containsExactly("openToMesh()");
    assertThat(shop().access().whoCanRead(ORDERS))
        .extracting(ExplainedAccess::who)
        .containsExactly("every role of account commerce", "the mesh");
  }
}
