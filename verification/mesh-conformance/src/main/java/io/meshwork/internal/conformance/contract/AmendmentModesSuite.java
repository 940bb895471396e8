package io.meshwork.internal.conformance.contract;

import static io.meshwork.contract.Rule.atLeast;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.FIRST;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.LESS;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.MORE;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.assertIncompatible;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.onceMeanwhile;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.subscribe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.change.ContractPlan;
import io.meshwork.contract.Column;
import io.meshwork.contract.Compatibility;
import io.meshwork.contract.Contract;
import io.meshwork.error.ConflictException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.conformance.fixture.AmendedOrders.Ids;
import io.meshwork.internal.conformance.fixture.AmendedOrders.OrderWithoutCustomer;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.ScriptedRegistry;
import io.meshwork.product.ContractVersion.Verdict;
import io.meshwork.registry.Registry.Outcome;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The compatibility mode and the subscriptions determine which amendments are allowed. */
public abstract class AmendmentModesSuite extends MeshFixture {
  /** An order whose quantity has a wider type, which readers of the narrower type cannot read. */
  record OrderWithLongQuantity(
      long id,
      String customer,
      @Column(precision = 10, scale = 2) BigDecimal amount,
      Optional<String> note,
      Optional<Long> quantity) {}

  record Channel(Optional<String> channel) {}

  @Test
  void aWeakerModeNeedsAProductWithoutSubscriptions() {
    MeshClient shop = defineOrders();
    MeshClient finance = registerFinance();
    subscribe(finance, "ids", Ids.class);
    State before = state();

    for (Compatibility mode :
        List.of(
            Compatibility.NONE,
            Compatibility.BACKWARD,
            Compatibility.FORWARD_TRANSITIVE,
            Compatibility.FULL)) {
      assertIncompatible(
          () -> shop.amendContract(ORDERS, FIRST.compatibility(mode)).commit(),
          FindingCode.ACTIVE_SUBSCRIPTIONS);
      assertThat(shop.amendContract(ORDERS, FIRST.compatibility(mode)).plan().toString())
          .contains("finance/ids", mode.name());
    }

    assertNothingChanged(before);
  }

  @Test
  void aWeakerModeWithoutSubscriptionsAllowsMoreMinorChanges() {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    shop.amendContract(ORDERS, FIRST.compatibility(Compatibility.BACKWARD)).commit();
    assertThat(currentVersion()).hasToString("1.0.1");

    ContractPlan plan =
        shop.amendContract(ORDERS, LESS.compatibility(Compatibility.BACKWARD)).plan();
    plan.commit();

    assertThat(plan.verdict()).isEqualTo(Verdict.MINOR);
    assertThat(plan.toString()).contains("drop column commerce.orders_v1: customer");
    assertThat(plan.findings())
        .filteredOn(finding -> finding.code() == FindingCode.CONSUMER_BREAK)
        .extracting(Finding::severity)
        .containsOnly(Finding.Severity.WARNING);
    assertThat(currentVersion()).hasToString("1.1.0");
    assertThat(all(shop.read(ORDERS).as(OrderWithoutCustomer.class))).hasSize(3);
    assertThat(registry.documents().keySet()).noneMatch(key -> key.sort().startsWith("amending"));
    assertWhole();
  }

  @Test
  void aWeakerModeStillProtectsSubscriptions() {
    MeshClient shop = defineOrders(FIRST.compatibility(Compatibility.BACKWARD));
    MeshClient finance = registerFinance();
    subscribe(finance, "ids", Ids.class);
    State before = state();

    assertIncompatible(
        () -> shop.amendContract(ORDERS, LESS.compatibility(Compatibility.BACKWARD)).commit(),
        FindingCode.CONSUMER_BREAK,
        FindingCode.ACTIVE_SUBSCRIPTIONS);

    assertNothingChanged(before);
    shop.amendContract(ORDERS, MORE.compatibility(Compatibility.BACKWARD)).commit();
    assertThat(currentVersion()).hasToString("1.1.0");
  }

  @Test
  void aFrozenContractIsUnfrozenByItsModeOnly() {
    MeshClient shop = defineOrders(FIRST.compatibility(Compatibility.DISABLED));
    State before = state();

    assertIncompatible(
        () -> shop.amendContract(ORDERS, MORE.compatibility(Compatibility.DISABLED)).commit(),
        FindingCode.CONTRACT_FROZEN);
    assertIncompatible(
        () -> shop.amendContract(ORDERS, MORE).commit(), FindingCode.CONTRACT_FROZEN);
    assertNothingChanged(before);

    shop.amendContract(ORDERS, FIRST).commit();
    shop.amendContract(ORDERS, MORE).commit();
    assertThat(currentVersion()).hasToString("1.1.0");
  }

  @Test
  void aWeakerModeCannotBeAmendedWhileThereAreSubscriptions() {
    MeshClient shop = defineOrders(FIRST.freshWithin(Duration.ofHours(1)));
    Contract staler = FIRST.freshWithin(Duration.ofHours(2));
    MeshClient finance = registerFinance();
    assertThat(shop.amendContract(ORDERS, staler).plan().verdict()).isEqualTo(Verdict.AMENDMENT);
    shop.amendContract(ORDERS, staler).commit();
    assertThat(currentVersion()).hasToString("1.1.0");
    subscribe(finance, "ids", Ids.class);
    State before = state();

    assertIncompatible(
        () -> shop.amendContract(ORDERS, FIRST.freshWithin(Duration.ofHours(3))).commit(),
        FindingCode.ACTIVE_SUBSCRIPTIONS);

    assertNothingChanged(before);
  }

  @Test
  void aSubscriptionConflictsWithAConcurrentChangeToAWeakerMode() {
    MeshClient shop = defineOrders();
    MeshClient finance = registerFinance();

    shop.amendContract(ORDERS)
        .change(
            onceMeanwhile(
                2,
                () ->
                    assertThatThrownBy(() -> subscribe(finance, "ids", Ids.class))
                        .isInstanceOf(ConflictException.class)
                        .hasMessageContainingAll("is being amended", "Try again"),
                FIRST.compatibility(Compatibility.NONE)))
        .commit();

    assertThat(currentVersion()).hasToString("1.0.1");
    subscribe(finance, "ids", Ids.class);
    assertWhole();
  }

  @Test
  void anEarlierSubscriptionCountsAndALaterOneFails() {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    MeshClient finance = registerFinance();
    registry.resolving(false);
    registry.next(ScriptedRegistry.Fault.HELD);
    assertThatThrownBy(() -> subscribe(finance, "ids", Ids.class))
        .isInstanceOf(OutcomeUnknownException.class);
    registry.resolving(true);
    List<Outcome> late = new ArrayList<>();
    shop.amendContract(ORDERS, FIRST.compatibility(Compatibility.NONE)).commit();
    assertThat(registry.deliver()).as("after the change").noneMatch(Outcome.COMMITTED::equals);

    registry.resolving(false);
    registry.next(ScriptedRegistry.Fault.HELD);
    assertThatThrownBy(() -> subscribe(finance, "ids", Ids.class))
        .isInstanceOf(OutcomeUnknownException.class);
    registry.resolving(true);
    // The metadata file is written after the subscriptions are counted.
    files.beforeEachWrite(write -> late.addAll(registry.deliver()));
    shop.amendContract(ORDERS, LESS.compatibility(Compatibility.NONE)).commit();
    files.beforeEachWrite(write -> {});

    assertThat(late).as("between count and commit").hasSize(1).doesNotContain(Outcome.COMMITTED);
    assertThat(currentVersion()).hasToString("1.1.0");
    subscribe(finance, "ids", Ids.class);
    assertIncompatible(
        () ->
            shop.amendContract(ORDERS, Contract.of(Ids.class).compatibility(Compatibility.NONE))
                .commit(),
        FindingCode.ACTIVE_SUBSCRIPTIONS);
    assertWhole();
  }

  @Test
  void anEarlierBreakDoesNotBlockAmendmentsForLaterSubscriptions() {
    MeshClient shop = defineOrders(MORE.compatibility(Compatibility.BACKWARD));
    Contract orders = Contract.of(OrderWithLongQuantity.class).recordName(Order.class.getName());
    Contract wide = orders.compatibility(Compatibility.BACKWARD);
    shop.amendContract(ORDERS, wide).commit();
    readAll(subscribe(registerFinance(), "wide", OrderWithLongQuantity.class));

    ContractPlan described =
        shop.amendContract(ORDERS).change(current -> current.description("Orders")).plan();
    ContractPlan back = shop.amendContract(ORDERS, MORE).plan();

    assertThat(described.isAllowed()).as("%s", described).isTrue();
    assertThat(described.verdict()).isEqualTo(Verdict.PATCH);
    assertThat(described.breaks()).isEmpty();
    assertThat(back.isAllowed()).as("new incompatibilities count: %s", back).isFalse();
    described.commit();
    assertThatThrownBy(described::commit)
        .hasMessageContaining("committed already")
        .hasMessageNotContaining("idempotency");
    shop.amendContract(ORDERS).change(current -> current.require(atLeast("quantity", 0))).commit();
    shop.amendContract(ORDERS)
        .contract(orders.addColumns(Contract.of(Channel.class)).require(atLeast("quantity", 0)))
        .commit();
    assertThat(currentVersion()).hasToString("1.3.0");
    shop.amendContract(ORDERS).change(current -> current.description("All orders")).commit();
    assertThat(currentVersion()).as("under FULL_TRANSITIVE").hasToString("1.3.1");
    assertWhole();
  }

  @Test
  void aSubscriptionWithoutReadsCountsWithTheColumnsOfItsFilter() {
    MeshClient shop = defineOrders();
    MeshClient finance = registerFinance();
    finance
        .subscribe(ORDERS)
        .name("filtered")
        .purpose("Revenue")
        .columns("id")
        .where("customer = 'c' and amount > 3")
        .asMaps()
        .commit();
    finance.subscribe(ORDERS).name("ids").purpose("Revenue").columns("id").asMaps().commit();

    ContractPlan plan = shop.amendContract(ORDERS, LESS).plan();

    assertThat(plan.breaks())
        .singleElement()
        .satisfies(
            consumer -> {
              assertThat(consumer.name()).isEqualTo("finance/filtered");
              assertThat(consumer.columns()).containsExactly("id", "customer", "amount");
            });
  }

  @Test
  void aStalePlanIsNotRetryable() {
    MeshClient shop = defineOrders();
    ContractPlan stale = shop.amendContract(ORDERS, MORE).plan();
    ContractPlan first = shop.defineProduct(ORDERS).contract(MORE).amendIfDefined().plan();
    shop.amendContract(ORDERS).change(current -> current.description("Orders")).commit();

    for (ContractPlan plan : List.of(stale, first)) {
      assertThatThrownBy(plan::commit)
          .isInstanceOfSatisfying(
              ConflictException.class, refused -> assertThat(refused.retryable()).isFalse())
          .hasMessageContaining("review");
    }
  }
}
