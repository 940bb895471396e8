package io.meshwork.internal.conformance.access;

import static io.meshwork.contract.Rule.atLeast;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.AccessOperation;
import io.meshwork.access.AccessPlan;
import io.meshwork.access.AccessPlan.AccessChange;
import io.meshwork.access.GrantOperation;
import io.meshwork.card.ProductCard;
import io.meshwork.change.ContractPlan;
import io.meshwork.change.DefineProduct;
import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.conformance.fixture.DenialFixture;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.operation.Plan.Step;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The owner decides whether the mesh may read a product. */
public abstract class AccessSuite extends DenialFixture {
  private MeshClient defineClosedOrders() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    return shop;
  }

  @Test
  void onlyTheOwnerReadsAProductThatIsNotOpen() {
    MeshClient shop = defineClosedOrders();
    MeshClient finance = registerFinance();

    assertThat(all(shop.read(ORDERS))).hasSize(3);
    assertDenied(() -> finance.read(ORDERS).rows(), ORDERS, "finance/etl", "openToMesh()");
    assertDenied(
        () -> finance.subscribe(ORDERS).name("revenue").purpose("Revenue").commit(), ORDERS);
    assertDenied(() -> finance.read(ORDERS).files(), ORDERS);
    assertDenied(() -> finance.quarantine(ORDERS).rows(), ORDERS);
    assertDenied(() -> finance.publishHistory(ORDERS).receipts(), ORDERS);
    assertDenied(() -> finance.publishHistory(ORDERS).findReceipt("run"), ORDERS);
  }

  @Test
  void everyPrincipalMayDescribeAProduct() {
    MeshClient shop = defineClosedOrders();

    ProductCard card = as("stranger").describe(ORDERS);

    assertThat(card.access()).isEqualTo(ProductCard.Access.DESCRIBE_ONLY);
    assertThat(card.owner()).isEqualTo("shop@example.org");
    assertThat(card.columns()).extracting(ProductCard.Column::name).contains("amount");
    assertThat(card.current().orElseThrow().rows()).isEmpty();
    assertThat(shop.describe(ORDERS).current().orElseThrow().rows()).hasValue(3);
    assertThat(shop.describe(ORDERS).access()).isEqualTo(ProductCard.Access.READ_ALL);
    assertThat(as("stranger").products()).containsExactly(ProductName.of(ORDERS));
  }

  @Test
  void openToMeshLetsEveryDomainReadButNotPublish() {
    defineOrders().publish(ORDERS).records(Order.range(0, 3)).commit();
    MeshClient finance = registerFinance();

    assertThat(all(finance.read(ORDERS).as(Order.class))).isEqualTo(Order.range(0, 3));
    assertThat(finance.describe(ORDERS).access()).isEqualTo(ProductCard.Access.READ_ALL);
    State before = state();
    assertDenied(
        () -> finance.publish(ORDERS).records(Order.range(3, 4)).commit(),
        ORDERS,
        "finance/etl",
        "Nothing was done");
    assertNothingChanged(before);
  }

  @Test
  void aClosedProductMayBeOpenedLater() {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    MeshClient finance = registerFinance();
    assertDenied(() -> finance.read(ORDERS).rows(), ORDERS, "openToMesh()");

    ProductCard opened =
        shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).openToMesh().commit();

    assertThat(opened.isOpenToMesh()).isTrue();
    assertThat(all(finance.read(ORDERS).as(Order.class))).isEqualTo(Order.range(0, 3));
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void thePlanShowsThatAnExistingProductIsOpened() {
    MeshClient shop = defineClosedOrders();
    Contract contract = Contract.of(Order.class);
    State before = state();

    ContractPlan same = shop.defineProduct(ORDERS).contract(contract).openToMesh().plan();
    ContractPlan amended =
        shop.defineProduct(ORDERS)
            .contract(contract.require(atLeast("amount", 0)))
            .openToMesh()
            .amendIfDefined()
            .plan();

    assertNothingChanged(before);
    assertThat(same.isEmpty()).isFalse();
    assertThat(same).asString().contains("open " + ORDERS + " 1.0.0 to the mesh");
    for (ContractPlan plan : List.of(same, amended)) {
      assertThat(plan.isAllowed()).isTrue();
      assertThat(plan.steps()).extracting(Step::verb).contains("open");
      assertThat(plan.gains())
          .singleElement()
          .satisfies(
              gain -> {
                assertThat(gain.who()).isEqualTo("the mesh");
                assertThat(gain.columns()).contains("id", "amount");
                assertThat(gain.everyRow()).isTrue();
              });
    }
    assertThat(amended.commit().isOpenToMesh()).isTrue();
    assertThat(shop.describe(ORDERS).versions().get(0).version()).isEqualTo(amended.version());
    assertThatThrownBy(same::commit).isInstanceOf(ConflictException.class);
    assertThat(
            shop.defineProduct(ORDERS)
                .contract(shop.describe(ORDERS).contract())
                .openToMesh()
                .plan()
                .isEmpty())
        .isTrue();
  }

  @Test
  void aProductThatAnAmendmentLeavesSensitiveIsNotOpened() {
    MeshClient shop = registerShop();
    Contract contract = Contract.of(Order.class);
    shop.defineProduct(ORDERS)
        .contract(contract.classification(Classification.CONFIDENTIAL, "customer"))
        .commit();
    DefineProduct opening =
        shop.defineProduct(ORDERS)
            .contract(contract.require(atLeast("amount", 0)))
            .openToMesh()
            .amendIfDefined();
    State before = state();

    assertThatThrownBy(opening::plan)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll(ORDERS, "customer", "INTERNAL");
    assertThatThrownBy(opening::commit)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll(ORDERS, "customer", "INTERNAL");

    assertNothingChanged(before);
  }

  @Test
  void aProgramThatDefinesAnOpenProductStillAmendsItAfterAColumnWasClassifiedHigher() {
    MeshClient shop = defineOrders();
    shop.amendContract(
            ORDERS,
            Contract.of(Order.class).classification(Classification.CONFIDENTIAL, "customer"))
        .commit();
    DefineProduct nightly =
        shop.defineProduct(ORDERS)
            .contract(Contract.of(Order.class).require(atLeast("amount", 0)))
            .openToMesh()
            .amendIfDefined();

    assertThat(nightly.plan().isAllowed()).isTrue();
    ProductCard amended = nightly.commit();

    assertThat(amended.isOpenToMesh()).isTrue();
    assertThat(amended.contract().rules()).hasSize(1);
    assertThat(amended.columns().get(1).classification()).isEqualTo(Classification.CONFIDENTIAL);
  }

  @Test
  void onlyAnAdministratorOpensAProductToTheMesh() {
    MeshClient shop = defineClosedOrders();
    MeshClient intern = mesh.clientAs(Principal.of("commerce", "intern"));
    Contract contract = Contract.of(Order.class);
    State before = state();

    for (DefineProduct opening :
        List.of(
            intern.defineProduct(ORDERS).contract(contract).openToMesh(),
            intern
                .defineProduct(ORDERS)
                .contract(contract.require(atLeast("amount", 0)))
                .openToMesh()
                .amendIfDefined(),
            intern.defineProduct("commerce/other").contract(contract).openToMesh())) {
      assertOnlyAdministrators(opening::plan, "open", "to the mesh");
      assertOnlyAdministrators(opening::commit, "open", "to the mesh");
    }

    assertNothingChanged(before);
    intern.defineProduct("commerce/other").contract(contract).commit();
    shop.defineProduct(ORDERS).contract(contract).openToMesh().commit();
    assertThat(intern.defineProduct(ORDERS).contract(contract).openToMesh().commit().isOpenToMesh())
        .as("the product is already open")
        .isTrue();
  }

  private static void assertOnlyAdministrators(ThrowingCallable call, String... facts) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            AccessDeniedException.class,
            denied -> assertThat(denied.whoCanGrant()).containsExactly("commerce/etl"))
        .hasMessageContainingAll(facts)
        .hasMessageContainingAll("commerce/intern", "only administrators", "commerce/etl");
  }

  @Test
  void aProductIsClosedToTheMeshAndItsGrantsStay() {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    MeshClient finance = registerFinance();
    as("sales").registerDomain("sales").owner("sales@example.org").commit();
    shop.grant(ORDERS).to(Principal.of("sales", "etl")).because("Reports").commit();
    State before = state();

    AccessPlan<ProductCard> plan = shop.access().closeToMesh(ORDERS).plan();

    assertNothingChanged(before);
    assertThat(plan.steps()).extracting(Step::verb).containsExactly("close");
    assertThat(plan.gains()).isEmpty();
    assertThat(plan.losses())
        .singleElement()
        .satisfies(
            loss -> {
              assertThat(loss.who()).isEqualTo("the mesh");
              assertThat(loss.columns()).contains("id", "amount");
            });
    assertThat(plan.explain(Principal.of("finance", "etl"), ORDERS).isAllowed()).isFalse();
    assertThat(plan.explain(Principal.of("sales", "etl"), ORDERS).isAllowed()).isTrue();
    assertThat(all(finance.read(ORDERS))).hasSize(3);

    assertThat(plan.commit().isOpenToMesh()).isFalse();

    assertDenied(() -> finance.read(ORDERS).rows(), ORDERS, "finance/etl");
    assertThat(all(as("sales").read(ORDERS))).hasSize(3);
    assertThat(shop.describe(ORDERS).isOpenToMesh()).isFalse();
    assertThat(
            shop.governance()
                .audit()
                .subject(ORDERS)
                .kinds(MeshEvent.Type.PRODUCT_CLOSED.text())
                .list())
        .singleElement()
        .satisfies(entry -> assertThat(entry.who()).isEqualTo("commerce/etl"));
    State closed = state();
    AccessPlan<ProductCard> again = shop.access().closeToMesh(ORDERS).plan();
    assertThat(again.isEmpty()).isTrue();
    assertThat(again).asString().contains("nothing to close");
    assertThat(shop.access().closeToMesh(ORDERS).commit().isOpenToMesh()).isFalse();
    assertNothingChanged(closed);
    shop.defineProduct(ORDERS).contract(Contract.of(Order.class)).openToMesh().commit();
    assertThat(all(finance.read(ORDERS))).hasSize(3);
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void onlyAnAdministratorClosesAProduct() {
    MeshClient shop = defineOrders();
    MeshClient finance = registerFinance();
    MeshClient intern = mesh.clientAs(Principal.of("commerce", "intern"));
    State before = state();

    assertOnlyAdministrators(
        () -> intern.access().closeToMesh(ORDERS).commit(), "close", "to the mesh");
    assertDenied(() -> finance.access().closeToMesh(ORDERS).plan(), ORDERS, "finance/etl");
    assertThatThrownBy(() -> shop.access().closeToMesh("commerce/ordres").plan())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContainingAll("commerce/ordres", ORDERS);
    assertNothingChanged(before);
  }

  @Test
  void aProductIsClosedTogetherWithAGrant() {
    MeshClient shop = defineOrders();
    shop.publish(ORDERS).records(Order.range(0, 3)).commit();
    MeshClient finance = registerFinance();
    AccessOperation<ProductCard> closing = shop.access().closeToMesh(ORDERS);
    GrantOperation.ByName grant =
        shop.grant(ORDERS).to(Principal.of("finance", "etl")).columns("id").because("Reports");

    AccessPlan<AccessPlan.Results> plan = shop.access().plan(closing, grant);

    assertThat(plan.losses()).extracting(AccessChange::who).containsExactly("the mesh");
    assertThat(plan.explain(Principal.of("finance", "etl"), ORDERS).columns())
        .containsExactly("id");
    AccessPlan.Results results = plan.commit();
    assertThat(results.of(closing).isOpenToMesh()).isFalse();
    assertThat(results)
        .asString()
        .startsWith("close " + ORDERS + " to the mesh: ")
        .contains("\ngrant " + ORDERS + ": ")
        .doesNotContain("ProductClosing", "NamedGrant");
    assertThat(finance.describe(ORDERS).access()).isEqualTo(ProductCard.Access.READ_SOME);
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void aProductAboveInternalCannotBeOpened() {
    MeshClient shop = registerShop();
    Contract contract = Contract.of(Order.class);
    State before = state();

    for (Contract secret :
        List.of(
            contract.classification(Classification.CONFIDENTIAL, "customer"),
            contract.classification(Classification.RESTRICTED))) {
      assertThatThrownBy(() -> shop.defineProduct(ORDERS).contract(secret).openToMesh().commit())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContainingAll(ORDERS, "customer", "INTERNAL");
    }
    assertNothingChanged(before);
    shop.defineProduct(ORDERS)
        .contract(contract.classification(Classification.CONFIDENTIAL, "customer"))
        .commit();
    assertThat(shop.describe(ORDERS).columns().get(1).classification())
        .isEqualTo(Classification.CONFIDENTIAL);
  }
}
