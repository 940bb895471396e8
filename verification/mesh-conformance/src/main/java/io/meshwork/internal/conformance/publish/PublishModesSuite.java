package io.meshwork.internal.conformance.publish;

import static io.meshwork.contract.Rule.rowCount;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.fixture.SalesFixture;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.PublishReceipt.PublishMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Publishes that replace or erase rows, and their receipts. */
public abstract class PublishModesSuite extends SalesFixture {

  @Test
  void replacingAllKeepsOnlyTheNewRows() {
    defineOrders();
    PublishReceipt first = toOrders().records(Order.range(0, 5)).commit();
    toOrders().records(Order.range(5, 8)).commit();

    PublishReceipt receipt = toOrders().records(Order.range(3, 6)).replaceAll().commit();

    assertThat(orders()).isEqualTo(Order.range(3, 6));
    assertThat(receipt.mode()).isEqualTo(PublishMode.REPLACE_ALL);
    assertThat(receipt.rowsRemoved()).isEqualTo(8);
    assertThat(receipt.rowsAccepted()).isEqualTo(3);
    assertThat(receipt.sequence()).hasValue(3);
    assertThat(first.mode()).isEqualTo(PublishMode.APPEND);
    assertThat(shop().describe(ORDERS).current().orElseThrow().rows()).hasValue(3);
    assertWhole();
  }

  @Test
  void replacingAllOfAnEmptyTableIsTheFirstPublish() {
    defineOrders();

    PublishReceipt receipt = toOrders().records(Order.range(0, 3)).replaceAll().commit();

    assertThat(orders()).isEqualTo(Order.range(0, 3));
    assertThat(receipt.rowsRemoved()).isZero();
  }

  @Tag("smoke")
  @Test
  void replacingPartitionsKeepsTheOthers() {
    MeshClient shop = defineSales();
    shop.publish(SALES).records(Sale.range(0, 10, "a")).commit();
    shop.publish(SALES).records(Sale.range(10, 20, "b")).commit();
    shop.publish(SALES).records(Sale.range(20, 30, "b")).commit();
    List<Sale> rows = new ArrayList<>(Sale.range(30, 33, "b"));
    rows.addAll(Sale.range(33, 35, "c"));
    rows.add(new Sale(99, "a", Optional.of(-1)));

    PublishReceipt receipt = shop.publish(SALES).records(rows).replacePartitions().commit();

    assertThat(receipt.rowsRemoved()).isEqualTo(20);
    assertThat(receipt.rowsAccepted()).isEqualTo(5);
    assertThat(receipt.quality().rowsQuarantined()).isEqualTo(1);
    List<Sale> expected = new ArrayList<>(Sale.range(0, 10, "a"));
    expected.addAll(rows.subList(0, 5));
    assertThat(sales())
        .as("a quarantined row does not affect its partition")
        .containsExactlyInAnyOrderElementsOf(expected);
    assertWhole();
  }

  @Test
  void replacingPartitionsOfAnUnpartitionedTableIsRejected() {
    defineOrders();
    toOrders().records(Order.range(0, 3)).commit();
    State before = state();

    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> toOrders().records(Order.range(0, 3)).replacePartitions().commit(),
        ORDERS,
        "replaceAll()");
    assertNothingChanged(before);
  }

  @Test
  void replacingWhereRewritesFilesAndKeepsTheOtherRows() {
    defineOrders();
    toOrders().records(Order.range(0, 10)).commit();
    toOrders().records(Order.range(10, 20)).commit();
    toOrders().records(Order.range(20, 30)).commit();
    List<String> before = shop().read(ORDERS).files();

    PublishReceipt receipt =
        toOrders().records(Order.range(8, 12)).replaceWhere("id >= 5 and id < 20").commit();

    assertThat(receipt.rowsRemoved()).isEqualTo(15);
    assertThat(receipt.rowsAccepted()).isEqualTo(4);
    assertThat(receipt.scope()).isPresent();
    List<Order> expected = new ArrayList<>(Order.range(0, 5));
    expected.addAll(Order.range(8, 12));
    expected.addAll(Order.range(20, 30));
    assertThat(orders()).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(shop().read(ORDERS).files())
        .as("a file without matching rows is not rewritten")
        .contains(before.get(2))
        .doesNotContain(before.get(0), before.get(1))
        .hasSize(3);
    assertThat(receipt.files()).as("one file of new rows and one of remaining rows").isEqualTo(2);
    assertWhole();
  }

  @Test
  void rowsForWhichTheFilterIsUnknownStay() {
    MeshClient shop = defineSales();
    shop.publish(SALES).records(Sale.range(0, 10, "a")).commit();

    shop.erase(SALES).where("items < 100").because("test").commit();

    assertThat(sales()).extracting(Sale::id).containsExactlyInAnyOrder(0L, 5L);
  }

  @Test
  void aFilterOnANestedFieldKeepsTheOtherRowsUnchanged() {
    Schema schema =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Visit", "fields": [
                  {"name": "id", "type": "long"},
                  {"name": "place", "type": ["null", {"type": "record", "name": "Place", "fields": [
                    {"name": "city", "type": ["null", "string"]},
                    {"name": "floors", "type": {"type": "array", "items": "int"}}]}]},
                  {"name": "seen", "type": {"type": "map", "values": "long"}}]}
                """);
    MeshClient shop = registerShop();
    shop.defineProduct("commerce/nested").contract(Contract.of(schema)).commit();
    List<Map<String, Object>> visits = new ArrayList<>();
    List<Long> staying = new ArrayList<>();
    for (int id = 0; id < 12; id++) {
      String city = id % 4 == 1 ? null : "city " + id % 4;
      visits.add(
          row(
              "id",
              (long) id,
              "place",
              id % 6 == 0 ? null : row("city", city, "floors", List.of(id, id + 1)),
              "seen",
              Map.of("at " + id, (long) id)));
      if (id % 6 == 0 || id % 4 != 2) {
        staying.add((long) id);
      }
    }
    shop.publish("commerce/nested").records(visits).commit();
    Map<Object, Map<String, Object>> before =
        all(shop.read("commerce/nested").asMaps()).stream()
            .collect(Collectors.toMap(visit -> visit.get("id"), visit -> visit));

    PublishReceipt receipt =
        shop.erase("commerce/nested").where("place.city = 'city 2'").because("moved").commit();

    List<Map<String, Object>> after = all(shop.read("commerce/nested").asMaps());
    assertThat(after).extracting(visit -> visit.get("id")).isEqualTo(staying);
    assertThat(after).allSatisfy(visit -> assertThat(visit).isEqualTo(before.get(visit.get("id"))));
    assertThat(receipt.rowsRemoved()).isEqualTo(12 - staying.size()).isPositive();
    assertWhole();
  }

  @Test
  void aNewRowOutsideTheFilterRejectsThePublish() {
    defineOrders();
    toOrders().records(Order.range(0, 10)).commit();
    State before = state();

    assertThatThrownBy(() -> toOrders().records(Order.range(3, 9)).replaceWhere("id < 7").commit())
        .isInstanceOfSatisfying(
            ContractViolationException.class,
            refused -> {
              assertThat(refused.errorCode()).isEqualTo(ErrorCode.CONTRACT_VIOLATED);
              Finding finding = refused.findings().get(0);
              assertThat(finding.code()).isEqualTo(FindingCode.ROWS_OUTSIDE_FILTER);
              assertThat(finding.count()).isEqualTo(2);
            })
        .hasMessageContainingAll(ORDERS, "2 rows", "row 5", "Nothing was published");
    assertNothingChanged(before);
  }

  @Test
  void aFilterWithoutColumnsThatIsNotTrueIsNamedWithoutAList() {
    defineOrders();

    assertThatThrownBy(() -> toOrders().records(Order.range(0, 1)).replaceWhere("FALSE").commit())
        .isInstanceOfSatisfying(
            ContractViolationException.class,
            refused ->
                assertThat(refused.findings().get(0))
                    .hasToString(
                        "ERROR ROWS_OUTSIDE_FILTER: the filter of the rows to replace is not true"
                            + " for 1 row, first in row 1."))
        .hasMessageContaining("the filter of the rows to replace is not true for 1 row");
  }

  @Test
  void anInvalidFilterIsRejectedBeforeARowIsRead() {
    defineOrders();
    State before = state();
    Iterable<Order> untouchable =
        () -> {
          throw new AssertionError("The records were read");
        };

    assertRefused(
        ErrorCode.FILTER_INVALID,
        () -> toOrders().records(untouchable).replaceWhere("idd = 1").commit(),
        "idd");
    assertRefused(
        ErrorCode.FILTER_INVALID,
        () -> fromOrders().where("id = (select 1)").because("why").commit(),
        "filter");
    assertNothingChanged(before);
  }

  @Test
  void anEraseReportsRemovedRowsAndReason() {
    defineOrders();
    toOrders().records(Order.range(0, 10)).commit();

    PublishReceipt receipt = fromOrders().where("id in (2, 3)").because("asked to").commit();

    assertThat(orders()).extracting(Order::id).containsExactly(0L, 1L, 4L, 5L, 6L, 7L, 8L, 9L);
    assertThat(receipt.mode()).isEqualTo(PublishMode.ERASE);
    assertThat(receipt.rowsRemoved()).isEqualTo(2);
    assertThat(receipt.rowsAccepted()).isZero();
    assertThat(receipt.because()).contains("asked to");
    assertThat(receipt.quality().rowsOffered()).isZero();
    assertWhole();
  }

  @Test
  void anEraseWithoutMatchesCreatesASnapshotOfTheSameRows() {
    defineOrders();
    toOrders().records(Order.range(0, 10)).commit();

    PublishReceipt receipt = fromOrders().where("id = 4711").because("asked to").commit();

    assertThat(receipt.snapshotId()).isPresent();
    assertThat(receipt.rowsRemoved()).isZero();
    assertThat(orders()).hasSize(10);
    assertThat(shop().describe(ORDERS).current().map(Snapshot::id)).isEqualTo(receipt.snapshotId());
    assertThat(fromOrders().where("id = 1").because("x").commit().rowsRemoved()).isEqualTo(1);
    assertThat(shop().publishHistory(ORDERS).findReceipt(receipt.idempotencyKey())).isPresent();
    assertWhole();
  }

  @Test
  void anEraseWithoutAReasonOrWithTwoFiltersIsRejected() {
    defineOrders();

    assertRefused(
        ErrorCode.INVALID_ARGUMENT, () -> fromOrders().where("id = 1").because(" "), "because");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> fromOrders().where("id = 1").commit(),
        "erase",
        "reason",
        "because(text)");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> fromOrders().because("why").commit(),
        "erase",
        "no filter",
        "where(filter)");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> fromOrders().where("id = 1").quarantineWhere("id = 1"),
        "filter",
        "twice");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> fromOrders().quarantineWhere("TRUE").because("why").withProof(),
        "quarantineWhere(..)",
        "withProof()");
    assertRefused(
        ErrorCode.INVALID_ARGUMENT,
        () -> fromOrders().quarantineWhere("TRUE").where(2, "TRUE").because("why").commit(),
        "quarantineWhere(..)",
        "where(majorVersion, filter)");
  }

  @Test
  void replacingWithNoRowsMustBeExplicit() {
    MeshClient shop = defineSales();
    shop.publish(SALES).records(Sale.range(0, 10, "a")).commit();
    State before = state();
    List<Sale> none = List.of();

    for (Publish<?> publish :
        List.of(
            shop.publish(SALES).records(none).replaceAll(),
            shop.publish(SALES).records(none).replacePartitions(),
            shop.publish(SALES).records(none).replaceWhere("id < 5"))) {
      assertRefused(ErrorCode.EMPTY_REPLACE, publish::commit, SALES, "allowEmpty()");
      assertNothingChanged(before);
    }
    PublishReceipt part =
        shop.publish(SALES).records(none).replaceWhere("id < 5").allowEmpty().commit();
    assertThat(part.rowsRemoved()).isEqualTo(5);
    PublishReceipt nothing =
        shop.publish(SALES).records(none).replacePartitions().allowEmpty().commit();
    assertThat(nothing.rowsRemoved()).isZero();
    PublishReceipt all = shop.publish(SALES).records(none).replaceAll().allowEmpty().commit();
    assertThat(all.rowsRemoved()).isEqualTo(5);
    assertThat(all.snapshotId()).isPresent();
    assertThat(sales()).isEmpty();
    assertThat(shop.publish(SALES).records(none).replaceAll().allowEmpty().commit().rowsRemoved())
        .isZero();
    shop.publish(SALES).records(Sale.range(0, 3, "a")).commit();
    assertThat(sales()).hasSize(3);
    assertWhole();
  }

  @Test
  void anEmptyAppendIsRejectedIfTheContractForbidsIt() {
    defineOrders(Contract.of(Order.class).require(rowCount(1, 100)));
    List<Order> none = List.of();

    assertThatThrownBy(() -> toOrders().records(none).commit())
        .isInstanceOf(ContractViolationException.class);
    toOrders().records(Order.range(0, 3)).commit();
    assertThatThrownBy(() -> toOrders().records(none).replaceAll().allowEmpty().commit())
        .isInstanceOf(ContractViolationException.class);
    assertThat(orders()).hasSize(3);
  }

  @Test
  void remainingRowsAreNotCheckedAgain() {
    defineOrders(Contract.of(Order.class).require(rowCount(1, 3)));
    toOrders().records(Order.range(0, 3)).commit();
    toOrders().records(Order.range(3, 6)).commit();

    PublishReceipt receipt = toOrders().records(Order.range(1, 2)).replaceWhere("id = 1").commit();

    assertThat(receipt.quality().rowsOffered()).isEqualTo(1);
    assertThat(orders()).containsExactlyInAnyOrderElementsOf(Order.range(0, 6));
  }

  @Test
  void modeAndScopeDistinguishRequests() {
    defineOrders();
    toOrders().records(Order.range(0, 10)).commit();
    PublishReceipt first =
        fromOrders().where("id = 1 and amount > 0").because("why").idempotencyKey("e").commit();
    State before = state();

    PublishReceipt again =
        fromOrders().where("ID=1 AND (amount>0)").because("other").idempotencyKey("e").commit();

    assertThat(again.replayed()).isTrue();
    assertThat(again.rowsRemoved()).isEqualTo(first.rowsRemoved());
    assertThat(again.mode()).isEqualTo(first.mode());
    assertThat(again.scope()).isEqualTo(first.scope());
    assertThat(again.because()).isEqualTo(first.because());
    assertThat(again.derivedFrom()).isEqualTo(first.derivedFrom());
    assertThatThrownBy(
            () -> fromOrders().where("id = 2").because("why").idempotencyKey("e").commit())
        .isInstanceOf(AlreadyExistsException.class);
    for (Publish<?> other :
        List.of(
            toOrders().records(Order.range(0, 1)),
            toOrders().records(Order.range(0, 1)).replaceAll(),
            toOrders().records(Order.range(0, 1)).replaceWhere("id = 1"))) {
      assertThatThrownBy(() -> other.idempotencyKey("e").commit())
          .isInstanceOf(AlreadyExistsException.class);
    }
    assertNothingChanged(before);
  }
}
