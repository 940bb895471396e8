package io.meshwork.internal.conformance.access;

import static io.meshwork.access.TagSelection.where;
import static io.meshwork.contract.Rule.references;
import static io.meshwork.internal.conformance.access.PeopleInTwoMajors.LINK;
import static io.meshwork.internal.conformance.access.PeopleInTwoMajors.persons;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Compatibility;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.internal.conformance.fixture.PeopleFixture;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Key;
import io.meshwork.rollout.StartRollout;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The columns that a condition names are judged as columns that it reveals. */
public abstract class ConditionsSuite extends PeopleFixture {
  private final PeopleInTwoMajors majors = new PeopleInTwoMajors(this);

  private static final Principal LEAD = Principal.of("finance", "etl");
  private static final Principal PROBE = Principal.of("finance", "probe");
  private static final String BY_EMAIL = "email LIKE 'a%'";

  private MeshClient lead() {
    return mesh.clientAs(LEAD);
  }

  private static void raise(MeshClient shop) {
    shop.amendContract(PEOPLE)
        .change(current -> current.classification(Classification.RESTRICTED, "email"))
        .commit();
  }

  private GrantSummary someIds() {
    return shop()
        .grant(PEOPLE)
        .columns("id")
        .rows(BY_EMAIL)
        .to(PROBE)
        .because("Some")
        .commit()
        .get(0);
  }

  /** Asserts that a grant gives nothing, and that the reader, its owner, and doctor() know why. */
  private void assertReported(GrantSummary grant, String... facts) {
    assertThatThrownBy(() -> mesh.clientAs(PROBE).read(PEOPLE).asMaps().rows())
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("CONDITION_REVEALS")
        .hasMessageNotContaining("a%");
    assertThat(mesh.doctor().findings())
        .filteredOn(finding -> finding.code() == FindingCode.CONDITION_REVEALS)
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.what()).contains(grant.id()).contains(facts);
              assertThat(finding.fix()).isNotEmpty();
            });
    assertThat(shop().access().explain(PROBE, PEOPLE).missing())
        .anySatisfy(missing -> assertThat(missing).contains(grant.id()));
  }

  @Test
  void anAccountPassesNothingOnByAColumnThatItMayNotRead() {
    MeshClient shop = shopOfPeople();
    MeshClient lead = lead();
    shop.grant(PEOPLE)
        .columns("id", "country")
        .toAccounts("finance")
        .withGrantOption()
        .because("Ids")
        .commit();

    assertThatThrownBy(
            () ->
                lead.grant(PEOPLE).columns("id").rows(BY_EMAIL).to(PROBE).because("Probe").commit())
        .isInstanceOfSatisfying(
            AccessDeniedException.class,
            denied -> assertThat(denied.errorCode()).isEqualTo(ErrorCode.ACCESS_DENIED))
        .hasMessageContaining("COLUMNS_NOT_SUBSET")
        .hasMessageNotContaining("a%");
    assertThatThrownBy(
            () ->
                lead.grant(PEOPLE)
                    .columns("id")
                    .rows(BY_EMAIL)
                    .toAllRoles("finance")
                    .because("Probe")
                    .commit())
        .isInstanceOf(AccessDeniedException.class);
    lead.grant(PEOPLE).columns("id").rows("country = 'SE'").to(PROBE).because("Sweden").commit();
    assertThat(readableTo(PROBE)).containsExactly("id");
  }

  @Test
  void aGrantThatWasPassedOnGivesNothingOnceItsAccountMayNotReadTheColumnOfItsCondition() {
    MeshClient shop = shopOfPeople();
    MeshClient lead = lead();
    shop.grant(PEOPLE).toAccounts("finance").withGrantOption().because("All").commit();
    GrantSummary passedOn =
        lead.grant(PEOPLE).columns("id").rows(BY_EMAIL).to(PROBE).because("Some").commit().get(0);
    assertThat(readableTo(PROBE)).containsExactly("id");

    raise(shop);

    assertReported(passedOn, "account 'finance'", "email");
    assertThat(shop.access().explain(PROBE, PEOPLE).isAllowed()).isFalse();
  }

  @Test
  void tagsThatDoNotSelectAColumnDoNotShareRowsByIt() {
    MeshClient shop = shopOfPeople();
    shop.access().tagColumns(PEOPLE, "id", "email").set("kind", "plain").commit();
    shop.grantByTags(where("kind", "plain"))
        .toAccounts("finance")
        .withGrantOption()
        .because("Plain")
        .commit();
    assertThatThrownBy(
            () ->
                lead()
                    .grant(PEOPLE)
                    .columns("id")
                    .rows("country = 'SE'")
                    .to(PROBE)
                    .because("Probe")
                    .commit())
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("COLUMNS_NOT_SUBSET");
    GrantSummary passedOn =
        lead().grant(PEOPLE).columns("id").rows(BY_EMAIL).to(PROBE).because("Some").commit().get(0);
    assertThat(readableTo(PROBE)).containsExactly("id");

    shop.access().tagColumns(PEOPLE, "email").remove("kind").commit();

    assertReported(passedOn, "account 'finance'", "email");
  }

  @Test
  void aColumnThatNoVersionHasGivesNoRowsAndIsReported() {
    MeshClient shop = majors.shopOfTwoMajors();
    GrantSummary grant =
        shop.grant(PEOPLE)
            .columns("id")
            .rows("country = 'SE'")
            .to(PROBE)
            .because("Sweden")
            .commit()
            .get(0);
    majors.openSecondMajor();
    shop.publish(PEOPLE).records(persons("3", "channel")).commit();
    assertThat(mesh.doctor().findings())
        .extracting(Finding::code)
        .as("the first version has the column")
        .doesNotContain(FindingCode.CONDITION_REVEALS);

    majors.setState(1, "RETIRED");

    assertReported(grant, "no version");
  }

  @Test
  void aRenamedColumnOfANewVersionIsTheColumnThatTheConditionNames() {
    MeshClient shop = shopOfPeople();
    GrantSummary grant = someIds();
    majors.addSecondMajor(
        people("id", "mail:email", "country").classification(Classification.RESTRICTED, "mail"));
    majors.openSecondMajor();
    shop.publish(PEOPLE)
        .records(List.of(Map.of("id", "3", "mail", "a@example.org", "country", "SE")))
        .commit();

    assertReported(grant, "mail");
    assertThat(majors.ids(mesh.clientAs(PROBE), 1)).containsExactly("1");
    majors.setState(1, "RETIRED");
    assertReported(grant, "mail");
  }

  @Test
  void aRequestForRowsByAColumnThatIsRenamedHasTheRiskOfEachColumn() {
    MeshClient shop = shopOfPeople();
    String id =
        mesh.clientAs(PROBE)
            .requests()
            .requestAccess(PEOPLE)
            .columns("id")
            .rows(BY_EMAIL)
            .purpose("Probe")
            .commit()
            .id();
    shop.amendContract(
            PEOPLE,
            people("id", "mail:email", "country").classification(Classification.RESTRICTED, "mail"))
        .commit();

    assertThat(shop.requests().received().get(0).risk()).isEqualTo(Classification.RESTRICTED);
    shop.requests().approve(id).commit();
    assertThat(readableTo(PROBE)).containsExactly("id");
  }

  @Test
  void aRequestForRowsByAColumnThatNoVersionHasIsForAllColumnsAndIsNotApproved() {
    MeshClient shop = majors.shopOfTwoMajors();
    String id =
        mesh.clientAs(PROBE)
            .requests()
            .requestAccess(PEOPLE)
            .columns("id")
            .rows("country = 'SE'")
            .purpose("Probe")
            .commit()
            .id();
    raise(shop);
    majors.openSecondMajor();
    majors.setState(1, "RETIRED");
    shop.amendContract(PEOPLE)
        .change(current -> current.classification(Classification.RESTRICTED, "channel"))
        .commit();

    assertThat(shop.requests().received().get(0).risk()).isEqualTo(Classification.RESTRICTED);
    assertThatThrownBy(() -> shop.requests().approve(id).commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageNotContaining("'SE'");
  }

  @Test
  void aStoredGrantOnRowsByARestrictedColumnIsReported() {
    MeshClient shop = shopOfPeople(people("id", "email", "country"));
    raise(shop);
    GrantSummary grant = someIds();
    assertThat(readableTo(PROBE)).containsExactly("id");
    Key key =
        registry.documents().keySet().stream()
            .filter(each -> each.sort().equals("grant/" + grant.id()))
            .findFirst()
            .orElseThrow();
    majors.put(
        key,
        registry
            .read(key)
            .orElseThrow()
            .json()
            .replace("\"level\":\"RESTRICTED\"", "\"level\":\"INTERNAL\""));
    registry.documents().keySet().stream()
        .filter(each -> each.sort().equals("policy")) // written with each change of a grant
        .toList()
        .forEach(policy -> majors.put(policy, registry.read(policy).orElseThrow().json()));

    assertReported(grant, "email");
    shop.grant(PEOPLE)
        .columns("id")
        .rows(BY_EMAIL)
        .to(PROBE)
        .includeSensitive()
        .because("Some")
        .commit();
    assertThat(readableTo(PROBE)).containsExactly("id");
  }

  @Test
  void anApprovedRequestGivesNothingOnceTheColumnOfItsConditionIsRestricted() {
    MeshClient shop = shopOfPeople();
    String id =
        mesh.clientAs(PROBE)
            .requests()
            .requestAccess(PEOPLE)
            .columns("id")
            .rows(BY_EMAIL)
            .purpose("Probe")
            .commit()
            .id();
    shop.requests().approve(id).commit();
    assertThat(readableTo(PROBE)).containsExactly("id");

    raise(shop);

    assertReported(shop.access().grants().get(0), "email");
  }

  @Test
  void anExecutorGrantsNoRowsByAColumnOutsideItsAuthorization() {
    MeshClient shop = shopOfPeople();
    Principal steward = Principal.of("central", "steward");
    shop.access()
        .authorize(PEOPLE)
        .executors(steward)
        .columns("id", "country")
        .forAnyConsumer()
        .because("Stewards share")
        .commit();

    assertThatThrownBy(
            () ->
                mesh.clientAs(steward)
                    .grant(PEOPLE)
                    .columns("id")
                    .rows(BY_EMAIL)
                    .to(PROBE)
                    .because("Probe")
                    .commit())
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("MORE_COLUMNS");
  }

  @Test
  void anExecutorNarrowsNoRowsByAColumnThatOnlyItsConditionNames() {
    MeshClient shop = shopOfPeople();
    Principal steward = Principal.of("central", "steward");
    String all = "email LIKE '%@%'";
    shop.access()
        .authorize(PEOPLE)
        .executors(steward)
        .columns("id", "country")
        .rows(all)
        .forAnyConsumer()
        .because("Stewards share")
        .commit();

    assertThatThrownBy(
            () ->
                mesh.clientAs(steward)
                    .grant(PEOPLE)
                    .columns("id")
                    .rows(all + " AND " + BY_EMAIL)
                    .to(PROBE)
                    .because("Probe")
                    .commit())
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("MORE_COLUMNS");
    mesh.clientAs(steward)
        .grant(PEOPLE)
        .columns("id")
        .rows(all + " AND country = 'SE'")
        .to(PROBE)
        .because("Sweden")
        .commit();
    assertThat(readableTo(PROBE)).containsExactly("id");
  }

  @Test
  void aLinkGivesNoRowsByAColumnThatBecameRestricted() {
    MeshClient shop = shopOfPeople();
    GrantSummary grant = someIds();
    mesh.clientAs(PROBE).linkResource(PEOPLE).database("finance_db").name("people").commit();
    assertThat(all(mesh.clientAs(PROBE).read(LINK).asMaps())).hasSize(1);

    raise(shop);

    assertThatThrownBy(() -> all(mesh.clientAs(PROBE).read(LINK).asMaps()))
        .isInstanceOf(AccessDeniedException.class);
    assertReported(grant, "email");
  }

  @Test
  void aReaderSelectsNoRowsByAColumnThatIsHiddenFromIt() {
    MeshClient shop = shopOfPeople();
    shop.grant(PEOPLE).columns("id").to(PROBE).because("Ids").commit();
    MeshClient probe = mesh.clientAs(PROBE);

    assertThatThrownBy(() -> all(probe.read(PEOPLE).where(BY_EMAIL).asMaps()))
        .isInstanceOf(AccessDeniedException.class);
    assertThatThrownBy(
            () ->
                probe
                    .subscribe(PEOPLE)
                    .name("probe")
                    .purpose("x")
                    .where(BY_EMAIL)
                    .fromStart()
                    .commit())
        .isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void aReaderSelectsARowOfMaskedCellsAsIfTheyWereNull() {
    MeshClient shop = shopOfPeople();
    shop.publish(PEOPLE)
        .records(List.of(Map.of("id", "2", "email", "a@example.org", "country", "NO")))
        .commit();
    shop.grant(PEOPLE).columns("id", "country").to(PROBE).because("Ids").commit();
    shop.grant(PEOPLE).columns("email").rows("country = 'NO'").to(PROBE).because("No").commit();
    MeshClient probe = mesh.clientAs(PROBE);

    assertThat(all(probe.read(PEOPLE).where(BY_EMAIL).asMaps()))
        .extracting(person -> person.get("id"))
        .containsExactly("2");
    assertThat(all(probe.read(PEOPLE).where("email IS NULL").asMaps()))
        .extracting(person -> person.get("id"))
        .containsExactly("1");
  }

  @Test
  void aGrantOnRowsByAColumnThatBecomesRestrictedIsWithheldUntilItIsGrantedAgain() {
    MeshClient shop = shopOfPeople();
    shop.grant(PEOPLE).columns("id").rows(BY_EMAIL).to(PROBE).because("Some").commit();
    assertThat(readableTo(PROBE)).containsExactly("id");

    raise(shop);
    assertThatThrownBy(() -> mesh.clientAs(PROBE).read(PEOPLE).asMaps().rows())
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("CONDITION_REVEALS");
    assertThat(mesh.doctor().findings())
        .extracting(Finding::code)
        .contains(FindingCode.CONDITION_REVEALS);

    shop.grant(PEOPLE)
        .columns("id")
        .rows(BY_EMAIL)
        .to(PROBE)
        .includeSensitive()
        .because("Some")
        .commit();
    assertThat(readableTo(PROBE)).containsExactly("id");
  }

  @Test
  void aPassedOnConditionStaysOnTheColumnThatIsRenamed() {
    MeshClient shop = shopOfPeople();
    shop.grant(PEOPLE).toAccounts("finance").withGrantOption().because("All").commit();
    GrantSummary passedOn =
        lead().grant(PEOPLE).columns("id").rows(BY_EMAIL).to(PROBE).because("Some").commit().get(0);

    shop.amendContract(PEOPLE, people("id", "mail:email", "country")).commit();
    assertThat(readableTo(PROBE)).containsExactly("id");
    shop.amendContract(PEOPLE)
        .change(current -> current.classification(Classification.RESTRICTED, "mail"))
        .commit();

    assertReported(passedOn, "account 'finance'", "mail");
  }

  @Test
  void rowsThatAnAccountHoldsArePassedOnWhileTheOwnerGivesThem() {
    MeshClient shop = shopOfPeople();
    GrantSummary share =
        shop.grant(PEOPLE)
            .columns("id")
            .rows(BY_EMAIL)
            .toAccounts("finance")
            .withGrantOption()
            .because("Some")
            .commit()
            .get(0);
    lead().grant(PEOPLE).columns("id").rows(BY_EMAIL).toAllRoles("finance").because("x").commit();
    assertThat(readableTo(PROBE)).containsExactly("id");

    raise(shop);

    assertReported(share, "email");
  }

  @Test
  void aPollStopsWhereTheColumnOfItsFilterIsHidden() {
    MeshClient shop = shopOfPeople();
    GrantSummary grant = shop.grant(PEOPLE).to(PROBE).because("All").commit().get(0);
    Subscription<?> probe =
        mesh.clientAs(PROBE)
            .subscribe(PEOPLE)
            .name("probe")
            .purpose("Probe")
            .where(BY_EMAIL)
            .fromStart()
            .asMaps()
            .commit();
    raise(shop);
    assertThat(readableTo(PROBE)).containsExactly("id", "country");

    assertThatThrownBy(probe::poll).isInstanceOf(AccessDeniedException.class);
    assertThat(mesh.clientAs(PROBE).access().explain(PROBE, PEOPLE).missing())
        .anySatisfy(missing -> assertThat(missing).contains("email", grant.id()));
  }

  @Test
  void aRuleRefersToNoColumnOfAProductThatItsPublisherReadsInPart() {
    MeshClient shop = shopOfPeople();
    shop.grant(PEOPLE).columns("id").to(LEAD).because("Ids").commit();
    lead()
        .defineProduct("finance/guesses")
        .contract(people("mail").require(references("mail", PEOPLE, "email")))
        .commit();

    assertThatThrownBy(
            () ->
                lead()
                    .publish("finance/guesses")
                    .records(List.of(Map.of("mail", "a@example.org")))
                    .commit())
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("may not read " + PEOPLE);
  }

  @Test
  void theWholeMeshGetsNoRowsByARestrictedColumn() {
    MeshClient shop = shopOfPeople();
    raise(shop);

    assertThatThrownBy(
            () ->
                shop.grant(PEOPLE)
                    .columns("id")
                    .rows(BY_EMAIL)
                    .toMesh()
                    .withGrantOption()
                    .because("All")
                    .commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("SENSITIVE_DATA");
  }

  /** What a principal without the right to change a product could learn by a condition. */
  private static List<Function<String, ThrowingCallable>> changes(MeshClient client) {
    return List.of(
        by -> client.erase(PEOPLE).where(by).because("x")::commit,
        by -> client.erase(PEOPLE).where(by).because("x")::plan,
        by -> client.erase(PEOPLE).quarantineWhere(by).because("x")::commit,
        by -> client.erase(PEOPLE).quarantineWhere(by).because("x")::plan,
        by -> client.publish(PEOPLE).records(persons("3", "country")).replaceWhere(by)::commit,
        by -> client.publish(PEOPLE).records(persons("3", "country")).replaceWhere(by)::plan,
        by -> client.publish(PEOPLE).republish(by, row -> row)::commit,
        by -> client.publish(PEOPLE).republish(by, row -> row)::plan,
        by -> client.erase(PEOPLE).where(by).because("x").withProof()::commit,
        by -> client.erase(PEOPLE).where(by).because("x").withProof()::plan,
        by -> rollOut(client).excludeRows(by)::commit,
        by -> rollOut(client).excludeRows(by)::plan);
  }

  private static StartRollout rollOut(MeshClient client) {
    return client
        .startRollout(PEOPLE)
        .contract(people("id", "email").compatibility(Compatibility.FULL))
        .because("No countries");
  }

  @Test
  void whoMayNotChangeAProductIsRefusedWithTheSameWordsWhateverAConditionNames() {
    MeshClient shop = shopOfPeople();
    shop.grant(PEOPLE).columns("id").to(PROBE).because("Ids").commit();
    shop.grant(PEOPLE).toAccounts("finance").withGrantOption().because("All").commit();
    for (MeshClient client :
        List.of(mesh.clientAs(PROBE), lead(), mesh.clientAs(Principal.of("ghost", "job")))) {
      for (Function<String, ThrowingCallable> change : changes(client)) {
        Set<String> refusals = new TreeSet<>();
        for (String by : List.of("id = '1'", BY_EMAIL, "absent = 'x'", "id = 1")) {
          assertThatThrownBy(change.apply(by))
              .isInstanceOf(AccessDeniedException.class)
              .satisfies(refused -> refusals.add(refused.getMessage()));
        }
        assertThat(refusals).hasSize(1);
      }
    }
  }

  @Test
  void aReaderOfOtherColumnsSeesNoConditionOfAnErasureOrARollout() {
    MeshClient shop = shopOfPeople();
    shop.grant(PEOPLE).columns("id").to(PROBE).because("Ids").commit();
    shop.publish(PEOPLE).records(persons("3", "country")).commit();
    shop.erase(PEOPLE).where(BY_EMAIL).because("They asked: a%").commit();
    rollOut(shop).excludeRows(BY_EMAIL).commit().announce().commit();

    for (Principal principal : List.of(PROBE, Principal.of("ghost", "job"))) {
      MeshClient client = mesh.clientAs(principal);
      List<Supplier<Object>> doors =
          List.of(
              () -> client.rollout(PEOPLE).excludedRows(),
              () -> client.rollout(PEOPLE),
              () -> client.publishHistory(PEOPLE).changes(),
              () -> client.publishHistory(PEOPLE).quality(),
              () -> client.read(PEOPLE).snapshots(),
              () -> client.describe(PEOPLE),
              () -> client.contractHistory(PEOPLE),
              () -> client.events("_mesh").list(),
              () -> client.events(PEOPLE).list());
      for (Supplier<Object> door : doors) {
        assertThat(answer(door)).doesNotContain("a%");
      }
    }
    shop.grant(PEOPLE).to(LEAD).because("All").commit();
    assertThat(lead().rollout(PEOPLE).excludedRows().toString()).contains(BY_EMAIL);
  }

  private static String answer(Supplier<Object> door) {
    try {
      return door.get().toString();
    } catch (MeshException e) {
      return e.toString();
    }
  }
}
