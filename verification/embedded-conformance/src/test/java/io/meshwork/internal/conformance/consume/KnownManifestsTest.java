package io.meshwork.internal.conformance.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Compatibility;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.EngineCompaction;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.product.Snapshot;
import io.meshwork.testkit.ManualClock;
import io.meshwork.testkit.Seeds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads of a process that knows the manifests of a table, which it read before. */
class KnownManifestsTest {
  private static final String ORDERS = "commerce/orders";
  private static final Principal ETL = Principal.of("commerce", "etl");
  private static final int IDS = 40;

  /** Not before the clock of the host, which an engine's catalog has. */
  private final ManualClock clock = ManualClock.at(Instant.now());

  @TempDir private Path place;

  @Test
  void aReadOfTheSameSnapshotNeedsNoManifest() throws IOException {
    Path folder = place.resolve("mesh");
    try (Mesh mesh = create(folder)) {
      MeshClient shop = mesh.clientAs(ETL);
      shop.publish(ORDERS).records(Order.range(0, 5)).commit();
      assertThat(ids(mesh, "id >= 2")).containsExactly(2L, 3L, 4L);

      deleteManifests(folder);

      assertThat(ids(mesh, "id < 2")).containsExactly(0L, 1L);
      assertThat(mesh.doctor().findings())
          .extracting(Finding::code)
          .contains(FindingCode.METADATA_MISSING);
      try (Mesh other = LocalMesh.openExisting(folder)) {
        assertThatThrownBy(() -> ids(other, "id < 2"))
            .isInstanceOfSatisfying(
                BackendException.class,
                e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.DATA_DAMAGED));
      }
    }
  }

  @Test
  void aWriterReadsManifestsThatReadersKnow() throws IOException {
    Path folder = place.resolve("mesh");
    try (Mesh mesh = create(folder)) {
      MeshClient shop = mesh.clientAs(ETL);
      shop.publish(ORDERS).records(Order.range(0, 5)).commit();
      ids(mesh, "id >= 2");

      deleteManifests(folder);

      assertThatThrownBy(
              () -> shop.publish(ORDERS).records(Order.range(0, 1)).replaceAll().commit())
          .isInstanceOf(BackendException.class);
      assertThat(ids(mesh, "id >= 2")).containsExactly(2L, 3L, 4L);
    }
  }

  @Test
  void keysAreComparedWithThoseOfAFasterPublishWithoutReadingKnownManifests() {
    Path folder = place.resolve("mesh");
    try (Mesh mesh = open(folder)) {
      MeshClient shop = mesh.clientAs(ETL);
      shop.registerDomain("commerce").owner("shop@example.org").commit();
      shop.defineProduct(ORDERS).contract(Contract.of(Order.class).primaryKey("id")).commit();
      shop.publish(ORDERS).records(Order.range(0, 5)).commit();
      Iterator<Order> rows = Order.range(5, 8).iterator();
      Iterator<Order> beside =
          new Iterator<>() {
            private boolean begun;

            @Override
            public boolean hasNext() {
              if (!begun) {
                begun = true;
                publishBeside(folder);
              }
              return rows.hasNext();
            }

            @Override
            public Order next() {
              return rows.next();
            }
          };

      shop.publish(ORDERS).records(() -> beside).commit();

      assertThat(ids(mesh, "id >= 0")).hasSize(9);
    }
  }

  /** Publishes a row, and deletes the manifests of the rows before. */
  private void publishBeside(Path folder) {
    try (Mesh other = open(folder)) {
      List<Path> before = manifests(folder);
      other.clientAs(ETL).publish(ORDERS).records(Order.range(9, 10)).commit();
      for (Path manifest : before) {
        Files.delete(manifest);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A visit on a day that is an int. */
  public record Visit(int day, long id) {}

  /** The same visits on a day that is a long. */
  public static final class LongDays {
    private LongDays() {}

    /** A visit. */
    public record Visit(long day, long id) {}
  }

  @Test
  void aPartitionThatWasLongDaysIsReplacedWhole() {
    try (Mesh mesh = open(place.resolve("mesh"))) {
      MeshClient shop = mesh.clientAs(ETL);
      shop.registerDomain("commerce").owner("shop@example.org").commit();
      shop.defineProduct(ORDERS)
          .contract(Contract.of(Visit.class).compatibility(Compatibility.BACKWARD))
          .partitionBy(Partition.identity("day"))
          .commit();
      shop.publish(ORDERS).records(List.of(new Visit(1, 1), new Visit(3, 3))).commit();
      assertThat(ids(mesh, "id >= 0", Visit.class, Visit::id)).containsExactly(1L, 3L);
      shop.amendContract(
              ORDERS, Contract.of(LongDays.Visit.class).compatibility(Compatibility.BACKWARD))
          .commit();

      shop.publish(ORDERS).replacePartitions().records(List.of(new LongDays.Visit(3, 33))).commit();

      assertThat(ids(mesh, "id >= 0", LongDays.Visit.class, LongDays.Visit::id))
          .containsExactly(1L, 33L);
    }
  }

  @Test
  void readsHaveTheRowsOfEachChange() {
    Seeds.forEach(4, this::changeAndRead);
  }

  private void changeAndRead(Random random) {
    Path folder = place.resolve("mesh-" + random.nextInt(Integer.MAX_VALUE));
    try (Mesh mesh = create(folder)) {
      Map<String, List<Long>> rowsOf = new TreeMap<>();
      List<Long> rows = List.of();
      for (int step = 0; step < 16; step++) {
        rows = change(mesh, folder, random, rows, rowsOf);
        newest(mesh).ifPresent(adding(rowsOf, rows));
        long from = random.nextInt(IDS);
        long to = from + random.nextInt(IDS);

        assertThat(ids(mesh, "id >= " + from + " AND id < " + to))
            .as("step " + step)
            .isEqualTo(rows.stream().filter(id -> id >= from && id < to).toList());
        assertThat(mesh.doctor().findings())
            .as("step " + step)
            .extracting(Finding::code)
            .doesNotContain(FindingCode.INDEX_DIFFERS);
      }
    }
  }

  /**
   * Changes the product in this process, in another one, or through an engine.
   *
   * @param rows the rows before
   * @param rowsOf the rows of earlier snapshots, by their IDs
   * @return the rows after
   */
  private List<Long> change(
      Mesh mesh, Path folder, Random random, List<Long> rows, Map<String, List<Long>> rowsOf) {
    MeshClient shop = mesh.clientAs(ETL);
    clock.advance(Duration.ofHours(1));
    long from = random.nextInt(IDS);
    List<Order> some = Order.range(from, from + 1 + random.nextInt(8));
    switch (random.nextInt(7)) {
      case 0 -> {
        shop.erase(ORDERS).where("id = " + from).because("They asked.").commit();
        return rows.stream().filter(id -> id != from).toList();
      }
      case 1 -> {
        shop.publish(ORDERS).records(some).replaceAll().commit();
        return some.stream().map(Order::id).toList();
      }
      case 2 -> {
        EngineCompaction.of(folder, "commerce/spark", TableIdentifier.of("commerce", "orders_v1"));
        return rows;
      }
      case 3 -> {
        clock.advance(Duration.ofDays(20));
        mesh.maintain().compactAtLeast(2).commit();
        return rows;
      }
      case 4 -> {
        List<String> earlier =
            shop.read(ORDERS).snapshots().stream()
                .map(Snapshot::id)
                .skip(1)
                .filter(rowsOf::containsKey)
                .toList();
        if (earlier.isEmpty()) {
          return rows;
        }
        String to = earlier.get(random.nextInt(earlier.size()));
        shop.rollBack(ORDERS).to(to).restoreErased().because("a bad day").commit();
        return rowsOf.getOrDefault(to, List.of());
      }
      default -> {
        try (Mesh other = open(folder)) {
          other.clientAs(ETL).publish(ORDERS).records(some).commit();
        }
        return Stream.concat(rows.stream(), some.stream().map(Order::id)).sorted().toList();
      }
    }
  }

  private static Consumer<String> adding(Map<String, List<Long>> rowsOf, List<Long> rows) {
    return id -> rowsOf.put(id, rows);
  }

  private static Optional<String> newest(Mesh mesh) {
    return mesh.clientAs(ETL).read(ORDERS).snapshots().stream().map(Snapshot::id).findFirst();
  }

  private Mesh create(Path folder) {
    Mesh mesh = open(folder);
    mesh.clientAs(ETL).registerDomain("commerce").owner("shop@example.org").commit();
    mesh.clientAs(ETL).defineProduct(ORDERS).contract(Contract.of(Order.class)).commit();
    return mesh;
  }

  private Mesh open(Path folder) {
    return LocalMesh.builder(folder).clock(clock).testing().sleeper(clock::advance).open();
  }

  private static List<Long> ids(Mesh mesh, String filter) {
    return ids(mesh, filter, Order.class, Order::id);
  }

  private static <R> List<Long> ids(
      Mesh mesh, String filter, Class<R> type, ToLongFunction<R> idOf) {
    try (Rows<R> rows = mesh.clientAs(ETL).read(ORDERS).as(type).where(filter).rows()) {
      return rows.stream().mapToLong(idOf).sorted().boxed().toList();
    }
  }

  private static void deleteManifests(Path folder) throws IOException {
    for (Path manifest : manifests(folder)) {
      Files.delete(manifest);
    }
  }

  private static List<Path> manifests(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
      List<Path> manifests = files.filter(file -> file.toString().endsWith("-m0.avro")).toList();
      assertThat(manifests).isNotEmpty();
      return manifests;
    }
  }
}
