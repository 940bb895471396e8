package io.meshwork.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.columnar.ColumnBatch;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.product.Principal;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ClosedRowsTest {
  record Item(int id, String name) {}

  private Mesh mesh;
  private MeshClient shop;
  private Subscription<Item> items;

  @BeforeEach
  void aSubscription() {
    mesh = InMemoryMesh.open();
    shop = mesh.clientAs(Principal.of("shop", "etl"));
    shop.registerDomain("shop").owner("shop@example.org").commit();
    shop.defineProduct("shop/items").contract(Contract.of(Item.class)).commit();
    items = shop.subscribe("shop/items").name("copy").purpose("A copy").as(Item.class).commit();
    publish(new Item(1, "a"), new Item(2, "b"));
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  @Test
  void anUnreadClosedBatchIsNotEmptyAndCannotBeAcknowledged() {
    Batch<Item> leaked;
    try (Batch<Item> batch = items.poll()) {
      leaked = batch;
    }

    assertClosed(leaked::iterator, "batch of shop/items", "Poll again");
    assertClosed(leaked::stream, "batch of shop/items");
    assertClosed(leaked::batches, "batch of shop/items");
    assertClosed(
        leaked::ack, "acknowledge", "shop/items", "Nothing was acknowledged", "Poll again");
    assertThat(take()).hasSize(2);
  }

  @Test
  void unreadClosedRowsAreNotEmpty() {
    Rows<Item> rows = shop.read("shop/items").as(Item.class).rows();
    rows.close();

    assertClosed(rows::iterator, "read shop/items", "Call rows()");
  }

  @Test
  void aLoopOverRowsThatAreClosedMidwayFails() {
    Rows<Item> rows = shop.read("shop/items").as(Item.class).rows();
    Iterator<Item> iterator = rows.iterator();
    assertThat(iterator.next()).isEqualTo(new Item(1, "a"));
    rows.close();

    assertClosed(iterator::hasNext, "read shop/items");
    assertClosed(iterator::next, "read shop/items");
  }

  @Test
  void iteratorsFromBeforeTheCloseFail() {
    Rows<Item> first = shop.read("shop/items").as(Item.class).rows();
    Stream<Item> stream = first.stream();
    first.close();
    Rows<Item> second = shop.read("shop/items").as(Item.class).rows();
    Iterator<ColumnBatch> batches = second.batches();
    assertThat(batches.hasNext()).isTrue();
    second.close();

    assertClosed(stream::toList, "read shop/items");
    assertClosed(batches::next, "read shop/items");
  }

  @Test
  void aPartlyReadBatchCannotBeAcknowledgedAfterItIsClosed() {
    Batch<Item> batch = items.poll();
    assertThat(batch.iterator().next().id()).isEqualTo(1);
    batch.close();

    assertClosed(batch::ack, "acknowledge", "shop/items");
    assertThat(take()).hasSize(2);
  }

  @Test
  void aFullyReadBatchCanBeAcknowledgedAfterItIsClosed() {
    Batch<Item> leaked;
    try (Batch<Item> batch = items.poll()) {
      leaked = batch;
      assertThat(batch.stream().toList()).hasSize(2);
    }

    leaked.ack();

    assertThat(take()).isEmpty();
  }

  @Test
  void anOpenBatchCanBeSkippedAndAcknowledgedAgain() {
    Batch<Item> batch = items.poll();
    batch.ack();
    batch.close();

    batch.ack();

    assertThat(take()).isEmpty();
  }

  @Test
  void aBatchWithoutRowsCanBeAcknowledgedAfterItIsClosed() {
    take();
    shop.erase("shop/items").where("id = 1").because("asked for").commit();
    Batch<Item> batch = items.poll();
    batch.close();

    assertThat(batch.kind()).isEqualTo(Batch.Kind.ERASED);
    batch.ack();

    assertThat(items.position().sequence()).isEqualTo(2);
  }

  @Test
  void rowsAreStreamedOnceAndTheErrorNamesTheNextCall() {
    try (Batch<Item> batch = items.poll();
        Rows<Item> rows = shop.read("shop/items").as(Item.class).rows()) {
      assertThat(batch).hasSize(2);
      assertThat(rows).hasSize(2);

      assertThatThrownBy(batch::iterator)
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContainingAll("batch of shop/items", "streamed once", "Poll again")
          .hasMessageNotContaining("rows()");
      assertThatThrownBy(rows::iterator)
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContainingAll("read shop/items", "streamed once", "Call rows()");
    }
  }

  private void publish(Item... rows) {
    shop.publish("shop/items").records(List.of(rows)).commit();
  }

  private List<Item> take() {
    try (Batch<Item> batch = items.poll()) {
      List<Item> rows = batch.stream().toList();
      batch.ack();
      return rows;
    }
  }

  private static void assertClosed(ThrowingCallable call, String... parts) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.CLOSED))
        .hasMessageContainingAll(parts)
        .hasMessageContaining("closed before");
  }
}
