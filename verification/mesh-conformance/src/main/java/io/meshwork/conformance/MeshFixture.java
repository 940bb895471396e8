package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Read;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.ledger.MeshFormat;
import io.meshwork.internal.testkit.ForwardingRegistry;
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
import io.meshwork.topology.Topology;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.io.FileIO;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The mesh of one test and the shared methods of the suites. Each suite extends it. */
abstract class MeshFixture {
  static final String ORDERS = "commerce/orders";

  /** A value that no message may contain. */
  static final String CANARY = "canary-7d1f";

  final ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:00Z"));

  /** A folder for the files that a test publishes. */
  @SuppressWarnings("NullAway.Init") // JUnit makes it before each test
  @TempDir
  Path scratch;

  @SuppressWarnings("NullAway.Init") // JUnit calls openMesh() before each test
  Mesh mesh;

  /** Injects faults into the registry of the mesh. */
  final Faults faults = Faults.seeded(1);

  @SuppressWarnings("NullAway.Init") // the mesh is opened through it
  ScriptedRegistry registry;

  @SuppressWarnings("NullAway.Init") // the mesh is opened through it
  WatchedFiles files;

  private final WatchedLogs logs = new WatchedLogs();

  /** Runs once while an operation waits. */
  Runnable onceWaiting = () -> {};

  private long opened;

  private @Nullable MeshConformance conformance;
  private @Nullable TestBackend backend;

  @SuppressWarnings("NullAway.Init") // JUnit creates it before each test
  @TempDir
  private Path meshFolders;

  private int meshes;

  /** A suite in the test class of a backend runs on that backend. */
  @RegisterExtension
  final BeforeEachCallback findConformance =
      test ->
          conformance =
              test.getRequiredTestInstances().findInstance(MeshConformance.class).orElse(null);

  /** Returns the test of the backend in which this suite is nested. */
  final MeshConformance conformance() {
    return Objects.requireNonNull(conformance, "this suite is not nested in a test of a backend");
  }

  private TestBackend backend() {
    if (backend == null) {
      backend = conformance().backend();
    }
    return backend;
  }

  /** Returns a new, empty mesh of the backend. Tests may override it. */
  protected Mesh.Builder mesh() {
    meshes++;
    try {
      return backend().newMesh(Files.createDirectory(meshFolder()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Opens the mesh that {@link #mesh()} returned last again, after it was closed. */
  final Optional<Mesh.Builder> existingMesh() {
    return backend().existingMesh(meshFolder());
  }

  /** Returns the root of a place for domains' data; aborts the test if the store has one root. */
  final String place(String name) {
    Optional<String> root = backend().placeOfData(meshFolder(), name);
    assumeTrue(root.isPresent(), "the store has one root");
    return root.orElseThrow();
  }

  /** Returns the folder of the mesh that {@link #mesh()} returned last. */
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

  /** After each test, all log entries are valid against the schema of events. */
  @AfterEach
  void everyEntryOfEveryLogFollowsTheSchema() {
    assertThat(logs.faults()).as("entries of logs against docs/schemas/event-1.json").isEmpty();
  }

  /** Returns the log in which a domain of a central mesh records what it does as a consumer. */
  final String consumerLog(String domain) {
    boolean apart =
        registry.read(MeshFormat.KEY).orElseThrow().json().contains(MeshFormat.CONSUMERS_APART);
    return apart ? domain + "/@" + Topology.CENTRAL : domain;
  }

  final Mesh.Builder prepared(Mesh.Builder builder) {
    return prepared(builder, clock);
  }

  /** Returns the builder with another clock, which also applies to a registry with a clock. */
  final Mesh.Builder prepared(Mesh.Builder builder, InstantSource time) {
    return builder
        .clock(time)
        .testing()
        .sleeper(this::waited)
        .testing()
        .seededIds(++opened)
        .testing()
        .throughRegistry(scripting(time))
        .testing()
        .throughFiles(watching());
  }

  /** Scripts the registry of a mesh, and those of its principals with the same script. */
  private UnaryOperator<Registry> scripting(InstantSource time) {
    AtomicReference<ScriptedRegistry> first = new AtomicReference<>();
    return real -> {
      Registry watched = simulatedTime(logs.watching(real), time);
      ScriptedRegistry known = first.get();
      if (known != null) {
        return known.of(watched);
      }
      registry = new ScriptedRegistry(watched, faults);
      first.set(registry);
      return registry;
    };
  }

  /** Watches the files of a mesh, and those of its principals. */
  private UnaryOperator<FileIO> watching() {
    AtomicReference<WatchedFiles> first = new AtomicReference<>();
    return real -> {
      WatchedFiles known = first.get();
      if (known != null) {
        return known.of(real);
      }
      files = new WatchedFiles(real);
      first.set(files);
      return files;
    };
  }

  /** Sets the clock of a registry to the time of the test. */
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

  /** Returns the client of the domain that owns the orders. */
  final MeshClient shop() {
    return as("commerce");
  }

  /** Registers the domain of the orders. */
  final MeshClient registerShop() {
    shop().registerDomain("commerce").ownedBy("shop@example.org").commit();
    return shop();
  }

  /** Registers a domain without products. */
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

  /** Returns a row as a map. The map factories of the JDK do not accept null. */
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

  /** The place of the file that tells other tools about the orders. */
  final String lastUpdatedLocation() {
    String folder = "/orders_v1/";
    String file = shop().read(ORDERS).files().get(0);
    return file.substring(0, file.indexOf(folder)) + folder + "_metadata/last_updated.json";
  }

  final JsonNode lastUpdated() {
    try (InputStream in = files.newInputFile(lastUpdatedLocation()).newStream()) {
      return new ObjectMapper().readTree(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a data file of the orders on disk, as another system would deliver it. */
  final Path copyOfDataFile(String name) throws IOException {
    return copyOfDataFile(ORDERS, name);
  }

  /** Returns a data file of the product on disk. */
  final Path copyOfDataFile(String product, String name) throws IOException {
    String location = shop().read(product).files().get(0);
    Path copy = scratch.resolve(name);
    try (InputStream in = files.newInputFile(location).newStream()) {
      Files.copy(in, copy);
    }
    return copy;
  }

  /**
   * The state of a mesh: documents with versions, and files with lengths. The read and denial
   * counts of the audit are excluded, because rejected calls are counted too.
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
   * Asserts that the mesh has no damage and no unreferenced files. Two findings are not damage:
   * erased rows that a rollback restored, because the owner requested them, and log entries with
   * the time of the system clock, which engines use while tests have their own clock.
   */
  final void assertWhole() {
    assertThat(mesh.doctor().findings())
        .filteredOn(
            finding ->
                finding.code() != FindingCode.ERASED_ROWS || finding.severity() != Severity.NOTE)
        .filteredOn(finding -> finding.code() != FindingCode.LOG_AHEAD)
        .isEmpty();
    Collection<Document> documents = registry.documents().values();
    Set<String> stray = new TreeSet<>(files.present().keySet());
    stray.removeAll(ReferencedFiles.ofTables(documents, files));
    stray.removeIf(file -> ReferencedFiles.isArchive(documents, file));
    stray.removeIf(file -> ReferencedFiles.isStaged(documents, file));
    stray.removeIf(file -> file.endsWith("/place.json"));
    assertThat(stray).as("files that no table names").isEmpty();
  }

  /** Asserts that a call fails with this code and that the message contains these words. */
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

  /** Runs an action after a publish has read its rows and before its commit. */
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

  /** Publishes orders with these IDs, each in a separate publish and file. */
  final void publishOneByOne(long from, long to) {
    for (long id = from; id < to; id++) {
      toOrders().records(Order.range(id, id + 1)).commit();
    }
  }

  final Maintain.Report maintain() {
    return mesh.maintain().commit();
  }

  final ContractVersion currentVersion() {
    return shop().describe(ORDERS).versions().get(0).version();
  }

  static void readAll(Subscription<?> subscription) {
    try (Rows<?> rows = subscription.read()) {
      rows.forEach(row -> {});
    }
  }
}
