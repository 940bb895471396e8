package io.meshwork.conformance;

import static io.meshwork.access.TagSelection.where;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessPlan;
import io.meshwork.access.ExplainedAccess;
import io.meshwork.access.GrantSummary;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Subscription;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshException;
import io.meshwork.error.NotFoundException;
import io.meshwork.link.ResourceLink;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.avro.generic.GenericRecord;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What may be done with a major version is decided by its state, in every operation alike. */
abstract class MajorStatesSuite extends MajorsFixture {
  private static final Principal ETL = Principal.of("finance", "etl");
  private static final Principal ANALYST = Principal.of("finance", "analyst");
  private static final String LINK = "finance_db.people";

  private MeshClient finance() {
    return as("finance");
  }

  private static List<Map<String, String>> persons(String id, String other) {
    return List.of(Map.of("id", id, "email", id + "@example.org", other, "x"));
  }

  private List<Object> ids(MeshClient client, int major) {
    return all(client.read(PEOPLE).majorVersion(major).asMaps()).stream()
        .map(person -> person.get("id"))
        .toList();
  }

  private void grantAll() {
    shop().grant(PEOPLE).to(ETL).because("They bill.").commit();
  }

  private static void assertFails(ErrorCode code, ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            MeshException.class, failure -> assertThat(failure.errorCode()).isEqualTo(code))
        .hasMessageContainingAll(words);
  }

  /** Every operation on the first major version, while the second one is the current one. */
  private Map<String, Callable<?>> operations(Subscription<GenericRecord> kept, String snapshot) {
    MeshClient shop = shop();
    MeshClient finance = finance();
    Map<String, Callable<?>> calls = new TreeMap<>();
    calls.put("READ", () -> all(finance.read(PEOPLE).majorVersion(1)));
    calls.put("SNAPSHOTS", () -> finance.read(PEOPLE).majorVersion(1).snapshots());
    calls.put("OWNER", () -> all(shop.read(PEOPLE).majorVersion(1)));
    calls.put("FILES", () -> shop.read(PEOPLE).majorVersion(1).files());
    calls.put("QUARANTINE", () -> all(shop.quarantine(PEOPLE).majorVersion(1)));
    calls.put(
        "SUBSCRIBE",
        () -> finance.subscribe(PEOPLE).named("new").purpose("x").majorVersion(1).commit());
    calls.put("AMEND_SUBSCRIPTION", () -> finance.subscribe(PEOPLE).named("kept").commit());
    calls.put(
        "POLL",
        () -> {
          try (Batch<GenericRecord> batch = kept.poll()) {
            return batch.id();
          }
        });
    calls.put(
        "PUBLISH",
        () -> shop.publish(PEOPLE).majorVersion(1).records(persons("9", "country")).dryRun());
    calls.put(
        "ERASE",
        () -> shop.publish(PEOPLE).majorVersion(1).erasingWhere("id = '7'", "asked").commit());
    calls.put(
        "ROLL_BACK",
        () ->
            shop.rollBack(PEOPLE)
                .majorVersion(1)
                .to(snapshot)
                .because("x")
                .restoringErased()
                .commit());
    calls.put(
        "AMEND",
        () ->
            shop.amendContract(PEOPLE)
                .majorVersion(1)
                .change(contract -> contract.describedAs("All people"))
                .plan());
    calls.put("GRANT", () -> shop.grant(PEOPLE).columns("country").to(ANALYST).because("x").plan());
    calls.put("LINK", () -> all(finance.read(LINK)));
    calls.put("DESCRIBE", () -> finance.describe(PEOPLE));
    calls.put("SUBSCRIPTIONS", finance::subscriptions);
    calls.put("HISTORY", () -> finance.history(PEOPLE).changes());
    return calls;
  }

  @ParameterizedTest
  @CsvSource({
    "PREPARED,   OWNER FILES QUARANTINE AMEND GRANT DESCRIBE SUBSCRIPTIONS HISTORY",
    "ACTIVE,     ALL",
    "DEPRECATED, ALL SUBSCRIBE",
    "CLOSING,    ALL SUBSCRIBE",
    "RETIRING,   ALL SUBSCRIBE",
    "RETIRED,    OWNER FILES QUARANTINE ERASE DESCRIBE SUBSCRIPTIONS HISTORY",
    "WITHDRAWN,  OWNER FILES QUARANTINE ERASE DESCRIBE SUBSCRIPTIONS HISTORY",
    "PURGED,     DESCRIBE SUBSCRIPTIONS HISTORY"
  })
  void aMajorVersionIsUsedAsItsStateAllows(String state, String uses) {
    MeshClient shop = shopOfTwoMajors();
    grantAll();
    finance().linkResource(PEOPLE).into("finance_db").commit();
    Subscription<GenericRecord> kept =
        finance().subscribe(PEOPLE).named("kept").purpose("x").commit();
    PublishReceipt receipt = shop.publish(PEOPLE).records(persons("2", "country")).commit();
    openSecondMajor();
    setState(1, state);
    List<String> named = List.of(uses.split(" "));

    operations(kept, receipt.snapshotId().orElseThrow())
        .forEach(
            (use, call) -> {
              boolean allowed =
                  named.get(0).equals("ALL") ? !named.contains(use) : named.contains(use);
              Throwable failure = catchThrowable(call::call);
              if (allowed) {
                assertThat(failure).as("%s of a major that is %s", use, state).isNull();
              } else {
                assertThat(failure)
                    .as("%s of a major that is %s", use, state)
                    .isInstanceOf(MeshException.class);
                assertThat(((MeshException) failure).errorCode())
                    .as("%s of a major that is %s", use, state)
                    .isEqualTo(codeOf(use, state));
              }
            });
  }

  /** A column that only the first version has cannot be granted once that is retired. */
  private static ErrorCode codeOf(String use, String state) {
    if (use.equals("GRANT")) {
      return ErrorCode.INVALID_ARGUMENT;
    } else if (List.of("RETIRED", "WITHDRAWN", "PURGED").contains(state)) {
      return ErrorCode.MAJOR_RETIRED;
    }
    return use.equals("LINK") ? ErrorCode.NOT_FOUND : ErrorCode.STATE_CONFLICT;
  }

  @Test
  void aRetiredMajorVersionNamesItsSuccessorTheReasonAndTheDate() {
    shopOfTwoMajors();
    grantAll();
    Subscription<GenericRecord> kept =
        finance().subscribe(PEOPLE).named("kept").purpose("x").commit();
    openSecondMajor();
    setState(
        1,
        "RETIRED",
        Map.of(
            "successor",
            "2",
            "because",
            "\"country is replaced by channel\"",
            "retiredAt",
            "\"2026-11-20T08:00:00Z\""));

    String[] facts = {
      "major version 1 of " + PEOPLE,
      "retired at 2026-11-20T08:00:00Z",
      "country is replaced by channel",
      "major version 2 replaces it",
      "majorVersion(2)"
    };
    assertFails(
        ErrorCode.MAJOR_RETIRED, () -> finance().read(PEOPLE).majorVersion(1).read(), facts);
    assertFails(ErrorCode.MAJOR_RETIRED, kept::poll, facts);
    assertFails(
        ErrorCode.MAJOR_RETIRED,
        () -> shop().publish(PEOPLE).majorVersion(1).records(persons("3", "country")).commit(),
        facts);
    assertThat(ids(finance(), 2)).isEmpty();
    assertThat(finance().unsubscribe(PEOPLE, "kept").commit()).isNotNull();
  }

  @Test
  void aRetiredMajorVersionWithoutASuccessorNamesTheOwner() {
    shopOfPeople();
    grantAll();
    setState(1, "RETIRED");

    assertFails(
        ErrorCode.MAJOR_RETIRED,
        () -> finance().read(PEOPLE).read(),
        "was retired",
        "describe(\"" + PEOPLE + "\")");
    assertThat(finance().describe(PEOPLE).versions())
        .extracting(version -> version.state())
        .containsExactly("RETIRED");
    assertFails(
        ErrorCode.MAJOR_RETIRED,
        () -> shop().grant(PEOPLE).to(ANALYST).because("x").commit(),
        "was retired");
    assertFails(
        ErrorCode.MAJOR_RETIRED,
        () -> finance().requestAccess(PEOPLE).purpose("x").commit(),
        "was retired");
    assertFails(
        ErrorCode.MAJOR_RETIRED,
        () -> finance().linkResource(PEOPLE).into("finance_db").commit(),
        "was retired");
    String id = shop().access().grants().get(0).id();
    shop().access().revoke(id).commit();
    assertThat(shop().access().grants()).isEmpty();
  }

  @Test
  void aDeprecatedMajorVersionNamesTheNewOneToNewSubscribers() {
    shopOfTwoMajors();
    grantAll();
    setState(2, "ACTIVE");
    setState(1, "DEPRECATED", Map.of("successor", "2"));

    assertThatThrownBy(() -> finance().subscribe(PEOPLE).named("new").purpose("x").commit())
        .isInstanceOfSatisfying(
            ConflictException.class, refused -> assertThat(refused.retryable()).isFalse())
        .hasMessageContainingAll("deprecated", "Subscribe to major version 2", "majorVersion(2)");
    Subscription<GenericRecord> second =
        finance().subscribe(PEOPLE).named("new").purpose("x").majorVersion(2).commit();
    assertThat(second.major()).isEqualTo(2);
  }

  @Test
  void aPreparedMajorVersionIsReadByItsOwnerAlone() {
    MeshClient shop = shopOfTwoMajors();
    grantAll();

    assertThat(ids(shop, 2)).isEmpty();
    assertFails(
        ErrorCode.STATE_CONFLICT,
        () -> finance().read(PEOPLE).majorVersion(2).read(),
        "being prepared",
        "the current one is 1");
    assertFails(
        ErrorCode.STATE_CONFLICT,
        () -> shop.publish(PEOPLE).majorVersion(2).records(persons("3", "channel")).commit(),
        "being prepared",
        "Nothing was published");
    assertThat(ids(finance(), 1)).as("who names none reads the current one").hasSize(1);
  }

  @Test
  void theOwnerReadsARetiredMajorVersionAndErasesFromIt() {
    MeshClient shop = shopOfTwoMajors();
    shop.publish(PEOPLE).records(persons("2", "country")).idempotencyKey("night").commit();
    openSecondMajor();
    setState(1, "RETIRED");

    assertThat(ids(shop, 1)).containsExactlyInAnyOrder("1", "2");
    assertThat(shop.read(PEOPLE).majorVersion(1).files()).hasSize(2);
    shop.publish(PEOPLE).majorVersion(1).erasingWhere("id = '2'", "They asked.").commit();
    assertThat(ids(shop, 1)).containsExactly("1");
    assertThat(
            shop.publish(PEOPLE)
                .majorVersion(1)
                .records(persons("2", "country"))
                .idempotencyKey("night")
                .commit()
                .replayed())
        .as("a retry of what was committed before the retirement")
        .isTrue();
    assertThat(shop.history(PEOPLE).changes()).hasSize(3);
  }

  @Test
  void aStateThatChangesDuringAPublishCountsAtItsCommit() {
    MeshClient shop = shopOfTwoMajors();
    setState(2, "ACTIVE");

    beforeCommit(
            shop.publish(PEOPLE).records(persons("2", "country")), () -> setState(1, "DEPRECATED"))
        .commit();
    assertThat(ids(shop, 1)).hasSize(2);
    assertFails(
        ErrorCode.MAJOR_RETIRED,
        () ->
            beforeCommit(
                    shop.publish(PEOPLE).records(persons("3", "country")),
                    () -> setState(1, "RETIRED"))
                .commit(),
        "was retired");
    assertThat(ids(shop, 1)).hasSize(2);
  }

  @Test
  void publishesRollbacksAndQuarantinesNameTheirMajorVersion() {
    MeshClient shop = shopOfTwoMajors();
    openSecondMajor();

    PublishReceipt second = shop.publish(PEOPLE).records(persons("5", "channel")).commit();
    PublishReceipt first =
        shop.publish(PEOPLE).majorVersion(1).records(persons("6", "country")).commit();
    assertThat(second.major()).isEqualTo(2);
    assertThat(first.major()).isEqualTo(1);
    assertThat(ids(shop, 2)).containsExactly("5");
    assertThat(ids(shop, 1)).containsExactlyInAnyOrder("1", "6");
    String before = shop.read(PEOPLE).majorVersion(1).snapshots().get(1).id();
    assertThat(shop.rollBack(PEOPLE).majorVersion(1).to(before).because("Wrong").commit().major())
        .isEqualTo(1);
    assertThat(ids(shop, 1)).containsExactly("1");
    assertThat(all(shop.quarantine(PEOPLE).majorVersion(1))).isEmpty();
    shop.publish(PEOPLE)
        .majorVersion(1)
        .erasingQuarantineWhere("rules = 'type:country'", "They asked.")
        .dryRun();
    assertThat(shop.history(PEOPLE).changes())
        .extracting(change -> change.contract().major())
        .containsExactly(1, 1, 2, 1);
  }

  @Test
  void aMajorVersionBelowOneIsRefused() {
    MeshClient shop = shopOfPeople();
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> shop.read(PEOPLE).majorVersion(0),
            () -> shop.quarantine(PEOPLE).majorVersion(-1),
            () -> shop.subscribe(PEOPLE).majorVersion(0),
            () -> shop.publish(PEOPLE).majorVersion(0),
            () -> shop.rollBack(PEOPLE).majorVersion(0),
            () -> shop.amendContract(PEOPLE).majorVersion(0))) {
      assertRefused(ErrorCode.INVALID_ARGUMENT, call, "'majorVersion'", "Use 1 or more");
    }
    assertThatThrownBy(
            () -> shop.publish(PEOPLE).majorVersion(7).records(persons("1", "country")).commit())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContainingAll("no major version 7", "[1]");
  }

  @Test
  void aMajorVersionWithoutAStateIsActive() {
    shopOfPeople();
    grantAll();
    removeState(1);

    assertThat(ids(finance(), 1)).hasSize(1);
    assertThat(finance().describe(PEOPLE).versions().get(0).state()).isEqualTo("ACTIVE");
    shop().publish(PEOPLE).records(persons("2", "country")).commit();
    assertThat(ids(finance(), 1)).hasSize(2);
  }

  @Test
  void aGrantNamesColumnsOfAnyLiveMajorVersion() {
    MeshClient shop = shopOfTwoMajors();

    AccessPlan<List<GrantSummary>> plan =
        shop.grant(PEOPLE).columns("id", "channel").to(ANALYST).because("Channels").plan();
    assertThat(plan.gains())
        .extracting(AccessPlan.AccessChange::who, AccessPlan.AccessChange::columns)
        .containsExactly(tuple("finance/analyst", List.of("id", "channel")));
    plan.commit();
    shop.grant(PEOPLE).columns("country").to(ETL).because("Countries").commit();
    shop.publish(PEOPLE).records(persons("2", "country")).commit();
    openSecondMajor();
    shop.publish(PEOPLE).records(persons("3", "channel")).commit();

    MeshClient analyst = mesh.actingAs(ANALYST);
    assertThat(all(analyst.read(PEOPLE).asMaps()))
        .containsExactly(Map.of("id", "3", "channel", "x"));
    assertThat(all(analyst.read(PEOPLE).majorVersion(1).asMaps()))
        .containsExactlyInAnyOrder(Map.of("id", "1"), Map.of("id", "2"));
    assertThatThrownBy(() -> finance().read(PEOPLE).read())
        .isInstanceOf(AccessDeniedException.class);
    assertThat(all(finance().read(PEOPLE).majorVersion(1).asMaps()))
        .extracting(person -> person.keySet())
        .containsOnly(Set.of("country"));
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> shop.grant(PEOPLE).columns("chanel").to(ANALYST).because("x").plan(),
        "[id, email, channel, country]",
        "'channel'");
    assertThat(
            shop.grant(PEOPLE)
                .columns("id", "channel")
                .to(ANALYST)
                .because("Channels")
                .plan()
                .isEmpty())
        .isTrue();
  }

  @Test
  void aGrantFollowsARenamedColumnOfEachMajorVersion() {
    MeshClient shop = shopOfTwoMajors();
    shop.grant(PEOPLE).columns("email", "channel").to(ANALYST).because("x").commit();
    openSecondMajor();
    shop.amendContract(PEOPLE, people("id", "email", "source:channel")).commit();
    shop.publish(PEOPLE).records(persons("3", "source")).commit();
    shop.amendContract(PEOPLE, people("id", "mail:email", "country")).majorVersion(1).commit();

    MeshClient analyst = mesh.actingAs(ANALYST);
    assertThat(all(analyst.read(PEOPLE).asMaps()))
        .containsExactly(Map.of("email", "3@example.org", "source", "x"));
    assertThat(all(analyst.read(PEOPLE).majorVersion(1).asMaps()))
        .containsExactly(Map.of("mail", "a@example.org"));
    shop.amendContract(PEOPLE, people("id", "mail", "country", "channel")).majorVersion(1).commit();
    assertThat(mesh.actingAs(ANALYST).read(PEOPLE).majorVersion(1).read().columns())
        .as("the first version's new column is another one")
        .containsExactly("mail");
  }

  @Test
  void rowConditionsFitOneOfTheMajorVersions() {
    MeshClient shop = shopOfTwoMajors();
    shop.grant(PEOPLE).rows("channel = 'x'").to(ANALYST).because("x").commit();
    openSecondMajor();
    shop.publish(PEOPLE).records(persons("3", "channel")).commit();

    assertThat(ids(mesh.actingAs(ANALYST), 2)).containsExactly("3");
    assertThatThrownBy(() -> ids(mesh.actingAs(ANALYST), 1))
        .isInstanceOf(AccessDeniedException.class);
    assertRefused(
        ErrorCode.FILTER_INVALID,
        () ->
            shop.grant(PEOPLE)
                .rows("channel = 'x' AND country = 'SE'")
                .to(ANALYST)
                .because("x")
                .plan(),
        "country");
  }

  @Test
  void tagsAreOnColumnsOfAnyLiveMajorVersion() {
    MeshClient shop = shopOfTwoMajors();
    shop.access().tag(PEOPLE).with("kind", "plain").onColumns("channel", "country").commit();
    AccessPlan<List<GrantSummary>> plan =
        shop.grantByTags(where("kind").is("plain")).to(ANALYST).because("Plain").plan();
    assertThat(plan.gains())
        .flatExtracting(AccessPlan.AccessChange::columns)
        .containsExactlyInAnyOrder("country", "channel");
    plan.commit();
    openSecondMajor();

    MeshClient analyst = mesh.actingAs(ANALYST);
    assertThat(analyst.read(PEOPLE).read().columns()).containsExactly("channel");
    assertThat(analyst.read(PEOPLE).majorVersion(1).read().columns()).containsExactly("country");
    assertThat(
            shop.access()
                .tag(PEOPLE)
                .with("kind", "plain")
                .onColumns("channel", "country")
                .plan()
                .isEmpty())
        .isTrue();
  }

  @Test
  void aTagFollowsARenamedColumnOfEachMajorVersion() {
    MeshClient shop = shopOfTwoMajors();
    shop.access().tag(PEOPLE).with("kind", "secret").onColumns("email").commit();
    shop.access().tag(PEOPLE).with("kind", "plain").commit();
    shop.grantByTags(where("kind").is("plain")).to(ANALYST).because("Plain").commit();
    openSecondMajor();

    shop.amendContract(PEOPLE, people("id", "mail:email", "country")).majorVersion(1).commit();
    shop.access().tag(PEOPLE).with("kind", "secret").onColumns("country").commit();

    MeshClient analyst = mesh.actingAs(ANALYST);
    assertThat(analyst.read(PEOPLE).read().columns()).containsExactly("id", "channel");
    assertThat(analyst.read(PEOPLE).majorVersion(1).read().columns()).containsExactly("id");
  }

  @Test
  void anExceptionThatAMajorVersionLacksIsPointedOut() {
    MeshClient shop = shopOfTwoMajors();

    assertThat(
            shop.grant(PEOPLE).exceptColumns("country").to(ANALYST).because("x").plan().findings())
        .extracting(Finding::code, Finding::severity)
        .containsExactly(tuple("UNKNOWN_COLUMN", Finding.Severity.WARNING));
    assertThat(shop.grant(PEOPLE).exceptColumns("email").to(ANALYST).because("x").plan().findings())
        .isEmpty();
  }

  @Test
  void columnsThatDifferInCaseAreOne() {
    MeshClient shop = shopOfPeople();
    addSecondMajor(people("ID", "EMail"));
    shop.grant(PEOPLE).columns("email").to(ANALYST).because("x").commit();
    openSecondMajor();

    MeshClient analyst = mesh.actingAs(ANALYST);
    assertThat(analyst.read(PEOPLE).read().columns()).containsExactly("EMail");
    assertThat(analyst.read(PEOPLE).majorVersion(1).read().columns()).containsExactly("email");
  }

  @Test
  void accessIsExplainedForEachMajorVersion() {
    MeshClient shop = shopOfTwoMajors();
    shop.grant(PEOPLE).columns("id", "channel").to(ETL).because("x").commit();
    shop.grant(PEOPLE).columns("country").to(ANALYST).because("x").commit();
    finance().linkResource(PEOPLE).into("finance_db").commit();
    ExplainedAccess before = shop.explainAccess(ETL, PEOPLE);
    assertThat(before.columns()).as("the second version is not read yet").containsExactly("id");
    assertThat(before.missing())
        .anySatisfy(line -> assertThat(line).startsWith("major version 2 (PREPARED): NO_GRANT"));
    setState(2, "ACTIVE");

    ExplainedAccess both = shop.explainAccess(ETL, PEOPLE);
    assertThat(both.columns()).containsExactly("id", "channel");
    assertThat(both.hiddenColumns()).containsExactly("email", "country");
    assertThat(both.missing())
        .anySatisfy(line -> assertThat(line).contains("major version 1: ", "country"))
        .anySatisfy(line -> assertThat(line).startsWith("major version 2: ").contains("email"));
    ExplainedAccess first = shop.explainAccess(ANALYST, PEOPLE);
    assertThat(first.allowed()).isTrue();
    assertThat(first.missing())
        .anySatisfy(line -> assertThat(line).startsWith("major version 2: NO_GRANT"));
    assertThat(finance().explainAccess(ETL, LINK).columns()).containsExactly("id");
    assertThat(shop.access().whoCanRead(PEOPLE))
        .filteredOn(each -> each.who().startsWith("finance/"))
        .extracting(ExplainedAccess::who, ExplainedAccess::columns)
        .containsExactlyInAnyOrder(
            tuple("finance/etl", List.of("id", "channel")),
            tuple("finance/analyst", List.of("country")));

    setState(1, "RETIRED");
    assertThat(shop.explainAccess(ANALYST, PEOPLE).allowed()).isFalse();
    assertThat(shop.explainAccess(ETL, PEOPLE).columns()).containsExactly("id", "channel");
  }

  @Test
  void aRequestNamesColumnsOfAnyLiveMajorVersion() {
    MeshClient shop = shopOfTwoMajors();

    String id =
        finance().requestAccess(PEOPLE).columns("channel").purpose("Channels").commit().id();
    assertThat(shop.requests().approve(id).because("They may.").commit().columns())
        .containsExactly("channel");
    openSecondMajor();
    assertThat(finance().read(PEOPLE).read().columns()).containsExactly("channel");
    setState(2, "RETIRED");
    setState(1, "RETIRED");
    assertThat(finance().requests().sent()).hasSize(1);
  }

  @Test
  void linksPointToMajorVersionsThatAreInUse() {
    shopOfTwoMajors();
    grantAll();
    finance().linkResource(PEOPLE).into("finance_db").commit();
    finance().linkResource(PEOPLE).into("finance_db").as("newest").followingRollouts().commit();
    finance().linkResource("commerce").into("shop").commit();
    for (String state : List.of("DEPRECATED", "CLOSING", "RETIRING")) {
      setState(1, state);
      assertThat(all(finance().read(LINK))).hasSize(1);
      assertThat(all(finance().read("finance_db.newest"))).hasSize(1);
    }
    openSecondMajor();
    setState(1, "RETIRED");

    assertThat(finance().links().list())
        .extracting(ResourceLink::name, ResourceLink::state, link -> link.major().orElse(0))
        .containsExactly(
            tuple("finance_db.newest", ResourceLink.State.VALID, 2),
            tuple(LINK, ResourceLink.State.DANGLING, 1),
            tuple("shop", ResourceLink.State.VALID, 0),
            tuple("shop.people", ResourceLink.State.VALID, 2));
    assertFails(ErrorCode.MAJOR_RETIRED, () -> finance().read(LINK), "major 1 is retired");
    assertThat(all(finance().read("finance_db.newest"))).isEmpty();

    setState(2, "RETIRED");
    assertThat(finance().links().list())
        .filteredOn(link -> link.name().equals("shop.people"))
        .singleElement()
        .satisfies(link -> assertThat(link.state()).isEqualTo(ResourceLink.State.DANGLING));
    assertFails(ErrorCode.MAJOR_RETIRED, () -> all(finance().read("shop.people")), "was retired");
  }

  @Test
  void eachMajorVersionHasItsContract() {
    MeshClient shop = shopOfTwoMajors();

    assertThat(shop.describe(PEOPLE).versions())
        .extracting(version -> version.version(), version -> version.state())
        .containsExactly(
            tuple(ContractVersion.parse("1.0.0"), "ACTIVE"),
            tuple(ContractVersion.parse("2.0.0"), "PREPARED"));
  }
}
