package io.meshwork.internal.publish;

import static io.meshwork.contract.Partition.by;
import static io.meshwork.contract.Rule.atMost;
import static io.meshwork.contract.Rule.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.columnar.ColumnBatch;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Partition;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A publish with an executor, which writes rows while the next ones are read. */
class ConcurrentPublishTest {
  private static final String ORDERS = "shop/orders";

  /** Four batches, of which the last one is small. */
  private static final int ROWS = 50_000;

  record TaggedOrder(
      long id, String customer, double amount, Instant placed, String country, List<String> tags) {}

  private static ExecutorService pool;

  @TempDir private Path folder;
  private int meshes;

  @BeforeAll
  static void start() {
    pool = Executors.newFixedThreadPool(2);
  }

  @AfterAll
  static void stop() {
    pool.shutdownNow();
  }

  /** Adds the source of rows to a publish, and commits it. */
  private interface Source {
    PublishReceipt publish(MeshClient shop) throws Exception;
  }

  private static Map<String, Executor> executors() {
    Map<String, Executor> executors = new LinkedHashMap<>();
    executors.put("of two threads", task -> pool.execute(task));
    // Then the calling thread writes a batch after it has read the next one.
    executors.put("that never runs a task", task -> {});
    executors.put(
        "that rejects tasks",
        task -> {
          throw new RejectedExecutionException("shut down");
        });
    return executors;
  }

  private static TaggedOrder order(int row) {
    return new TaggedOrder(
        row,
        row % 7 == 0 ? "zoë " + row : "customer " + row * 7_919,
        row % 1_000 / 4.0,
        Instant.ofEpochSecond(1_700_000_000L + row, row % 1_000 * 1_000L),
        // Each batch has a country that no earlier one has.
        "c" + row % (3 + row / 12_000),
        row % 3 == 0 ? List.of("a", "b" + row) : List.of());
  }

  private static Contract contract() {
    return Contract.of(TaggedOrder.class).require(unique("id"), atMost("amount", 1_000));
  }

  private static Iterable<TaggedOrder> orders(IntConsumer reading) {
    return () ->
        IntStream.range(0, ROWS)
            .mapToObj(
                row -> {
                  reading.accept(row);
                  return order(row);
                })
            .iterator();
  }

  private static MeshClient shop(Mesh mesh, Contract contract, Partition... partitions) {
    MeshClient shop = mesh.clientAs(Principal.of("shop", "etl"));
    shop.registerDomain("shop").owner("shop@example.org").commit();
    shop.defineProduct(ORDERS).contract(contract).partitionBy(partitions).commit();
    return shop;
  }

  private Mesh open(String name, UnaryOperator<Mesh.Builder> settings) {
    return settings.apply(LocalMesh.builder(folder.resolve(name))).open();
  }

  /** The bytes of all data files of a mesh, without the ID of the publish, in order. */
  private List<String> files(Path mesh, String publishId) throws IOException {
    try (Stream<Path> files = Files.walk(mesh)) {
      List<String> contents = new ArrayList<>();
      for (Path file :
          files
              .filter(each -> each.toString().endsWith(".parquet"))
              // The rows of the quarantine have the ID of the publish.
              .filter(each -> !each.toString().contains("-q-"))
              .toList()) {
        String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        contents.add(bytes.replace(publishId, "PUBLISH"));
      }
      contents.sort(null);
      return contents;
    }
  }

  private List<String> published(
      String name,
      UnaryOperator<Mesh.Builder> settings,
      Contract contract,
      Source source,
      Partition... partitions)
      throws Exception {
    String fresh = name + " " + meshes++;
    try (Mesh mesh = open(fresh, settings)) {
      PublishReceipt receipt = source.publish(shop(mesh, contract, partitions));
      return files(folder.resolve(fresh), receipt.publishId());
    }
  }

  private void assertSameFiles(Contract contract, Source source, Partition... partitions)
      throws Exception {
    List<String> expected = published("plain", builder -> builder, contract, source, partitions);
    assertThat(expected).isNotEmpty();
    for (Map.Entry<String, Executor> each : executors().entrySet()) {
      String name = each.getKey();
      List<String> files =
          published(
              name, builder -> builder.executor(each.getValue()), contract, source, partitions);
      // Does not print the files, which have megabytes.
      assertThat(files.equals(expected)).as("the same files with an executor " + name).isTrue();
    }
  }

  @Test
  void recordsHaveTheFilesOfAPublishWithoutExecutor() throws Exception {
    assertSameFiles(contract(), shop -> shop.publish(ORDERS).records(orders(row -> {})).commit());
  }

  @Test
  void rowsOfPartitionsOfTheQuarantineAndOfTolerancesHaveTheSameFiles() throws Exception {
    Contract strict =
        Contract.of(TaggedOrder.class)
            .onViolation(OnViolation.QUARANTINE)
            .require(atMost("amount", 240).id("cheap"))
            .require(atMost("id", ROWS - 100).tolerateRows(1_000));
    assertSameFiles(
        strict,
        shop -> {
          PublishReceipt receipt = shop.publish(ORDERS).records(orders(row -> {})).commit();
          assertThat(receipt.quality().rowsQuarantined()).isPositive();
          return receipt;
        },
        by("country"));
  }

  @Test
  void mapsHaveTheSameFiles() throws Exception {
    List<Map<String, Object>> maps = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      TaggedOrder order = order(row);
      maps.add(
          Map.of(
              "id", order.id(),
              "customer", order.customer(),
              "amount", order.amount(),
              "placed", order.placed(),
              "country", order.country(),
              "tags", order.tags()));
    }
    assertSameFiles(contract(), shop -> shop.publish(ORDERS).records(maps).commit());
  }

  @Test
  void aResultSetHasTheSameFiles() throws Exception {
    assertSameFiles(
        Contract.of(OrderWithoutTags.class).require(unique("id")),
        shop -> {
          try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
              Statement statement = duck.createStatement();
              ResultSet rows = statement.executeQuery(query())) {
            return shop.publish(ORDERS).resultSet(rows).ignoreUnknownColumns().commit();
          }
        });
  }

  @Test
  void filesHaveTheSameFiles() throws Exception {
    Path csv = folder.resolve("orders.csv");
    Path parquet = folder.resolve("orders.parquet");
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      statement.execute("COPY (%s) TO '%s'".formatted(query(), csv));
      statement.execute("COPY (%s) TO '%s' (FORMAT parquet)".formatted(query(), parquet));
    }
    Contract withoutTags = Contract.of(OrderWithoutTags.class).require(unique("id"));
    for (Path file : List.of(csv, parquet)) {
      assertSameFiles(
          withoutTags, shop -> shop.publish(ORDERS).files(file).ignoreUnknownColumns().commit());
    }
  }

  private record OrderWithoutTags(
      long id, String customer, double amount, Instant placed, String country) {}

  private static String query() {
    return """
    SELECT i AS id, 'customer ' || (i * 7919) AS customer, (i %% 1000) / 4.0 AS amount,
      TIMESTAMPTZ '2026-01-01 00:00:00+00' + to_seconds(i) AS placed,
      'c' || (i %% (3 + i // 12000)) AS country, ['a'] AS tags
    FROM range(%d) t(i) ORDER BY i\
    """
        .formatted(ROWS);
  }

  @Test
  void batchesOfAReadAreUsedBeforeTheNextOneIsRequested() throws Exception {
    try (Mesh source = open("source", builder -> builder)) {
      MeshClient reader = shop(source, contract());
      reader.publish(ORDERS).records(orders(row -> {})).commit();
      assertSameFiles(
          contract(),
          shop -> {
            try (Rows<GenericRecord> rows = reader.read(ORDERS).rows()) {
              Iterator<ColumnBatch> batches = rows.batches();
              return shop.publish(ORDERS).batches(batches).commit();
            }
          });
    }
  }

  @Test
  void theCallersCodeRunsOnItsThread() throws Exception {
    Set<Thread> callers = new HashSet<>();
    Publish.Progress progress = (phase, done, total) -> callers.add(Thread.currentThread());
    published(
        "mesh",
        builder -> builder.executor(pool::execute),
        contract(),
        shop ->
            shop.publish(ORDERS)
                .records(orders(row -> callers.add(Thread.currentThread())))
                .onProgress(progress)
                .commit());

    assertThat(callers).containsExactly(Thread.currentThread());
  }

  /** The error of a publish of rows that cannot be written, and of what the mesh has then. */
  private String failure(Executor executor, int failingRow) throws IOException {
    String name = "mesh" + System.identityHashCode(executor) + "-" + failingRow;
    try (Mesh mesh = open(name, builder -> builder.executor(executor))) {
      MeshClient shop = shop(mesh, Contract.of(TaggedOrder.class), by("country"));
      Path data = Files.createDirectories(folder.resolve(name + "/data/shop/orders_v1/data"));
      Files.writeString(data.resolve("country=Zz"), "where a folder must be");
      MeshException failed =
          catchThrowableOfType(
              MeshException.class,
              () ->
                  shop.publish(ORDERS)
                      .records(
                          IntStream.range(0, ROWS)
                              .mapToObj(
                                  row -> {
                                    if (row == failingRow) {
                                      throw new IllegalStateException("the source fails");
                                    }
                                    TaggedOrder order = order(row);
                                    return row == 20_000
                                        ? new TaggedOrder(
                                            row, "a", 1, order.placed(), "Zz", List.of())
                                        : order;
                                  }))
                      .commit());
      assertThat(files(folder.resolve(name), "none")).isEmpty();
      return failed.code()
          + " "
          + String.valueOf(failed.getMessage()).replaceAll("[0-9a-f-]{36}", "ID");
    }
  }

  @Test
  void aFailedWriteIsReportedAsWithoutExecutorAndLeavesNoFile() throws Exception {
    for (int failingRow : new int[] {ROWS, 45_000, 40_000, 10_000}) {
      String expected = failure(Runnable::run, failingRow);
      assertThat(expected)
          .startsWith(
              failingRow > 20_000
                  ? ErrorCode.STORAGE_UNWRITABLE.code()
                  : ErrorCode.SOURCE_FAILED.code());
      for (Map.Entry<String, Executor> each : executors().entrySet()) {
        assertThat(failure(each.getValue(), failingRow))
            .as("row " + failingRow + ", an executor " + each.getKey())
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void anInterruptEndsThePublishAndLeavesNoFile() throws Exception {
    for (Executor executor : executors().values()) {
      String name = "mesh" + System.identityHashCode(executor);
      try (Mesh mesh = open(name, builder -> builder.executor(executor))) {
        MeshClient shop = shop(mesh, contract());
        MeshException failed =
            catchThrowableOfType(
                MeshException.class,
                () ->
                    shop.publish(ORDERS)
                        .records(
                            orders(
                                row -> {
                                  if (row == 30_000) {
                                    Thread.currentThread().interrupt();
                                  }
                                }))
                        .commit());
        assertThat(Thread.interrupted()).isTrue();
        assertThat(failed.code()).isEqualTo(ErrorCode.INTERRUPTED.code());
        assertThat(files(folder.resolve(name), "none")).isEmpty();
      }
    }
  }
}
