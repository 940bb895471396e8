package io.meshwork.internal.conformance.access;

import static io.meshwork.access.TagSelection.where;
import static io.meshwork.internal.conformance.access.PeopleInTwoMajors.ANALYST;
import static io.meshwork.internal.conformance.access.PeopleInTwoMajors.ETL;
import static io.meshwork.internal.conformance.access.PeopleInTwoMajors.LINK;
import static io.meshwork.internal.conformance.access.PeopleInTwoMajors.assertFails;
import static io.meshwork.internal.conformance.access.PeopleInTwoMajors.persons;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.access.AccessPlan;
import io.meshwork.access.AccessPlan.AccessChange;
import io.meshwork.access.ExplainedAccess;
import io.meshwork.consume.Read;
import io.meshwork.contract.Partition;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.PeopleFixture;
import io.meshwork.link.ResourceLink;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Grants, tags, and requests apply to the columns of every live major version. */
public abstract class MajorRightsSuite extends PeopleFixture {
  private final PeopleInTwoMajors majors = new PeopleInTwoMajors(this);

  @Test
  void aGrantNamesColumnsOfAnyLiveMajorVersion() {
    MeshClient shop = majors.shopOfTwoMajors();

    AccessPlan<List<GrantSummary>> plan =
        shop.grant(PEOPLE).columns("id", "channel").to(ANALYST).because("Channels").plan();
    assertThat(plan.gains())
        .extracting(AccessChange::who, AccessChange::columns)
        .containsExactly(tuple("finance/analyst", List.of("id", "channel")));
    plan.commit();
    shop.grant(PEOPLE).columns("country").to(ETL).because("Countries").commit();
    shop.publish(PEOPLE).records(persons("2", "country")).commit();
    majors.openSecondMajor();
    shop.publish(PEOPLE).records(persons("3", "channel")).commit();

    MeshClient analyst = mesh.clientAs(ANALYST);
    assertThat(all(analyst.read(PEOPLE).asMaps()))
        .containsExactly(Map.of("id", "3", "channel", "x"));
    assertThat(all(analyst.read(PEOPLE).majorVersion(1).asMaps()))
        .containsExactlyInAnyOrder(Map.of("id", "1"), Map.of("id", "2"));
    assertThatThrownBy(() -> majors.finance().read(PEOPLE).rows())
        .isInstanceOf(AccessDeniedException.class);
    assertThat(all(majors.finance().read(PEOPLE).majorVersion(1).asMaps()))
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
    MeshClient shop = majors.shopOfTwoMajors();
    shop.grant(PEOPLE).columns("email", "channel").to(ANALYST).because("x").commit();
    majors.openSecondMajor();
    shop.amendContract(PEOPLE, people("id", "email", "source:channel")).commit();
    shop.publish(PEOPLE).records(persons("3", "source")).commit();
    shop.amendContract(PEOPLE, people("id", "mail:email", "country")).majorVersion(1).commit();

    MeshClient analyst = mesh.clientAs(ANALYST);
    assertThat(all(analyst.read(PEOPLE).asMaps()))
        .containsExactly(Map.of("email", "3@example.org", "source", "x"));
    assertThat(all(analyst.read(PEOPLE).majorVersion(1).asMaps()))
        .containsExactly(Map.of("mail", "a@example.org"));
    shop.amendContract(PEOPLE, people("id", "mail", "country", "channel")).majorVersion(1).commit();
    assertThat(mesh.clientAs(ANALYST).read(PEOPLE).majorVersion(1).rows().columns())
        .as("the first version's new column is another one")
        .containsExactly("mail");
  }

  private MeshClient shopOfRenamed(String... columns) {
    MeshClient shop = shopOfPeople();
    shop.access().tag(PEOPLE).set("kind", "plain").commit();
    rollOutNames(shop, columns);
    return shop;
  }

  private static void rollOutNames(MeshClient shop, String... columns) {
    shop.startRollout(PEOPLE)
        .contract(people(columns))
        .renameColumn("email", "mail")
        .partitionBy(Partition.bucket("id", 2))
        .because("Names")
        .commit();
    shop.rollout(PEOPLE).backFill().commit();
    shop.rollout(PEOPLE).activate().commit();
  }

  private void assertColumns(Principal reader, int major, String... columns) {
    assertThat(mesh.clientAs(reader).read(PEOPLE).majorVersion(major).rows().columns())
        .as("%s in major version %s", reader, major)
        .containsExactlyInAnyOrder(columns);
  }

  @Test
  void anExceptionAndATagOfARenamedColumnHoldInEachMajorVersionBesideOthers() {
    MeshClient shop = shopOfRenamed("id", "mail", "country");
    shop.grant(PEOPLE).exceptColumns("mail", "country").to(ANALYST).because("x").commit();
    shop.access().tagColumns(PEOPLE, "mail", "country").set("kind", "secret").commit();
    shop.grantByTags(where("kind", "plain")).to(ETL).because("Plain").commit();

    for (int major = 1; major <= 2; major++) {
      assertColumns(ANALYST, major, "id");
      assertColumns(ETL, major, "id");
    }
  }

  @Test
  void anExceptionAndATagHoldForEachColumnThatHasTheNameInSomeMajorVersion() {
    MeshClient shop = shopOfRenamed("id", "mail", "email", "country");
    shop.grant(PEOPLE).exceptColumns("email").to(ANALYST).because("x").commit();
    shop.access().tagColumns(PEOPLE, "email").set("kind", "secret").commit();
    shop.grantByTags(where("kind", "plain")).to(ETL).because("Plain").commit();

    for (int major = 1; major <= 2; major++) {
      assertColumns(ANALYST, major, "id", "country");
      assertColumns(ETL, major, "id", "country");
    }
  }

  @Test
  void aTagThatIsChangedByANameOfAnyMajorVersionChangesInEach() {
    MeshClient shop = shopOfRenamed("id", "mail", "country");
    shop.grantByTags(where("kind", "plain")).to(ETL).because("Plain").commit();
    shop.access().tagColumns(PEOPLE, "mail").set("kind", "secret").commit();
    assertColumns(ETL, 1, "id", "country");
    shop.access().tagColumns(PEOPLE, "email").set("kind", "plain").commit();
    assertColumns(ETL, 1, "id", "email", "country");
    assertColumns(ETL, 2, "id", "mail", "country");
    shop.access().tagColumns(PEOPLE, "email").set("kind", "secret").commit();
    assertColumns(ETL, 1, "id", "country");
    assertColumns(ETL, 2, "id", "country");
  }

  @Test
  void aTagOfARenamedColumnIsNotOnAnotherColumnUnderItsOldNameAfterOtherTagsChange() {
    MeshClient shop = shopOfPeople();
    shop.access().tagColumns(PEOPLE, "email").set("kind", "plain").commit();
    shop.grantByTags(where("kind", "plain")).to(ETL).because("Plain").commit();
    rollOutNames(shop, "id", "mail", "email", "country");
    assertColumns(ETL, 2, "mail");

    shop.access().tagColumns(PEOPLE, "country").set("kind", "secret").commit();

    assertColumns(ETL, 1, "email");
    assertColumns(ETL, 2, "mail");
  }

  @Test
  void aConditionOnARenamedColumnSelectsRowsOfEachMajorVersion() {
    MeshClient shop = shopOfRenamed("id", "mail", "country");
    shop.grant(PEOPLE)
        .columns("country")
        .rows("mail IS NOT NULL")
        .to(ANALYST)
        .because("x")
        .commit();

    for (int major = 1; major <= 2; major++) {
      assertThat(all(mesh.clientAs(ANALYST).read(PEOPLE).majorVersion(major).asMaps()))
          .as("major version %s", major)
          .hasSize(1);
    }
  }

  @Test
  void aConditionOnANameOfDifferentColumnsIsRejected() {
    MeshClient shop = shopOfRenamed("id", "mail", "email", "country");

    assertRefused(
        ErrorCode.FILTER_INVALID,
        () ->
            shop.grant(PEOPLE)
                .rows("country = 'SE' AND email IS NOT NULL")
                .to(ANALYST)
                .because("x")
                .plan(),
        "email, which is one column in major version",
        "and another one in major version");
    shop.grant(PEOPLE).rows("mail IS NOT NULL").to(ANALYST).because("x").commit();
    for (int major = 1; major <= 2; major++) {
      assertThat(all(mesh.clientAs(ANALYST).read(PEOPLE).majorVersion(major).asMaps()))
          .as("major version %s", major)
          .hasSize(1);
    }
  }

  @Test
  void rowConditionsFitOneOfTheMajorVersions() {
    MeshClient shop = majors.shopOfTwoMajors();
    shop.grant(PEOPLE).rows("channel = 'x'").to(ANALYST).because("x").commit();
    majors.openSecondMajor();
    shop.publish(PEOPLE).records(persons("3", "channel")).commit();

    assertThat(majors.ids(mesh.clientAs(ANALYST), 2)).containsExactly("3");
    assertThatThrownBy(() -> majors.ids(mesh.clientAs(ANALYST), 1))
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

  /** Its executor removes the ID of an excluded column, for the second major version only. */
  @Test
  void aForgedGrantIsCheckedInEachMajorVersion() {
    MeshClient shop = majors.shopOfTwoMajors();
    majors.openSecondMajor();
    shop.access()
        .authorize(PEOPLE)
        .executors(Principal.of("central", "steward"))
        .exceptColumns("email")
        .forAnyConsumer()
        .because("x")
        .commit();
    mesh.clientAs(Principal.of("central", "steward"))
        .grant(PEOPLE)
        .exceptColumns("email")
        .to(ANALYST)
        .because("x")
        .commit();
    shop.publish(PEOPLE).records(persons("3", "channel")).commit();
    MeshClient analyst = mesh.clientAs(ANALYST);
    Map.Entry<Key, Document> grant =
        registry.documents().entrySet().stream()
            .filter(each -> each.getKey().toString().contains("@by"))
            .filter(each -> each.getKey().sort().startsWith("grant/"))
            .findFirst()
            .orElseThrow();
    majors.put(
        grant.getKey(), grant.getValue().json().replaceAll("\"email\":[0-9]+", "\"email\":999"));

    for (int major = 1; major <= 2; major++) {
      Read<?> read = analyst.read(PEOPLE).majorVersion(major);
      assertThatThrownBy(() -> read.rows().columns()).isInstanceOf(AccessDeniedException.class);
    }
  }

  @Test
  void tagsAreOnColumnsOfAnyLiveMajorVersion() {
    MeshClient shop = majors.shopOfTwoMajors();
    shop.access().tagColumns(PEOPLE, "channel", "country").set("kind", "plain").commit();
    AccessPlan<List<GrantSummary>> plan =
        shop.grantByTags(where("kind", "plain")).to(ANALYST).because("Plain").plan();
    assertThat(plan.gains())
        .flatExtracting(AccessChange::columns)
        .containsExactlyInAnyOrder("country", "channel");
    plan.commit();
    majors.openSecondMajor();

    MeshClient analyst = mesh.clientAs(ANALYST);
    assertThat(analyst.read(PEOPLE).rows().columns()).containsExactly("channel");
    assertThat(analyst.read(PEOPLE).majorVersion(1).rows().columns()).containsExactly("country");
    assertThat(
            shop.access()
                .tagColumns(PEOPLE, "channel", "country")
                .set("kind", "plain")
                .plan()
                .isEmpty())
        .isTrue();
  }

  @Test
  void aTagFollowsARenamedColumnOfEachMajorVersion() {
    MeshClient shop = majors.shopOfTwoMajors();
    shop.access().tagColumns(PEOPLE, "email").set("kind", "secret").commit();
    shop.access().tag(PEOPLE).set("kind", "plain").commit();
    shop.grantByTags(where("kind", "plain")).to(ANALYST).because("Plain").commit();
    majors.openSecondMajor();

    shop.amendContract(PEOPLE, people("id", "mail:email", "country")).majorVersion(1).commit();
    shop.access().tagColumns(PEOPLE, "country").set("kind", "secret").commit();

    MeshClient analyst = mesh.clientAs(ANALYST);
    assertThat(analyst.read(PEOPLE).rows().columns()).containsExactly("id", "channel");
    assertThat(analyst.read(PEOPLE).majorVersion(1).rows().columns()).containsExactly("id");
  }

  @Test
  void anExceptionThatAMajorVersionLacksIsPointedOut() {
    MeshClient shop = majors.shopOfTwoMajors();

    assertThat(
            shop.grant(PEOPLE).exceptColumns("country").to(ANALYST).because("x").plan().findings())
        .extracting(Finding::code, Finding::severity)
        .containsExactly(tuple(FindingCode.UNKNOWN_COLUMN, Finding.Severity.WARNING));
    assertThat(shop.grant(PEOPLE).exceptColumns("email").to(ANALYST).because("x").plan().findings())
        .isEmpty();
  }

  @Test
  void columnsThatDifferInCaseAreOne() {
    MeshClient shop = shopOfPeople();
    majors.addSecondMajor(people("ID", "EMail"));
    shop.grant(PEOPLE).columns("email").to(ANALYST).because("x").commit();
    majors.openSecondMajor();

    MeshClient analyst = mesh.clientAs(ANALYST);
    assertThat(analyst.read(PEOPLE).rows().columns()).containsExactly("EMail");
    assertThat(analyst.read(PEOPLE).majorVersion(1).rows().columns()).containsExactly("email");
  }

  @Test
  void accessIsExplainedForEachMajorVersion() {
    MeshClient shop = majors.shopOfTwoMajors();
    shop.grant(PEOPLE).columns("id", "channel").to(ETL).because("x").commit();
    shop.grant(PEOPLE).columns("country").to(ANALYST).because("x").commit();
    majors.finance().linkResource(PEOPLE).database("finance_db").commit();
    ExplainedAccess before = shop.access().explain(ETL, PEOPLE);
    assertThat(before.columns()).as("the second version is not read yet").containsExactly("id");
    assertThat(before.missing())
        .anySatisfy(line -> assertThat(line).startsWith("major version 2 (PREPARED): NO_GRANT"));
    majors.setState(2, "ACTIVE");

    ExplainedAccess both = shop.access().explain(ETL, PEOPLE);
    assertThat(both.columns()).containsExactly("id", "channel");
    assertThat(both.hiddenColumns()).containsExactly("email", "country");
    assertThat(both.missing())
        .anySatisfy(line -> assertThat(line).contains("major version 1: ", "country"))
        .anySatisfy(line -> assertThat(line).startsWith("major version 2: ").contains("email"));
    ExplainedAccess first = shop.access().explain(ANALYST, PEOPLE);
    assertThat(first.isAllowed()).isTrue();
    assertThat(first.missing())
        .anySatisfy(line -> assertThat(line).startsWith("major version 2: NO_GRANT"));
    assertThat(majors.finance().access().explain(ETL, LINK).columns()).containsExactly("id");
    assertThat(shop.access().whoCanRead(PEOPLE))
        .filteredOn(each -> each.who().startsWith("finance/"))
        .extracting(ExplainedAccess::who, ExplainedAccess::columns)
        .containsExactlyInAnyOrder(
            tuple("finance/etl", List.of("id", "channel")),
            tuple("finance/analyst", List.of("country")));

    majors.setState(1, "RETIRED");
    assertThat(shop.access().explain(ANALYST, PEOPLE).isAllowed()).isFalse();
    assertThat(shop.access().explain(ETL, PEOPLE).columns()).containsExactly("id", "channel");
  }

  @Test
  void accessThroughALinkThatFollowsIsExplainedForTheVersionThatItReads() {
    MeshClient shop = majors.shopOfTwoMajors();
    shop.grant(PEOPLE).columns("channel").to(ETL).because("x").commit();
    MeshClient finance = majors.finance();
    finance.linkResource(PEOPLE).database("finance_db").followRollouts().commit();
    finance.linkDomain("commerce", "shop").commit();
    majors.setState(2, "ACTIVE");

    assertThat(finance.access().explain(ETL, PEOPLE).columns()).containsExactly("channel");
    for (String link : List.of(LINK, "shop.people")) {
      assertThatThrownBy(() -> finance.read(link).rows()).isInstanceOf(AccessDeniedException.class);
      assertThat(finance.access().explain(ETL, link).isAllowed()).isFalse();
    }

    majors.makeCurrent(2);

    for (String link : List.of(LINK, "shop.people")) {
      assertThat(finance.read(link).rows().columns()).containsExactly("channel");
      assertThat(finance.access().explain(ETL, link).columns()).containsExactly("channel");
      assertThat(finance.access().explain(ETL, link).hiddenColumns())
          .containsExactly("id", "email");
    }
  }

  @Test
  void aRequestNamesColumnsOfAnyVisibleMajorVersion() {
    MeshClient shop = majors.shopOfTwoMajors();
    assertThatThrownBy(
            () ->
                majors
                    .finance()
                    .requests()
                    .requestAccess(PEOPLE)
                    .columns("channel")
                    .purpose("x")
                    .commit())
        .hasMessageContaining("it has [id, email, country]");
    shop.rollout(PEOPLE).announce().commit();

    String id =
        majors
            .finance()
            .requests()
            .requestAccess(PEOPLE)
            .columns("channel")
            .purpose("Channels")
            .commit()
            .id();
    assertThat(shop.requests().approve(id).because("They may.").commit().columns())
        .containsExactly("channel");
    majors.openSecondMajor();
    assertThat(majors.finance().read(PEOPLE).rows().columns()).containsExactly("channel");
    majors.setState(2, "RETIRED");
    majors.setState(1, "RETIRED");
    assertThat(majors.finance().requests().sent()).hasSize(1);
  }

  @Test
  void linksPointToMajorVersionsThatAreInUse() {
    majors.shopOfTwoMajors().rollout(PEOPLE).announce().commit();
    majors.grantAll();
    majors.finance().linkResource(PEOPLE).database("finance_db").commit();
    majors
        .finance()
        .linkResource(PEOPLE)
        .database("finance_db")
        .name("newest")
        .followRollouts()
        .commit();
    majors.finance().linkDomain("commerce", "shop").commit();
    for (String state : List.of("DEPRECATED", "CLOSING", "RETIRING")) {
      majors.setState(1, state);
      assertThat(all(majors.finance().read(LINK))).hasSize(1);
      assertThat(all(majors.finance().read("finance_db.newest"))).hasSize(1);
    }
    majors.openSecondMajor();
    majors.setState(1, "RETIRED");

    assertThat(majors.finance().links())
        .extracting(ResourceLink::name, ResourceLink::state, link -> link.major().orElse(0))
        .containsExactly(
            tuple("finance_db.newest", ResourceLink.State.VALID, 2),
            tuple(LINK, ResourceLink.State.DANGLING, 1),
            tuple("shop", ResourceLink.State.VALID, 0),
            tuple("shop.people", ResourceLink.State.VALID, 2));
    assertFails(ErrorCode.MAJOR_RETIRED, () -> majors.finance().read(LINK), "major 1 is retired");
    assertThat(all(majors.finance().read("finance_db.newest"))).isEmpty();

    majors.setState(2, "RETIRED");
    assertThat(majors.finance().links())
        .filteredOn(link -> link.name().equals("shop.people"))
        .singleElement()
        .satisfies(link -> assertThat(link.state()).isEqualTo(ResourceLink.State.DANGLING));
    assertFails(
        ErrorCode.MAJOR_RETIRED, () -> all(majors.finance().read("shop.people")), "was retired");
  }
}
