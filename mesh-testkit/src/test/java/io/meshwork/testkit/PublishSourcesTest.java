package io.meshwork.testkit;

import static io.meshwork.contract.Partition.identity;
import static io.meshwork.contract.Rule.atLeast;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Partition;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PublishSourcesTest {
  private static final String SECRET = "hidden-canary";

  record Item(int id, String name) {}

  private Mesh mesh;
  private MeshClient shop;

  @BeforeEach
  void aProduct() {
    mesh = InMemoryMesh.open();
    shop = mesh.clientAs(Principal.of("shop", "etl"));
    shop.registerDomain("shop").owner("shop@example.org").commit();
    shop.defineProduct("shop/items").contract(Contract.of(Item.class)).commit();
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  @Test
  void aStreamIsClosedAfterEveryPublish() {
    AtomicInteger closed = new AtomicInteger();
    shop.publish("shop/items").records(items(closed)).idempotencyKey("k").commit();
    assertThat(closed).hasValue(1);

    shop.publish("shop/items").records(items(closed)).idempotencyKey("k").commit();
    assertThat(closed).as("replayed").hasValue(2);

    MeshClient other = mesh.clientAs(Principal.of("other", "etl"));
    assertThatThrownBy(() -> other.publish("shop/items").records(items(closed)).commit())
        .isInstanceOf(AccessDeniedException.class);
    assertThat(closed).as("denied").hasValue(3);
  }

  @Test
  void aUsedStreamIsAnInvalidRequest() {
    Stream<Item> used = Stream.of(new Item(1, "a"));
    assertThat(used.count()).isEqualTo(1);

    assertThatThrownBy(() -> shop.publish("shop/items").records(used).commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("used before", "Nothing was published");
  }

  @Test
  void anIterableWithoutAnIteratorIsAFailedSource() {
    Iterable<Item> broken =
        () -> {
          throw new UnsupportedOperationException(SECRET);
        };

    assertThatThrownBy(() -> shop.publish("shop/items").records(broken).commit())
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.SOURCE_FAILED))
        .hasMessageContainingAll("shop/items", "after 0", "Nothing was published")
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void theErrorForANullNamesItsPosition() {
    assertThatThrownBy(() -> shop.publish("shop/items").files((Path) null))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("files[0]");
    assertThatThrownBy(() -> shop.publish("shop/items").files((Path[]) null))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("files");
    assertThatThrownBy(() -> shop.read("shop/items").columns("id", null))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("columns[1]");
    assertThatThrownBy(() -> shop.defineProduct("shop/x").partitionBy((Partition) null))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("partitionBy[0]");
  }

  @Test
  void aWronglyDecodedKeyIsRejected() {
    assertThatThrownBy(() -> shop.publish("shop/items").idempotencyKey("run-\uFFFD"))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("U+FFFD", "position 4");
  }

  @Test
  void aValueThatIsTooLongForAFolderIsRejectedWithoutShowingIt() {
    shop.defineProduct("shop/by-name")
        .contract(Contract.of(Item.class))
        .partitionBy(identity("name"))
        .commit();

    assertThatThrownBy(
            () ->
                shop.publish("shop/by-name")
                    .records(List.of(new Item(1, SECRET.repeat(40))))
                    .commit())
        .isInstanceOfSatisfying(
            MeshException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.CONTRACT_VIOLATED))
        .hasMessageContainingAll("shop/by-name", "Column name", "255", "Nothing was published")
        .hasMessageNotContaining(SECRET);
    assertThat(shop.publishHistory("shop/by-name").receipts()).isEmpty();
  }

  @Test
  void manyLongInvalidRowsAreQuarantinedInParts() {
    shop.defineProduct("shop/long")
        .contract(
            Contract.of(Item.class)
                .require(atLeast("id", 0).id("id-not-negative"))
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(100))
        .commit();
    String text = "x".repeat(100_000);

    PublishReceipt receipt =
        shop.publish("shop/long")
            .records(IntStream.range(-600, 1).mapToObj(i -> new Item(i, text)).iterator())
            .commit();

    assertThat(receipt.quality().rowsQuarantined()).isEqualTo(600);
    try (var rows = shop.quarantine("shop/long").columns("row_number", "rules").asMaps().rows()) {
      assertThat(rows.stream().count()).isEqualTo(600);
    }
  }

  @Test
  void anAccountThatLeavesItsDomainDuringAPublishIsRejected() {
    Iterable<Item> losing =
        () -> {
          shop.registerDomain("shop")
              .accounts("warehouse")
              .administrators(Principal.of("warehouse", "etl"))
              .deciders(Principal.of("warehouse", "etl"))
              .commit();
          return List.of(new Item(1, "a")).iterator();
        };

    assertThatThrownBy(() -> shop.publish("shop/items").records(losing).commit())
        .isInstanceOf(AccessDeniedException.class)
        .hasMessageContaining("warehouse");
    MeshClient warehouse = mesh.clientAs(Principal.of("warehouse", "etl"));
    assertThat(warehouse.publishHistory("shop/items").receipts()).isEmpty();
  }

  private static Stream<Item> items(AtomicInteger closed) {
    return Stream.of(new Item(1, "a"), new Item(2, "b")).onClose(closed::incrementAndGet);
  }
}
