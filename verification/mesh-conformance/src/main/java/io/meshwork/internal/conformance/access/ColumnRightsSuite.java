package io.meshwork.internal.conformance.access;

import static io.meshwork.access.TagSelection.where;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.AuthorizationSummary;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.AccessPlan.AccessChange;
import io.meshwork.access.GrantOperation;
import io.meshwork.change.ContractPlan;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.TestSample;
import io.meshwork.internal.conformance.fixture.PeopleFixture;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.request.AccessRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rights refer to columns by field ID and follow renames. */
public abstract class ColumnRightsSuite extends PeopleFixture {

  private static final Principal ANALYST = Principal.of("finance", "analyst");
  private static final Principal AUDITOR = Principal.of("finance", "auditor");

  private static void amend(MeshClient shop, String... columns) {
    shop.amendContract(PEOPLE, people(columns)).commit();
  }

  private static void assertNamesColumn(ContractPlan plan, String column, String... facts) {
    assertThat(plan.isAllowed()).isFalse();
    assertThat(plan.findings())
        .filteredOn(finding -> finding.code() == FindingCode.COLUMN_IN_USE_BY_RIGHTS)
        .singleElement()
        .satisfies(finding -> assertThat(finding.where()).isEqualTo(column))
        .satisfies(finding -> assertThat(finding.what()).contains(facts));
  }

  @Test
  void aRenamedColumnKeepsItsProtectionAndItsGrants() {
    MeshClient shop = shopOfPeople();
    shop.grant(PEOPLE).exceptColumns("email").to(ANALYST).because("All else").commit();
    shop.grant(PEOPLE).columns("email").to(AUDITOR).because("Addresses").commit();
    shop.access().tag(PEOPLE).set("kind", "plain").commit();
    shop.access().tagColumns(PEOPLE, "email").set("kind", "secret").commit();
    Principal intern = Principal.of("finance", "intern");
    shop.grantByTags(where("kind", "plain")).to(intern).because("Plain").commit();

    ContractPlan plan = shop.amendContract(PEOPLE, people("id", "mail:email", "country")).plan();

    assertThat(plan.gains()).isEmpty();
    assertThat(plan.losses()).isEmpty();
    assertThat(plan.steps()).extracting(Step::verb).contains("keep rights");
    assertThat(plan)
        .asString()
        .contains("rights on email become rights on mail", "tags {kind=secret}");
    plan.commit();

    assertThat(readableTo(ANALYST)).containsExactly("id", "country");
    assertThat(readableTo(AUDITOR)).containsExactly("mail");
    assertThat(readableTo(intern)).containsExactly("id", "country");
    assertThat(shop.access().grants())
        .extracting(GrantSummary::columns, GrantSummary::exceptColumns)
        .contains(tuple(List.of(), List.of("mail")), tuple(List.of("mail"), List.of()));
    assertThat(all(mesh.clientAs(AUDITOR).read(PEOPLE).asMaps()))
        .containsExactly(Map.of("mail", "a@example.org"));
    assertThat(shop.access().tagColumns(PEOPLE, "mail").set("kind", "secret").plan().isEmpty())
        .isTrue();
    assertWhole();
  }

  @Test
  void aRowFilterFollowsARenamedColumn() {
    MeshClient shop = shopOfPeople();
    shop.publish(PEOPLE).records(List.of(Map.of("id", "2", "country", "NO"))).commit();
    shop.grant(PEOPLE)
        .columns("id")
        .rows("country = 'SE' OR country = '" + CANARY + "'")
        .to(ANALYST)
        .because("Sweden")
        .commit();

    ContractPlan plan = shop.amendContract(PEOPLE, people("id", "email", "land:country")).plan();
    assertThat(plan.gains()).isEmpty();
    assertThat(plan.losses()).isEmpty();
    assertThat(plan.toString()).doesNotContain(CANARY);
    plan.commit();
    amend(shop, "id", "email", "land", "country");

    assertThat(all(mesh.clientAs(ANALYST).read(PEOPLE).asMaps()))
        .containsExactly(Map.of("id", "1"));
    assertWhole();
  }

  @Test
  void aSubscriptionWhoseFilterUsesAColumnThatTheReaderLostIsRefusedAtEachDoor() {
    MeshClient shop = shopOfPeople();
    GrantSummary whole = shop.grant(PEOPLE).to(ANALYST).because("All").commit().get(0);
    MeshClient analyst = mesh.clientAs(ANALYST);
    Subscription<Map<String, Object>> open =
        analyst
            .subscribe(PEOPLE)
            .name("ids")
            .purpose("Counts")
            .columns("id")
            .where("country = '" + CANARY + "'")
            .asMaps()
            .commit();
    shop.publish(PEOPLE).records(List.of(Map.of("id", "2", "country", CANARY))).commit();
    Batch<Map<String, Object>> pending = open.poll();
    shop.revoke(whole.id()).because("Less").commit();
    shop.grant(PEOPLE).columns("id").to(ANALYST).because("Less").commit();

    for (ThrowingCallable act :
        List.<ThrowingCallable>of(
            () -> open.rows().close(),
            () -> open.read().rows().close(),
            open::poll,
            () -> open.poll(Duration.ofSeconds(1)),
            () -> open.seekToStart().commit(),
            () -> open.seekToNow().commit())) {
      State before = state();
      assertThatThrownBy(act)
          .isInstanceOfSatisfying(
              AccessDeniedException.class,
              denied -> assertThat(denied.errorCode()).isEqualTo(ErrorCode.ACCESS_DENIED))
          .hasMessageContaining("country")
          .hasMessageNotContaining(CANARY);
      assertNothingChanged(before);
    }
    pending.close();
    shop.grant(PEOPLE).columns("id", "country").to(ANALYST).because("More").commit();
    try (Batch<Map<String, Object>> batch = open.poll()) {
      assertThat(batch).containsExactly(Map.of("id", "2"));
      batch.ack();
    }
  }

  @Test
  void aGrantOnADroppedColumnDoesNotApplyToANewOneOfThatName() {
    MeshClient shop = shopOfPeople();
    shop.grant(PEOPLE).columns("email").to(ANALYST).because("Addresses").commit();
    String first = shop.access().grants().get(0).id();

    ContractPlan going = shop.amendContract(PEOPLE, people("id", "country")).plan();
    assertThat(going.losses())
        .extracting(AccessChange::who, AccessChange::columns)
        .containsExactly(tuple("finance/analyst", List.of("email")));
    going.commit();
    assertThat(readableTo(ANALYST)).isEmpty();
    ContractPlan coming = shop.amendContract(PEOPLE, people("id", "country", "email")).plan();
    assertThat(coming.gains()).isEmpty();
    coming.commit();

    assertThat(readableTo(ANALYST)).isEmpty();
    assertThat(shop.access().grants()).singleElement().asString().contains("email (dropped)");
    String second =
        shop.grant(PEOPLE).columns("email").to(ANALYST).because("Addresses").commit().get(0).id();
    assertThat(second).isNotEqualTo(first);
    assertThat(readableTo(ANALYST)).containsExactly("email");
    shop.revoke(first).commit();
    assertThat(readableTo(ANALYST)).containsExactly("email");
    assertWhole();
  }

  @Test
  void aRepeatedGrantUnderTheNewNameIsTheSameGrant() {
    MeshClient shop = shopOfPeople();
    GrantSummary first =
        shop.grant(PEOPLE).columns("email").to(ANALYST).because("Addresses").commit().get(0);
    amend(shop, "id", "mail:email", "country");

    GrantSummary again =
        shop.grant(PEOPLE).columns("mail").to(ANALYST).because("Addresses").commit().get(0);

    assertThat(again.id()).isEqualTo(first.id());
    assertThat(shop.access().grants()).containsExactly(again);
    amend(shop, "id", "mail", "country", "email");
    GrantSummary second =
        shop.grant(PEOPLE).columns("email").to(ANALYST).because("Addresses").commit().get(0);
    assertThat(second.id()).isNotEqualTo(first.id());
    assertThat(readableTo(ANALYST)).containsExactly("mail", "email");
    assertWhole();
  }

  @Test
  void aColumnThatGrantsNameIsNotDropped() {
    MeshClient shop = shopOfPeople();
    Contract without = people("id", "country");
    String except =
        shop.grant(PEOPLE).exceptColumns("email").to(ANALYST).because("B").commit().get(0).id();
    assertNamesColumn(
        shop.amendContract(PEOPLE, without).plan(), "email", except, "finance/analyst");
    assertThat(catchThrowable(() -> shop.amendContract(PEOPLE, without).commit()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll(
            PEOPLE, "email", except, "Nothing was changed", "Change them first");
    shop.revoke(except).commit();

    String rows =
        shop.grant(PEOPLE).rows("email IS NOT NULL").to(ANALYST).because("B").commit().get(0).id();
    assertNamesColumn(shop.amendContract(PEOPLE, without).plan(), "email", rows);
    shop.revoke(rows).commit();

    shop.access().tagColumns(PEOPLE, "email").set("kind", "secret").commit();
    assertNamesColumn(shop.amendContract(PEOPLE, without).plan(), "email", "kind=secret");
    shop.access().tagColumns(PEOPLE, "email").remove("kind").commit();

    AuthorizationSummary authorization =
        shop.access()
            .authorize(PEOPLE)
            .executors(AUDITOR)
            .forAnyConsumer()
            .columns("id", "email")
            .because("B")
            .commit();
    assertNamesColumn(shop.amendContract(PEOPLE, without).plan(), "email", authorization.id());
    shop.access().withdrawAuthorization(authorization.id()).commit();

    assertThat(shop.amendContract(PEOPLE, without).plan().findings())
        .extracting(Finding::severity)
        .doesNotContain(Finding.Severity.ERROR);
    shop.amendContract(PEOPLE, without).commit();
    assertWhole();
  }

  @Test
  void authorizationsAndRequestsFollowARenamedColumn() {
    MeshClient shop = shopOfPeople();
    MeshClient analyst = mesh.clientAs(ANALYST);
    shop.access()
        .authorize(PEOPLE)
        .executors(AUDITOR)
        .forAnyConsumer()
        .columns("email")
        .because("B")
        .commit();
    AccessRequest request =
        analyst.requests().requestAccess(PEOPLE).columns("email").purpose("Letters").commit();
    amend(shop, "id", "mail:email", "country");
    amend(shop, "id", "mail", "country", "email");

    assertThat(shop.access().authorizations(PEOPLE))
        .singleElement()
        .satisfies(grant -> assertThat(grant.columns()).containsExactly("mail"));
    Principal intern = Principal.of("finance", "intern");
    assertThat(
            catchThrowable(
                () ->
                    mesh.clientAs(AUDITOR)
                        .grant(PEOPLE)
                        .columns("email")
                        .to(intern)
                        .because("B")
                        .commit()))
        .hasMessageContaining("MORE_COLUMNS");
    assertThat(shop.requests().received())
        .singleElement()
        .satisfies(renamed -> assertThat(renamed.columns()).containsExactly("mail"));
    AccessRequest approved = shop.requests().approve(request.id()).commit();
    assertThat(approved.columns()).containsExactly("mail");
    assertThat(readableTo(ANALYST)).containsExactly("mail");
    assertWhole();
  }

  @Test
  void aRepeatedExecutionAfterARenameIsTheSameGrant() {
    MeshClient shop = shopOfPeople();
    Principal intern = Principal.of("finance", "intern");
    MeshClient executor = mesh.clientAs(AUDITOR);
    for (int columns = 0; columns < 6; columns++) {
      shop.access()
          .authorize(PEOPLE)
          .executors(AUDITOR)
          .consumers(intern, Principal.of("finance", "other" + columns))
          .columns("id", "email")
          .rows("country='SE'")
          .because("B")
          .commit();
      executor.grant(PEOPLE).columns("email").rows("country='SE'").to(intern).because("B").commit();
    }
    assertThat(shop.access().grants()).hasSize(1);
    amend(shop, "id", "mail:email", "land:country");

    GrantSummary again =
        executor
            .grant(PEOPLE)
            .columns("mail")
            .rows("land='SE'")
            .to(intern)
            .because("B")
            .commit()
            .get(0);

    assertThat(shop.access().grants()).containsExactly(again);
    assertThat(
            executor
                .grant(PEOPLE)
                .columns("mail")
                .rows("land='SE'")
                .to(intern)
                .because("B")
                .plan()
                .isEmpty())
        .isTrue();
    shop.revoke(again.id()).commit();
    assertThat(readableTo(intern)).isEmpty();
    assertWhole();
  }

  @Test
  void theSameColumnsInAnotherOrderAreTheSameGrant() {
    MeshClient shop = shopOfPeople();
    GrantSummary first =
        shop.grant(PEOPLE).columns("id", "email").to(ANALYST).because("B").commit().get(0);
    String authorizationId =
        shop.access()
            .authorize(PEOPLE)
            .executors(AUDITOR)
            .forAnyConsumer()
            .exceptColumns("id", "email")
            .because("B")
            .commit()
            .id();
    amend(shop, "email", "country", "id");

    GrantSummary again =
        shop.grant(PEOPLE).columns("id", "email").to(ANALYST).because("B").commit().get(0);
    shop.access()
        .authorize(PEOPLE)
        .executors(AUDITOR)
        .forAnyConsumer()
        .exceptColumns("id", "email")
        .because("B")
        .commit();

    assertThat(again.id()).isEqualTo(first.id());
    assertThat(shop.access().grants()).containsExactly(again);
    assertThat(shop.access().authorizations(PEOPLE))
        .extracting(AuthorizationSummary::id)
        .containsExactly(authorizationId);
    assertWhole();
  }

  @Test
  void anApprovalNeverShortensALongerGrantUnderAnotherName() {
    MeshClient shop = shopOfPeople();
    GrantSummary first =
        shop.grant(PEOPLE).columns("email").to(ANALYST).because("B").commit().get(0);
    amend(shop, "id", "mail:email", "country");
    AccessRequest mailRequest =
        mesh.clientAs(ANALYST)
            .requests()
            .requestAccess(PEOPLE)
            .columns("mail")
            .until(clock.instant().plus(Duration.ofDays(3)))
            .purpose("Letters")
            .commit();

    shop.requests().approve(mailRequest.id()).commit();

    assertThat(shop.access().grants())
        .singleElement()
        .satisfies(grant -> assertThat(grant.id()).isEqualTo(first.id()))
        .satisfies(grant -> assertThat(grant.until()).isEmpty());
    assertWhole();
  }

  @Test
  void whitespaceDoesNotChangeACondition() {
    MeshClient shop = shopOfPeople();
    GrantSummary first =
        shop.grant(PEOPLE).rows("country='SE'").to(ANALYST).because("B").commit().get(0);
    String authorizationId =
        shop.access()
            .authorize(PEOPLE)
            .executors(AUDITOR)
            .forAnyConsumer()
            .rows("country='SE'")
            .because("B")
            .commit()
            .id();
    amend(shop, "id", "email", "land:country");

    GrantSummary again =
        shop.grant(PEOPLE).rows("land='SE'").to(ANALYST).because("B").commit().get(0);
    shop.access()
        .authorize(PEOPLE)
        .executors(AUDITOR)
        .forAnyConsumer()
        .rows("land='SE'")
        .because("B")
        .commit();

    assertThat(again.id()).isEqualTo(first.id());
    assertThat(shop.access().grants()).containsExactly(again);
    assertThat(shop.access().authorizations(PEOPLE))
        .extracting(AuthorizationSummary::id)
        .containsExactly(authorizationId);
    shop.revoke(first.id()).commit();
    assertThat(readableTo(ANALYST)).isEmpty();
    assertWhole();
  }

  @Test
  void anAuthorizationExceptAColumnFollowsItsRename() {
    MeshClient shop = shopOfPeople();
    MeshClient executor = mesh.clientAs(AUDITOR);
    Principal intern = Principal.of("finance", "intern");
    shop.access()
        .authorize(PEOPLE)
        .executors(AUDITOR)
        .consumers(intern)
        .exceptColumns("email")
        .because("B")
        .commit();
    amend(shop, "id", "mail:email", "country");
    amend(shop, "id", "mail", "country", "email");

    for (GrantOperation.ByName beyond :
        List.of(
            executor.grant(PEOPLE).columns("mail"),
            executor.grant(PEOPLE).exceptColumns("email"),
            executor.grant(PEOPLE).columns("id").rows("mail IS NOT NULL"),
            executor.grant(PEOPLE))) {
      assertThat(catchThrowable(() -> beyond.to(intern).because("B").commit()))
          .hasMessageContaining("MORE_COLUMNS");
    }
    executor.grant(PEOPLE).exceptColumns("mail").to(intern).because("B").commit();
    assertThat(readableTo(intern)).containsExactly("id", "country", "email");
    assertWhole();
  }

  @Test
  void aPlanOfAContractShowsWhoGainsAndLosesByClassificationTags() {
    MeshClient shop = shopOfPeople();
    shop.grantByTags(where("classification", "public", "internal"))
        .to(ANALYST)
        .because("Harmless")
        .commit();

    ContractPlan raised =
        shop.amendContract(PEOPLE)
            .change(current -> current.classification(Classification.RESTRICTED, "email"))
            .plan();
    assertThat(raised.losses())
        .extracting(AccessChange::who, AccessChange::columns)
        .containsExactly(tuple("finance/analyst", List.of("email")));
    assertThat(raised)
        .asString()
        .contains("loses   finance/analyst  commerce/people  SELECT of email");
    raised.commit();
    ContractPlan added =
        shop.amendContract(
                PEOPLE,
                people("id", "email", "country", "city")
                    .classification(Classification.RESTRICTED, "email"))
            .plan();
    assertThat(added.gains())
        .extracting(AccessChange::who, AccessChange::columns)
        .containsExactly(tuple("finance/analyst", List.of("city")));
    ContractPlan another =
        shop.defineProduct("commerce/pets").contract(people("id", "name")).plan();
    assertThat(another.gains())
        .extracting(AccessChange::who, AccessChange::columns)
        .containsExactly(tuple("finance/analyst", List.of("id", "name")));
    assertWhole();
  }

  /** The expected columns of a product, independent of their names. */
  private static final class Model {
    private final List<String> names = new ArrayList<>(List.of("c0", "c1", "c2"));
    private final List<Integer> columns = new ArrayList<>(List.of(0, 1, 2));
    private final Set<Integer> granted = new HashSet<>();
    private final Set<Integer> withheld = new HashSet<>();
    private final Set<Integer> secret = new HashSet<>();
    private int next = 3;

    private Map<String, Integer> byName() {
      Map<String, Integer> all = new HashMap<>();
      for (int i = 0; i < names.size(); i++) {
        all.put(names.get(i), columns.get(i));
      }
      return all;
    }

    private Set<Integer> columns(List<String> called) {
      Set<Integer> some = new TreeSet<>();
      called.forEach(name -> some.add(byName().get(name)));
      return some;
    }
  }

  static List<Long> seeds() {
    return TestSample.seeds(6);
  }

  @ParameterizedTest
  @MethodSource("io.meshwork.internal.conformance.access.ColumnRightsSuite#seeds")
  void noReaderGainsAColumnThatThePlanDidNotList(long seed) {
    Random random = new Random(seed);
    Model model = new Model();
    MeshClient shop = registerShop();
    shop.governance().defineTag("kind", "plain", "secret").commit();
    shop.defineProduct(PEOPLE).contract(people("c0", "c1", "c2")).commit();
    registerFinance();
    Principal tagged = Principal.of("finance", "tagged");
    shop.access().tag(PEOPLE).set("kind", "plain").commit();
    shop.grantByTags(where("kind", "plain")).to(tagged).because("P").commit();
    String except = null;
    for (int step = 0; step < 25; step++) {
      int at = random.nextInt(model.names.size());
      String name = model.names.get(at);
      int column = model.columns.get(at);
      switch (random.nextInt(6)) {
        case 0 -> {
          shop.grant(PEOPLE).columns(name).to(ANALYST).because("G").commit();
          model.granted.add(column);
        }
        case 1 -> {
          if (except != null) {
            shop.revoke(except).commit();
          }
          except =
              shop.grant(PEOPLE).exceptColumns(name).to(AUDITOR).because("E").commit().get(0).id();
          model.withheld.clear();
          model.withheld.add(column);
        }
        case 2 -> {
          shop.access().tagColumns(PEOPLE, name).set("kind", "secret").commit();
          model.secret.add(column);
        }
        default -> amendAnyhow(shop, model, random, tagged);
      }
      String as = "seed " + seed + ", step " + step;
      assertThat(model.columns(readableTo(ANALYST))).as(as).isSubsetOf(model.granted);
      assertThat(model.withheld).as(as).noneMatch(model.columns(readableTo(AUDITOR))::contains);
      assertThat(model.secret).as(as).noneMatch(model.columns(readableTo(tagged))::contains);
    }
    assertWhole();
  }

  /** Renames, drops, or adds a column. Names are reused, also in the same amendment. */
  private void amendAnyhow(MeshClient shop, Model model, Random random, Principal tagged) {
    List<String> names = new ArrayList<>(model.names);
    List<Integer> columns = new ArrayList<>(model.columns);
    List<String> declared = new ArrayList<>(names);
    int at = random.nextInt(names.size());
    String free = "c" + random.nextInt(6);
    switch (random.nextInt(3)) {
      case 0 -> {
        if (names.contains(free)) {
          return;
        }
        declared.set(at, free + ":" + names.get(at));
        names.set(at, free);
      }
      case 1 -> {
        if (names.size() < 2) {
          return;
        }
        declared.remove(at);
        names.remove(at);
        columns.remove(at);
      }
      default -> {
        if (names.contains(free)) {
          return;
        }
        declared.add(free);
        names.add(free);
        columns.add(model.next++);
      }
    }
    List<Principal> all = List.of(ANALYST, AUDITOR, tagged);
    Map<Principal, Set<Integer>> before = new HashMap<>();
    all.forEach(who -> before.put(who, model.columns(readableTo(who))));
    ContractPlan plan = shop.amendContract(PEOPLE, people(declared.toArray(String[]::new))).plan();
    if (!plan.isAllowed()) {
      assertThat(plan.findings())
          .filteredOn(finding -> finding.severity() == Finding.Severity.ERROR)
          .extracting(Finding::code)
          .containsOnly(FindingCode.COLUMN_IN_USE_BY_RIGHTS);
      return;
    }
    plan.commit();
    model.names.clear();
    model.names.addAll(names);
    model.columns.clear();
    model.columns.addAll(columns);
    for (Principal who : all) {
      Set<Integer> gained = model.columns(readableTo(who));
      gained.removeAll(before.get(who));
      Set<Integer> planned = new TreeSet<>();
      plan.gains().stream()
          .filter(change -> change.who().equals(who.toString()))
          .forEach(change -> planned.addAll(model.columns(change.columns())));
      assertThat(gained).as("gained by %s", who).isEqualTo(planned);
    }
  }
}
