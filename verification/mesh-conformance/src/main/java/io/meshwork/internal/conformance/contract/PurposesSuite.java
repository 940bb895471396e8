package io.meshwork.internal.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.consume.Subscribe;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.AmendedOrders.Customers;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.product.Principal;
import io.meshwork.rollout.TermsAmendment;
import io.meshwork.rollout.TermsAmendment.AmendedTerm;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

/** A contract allows some purposes, and a subscription states one of them. */
public abstract class PurposesSuite extends AmendmentRolloutFixture {
  private static final Contract FOR_AUDITS = CONTRACT.purposes("audit", "fraud detection");

  private static Subscribe<GenericRecord> subscription(MeshClient reader, String purpose) {
    return reader.subscribe(ORDERS).name("report").purpose(purpose);
  }

  @Test
  void aSubscriptionStatesOneOfThePurposesOfTheContract() {
    defineOrders(FOR_AUDITS);
    MeshClient finance = registerFinance();
    State before = state();

    assertThatThrownBy(() -> subscription(finance, "marketing").commit())
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.PURPOSE_NOT_ALLOWED))
        .hasMessageContainingAll("'marketing'", "audit, fraud detection");
    assertNothingChanged(before);

    Subscription<GenericRecord> allowed = subscription(finance, "Audit").commit();
    assertThat(allowed.purpose()).isEqualTo("Audit");
    assertThatThrownBy(() -> subscription(finance, "marketing").commit())
        .hasMessageContaining("'marketing'");
    assertThat(subscription(finance, "fraud detection").commit().purpose())
        .isEqualTo("fraud detection");
    assertWhole();
  }

  @Test
  void morePurposesNeedASecondDecider() {
    MeshClient shop = defineOrders(FOR_AUDITS);
    MeshClient steward = mesh.clientAs(Principal.of("commerce", "steward"));
    shop.registerDomain("commerce").deciders(shop.principal(), steward.principal()).commit();
    Contract wider = CONTRACT.purposes("audit", "fraud detection", "marketing");

    assertThat(shop.amendContract(ORDERS).contract(wider).because("B").plan().findings())
        .extracting(finding -> finding.code())
        .contains(FindingCode.PURPOSES_WIDENING_UNCONFIRMED);
    shop.amendContract(ORDERS).contract(wider).widenPurposes().because("A campaign").commit();
    assertThat(currentContract().purposes()).doesNotContain("marketing");
    steward.amendContract(ORDERS).contract(wider).widenPurposes().because("A campaign").commit();

    assertThat(currentContract().purposes()).contains("marketing");
    assertThat(subscription(registerFinance(), "marketing").commit().purpose())
        .isEqualTo("marketing");
    assertWhole();
  }

  @Test
  void aDeploymentDoesNotWidenThePurposes() {
    MeshClient shop = defineOrders(FOR_AUDITS);

    shop.defineProduct(ORDERS).contract(CONTRACT).amendIfDefined().commit();

    assertThat(currentContract().purposes()).containsExactly("audit", "fraud detection");
    assertWhole();
  }

  @Test
  void aRolloutDoesNotWidenThePurposes() {
    reopen(builder -> builder);
    defineOrders(FOR_AUDITS).publish(ORDERS).records(Order.range(0, 3)).commit();
    subscription(registerFinance(), "audit").commit();

    assertThat(weakening(CONTRACT.purposes("marketing")).plan().isAllowed()).isFalse();
    assertThat(weakening(CONTRACT.purposes("audit")).plan().isAllowed()).isTrue();
  }

  @Test
  void aSubscriptionGoesOnAlthoughItsPurposeWasRemoved() {
    subscribed();
    weakening(FOR_AUDITS).commit().announce().commit();
    afterTheNotice();
    rollout().retire().commit();

    assertThat(finance().subscribe(ORDERS).name("customers").as(Customers.class).commit().purpose())
        .isNotEqualTo("audit");
    assertThatThrownBy(
            () -> finance().subscribe(ORDERS).name("customers").purpose("marketing").commit())
        .hasMessageContaining("'marketing'");
  }

  @Test
  void fewerPurposesTakeEffectAfterTheNotice() {
    subscribed();
    TermsAmendment rollout = weakening(FOR_AUDITS).commit();
    assertThat(rollout.amendedTerms())
        .containsExactly(
            new AmendedTerm("purposes", Optional.empty(), Optional.of("audit, fraud detection")));

    rollout.announce().commit();
    assertThat(currentContract().purposes()).isEmpty();
    afterTheNotice();
    rollout().retire().commit();

    assertThat(currentContract().purposes()).containsExactly("audit", "fraud detection");
    assertThat(currentContract()).isEqualTo(FOR_AUDITS);
    assertWhole();
  }
}
