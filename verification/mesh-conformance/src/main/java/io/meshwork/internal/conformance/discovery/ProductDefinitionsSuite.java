package io.meshwork.internal.conformance.discovery;

import static io.meshwork.contract.Rule.atLeast;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.card.ProductCard;
import io.meshwork.change.DefineProduct;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Partition;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.conformance.fixture.DenialFixture;
import io.meshwork.internal.conformance.fixture.Order;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** A product is defined once, under a name that differs from all others. */
public abstract class ProductDefinitionsSuite extends DenialFixture {
  @Test
  void definingTheSameProductAgainChangesNothing() {
    MeshClient shop = registerShop();
    DefineProduct first = define(shop, Contract.of(Order.class));
    ProductCard card = first.commit();
    State before = state();

    ProductCard again = define(shop, Contract.of(Order.class)).commit();

    assertThat(again).isEqualTo(card);
    assertThat(
            shop.defineProduct(ORDERS)
                .contract(Contract.of(Order.class))
                .partitionBy(Partition.by("customer"))
                .commit())
        .isEqualTo(card);
    assertNothingChanged(before);
  }

  private static DefineProduct define(MeshClient shop, Contract contract) {
    return shop.defineProduct(ORDERS)
        .contract(contract)
        .description("Orders")
        .owner("orders@example.org")
        .partitionBy(Partition.by("customer"))
        .openToMesh();
  }

  @Test
  void definingAProductDifferentlyIsRejectedWithTheDifferences() {
    MeshClient shop = registerShop();
    Contract contract = Contract.of(Order.class);
    shop.defineProduct(ORDERS).contract(contract).description("Orders").commit();
    State before = state();

    assertDiffers(
        shop.defineProduct(ORDERS).contract(contract.require(atLeast("amount", 0))), "contract");
    assertDiffers(
        shop.defineProduct(ORDERS).contract(contract.onViolation(OnViolation.QUARANTINE)),
        "contract");
    assertDiffers(
        shop.defineProduct(ORDERS).contract(contract).partitionBy(Partition.by("customer")),
        "partitioning");
    assertDiffers(shop.defineProduct(ORDERS).contract(contract).tableFormat(3), "table format");
    shop.defineProduct(ORDERS).contract(contract).tableFormat(2).commit();
    assertDiffers(
        shop.defineProduct(ORDERS)
            .contract(contract)
            .description("Others")
            .owner("other@example.org")
            .openToMesh(),
        "description, owner");
    assertNothingChanged(before);
  }

  @Test
  void aDefinitionWithAnEarlierContractNamesItsVersionAndTheCurrentOne() {
    Contract first = Contract.of(Order.class);
    MeshClient shop = defineOrders(first);
    shop.amendContract(ORDERS, first.require(atLeast("id", 0))).commit();
    State before = state();

    assertThatThrownBy(() -> shop.defineProduct(ORDERS).contract(first).commit())
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContainingAll(
            "the contract of version 1.0.0, which version 1.1.0 has replaced",
            "Define the contract of version 1.1.0");

    assertNothingChanged(before);
  }

  private static void assertDiffers(DefineProduct operation, String what) {
    assertThatThrownBy(operation::commit)
        .isInstanceOfSatisfying(
            AlreadyExistsException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.ALREADY_EXISTS))
        .hasMessageContainingAll(
            ORDERS,
            "its " + what + (what.contains(",") ? " differ " : " differs "),
            "Nothing was changed");
  }

  enum Paint {
    RED
  }

  record PaintedPart(Paint paint, Optional<Integer> size) {}

  record Kit(Paint paint, List<PaintedPart> parts, Map<String, List<Instant>> seen) {}

  @Test
  void aDescriptionNamesTypesWithoutFieldIds() {
    ProductCard card =
        registerShop().defineProduct(ORDERS).contract(Contract.of(Kit.class)).commit();

    assertThat(card.columns())
        .extracting(ProductCard.Column::type)
        .containsExactly(
            "enum",
            "list<struct<paint: required enum, size: optional int>>",
            "map<string, list<timestamptz>>");
  }

  @Test
  void aNameThatDiffersOnlyByHyphenOrUnderscoreIsRejected() {
    MeshClient shop = registerShop();
    shop.defineProduct("commerce/green-trips").contract(Contract.of(Order.class)).commit();
    State before = state();

    assertThatThrownBy(
            () ->
                shop.defineProduct("commerce/green_trips")
                    .contract(Contract.of(Order.class))
                    .commit())
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContainingAll("commerce/green_trips", "commerce/green-trips");
    assertThatThrownBy(() -> shop.publish("commerce/green_trips").records(List.of()).commit())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("commerce/green-trips");
    assertNothingChanged(before);

    as("a-b").registerDomain("a-b").owner("a@example.org").commit();
    assertThatThrownBy(() -> as("a_b").registerDomain("a_b").owner("a@example.org").commit())
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining("'a-b'");
  }

  @Test
  void aNestedProductIsDefinedPublishedAndRead() {
    MeshClient shop = registerShop();
    Schema nested =
        SchemaBuilder.record("Order")
            .fields()
            .requiredLong("id")
            .name("lines")
            .type()
            .array()
            .items()
            .stringType()
            .noDefault()
            .endRecord();
    List<Map<String, Object>> rows =
        List.of(row("id", 1L, "lines", List.of("a", "b")), row("id", 2L, "lines", List.of()));

    ProductCard card = shop.defineProduct(ORDERS).contract(Contract.of(nested)).commit();
    shop.publish(ORDERS).records(rows).commit();

    assertThat(card.columns().get(1).type()).isEqualTo("list<string>");
    assertThat(all(shop.read(ORDERS).asMaps())).isEqualTo(rows);
    assertWhole();
  }

  @Test
  void anInvalidPartitionIsRejectedByName() {
    MeshClient shop = registerShop();
    State before = state();

    assertThatThrownBy(
            () ->
                shop.defineProduct(ORDERS)
                    .contract(Contract.of(Order.class))
                    .partitionBy(Partition.month("customer"), Partition.by("nowhere"))
                    .commit())
        .isInstanceOfSatisfying(
            InvalidRequestException.class, refused -> assertThat(refused.findings()).hasSize(2))
        .hasMessageContainingAll("month(customer)", "string");
    assertNothingChanged(before);
  }

  @Test
  void aProductNeedsItsDomain() {
    assertThatThrownBy(
            () -> shop().defineProduct(ORDERS).contract(Contract.of(Order.class)).commit())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("registerDomain(\"commerce\")");
    registerShop();
    assertDenied(
        () -> as("finance").defineProduct(ORDERS).contract(Contract.of(Order.class)).commit(),
        ORDERS);
  }

  @Test
  void anUnknownProductIsRejectedWithTheNearestName() {
    MeshClient shop = defineOrders();

    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> shop.read("commerce/odrers").rows(),
            () -> shop.publish("commerce/odrers").records(Order.range(0, 1)).commit(),
            () -> shop.describe("commerce/odrers"),
            () -> shop.subscribe("commerce/odrers").name("a").purpose("b").commit())) {
      assertThatThrownBy(call)
          .isInstanceOfSatisfying(
              NotFoundException.class, refused -> assertThat(refused.nearest()).contains(ORDERS))
          .hasMessageContainingAll("commerce/odrers", "Did you mean 'commerce/orders'?");
    }
    assertThatThrownBy(() -> shop.read(ORDERS).majorVersion(2).rows())
        .isInstanceOf(NotFoundException.class)
        .hasMessageContainingAll("no major version 2", "[1]");
  }
}
