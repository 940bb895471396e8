package io.meshwork.internal.conformance.contract;

import static io.meshwork.contract.Rule.atLeast;
import static io.meshwork.contract.Rule.between;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.FIRST;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.MORE;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.assertIncompatible;
import static io.meshwork.internal.conformance.fixture.AmendedOrders.onceMeanwhile;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.card.ProductCard;
import io.meshwork.change.ContractPlan;
import io.meshwork.change.DefineProduct;
import io.meshwork.contract.Contract;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.FindingCode;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.AmendedOrders.OrderWithQuantity;
import io.meshwork.internal.conformance.fixture.ConcurrentCalls;
import io.meshwork.internal.conformance.fixture.MeshFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.ScriptedRegistry;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.testkit.Faults.Port;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Concurrent amendments, publishes, and plans are serialized. */
public abstract class ConcurrentAmendmentsSuite extends MeshFixture {
  @Test
  void aStalePlanIsNotCommitted() {
    MeshClient shop = defineOrders();
    ContractPlan plan = shop.amendContract(ORDERS, MORE).plan();
    shop.amendContract(ORDERS).change(current -> current.description("Orders")).commit();
    State before = state();

    assertThatThrownBy(plan::commit)
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll("as planned", "Nothing was changed");
    assertNothingChanged(before);

    ContractPlan again = shop.amendContract(ORDERS, MORE.description("Orders")).plan();
    shop.amendContract(ORDERS, MORE.description("Orders")).commitAsPlanned(again.fingerprint());
    assertThat(currentVersion()).hasToString("1.1.0");
  }

  @Test
  void aPlannedDefinitionNeverAmendsAConcurrentDefinition() {
    MeshClient shop = registerShop();
    boolean before = true;
    for (int read = 1; before; read++) {
      String product = "commerce/planned-" + read;
      DefineProduct wanted = shop.defineProduct(product).contract(MORE).amendIfDefined();
      String fingerprint = wanted.plan().fingerprint();
      AtomicBoolean happened = new AtomicBoolean();
      faults
          .on(Port.REGISTRY_READ)
          .nth(read)
          .meanwhile(
              () -> {
                happened.set(true);
                shop.defineProduct(product).contract(FIRST).commit();
              });
      try {
        wanted.commitAsPlanned(fingerprint);
      } catch (ConflictException | AlreadyExistsException e) {
        assertThat(e).as("read %s", read).hasMessageContaining(product);
      }
      faults.clear();
      before = happened.get();
      assertThat(shop.describe(product).versions().get(0).version())
          .as("read %s", read)
          .hasToString("1.0.0");
    }
    assertWhole();
  }

  @Test
  void theSecondOfTwoConcurrentAmendmentsIsEvaluatedOnTheFirst() {
    MeshClient shop = defineOrders();
    AtomicBoolean first = new AtomicBoolean(true);

    shop.amendContract(ORDERS)
        .change(
            current -> {
              if (first.compareAndSet(true, false)) {
                shop.amendContract(ORDERS, MORE).commit();
              }
              return current.require(between("id", 0, 1_000_000));
            })
        .commit();

    assertThat(currentVersion()).hasToString("1.2.0");
    assertThat(shop.describe(ORDERS).versions().get(0).contract())
        .isEqualTo(MORE.require(between("id", 0, 1_000_000)));
    assertThat(shop.events(ORDERS).list())
        .extracting(MeshEvent::typeName)
        .containsExactly("product.defined", "product.amended", "product.amended");
    assertWhole();
  }

  @Test
  void anAmendmentDoesNotRevertAConcurrentOne() {
    MeshClient shop = defineOrders();
    Contract ruled = FIRST.require(between("id", 0, 1_000_000));

    assertIncompatible(
        () ->
            shop.amendContract(ORDERS)
                .change(onceMeanwhile(2, () -> shop.amendContract(ORDERS, MORE).commit(), ruled))
                .commit(),
        FindingCode.SILENT_LOSS);

    assertThat(currentVersion()).hasToString("1.1.0");
    assertWhole();
  }

  @Test
  void concurrentAmendmentsAreSerialized() throws Exception {
    MeshClient shop = defineOrders();
    List<java.util.concurrent.Callable<ProductCard>> amendments = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String id = "at-least-" + i;
      amendments.add(
          () ->
              shop.amendContract(ORDERS)
                  .change(
                      current ->
                          current.require(
                              atLeast("id", -Long.parseLong(id.substring(9)) - 1).id(id)))
                  .commit());
    }

    ConcurrentCalls.run(amendments);

    assertThat(shop.describe(ORDERS).versions().get(0).contract().rules()).hasSize(4);
    assertThat(shop.events(ORDERS).list()).hasSize(5);
    assertWhole();
  }

  @Test
  void aPublishDuringAnAmendmentConflictsAndSucceedsWhenRepeated() {
    MeshClient shop = defineOrders();
    Iterator<Order> orders = Order.range(0, 3).iterator();
    AtomicBoolean first = new AtomicBoolean(true);
    Iterator<Order> amending =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return orders.hasNext();
          }

          @Override
          public Order next() {
            if (first.compareAndSet(true, false)) {
              shop.amendContract(ORDERS, MORE).commit();
            }
            return orders.next();
          }
        };

    assertThatThrownBy(() -> shop.publish(ORDERS).records(amending).idempotencyKey("run").commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContainingAll("contract", "Nothing was published", "Run it again");
    assertWhole();
    PublishReceipt receipt =
        shop.publish(ORDERS).records(Order.range(0, 3)).idempotencyKey("run").commit();

    assertThat(receipt.contractVersion()).hasToString("1.1.0");
    assertThat(orders()).isEqualTo(Order.range(0, 3));
    assertWhole();
  }

  @Test
  void aRetryAfterAnAmendmentReturnsTheFirstReceipt() {
    MeshClient shop = defineOrders();
    PublishReceipt first =
        shop.publish(ORDERS).records(Order.range(0, 3)).idempotencyKey("run").commit();
    shop.amendContract(ORDERS, MORE).commit();

    PublishReceipt again =
        shop.publish(ORDERS).records(Order.range(0, 3)).idempotencyKey("run").commit();

    assertThat(again.replayed()).isTrue();
    assertThat(again.publishId()).isEqualTo(first.publishId());
    assertThat(orders()).hasSize(3);
  }

  @Test
  void anAmendmentDuringAPublishIsCommittedAfterIt() {
    MeshClient shop = defineOrders();

    shop.amendContract(ORDERS)
        .change(
            onceMeanwhile(2, () -> shop.publish(ORDERS).records(Order.range(0, 3)).commit(), MORE))
        .commit();

    assertThat(currentVersion()).hasToString("1.1.0");
    assertThat(all(shop.read(ORDERS).as(OrderWithQuantity.class))).hasSize(3);
    assertWhole();
  }

  @Test
  void anAmendmentWithALostReplyIsCommittedOnce() {
    MeshClient shop = defineOrders();
    registry.next(ScriptedRegistry.Fault.REPLY_LOST);

    shop.amendContract(ORDERS, MORE).commit();

    assertThat(currentVersion()).hasToString("1.1.0");
    assertThat(shop.events(ORDERS).list()).hasSize(2);
    assertWhole();
  }
}
