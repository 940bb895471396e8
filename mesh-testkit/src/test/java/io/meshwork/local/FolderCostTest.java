package io.meshwork.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.testkit.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the daily operations cost in a folder. The guide prints the measured rows; a change that
 * adds a transaction, a sync, or a file fails here, and must be worth its time.
 */
class FolderCostTest {
  private static final String TABLE = "<!-- costs: each row is measured by FolderCostTest -->";
  private static final String READINGS = "plant/readings";

  @TempDir private Path folder;

  private Mesh mesh;
  private MeshClient plant;
  private MeshClient lab;
  private int syncs;
  private int registryReads;
  private int transactions;

  /** Counts calls of the registry. */
  private final class CountedRegistry extends ForwardingRegistry {
    CountedRegistry(Registry real) {
      super(real);
    }

    @Override
    public Optional<Document> read(Key key) {
      registryReads++;
      return super.read(key);
    }

    @Override
    public Page list(String partition, String sortPrefix, String cursor) {
      registryReads++;
      return super.list(partition, sortPrefix, cursor);
    }

    @Override
    public Outcome commit(Transaction transaction) {
      transactions++;
      return super.commit(transaction);
    }
  }

  @BeforeEach
  void fillAMesh() {
    mesh =
        LocalMesh.builder(folder)
            .clock(ManualClock.at(Instant.parse("2026-11-20T08:00:00Z")))
            .testing()
            .idSeed(1)
            .testing()
            .wrapRegistry(CountedRegistry::new)
            .testing()
            .wrapFiles(
                real ->
                    LocalFileIO.below(folder, new DiskWithSteps(file -> syncs++, path -> syncs++)))
            .open();
    plant = mesh.clientAs(Principal.of("plant", "etl"));
    lab = mesh.clientAs(Principal.of("lab", "analyst"));
    plant.registerDomain("plant").owner("plant@example.org").commit();
    lab.registerDomain("lab").owner("lab@example.org").commit();
    plant.defineProduct(READINGS).contract(Contract.of(SensorReading.class)).commit();
    plant.grant(READINGS).to(Principal.of("lab", "analyst")).because("Quality").commit();
    publish(1);
    publish(2);
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  @Test
  void aPublish() throws IOException {
    assertRow("publish one file", () -> publish(3));
  }

  @Test
  void aRead() throws IOException {
    read();

    assertRow("read two files", this::read);
  }

  @Test
  void aPollWithoutRows() throws IOException {
    Subscription<SensorReading> alarms = subscribe();
    poll(alarms);
    poll(alarms);

    assertRow("poll without new rows", () -> poll(alarms));
  }

  @Test
  void aPollWithRows() throws IOException {
    Subscription<SensorReading> alarms = subscribe();
    poll(alarms);
    publish(3);

    assertRow("poll one new file, and acknowledge", () -> poll(alarms));
  }

  @Test
  void theGuideHasOnlyRowsThatAreMeasured() throws IOException {
    assertThat(rows().keySet())
        .containsExactlyInAnyOrder(
            "publish one file",
            "read two files",
            "poll without new rows",
            "poll one new file, and acknowledge");
  }

  private void publish(long first) {
    List<SensorReading> readings =
        LongStream.range(100 * first, 100 * first + 100)
            .mapToObj(id -> new SensorReading(id, 20))
            .toList();
    plant.publish(READINGS).records(readings).idempotencyKey("run-" + first).commit();
  }

  private void read() {
    try (Rows<SensorReading> rows = lab.read(READINGS).as(SensorReading.class).rows()) {
      assertThat(rows.stream()).hasSize(200);
    }
  }

  private Subscription<SensorReading> subscribe() {
    return lab.subscribe(READINGS)
        .as(SensorReading.class)
        .name("alarms")
        .purpose("Alarms")
        .commit();
  }

  private static void poll(Subscription<SensorReading> subscription) {
    try (Batch<SensorReading> batch = subscription.poll()) {
      batch.forEach(reading -> {});
      batch.ack();
    }
  }

  /** Asserts that the guide has the row of an operation as it is measured. */
  private void assertRow(String operation, Runnable run) throws IOException {
    Map<Path, Long> before = files();
    syncs = 0;
    registryReads = 0;
    transactions = 0;

    run.run();

    Map<Path, Long> made = files();
    made.keySet().removeAll(before.keySet());
    List<String> printed = rows().getOrDefault(operation, List.of());
    assertThat(printed)
        .as("the row of the operation in docs/operating.md")
        .isEqualTo(
            List.of(
                Integer.toString(registryReads),
                Integer.toString(transactions),
                Integer.toString(syncs),
                filesOf(made, true, printed, 3),
                filesOf(made, false, printed, 4)));
  }

  /** Compressed files with random IDs differ by some bytes, so a difference of 0.1 KB is none. */
  private static String filesOf(
      Map<Path, Long> made, boolean data, List<String> printed, int column) {
    List<Long> sizes =
        made.entrySet().stream()
            .filter(file -> file.getKey().toString().endsWith(".parquet") == data)
            .map(Map.Entry::getValue)
            .toList();
    if (sizes.isEmpty()) {
      return "";
    }
    long tenths = Math.round(sizes.stream().mapToLong(Long::longValue).sum() / 100.0);
    for (long near = tenths - 1; near <= tenths + 1; near++) {
      String text = sizes.size() + " of " + near / 10 + "." + near % 10 + " KB";
      if (printed.size() > column && printed.get(column).equals(text)) {
        return text;
      }
    }
    return sizes.size() + " of " + tenths / 10 + "." + tenths % 10 + " KB";
  }

  /** Returns the files of tables with their sizes. */
  private Map<Path, Long> files() throws IOException {
    Map<Path, Long> sizes = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(folder.resolve("data"))) {
      paths.filter(Files::isRegularFile).forEach(path -> sizes.put(path, size(path)));
    }
    return sizes;
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the rows of the table of costs without their first cell, by that cell. */
  private static Map<String, List<String>> rows() throws IOException {
    Path module = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    String guide = Files.readString(module.resolveSibling("docs/operating.md"));
    assertThat(guide).contains(TABLE);
    Map<String, List<String>> rows = new TreeMap<>();
    String table = guide.substring(guide.indexOf(TABLE) + TABLE.length()).strip();
    for (String line : table.lines().skip(2).takeWhile(row -> row.startsWith("|")).toList()) {
      List<String> cells =
          Pattern.compile("\\|").splitAsStream(line.substring(1)).map(String::strip).toList();
      rows.put(cells.get(0), cells.subList(1, cells.size()));
    }
    return rows;
  }
}
