package io.meshwork.internal.conformance.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.MeshClient;
import io.meshwork.change.AmendContract;
import io.meshwork.change.ContractPlan;
import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshException;
import io.meshwork.operation.Plan;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.testkit.Faults.Port;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * Major versions share rows: a protection that is raised in one of them holds in each, whatever
 * their states are, and is lowered only where all that are in use lower it.
 */
public abstract class SharedProtectionsSuite extends ThreeVersionsFixture {
  private static final Classification RESTRICTED = Classification.RESTRICTED;

  private void prepare(Contract contract) {
    shop()
        .startRollout(ORDERS)
        .contract(contract)
        .renameColumn("customer", "buyer")
        .because("Names")
        .commit()
        .announce()
        .commit();
    shop().rollout(ORDERS).backFill().commit();
  }

  private void prepareSecond() {
    prepare(contract(PaymentOfBuyer.class));
  }

  private AmendContract amending(int major, UnaryOperator<Contract> change) {
    return shop().amendContract(ORDERS).majorVersion(major).change(change);
  }

  private void restrict(int major, String column) {
    amending(major, contract -> contract.classification(RESTRICTED, column)).commit();
  }

  private void assertShown(int major, String... columns) {
    assertThat(all(as("finance").read(ORDERS).majorVersion(major).asMaps()))
        .as("major version %s", major)
        .isNotEmpty()
        .allSatisfy(row -> assertThat(row).containsOnlyKeys(columns));
  }

  private static void assertNames(Plan<?> plan, FindingCode code, String... words) {
    assertThat(plan.findings())
        .filteredOn(finding -> finding.code() == code)
        .isNotEmpty()
        .allSatisfy(
            finding -> {
              assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING);
              assertThat(finding.what() + finding.fix()).contains(words);
            });
  }

  @Test
  void aColumnThatIsRestrictedInTheOldVersionIsHiddenInOneThatOpensLater() {
    defined();
    prepareSecond();
    ContractPlan plan = amending(1, old -> old.classification(RESTRICTED, "customer")).plan();
    assertNames(plan, FindingCode.PROTECTION_SHARED, "version 2 (PREPARED)", "RESTRICTED of buyer");
    plan.commit();
    assertShown(1, "id");

    shop().rollout(ORDERS).activate().commit();

    assertShown(2, "id");
    assertThat(shop().describe(ORDERS).versions())
        .allSatisfy(version -> assertThat(version.contract().toJson()).contains(RESTRICTED.name()));
    assertWhole();
  }

  @Test
  void aColumnThatIsRestrictedWhileAVersionIsRetiredIsHiddenWhenThatIsRestored() {
    defined();
    second();
    retire(1);
    restrict(2, "buyer");

    rollout(1).restore().because("A report").commit();

    assertShown(1, "id");
    assertShown(2, "id");
    assertWhole();
  }

  @Test
  void aColumnThatIsRestrictedInAnOpenVersionIsHiddenInAllAtOnceAndThroughSeveralRenamings() {
    defined();
    second();
    third();
    assertShown(3, "id", "payer");

    ContractPlan plan = amending(1, old -> old.classification(RESTRICTED, "customer")).plan();
    assertNames(plan, FindingCode.PROTECTION_SHARED, "has the same rows");
    assertThat(plan.findings().toString()).contains("RESTRICTED of buyer", "RESTRICTED of payer");
    plan.commit();

    assertShown(1, "id");
    assertShown(2, "id");
    assertShown(3, "id");
    retire(1);
    clock.advance(Duration.ofDays(15));
    rollout(1).purge().because("Old").commit();
    assertShown(3, "id");
    assertWhole();
  }

  @Test
  void aStricterContractHoldsInTheOldVersionOnceItOpensAndItsPlanSaysSo() {
    defined();
    prepare(contract(PaymentOfBuyer.class).classification(RESTRICTED, "buyer"));
    assertShown(1, "id", "customer");

    Plan<MajorRollout> plan = shop().rollout(ORDERS).activate().plan();
    assertNames(plan, FindingCode.PROTECTION_SHARED, "version 1", "RESTRICTED of customer");
    plan.commit();

    assertShown(1, "id");
    assertShown(2, "id");
    assertWhole();
  }

  @Test
  void anAbortedRolloutDoesNotLowerWhatItsVersionRaised() {
    defined();
    second();
    restrict(2, "buyer");

    shop().rollout(ORDERS).abort().because("Wrong names").commit();

    assertShown(1, "id");
    prepareSecondAgain();
    assertWhole();
  }

  /** A contract that protects less than what was raised in the withdrawn version is rejected. */
  private void prepareSecondAgain() {
    assertThatThrownBy(this::prepareSecond)
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("reduces protection");
    prepare(contract(PaymentOfBuyer.class).classification(RESTRICTED, "buyer"));
    shop().rollout(ORDERS).activate().commit();
    assertShown(3, "id");
  }

  @Test
  void aProtectionThatIsRaisedDuringAnAbortHoldsAfterItsUndo() {
    defined();
    second();
    faults
        .on(Port.REGISTRY_COMMIT)
        .nth(2)
        .meanwhile(
            () -> {
              all(as("finance").read(ORDERS).majorVersion(2).asMaps());
              faults.on(Port.REGISTRY_COMMIT).nth(1).meanwhile(() -> restrict(1, "customer"));
            });

    assertThatThrownBy(() -> shop().rollout(ORDERS).abort().because("Wrong names").commit())
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("was undone");
    faults.clear();

    assertShown(1, "id");
    assertShown(2, "id");
    assertWhole();
  }

  @Test
  void aStricterThirdVersionHoldsInTheOthersOnceItOpens() {
    defined();
    second();
    shop()
        .startRollout(ORDERS)
        .contract(
            contract(PaymentOfPayer.class).classification(RESTRICTED, "payer").requireFourEyes())
        .renameColumn("buyer", "payer")
        .because("Names")
        .commit();
    shop().rollout(ORDERS).backFill().commit().activate().commit();

    for (int major = 1; major <= 3; major++) {
      assertShown(major, "id");
    }
    assertThat(shop().describe(ORDERS).versions())
        .hasSize(3)
        .allSatisfy(version -> assertThat(version.contract().requiresFourEyes()).isTrue());
    assertWhole();
  }

  @Test
  void purposesAndTheSecondApprovalHoldInAVersionThatOpensLaterAndAfterTheOldOneIsPurged() {
    defined();
    prepareSecond();
    amending(1, old -> old.purposes("audit").requireFourEyes()).commit();
    shop().rollout(ORDERS).activate().commit();
    retire(1);
    clock.advance(Duration.ofDays(15));
    rollout(1).purge().because("Old").commit();

    assertThat(shop().describe(ORDERS).versions())
        .filteredOn(version -> version.version().major() == 2)
        .singleElement()
        .satisfies(
            version -> {
              assertThat(version.contract().requiresFourEyes()).isTrue();
              assertThat(version.contract().purposes()).containsExactly("audit");
            });
    assertThatThrownBy(
            () ->
                as("finance")
                    .subscribe(ORDERS)
                    .majorVersion(2)
                    .name("ads")
                    .purpose("marketing")
                    .asMaps()
                    .commit())
        .isInstanceOfSatisfying(
            MeshException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.PURPOSE_NOT_ALLOWED));
    assertWhole();
  }

  @Test
  void aProtectionIsLoweredOnceAllVersionsInUseLowerIt() {
    defined();
    second();
    MeshClient other = mesh.clientAs(Principal.of("commerce", "steward"));
    shop().registerDomain("commerce").deciders(shop().principal(), other.principal()).commit();
    restrict(1, "customer");

    ContractPlan plan = lowering(shop(), 2, "buyer").plan();
    assertNames(plan, FindingCode.PROTECTION_RETAINED, "Major version 1", "majorVersion(1)");
    assertThat(plan.gains()).as("the protection holds").isEmpty();
    lower(other, 2, "buyer");
    assertShown(1, "id");
    assertShown(2, "id");

    lower(other, 1, "customer");

    assertShown(1, "id", "customer");
    assertShown(2, "id", "buyer");
    assertWhole();
  }

  private static AmendContract lowering(MeshClient by, int major, String column) {
    return by.amendContract(ORDERS)
        .majorVersion(major)
        .change(contract -> contract.classification(Classification.INTERNAL, column))
        .declassify(column)
        .because("Public by law");
  }

  private void lower(MeshClient other, int major, String column) {
    lowering(shop(), major, column).commit();
    lowering(other, major, column).commit();
  }

  @Test
  void aRetiredVersionDoesNotPreventThatAProtectionIsLowered() {
    defined();
    second();
    restrict(1, "customer");
    retire(1);
    assertShown(2, "id");
    MeshClient other = mesh.clientAs(Principal.of("commerce", "steward"));
    shop().registerDomain("commerce").deciders(shop().principal(), other.principal()).commit();

    lower(other, 2, "buyer");

    assertShown(2, "id", "buyer");
    Plan<MajorRollout> plan = rollout(1).restore().because("A report").plan();
    assertNames(plan, FindingCode.PROTECTION_SHARED, "version 2 ", "RESTRICTED of buyer");
    plan.commit();
    assertShown(1, "id");
    assertShown(2, "id");
    assertWhole();
  }

  @Test
  void aDefinitionWithTheContractFromBeforeTheRaiseChangesNothing() {
    defined();
    second();
    shop().rollout(ORDERS).makeCurrent().commit();
    restrict(1, "customer");
    Contract before = contract(PaymentOfBuyer.class);
    State state = state();

    ContractPlan plan = shop().defineProduct(ORDERS).contract(before).amendIfDefined().plan();
    assertThat(plan.findings())
        .extracting(Finding::code, Finding::severity)
        .contains(tuple(FindingCode.PROTECTION_RETAINED, Finding.Severity.WARNING));
    plan.commit();
    shop().defineProduct(ORDERS).contract(before).openToMesh().commit();

    assertNothingChanged(state);
    assertShown(2, "id");
  }

  private MeshClient deciders() {
    MeshClient other = mesh.clientAs(Principal.of("commerce", "steward"));
    shop().registerDomain("commerce").deciders(shop().principal(), other.principal()).commit();
    return other;
  }

  private static AmendContract allowing(MeshClient by, int major, String... purposes) {
    return by.amendContract(ORDERS)
        .majorVersion(major)
        .change(contract -> contract.purposes(purposes))
        .widenPurposes()
        .because("A campaign");
  }

  private void assertPurposes(int major, String... purposes) {
    assertThat(shop().describe(ORDERS).versions())
        .filteredOn(version -> version.version().major() == major)
        .singleElement()
        .satisfies(version -> assertThat(version.contract().purposes()).containsExactly(purposes));
  }

  private static void assertDisjoint(Plan<?> plan, Finding.Severity severity, String... words) {
    assertThat(plan.findings())
        .filteredOn(finding -> finding.code() == FindingCode.PURPOSES_DISJOINT)
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.severity()).isEqualTo(severity);
              assertThat(finding.what() + finding.fix()).contains(words);
            });
  }

  @Test
  void anAmendmentAfterWhichOpenVersionsAllowNoCommonPurposeIsRejected() {
    defined();
    second();
    deciders();
    amending(1, old -> old.purposes("audit")).commit();
    assertPurposes(2, "audit");
    State state = state();

    assertDisjoint(
        allowing(shop(), 2, "marketing").plan(),
        Finding.Severity.ERROR,
        "version 1 allows audit",
        "version 2 would allow marketing",
        "majorVersion(1)");
    assertThatThrownBy(() -> allowing(shop(), 2, "marketing").commit())
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("no common purpose");

    assertNothingChanged(state);
    assertPurposes(1, "audit");
    assertPurposes(2, "audit");
  }

  @Test
  void threeOpenVersionsHaveACommonPurpose() {
    defined();
    second();
    third();
    MeshClient other = deciders();
    amending(1, old -> old.purposes("audit", "fraud")).commit();
    allowing(shop(), 2, "fraud", "marketing").commit();
    allowing(other, 2, "fraud", "marketing").commit();
    for (int major = 1; major <= 3; major++) {
      assertPurposes(major, "fraud");
    }

    assertDisjoint(
        allowing(shop(), 3, "audit", "marketing").plan(),
        Finding.Severity.ERROR,
        "version 1 allows audit, fraud",
        "version 2 allows fraud, marketing");
    assertWhole();
  }

  @Test
  void aPreparedVersionWithoutACommonPurposeIsNotOpened() {
    defined();
    prepareSecond();
    amending(2, old -> old.purposes("marketing")).commit();

    ContractPlan plan = amending(1, old -> old.purposes("audit")).plan();
    assertDisjoint(plan, Finding.Severity.WARNING, "version 2 (PREPARED)", "marketing");
    plan.commit();
    assertDisjoint(
        shop().rollout(ORDERS).activate().plan(),
        Finding.Severity.ERROR,
        "version 1 allows audit",
        "version 2 would allow marketing");
    assertThatThrownBy(() -> shop().rollout(ORDERS).activate().commit())
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("no common purpose");

    assertPurposes(1, "audit");
    assertWhole();
  }

  @Test
  void aRetiredVersionWithoutACommonPurposeIsNotRestored() {
    defined();
    second();
    MeshClient other = deciders();
    amending(1, old -> old.purposes("audit")).commit();
    retire(1);

    assertDisjoint(
        allowing(shop(), 2, "marketing").plan(),
        Finding.Severity.WARNING,
        "version 1 (RETIRED)",
        "audit");
    allowing(shop(), 2, "marketing").commit();
    allowing(other, 2, "marketing").commit();
    assertPurposes(2, "marketing");
    assertDisjoint(
        rollout(1).restore().because("A report").plan(),
        Finding.Severity.ERROR,
        "version 1 would allow audit",
        "version 2 allows marketing");
    assertThatThrownBy(() -> rollout(1).restore().because("A report").commit())
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("no common purpose");

    allowing(shop(), 2, "audit", "marketing").commit();
    allowing(other, 2, "audit", "marketing").commit();
    rollout(1).restore().because("A report").commit();
    assertPurposes(1, "audit");
    assertPurposes(2, "audit");
    assertWhole();
  }

  @Test
  void aVersionWithoutACommonPurposeStaysWithdrawnWhenItsAbortIsUndone() {
    defined();
    second();
    MeshClient other = deciders();
    amending(2, old -> old.purposes("marketing")).commit();
    faults
        .on(Port.REGISTRY_COMMIT)
        .nth(2)
        .meanwhile(
            () -> {
              all(as("finance").read(ORDERS).majorVersion(2).asMaps());
              faults
                  .on(Port.REGISTRY_COMMIT)
                  .nth(1)
                  .meanwhile(
                      () -> {
                        allowing(shop(), 1, "audit").commit();
                        allowing(other, 1, "audit").commit();
                      });
            });

    assertThatThrownBy(() -> shop().rollout(ORDERS).abort().because("Wrong names").commit())
        .isInstanceOf(MeshException.class)
        .hasMessageContainingAll("no common purpose", "stays WITHDRAWN");
    faults.clear();

    assertPurposes(1, "audit");
    assertWhole();
  }

  @Test
  void anAnnouncedAmendmentToFewerPurposesHoldsInARestoredVersion() {
    defined();
    second();
    retire(1);
    as("finance").subscribe(ORDERS).name("report").purpose("audit").commit();
    shop()
        .amendTerms(ORDERS)
        .contract(contract(PaymentOfBuyer.class).purposes("audit"))
        .because("Less")
        .commit()
        .announce()
        .commit();
    clock.advance(Duration.ofDays(31));
    shop().termsAmendment(ORDERS).retire().commit();

    assertPurposes(2, "audit");
    assertPurposes(1, "audit");
    assertWhole();
  }

  @Test
  void aPlanSaysThatAStricterContractOfAPreparedVersionHoldsInTheOthersOnceItOpens() {
    defined();
    assertNames(
        shop()
            .startRollout(ORDERS)
            .contract(contract(PaymentOfBuyer.class).classification(RESTRICTED, "buyer"))
            .renameColumn("customer", "buyer")
            .because("Names")
            .plan(),
        FindingCode.PROTECTION_SHARED,
        "version 1",
        "RESTRICTED of customer",
        "once major version 2 opens");
    prepareSecond();

    ContractPlan plan = amending(2, old -> old.classification(RESTRICTED, "buyer")).plan();

    assertNames(
        plan,
        FindingCode.PROTECTION_SHARED,
        "version 1",
        "RESTRICTED of customer",
        "once major version 2 opens");
    plan.commit();
    assertShown(1, "id", "customer");
    shop().rollout(ORDERS).activate().commit();
    assertShown(1, "id");
    assertWhole();
  }
}
