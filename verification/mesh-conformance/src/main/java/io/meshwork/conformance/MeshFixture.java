package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Read;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.maintenance.Maintain;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.Principal;
import io.meshwork.publish.Publish;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.testkit.Faults;
import io.meshwork.testkit.ManualClock;
import io.meshwork.testkit.TestBackend;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The mesh of one test and what the suites share. Each suite extends it and nothing else. */
abstract class MeshFixture {
  static final String ORDERS = "commerce/orders";

  /** A value that must not be seen in any message. */
  static final String CANARY = "canary-7d1f";

  final ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:00Z"));

  /** Room on a disk for files that a test publishes from. */
  @SuppressWarnings("NullAway.Init") // JUnit makes it before each test
  @TempDir
  Path scratch;

  @SuppressWarnings("NullAway.Init") // JUnit calls openMesh() before each test
  Mesh mesh;

  /** What fails in the mesh's registry. */
  final Faults faults = Faults.seeded(1);

  @SuppressWarnings("NullAway.Init") // the mesh is opened through it
  ScriptedRegistry registry;

  @SuppressWarnings("NullAway.Init") // the mesh is opened through it
  WatchedFiles files;

  private final WatchedLogs logs = new WatchedLogs();

  /** What happens, once, while an operation waits. */
  Runnable onceWaiting = () -> {};

  private long opened;

  private @Nullable MeshConformance conformance;
  private @Nullable TestBackend backend;

  @SuppressWarnings("NullAway.Init") // JUnit creates it before each test
  @TempDir
  private Path meshFolders;

  private int meshes;

  /** A suite that is nested in the test of a backend runs on that backend. */
  @RegisterExtension
  final BeforeEachCallback findConformance =
      test ->
          conformance =
              test.getRequiredTestInstances().findInstance(MeshConformance.class).orElse(null);

  /** The test of a backend in which this suite is nested. */
  final MeshConformance conformance() {
    return Objects.requireNonNull(conformance, "this suite is not nested in a test of a backend");
  }

  private TestBackend backend() {
    if (backend == null) {
      backend = conformance().backend();
    }
    return backend;
  }

  /** A new, empty mesh: the backend's, unless a test overrides it. */
  protected Mesh.Builder mesh() {
    meshes++;
    try {
      return backend().newMesh(Files.createDirectory(meshFolder()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The mesh that {@link #mesh()} returned last, after it was closed. */
  final Optional<Mesh.Builder> existingMesh() {
    return backend().existingMesh(meshFolder());
  }

  /** The folder of the mesh that {@link #mesh()} returned last. */
  final Path meshFolder() {
    return meshFolders.resolve("mesh-" + meshes);
  }

  @BeforeEach
  void openMesh() {
    mesh = prepared(mesh()).open();
  }

  @AfterEach
  void closeMesh() throws IOException {
    mesh.close();
    try (Stream<Path> paths = Files.walk(meshFolders)) {
      assertThat(paths.filter(path -> path.toString().endsWith(".tmp")))
          .as("unfinished files")
          .isEmpty();
    }
  }

  /** Whatever a test did: what it had written into any log is as the schema of events says. */
  @AfterEach
  void everyEntryOfEveryLogFollowsTheSchema() {
    assertThat(logs.faults()).as("entries of logs against docs/schemas/event-1.json").isEmpty();
  }

  final Mesh.Builder prepared(Mesh.Builder builder) {
    return prepared(builder, clock);
  }

  /** The same with another clock, also of the registry if that has one of its own. */
  final Mesh.Builder prepared(Mesh.Builder builder, InstantSource time) {
    return builder
        .clock(time)
        .testing()
        .sleeper(this::waited)
        .testing()
        .seededIds(++opened)
        .testing()
        .throughRegistry(
            real ->
                registry = new ScriptedRegistry(simulatedTime(logs.watching(real), time), faults))
        .testing()
        .throughFiles(real -> files = new WatchedFiles(real));
  }

  /** A registry that has a clock shows the time of the test. */
  private static Registry simulatedTime(Registry real, InstantSource time) {
    return new ForwardingRegistry(real) {
      @Override
      public Optional<Instant> time() {
        return real.time().map(any -> time.instant());
      }
    };
  }

  private void waited(Duration time) {
    clock.advance(time);
    Runnable happens = onceWaiting;
    onceWaiting = () -> {};
    happens.run();
  }

  final MeshClient as(String account) {
    return mesh.actingAs(Principal.of(account, "etl"));
  }

  /** The client of the domain that owns the orders. */
  final MeshClient shop() {
    return as("commerce");
  }

  /** Registers the domain of the orders. */
  final MeshClient registerShop() {
    shop().registerDomain("commerce").ownedBy("shop@example.org").commit();
    return shop();
  }

  /** Registers a domain that owns nothing yet. */
  final MeshClient registerFinance() {
    as("finance").registerDomain("finance").ownedBy("finance@example.org").commit();
    return as("finance");
  }

  /** Defines the orders, which every domain may read. */
  final MeshClient defineOrders(Contract contract) {
    MeshClient shop = registerShop();
    shop.defineProduct(ORDERS).contract(contract).openToMesh().commit();
    return shop;
  }

  final MeshClient defineOrders() {
    return defineOrders(Contract.of(Order.class));
  }

  static <T> List<T> all(Read<T> read) {
    List<T> all = new ArrayList<>();
    try (Rows<T> rows = read.read()) {
      rows.forEach(all::add);
    }
    return all;
  }

  final List<Order> orders() {
    return all(shop().read(ORDERS).as(Order.class));
  }

  /** A row as a map; maps of the JDK's factories take no null. */
  static Map<String, Object> row(@Nullable Object... keysAndValues) {
    Map<String, Object> row = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      put(row, String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
    }
    return row;
  }

  static void put(Map<String, Object> row, String column, @Nullable Object value) {
    RowMaps.put(row, column, value);
  }

  /** A data file of the orders as a file on disk, as another system would offer it. */
  final Path copyOfDataFile(String name) throws IOException {
    return copyOfDataFile(ORDERS, name);
  }

  /** The same of another product. */
  final Path copyOfDataFile(String product, String name) throws IOException {
    String location = shop().read(product).files().get(0);
    Path copy = scratch.resolve(name);
    try (InputStream in = files.newInputFile(location).newStream()) {
      Files.copy(in, copy);
    }
    return copy;
  }

  /**
   * What a mesh holds: documents with versions, and files with lengths. What is counted of reads
   * and denials for the audit is left out: a refusal that changes nothing is counted too.
   */
  record State(SortedMap<Key, Document> documents, SortedMap<String, Long> files) {}

  final State state() {
    SortedMap<Key, Document> documents = registry.documents();
    documents.keySet().removeIf(key -> key.partition().endsWith("/@reads"));
    return new State(documents, files.present());
  }

  final void assertNothingChanged(State before) {
    State now = state();
    assertThat(now.documents()).as("documents").isEqualTo(before.documents());
    assertThat(now.files()).as("files").isEqualTo(before.files());
  }

  /**
   * No damage, and no file that nobody asks for. Rows that a rollback restored after an erase are
   * no damage: the owner asked for them. Nor are entries by the system's clock: an engine goes by
   * it, while a test goes by a clock of its own.
   */
  final void assertWhole() {
    assertThat(mesh.doctor().findings())
        .filteredOn(
            finding -> !finding.code().equals("ERASED_ROWS") || finding.severity() != Severity.NOTE)
        .filteredOn(finding -> !finding.code().equals("LOG_AHEAD"))
        .isEmpty();
    Set<String> stray = new TreeSet<>(files.present().keySet());
    stray.removeAll(ReferencedFiles.ofTables(registry.documents().values(), files));
    stray.removeIf(file -> ReferencedFiles.isArchive(registry.documents().values(), file));
    assertThat(stray).as("files that no table names").isEmpty();
  }

  /** A call that must be refused, with this code and these words in its message. */
  static void assertRefused(ErrorCode code, ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(code))
        .hasMessageContainingAll(words);
  }

  final Publish<GenericRecord> toOrders() {
    return shop().publish(ORDERS);
  }

  /** Does something between the reading of a publish and its commit. */
  static Publish<?> beforeCommit(Publish<?> publish, Runnable happens) {
    return publish.onProgress(
        (phase, done, total) -> {
          if (phase.equals("commit") && done == 0) {
            happens.run();
          }
        });
  }

  final void reopen(UnaryOperator<Mesh.Builder> settings) {
    mesh.close();
    mesh = settings.apply(prepared(mesh())).open();
  }

  /** Publishes orders of these ids, each in a publish and a file of its own. */
  final void publishOneByOne(long from, long to) {
    for (long id = from; id < to; id++) {
      toOrders().records(Order.range(id, id + 1)).commit();
    }
  }

  final Maintain.Report maintain() {
    return mesh.maintain().commit();
  }

  final ContractVersion versionInForce() {
    return shop().describe(ORDERS).versions().get(0).version();
  }

  static void readAll(Subscription<?> subscription) {
    try (Rows<?> rows = subscription.read()) {
      rows.forEach(row -> {});
    }
  }
}
