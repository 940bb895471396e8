package io.meshwork.internal.conformance.access;

import static io.meshwork.access.TagSelection.where;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessPlan.AccessChange;
import io.meshwork.change.AmendContract;
import io.meshwork.change.ContractPlan;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.PeopleFixture;
import io.meshwork.internal.event.EventDetails;
import io.meshwork.internal.event.EventDetailsCodec;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Any principal of the domain may raise protections. Lowering them takes two principals. */
public abstract class ProtectionsSuite extends PeopleFixture {
  private static final Principal ANALYST = Principal.of("finance", "analyst");
  private static final Contract PLAIN = people("id", "email", "country");
  private static final Contract SECRET = PLAIN.classification(Classification.RESTRICTED, "email");

  private MeshClient steward() {
    return mesh.clientAs(Principal.of("commerce", "steward"));
  }

  private MeshClient shopOfDeciders(Contract contract) {
    MeshClient shop = shopOfPeople(contract);
    shop.registerDomain("commerce").deciders(shop.principal(), steward().principal()).commit();
    return shop;
  }

  private static AmendContract lowering(MeshClient by) {
    return by.amendContract(PEOPLE, PLAIN).declassify("email").because("Public by law");
  }

  private static void assertRefused(AmendContract amendment, String... facts) {
    assertThatThrownBy(amendment::commit)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll(PEOPLE, "Nothing was changed")
        .hasMessageContainingAll(facts);
  }

  @Test
  void aDeploymentNeverRevertsAProtectionByASteward() {
    MeshClient job = shopOfPeople();
    job.grantByTags(where("classification", "public", "internal"))
        .to(ANALYST)
        .because("Harmless")
        .commit();
    steward().amendContract(PEOPLE, SECRET.requireFourEyes()).commit();
    assertThat(readableTo(ANALYST)).containsExactly("id", "country");
    State before = state();

    ContractPlan plan = job.defineProduct(PEOPLE).contract(PLAIN).amendIfDefined().plan();
    assertThat(plan.gains()).isEmpty();
    assertThat(plan.findings())
        .extracting(Finding::code, Finding::severity)
        .contains(tuple(FindingCode.PROTECTION_RETAINED, Finding.Severity.WARNING));
    job.defineProduct(PEOPLE).contract(PLAIN).amendIfDefined().commit();
    assertNothingChanged(before);

    job.defineProduct(PEOPLE)
        .contract(people("id", "mail:email", "country", "city"))
        .amendIfDefined()
        .commit();
    assertThat(readableTo(ANALYST)).containsExactly("id", "country", "city");
    assertThat(job.describe(PEOPLE).columns())
        .filteredOn(column -> column.name().equals("mail"))
        .singleElement()
        .satisfies(
            column -> assertThat(column.classification()).isEqualTo(Classification.RESTRICTED));
    assertWhole();
  }

  @Test
  void loweringAClassificationNeedsTwoPrincipals() {
    MeshClient shop = shopOfDeciders(SECRET);
    shop.grantByTags(where("classification", "public", "internal"))
        .to(ANALYST)
        .because("Harmless")
        .commit();
    assertRefused(shop.amendContract(PEOPLE, PLAIN).because("B"), "declassify(\"email\")");
    assertRefused(shop.amendContract(PEOPLE, PLAIN).declassify("id").because("B"), "email");
    assertRefused(shop.amendContract(PEOPLE, PLAIN).declassify("email"), "because(..)");
    assertRefused(
        shop.amendContract(PEOPLE, people("id", "mail:email", "country")).because("B"),
        "declassify(\"mail\")");

    assertRefused(lowering(mesh.clientAs(Principal.of("commerce", "job"))), "deciders");

    ContractPlan plan = lowering(shop).plan();
    assertThat(plan.awaitsSecondPerson()).isTrue();
    assertThat(plan.gains())
        .extracting(AccessChange::who, AccessChange::columns)
        .containsExactly(tuple("finance/analyst", List.of("email")));
    plan.commit();
    lowering(shop).commit();
    assertThat(readableTo(ANALYST)).containsExactly("id", "country");

    clock.advance(Duration.ofDays(31));
    lowering(steward()).commit();
    assertThat(readableTo(ANALYST)).containsExactly("id", "country");
    ContractPlan second = lowering(shop).plan();
    assertThat(second.awaitsSecondPerson()).isFalse();
    assertThat(second).asString().contains("email");
    second.commit();
    assertThat(readableTo(ANALYST)).containsExactly("id", "email", "country");
    List<MeshEvent> events = shop.events(PEOPLE).list();
    assertThat(EventDetailsCodec.detailsOf(events.get(events.size() - 1)))
        .isInstanceOfSatisfying(
            EventDetails.ContractVersionChange.class,
            amended -> {
              assertThat(amended.proposedBy()).contains("commerce/steward");
              assertThat(amended.reason()).contains("Public by law");
            });
    assertWhole();
  }

  @Test
  void proposerAndApproverOfALowerProtectionAreLogged() {
    MeshClient shop = shopOfDeciders(SECRET);
    State before = state();
    ContractPlan plan = lowering(shop).plan();
    assertNothingChanged(before);
    plan.commit();

    State proposed = state();
    lowering(shop).commit();
    lowering(shop).because("In other words").commit();
    assertNothingChanged(proposed);
    assertThat(shop.describe(PEOPLE).versions().get(0).version()).hasToString("1.0.0");
    assertThat(amendments(shop))
        .extracting(MeshEvent::typeName, MeshEvent::principal)
        .containsExactly(tuple("product.amendment-proposed", shop.principal().toString()));

    clock.advance(Duration.ofDays(29));
    shop.amendContract(PEOPLE, PLAIN.requireFourEyes())
        .declassify("email")
        .because("Less of it")
        .commit();
    lowering(steward()).commit();
    assertThat(shop.describe(PEOPLE).versions().get(0).version()).hasToString("1.0.0");
    lowering(shop).commit();

    assertThat(shop.describe(PEOPLE).versions().get(0).version()).hasToString("1.1.0");
    List<MeshEvent> amendments = amendments(shop);
    assertThat(amendments)
        .extracting(MeshEvent::typeName, MeshEvent::principal)
        .containsExactly(
            tuple("product.amendment-proposed", shop.principal().toString()),
            tuple("product.amendment-proposed", shop.principal().toString()),
            tuple("product.amendment-proposed", "commerce/steward"),
            tuple("product.amended", shop.principal().toString()));
    EventDetails.ContractVersionChange proposal =
        (EventDetails.ContractVersionChange) EventDetailsCodec.detailsOf(amendments.get(2));
    EventDetails.ContractVersionChange last =
        (EventDetails.ContractVersionChange) EventDetailsCodec.detailsOf(amendments.get(3));
    assertThat(last.proposedBy()).contains("commerce/steward");
    assertThat(proposal.proposedBy()).isEmpty();
    assertThat(proposal.contractFingerprint()).isEqualTo(last.contractFingerprint());
    assertThat(proposal.contractVersion()).isEqualTo(last.contractVersion());
    assertThat(shop.governance().audit().subject(PEOPLE).principal(steward().principal()).list())
        .filteredOn(entry -> entry.toString().contains("product.amendment-proposed"))
        .hasSize(1);
    assertThat(shop.governance().audit().verify()).isEmpty();
    assertWhole();
  }

  private static List<MeshEvent> amendments(MeshClient shop) {
    return shop.events(PEOPLE).list().stream()
        .filter(event -> event.typeName().startsWith("product.amend"))
        .toList();
  }

  @Test
  void anAgreedProtectionAppliesToTheReviewedContractOnly() {
    MeshClient shop = shopOfDeciders(SECRET);
    lowering(shop).commit();
    shop.amendContract(PEOPLE, SECRET.require(Rule.notNull("id"))).commit();

    steward()
        .amendContract(PEOPLE, PLAIN.require(Rule.notNull("id")))
        .declassify("email")
        .because("B")
        .commit();

    assertThat(shop.describe(PEOPLE).classification()).isEqualTo(Classification.INTERNAL);
    assertThat(shop.describe(PEOPLE).columns())
        .anySatisfy(
            column -> assertThat(column.classification()).isEqualTo(Classification.RESTRICTED));
    assertWhole();
  }

  @Test
  void removingSeparationOfDutiesNeedsTwoPrincipals() {
    MeshClient shop = shopOfDeciders(PLAIN.requireFourEyes());
    assertRefused(shop.amendContract(PEOPLE, PLAIN).because("B"), "waiveFourEyes()");

    shop.amendContract(PEOPLE, PLAIN).waiveFourEyes().because("Few ask").commit();
    assertThat(shop.amendContract(PEOPLE, PLAIN).waiveFourEyes().because("B").plan().isEmpty())
        .isFalse();
    steward().amendContract(PEOPLE, PLAIN).waiveFourEyes().because("Few ask").commit();

    assertThat(shop.amendContract(PEOPLE, PLAIN).plan().isEmpty()).isTrue();
    assertWhole();
  }

  @Test
  void aClassificationIsRaisedDespiteSubscriptions() {
    MeshClient shop = shopOfPeople();
    shop.grant(PEOPLE).to(Principal.of("finance", "etl")).because("All").commit();
    as("finance").subscribe(PEOPLE).name("letters").purpose("Letters").commit();

    shop.amendContract(PEOPLE, SECRET).commit();

    assertThat(readableTo(Principal.of("finance", "etl"))).containsExactly("id", "country");
    assertWhole();
  }
}
