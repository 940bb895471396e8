package io.meshwork.internal.conformance.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Partition;
import io.meshwork.contract.Rule;
import io.meshwork.error.BackendException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.OutcomeUnknownException;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.local.LocalMesh;
import io.meshwork.maintenance.Maintain;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.testkit.Faults;
import io.meshwork.testkit.ManualClock;
import io.meshwork.testkit.SimulatedCrash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Maintenance of folders with files of other writers, or with changed files. */
class MaintenanceOnDiskTest {
  private static final String ORDERS = "commerce/orders";

  private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:00Z"));

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private Mesh mesh;

  @BeforeEach
  void fillAMesh() {
    mesh = open().open();
    shop().registerDomain("commerce").owner("shop@example.org").commit();
    shop()
        .defineProduct(ORDERS)
        .contract(
            Contract.of(Order.class)
                .require(Rule.atLeast("amount", 0))
                .onViolation(OnViolation.QUARANTINE))
        .commit();
    publish(0);
  }

  @AfterEach
  void closeTheMesh() {
    mesh.close();
  }

  private Mesh.Builder open() {
    return LocalMesh.builder(folder).clock(clock).testing().sleeper(clock::advance);
  }

  private MeshClient shop() {
    return mesh.clientAs(Principal.of("commerce", "etl"));
  }

  private void publish(long id) {
    shop().publish(ORDERS).records(Order.range(id, id + 1)).commit();
  }

  private List<Path> files(String part) throws IOException {
    try (Stream<Path> paths = Files.walk(folder.resolve("data"))) {
      return paths
          .filter(Files::isRegularFile)
          .filter(path -> path.toString().contains(part))
          .sorted()
          .toList();
    }
  }

  private Map<Path, Long> state() throws IOException {
    Map<Path, Long> state = new TreeMap<>();
    for (Path path : files("")) {
      state.put(path, Files.size(path));
    }
    return state;
  }

  private Path left(Path beside, String name, Duration age) throws IOException {
    Path file = beside.resolveSibling(name);
    Files.write(file, new byte[] {1, 2, 3});
    Files.setLastModifiedTime(file, FileTime.from(clock.instant().minus(age)));
    return file;
  }

  /** The files of a publish whose process ended while it wrote a file of this name. */
  private List<Path> leftBy(InstantSource clock, String product, String last) throws IOException {
    List<Path> before = files("");
    Faults faults = Faults.seeded(1);
    faults
        .on(Faults.Port.FILE_WRITE)
        .path("**" + last)
        .crash(Faults.Phase.AFTER, Faults.Death.KILL);
    Mesh ended = open().clock(clock).testing().wrapFiles(faults::files).open();
    MeshClient etl = ended.clientAs(Principal.of("commerce", "etl"));
    assertThatThrownBy(() -> etl.publish(product).records(Order.range(7, 9)).commit())
        .isInstanceOf(SimulatedCrash.class);
    List<Path> left = new ArrayList<>(files(""));
    left.removeAll(before);
    assertThat(left).isNotEmpty();
    return left;
  }

  private List<Path> leftBy(InstantSource clock) throws IOException {
    return leftBy(clock, ORDERS, ".metadata.json");
  }

  private void age(List<Path> files, Duration age) throws IOException {
    for (Path file : files) {
      Files.setLastModifiedTime(file, FileTime.from(clock.instant().minus(age)));
    }
  }

  @Test
  void filesOfAHostWhoseClockIsAheadAreRemovedByTheTimeOfTheDisk() throws IOException {
    InstantSource ahead = () -> clock.instant().plus(Duration.ofDays(400));
    List<Path> old = leftBy(ahead);
    List<Path> young = leftBy(ahead);
    age(old, Duration.ofHours(25));
    age(young, Duration.ofHours(23));

    assertThat(mesh.maintain().commit().remaining()).isEmpty();

    assertThat(old).noneMatch(Files::exists);
    assertThat(young).allMatch(Files::exists);
  }

  @Test
  void filesOfEnginesAreKeptAndListed() throws IOException {
    Path data = files("orders_v1/data").get(0);
    Path metadata = files("orders_v1/metadata").get(0);
    List<Path> old = new ArrayList<>();
    List<Path> young = new ArrayList<>();
    for (Path beside : List.of(data, metadata)) {
      old.add(
          left(
              beside,
              "00000-1-7f1c7b1e-5d6f-4c3a-9a38-6a1f4b8e2d11-00001.parquet",
              Duration.ofDays(8)));
      old.add(left(beside, ".anything.tmp", Duration.ofDays(8)));
      old.add(left(beside, "7f1c7b1e-5d6f-4c3a-9a38-6a1f4b8e2d11-m0.avro", Duration.ofDays(8)));
      young.add(
          left(
              beside,
              "00000-2-7f1c7b1e-5d6f-4c3a-9a38-6a1f4b8e2d11-00001.parquet",
              Duration.ofDays(6)));
      young.add(left(beside, ".more.tmp", Duration.ofHours(25)));
    }
    Path note = folder.resolve("data/commerce/orders_v1/_metadata/last_updated.json");
    Files.createDirectories(note.getParent());
    Files.writeString(note, "{}");
    Files.setLastModifiedTime(note, FileTime.from(Instant.EPOCH.plusSeconds(1)));

    Maintain.Report done = mesh.maintain().commit();

    assertThat(done.total(Work.FILES_REMOVED)).isZero();
    assertThat(old).allMatch(Files::exists);
    assertThat(young).allMatch(Files::exists);
    assertThat(mesh.doctor().findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.UNKNOWN_FILES);
    mesh.repair().commit();
    assertThat(old).as("a repair does not delete them either").allMatch(Files::exists);
    assertThat(note).exists();
    assertThat(mesh.doctor().isHealthy()).isTrue();
  }

  @Test
  void cheapTasksRunBeforeCompaction() throws IOException {
    for (int id = 1; id < 6; id++) {
      publish(id);
    }
    leftBy(clock);
    clock.advance(Duration.ofDays(90));

    assertThat(mesh.maintain().plan().steps())
        .extracting(Plan.Step::verb)
        .hasSizeGreaterThan(4)
        .contains("archive", "remove leftovers of")
        .endsWith("compact")
        .containsOnlyOnce("compact");
  }

  @Test
  void aCompactionThatTimesOutKeepsItsProgress() {
    shop()
        .defineProduct("commerce/sales")
        .contract(Contract.of(Order.class))
        .partitionBy(Partition.by("id"))
        .commit();
    for (int i = 0; i < 2; i++) {
      shop().publish("commerce/sales").records(Order.range(0, 40)).commit();
    }
    mesh.close();
    Faults faults = Faults.seeded(1);
    mesh = open().testing().wrapRegistry(faults::registry).open();
    faults
        .on(Faults.Port.REGISTRY_COMMIT)
        .path("commerce/sales")
        .nth(2) // the first one records the writer
        .meanwhile(() -> clock.advance(Duration.ofHours(1)));

    assertThatThrownBy(() -> mesh.maintain().compactAtLeast(2).commit())
        .isInstanceOf(BackendException.class);

    assertThat(mesh.maintain().compactAtLeast(2).commit().total(Work.FILES_COMPACTED))
        .as("the second run completes the work")
        .isBetween(1L, 79L);
    assertThat(mesh.maintain().compactAtLeast(2).plan().steps()).isEmpty();
  }

  @Test
  void aLongCompactionProceedsInSteps() throws IOException {
    for (int id = 1; id < 20; id++) {
      publish(id);
    }
    List<Object> rows = orders();
    mesh.close();
    Faults faults = Faults.seeded(1);
    mesh = open().testing().wrapFiles(faults::files).open();
    List<Long> compacted = new ArrayList<>();
    do {
      faults
          .on(Faults.Port.FILE_READ)
          .path("**/orders_v1/data/*.parquet")
          .meanwhile(() -> clock.advance(Duration.ofSeconds(20)));
      Maintain.Report done =
          mesh.maintain().compactAtLeast(2).timeout(Duration.ofMinutes(10)).commit();
      faults.clear();
      compacted.add(done.total(Work.FILES_COMPACTED));
      assertThat(orders()).as("the order of rows is kept").isEqualTo(rows);
    } while (compacted.get(compacted.size() - 1) > 0 && compacted.size() < 20);
    assertThat(compacted).hasSizeBetween(3, 19).endsWith(0L);
    assertThat(compacted.get(0)).isBetween(2L, 19L);
    assertThat(shop().read(ORDERS).files()).hasSizeLessThan(5);
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  private List<Object> orders() {
    List<Object> all = new ArrayList<>();
    try (var rows = shop().read(ORDERS).as(Order.class).rows()) {
      rows.forEach(all::add);
    }
    return all;
  }

  @Test
  void theAgeOfMeshFilesIsTakenFromTheirNames() throws IOException {
    List<Path> old = leftBy(clock);
    List<Path> unfinished = leftBy(clock, ORDERS, ".parquet");
    assertThat(unfinished).singleElement().asString().endsWith(".parquet.tmp");
    clock.advance(Duration.ofHours(25));
    List<Path> young = leftBy(clock);
    age(old, Duration.ZERO);
    age(unfinished, Duration.ZERO);
    age(young, Duration.ofDays(400));

    assertThat(mesh.maintain().commit().total(Work.FILES_REMOVED))
        .isEqualTo(old.size() + unfinished.size());

    assertThat(young).allMatch(Files::exists);
    assertThat(old).noneMatch(Files::exists);
    assertThat(unfinished).noneMatch(Files::exists);
  }

  @Test
  void aCopyOfALeftoverUnderAnotherNameIsKept() throws IOException {
    Path left = leftBy(clock, ORDERS, ".avro").get(0);
    Path copied = left.resolveSibling(left.getFileName() + ".bak");
    Path moved = left.getParent().resolve("kept").resolve(left.getFileName());
    Files.createDirectories(moved.getParent());
    Files.copy(left, copied);
    Files.copy(left, moved);
    clock.advance(Duration.ofDays(40));

    mesh.maintain().commit();

    assertThat(left).doesNotExist();
    assertThat(List.of(copied, moved)).allMatch(Files::exists);
  }

  @Test
  void aTableWithAnUnreadableManifestIsSkipped() throws IOException {
    shop().defineProduct("commerce/returns").contract(Contract.of(Order.class)).commit();
    shop().publish("commerce/returns").records(Order.range(0, 1)).commit();
    publish(1);
    Path manifest =
        files("orders_v1/metadata").stream()
            .filter(path -> path.toString().endsWith("-m0.avro"))
            .findFirst()
            .orElseThrow();
    leftBy(clock);
    List<Path> gone = leftBy(clock, "commerce/returns", ".metadata.json");
    Files.write(manifest, new byte[] {1}, StandardOpenOption.TRUNCATE_EXISTING);
    clock.advance(Duration.ofHours(25));
    Map<Path, Long> before = state();
    before.keySet().removeAll(gone);

    Maintain.Report done = mesh.maintain().commit();

    assertThat(state())
        .as("only the leftover files of the other table are removed")
        .isEqualTo(before);
    assertThat(done.remaining())
        .singleElement()
        .satisfies(
            left -> {
              assertThat(left.where()).isEqualTo("commerce.orders_v1");
              assertThat(left.what()).contains(manifest.getFileName().toString());
            });
    assertThat(mesh.repair().plan().findings())
        .extracting(Finding::code)
        .contains(FindingCode.METADATA_MISSING);
  }

  @Test
  void aRegistryOlderThanTheFilesLosesNoFiles() throws IOException {
    mesh.close();
    Path copy = folder.resolveSibling("registry-copy");
    Path registry = folder.resolve("registry");
    copy(registry, copy);
    mesh = open().open();
    publish(1);
    publish(2);
    mesh.close();
    copy(copy, registry);
    mesh = open().open();
    clock.advance(Duration.ofDays(10));
    Map<Path, Long> before = state();

    Maintain.Report done = mesh.maintain().commit();

    assertThat(done.total(Work.FILES_REMOVED)).isZero();
    assertThat(state()).isEqualTo(before);
    assertThat(done.remaining())
        .extracting(Finding::what)
        .anyMatch(what -> what.contains("registry is older than the files"));
    assertThat(mesh.doctor().problems())
        .extracting(Finding::code)
        .contains(FindingCode.REGISTRY_BEHIND);
  }

  @Test
  void moreThanATenthOfATableIsRemovedOnlyIfThatIsExpected() throws IOException {
    List<Path> left = leftBy(clock, ORDERS, ".avro");
    Path stays = left.get(0);
    Files.write(stays, new byte[100_000]);
    clock.advance(Duration.ofDays(30));

    Maintain.Report done = mesh.maintain().expectLeftovers(99_999).commit();

    assertThat(stays).exists();
    assertThat(done.remaining()).hasSize(1);
    assertThat(done.remaining().get(0).code()).isEqualTo(FindingCode.TOO_MANY_LEFTOVERS);
    assertThat(done.remaining().get(0).fix()).contains("expectLeftovers(100000)");
    mesh.maintain().expectLeftovers(100_000).commit();
    assertThat(stays).doesNotExist();
  }

  @Test
  void aStoreWithOtherSpellingsOfLocationsLosesNoFiles() throws IOException {
    left(files("orders_v1/data").get(0), "old.parquet", Duration.ofDays(30));
    mesh.close();
    mesh = open().testing().wrapFiles(OtherNames::new).open();
    Map<Path, Long> before = state();

    assertThat(mesh.maintain().commit().isEmpty()).isTrue();

    assertThat(state()).isEqualTo(before);
  }

  @Test
  void filesCommittedJustBeforeTheirFenceStay() {
    mesh.close();
    LateCommits[] late = new LateCommits[1];
    mesh = open().testing().wrapRegistry(real -> late[0] = new LateCommits(real)).open();
    late[0].holding = true;
    assertThatThrownBy(() -> publish(1)).isInstanceOf(OutcomeUnknownException.class);
    late[0].holding = false;
    clock.advance(Duration.ofHours(25));

    Maintain.Report done = mesh.maintain().commit();

    assertThat(late[0].delivered).containsExactly(Registry.Outcome.COMMITTED);
    assertThat(done.total(Work.FILES_REMOVED)).isZero();
    assertThat(mesh.doctor().findings()).isEmpty();
    assertThat(shop().read(ORDERS).files()).hasSize(2);
  }

  @Test
  void aPublishWhoseManifestsMaintenanceDeletedBetweenTwoTriesSaysThatItWasFenced()
      throws IOException {
    mesh.close();
    AtomicReference<Runnable> afterLoss = new AtomicReference<>();
    try (Mesh slow =
        open().testing().wrapRegistry(real -> new LostCommit(real, afterLoss)).open()) {
      mesh = open().open();
      afterLoss.set(
          () -> {
            clock.advance(Duration.ofHours(26));
            mesh.maintain().commit();
          });
      assertThatThrownBy(
              () ->
                  slow.clientAs(Principal.of("commerce", "etl"))
                      .publish(ORDERS)
                      .records(Order.range(100, 103))
                      .timeout(Duration.ofDays(3))
                      .commit())
          .isInstanceOf(ConflictException.class)
          .hasMessageContainingAll("fenced it off", "may have deleted its files", "Run it again");
    }
  }

  @Test
  void smallFilesOfAQuarantineAreCompacted() throws IOException {
    for (long id = 10; id < 16; id++) {
      List<Order> orders = new ArrayList<>(Order.range(id * 100, id * 100 + 20));
      orders.add(new Order(id, "bad", new BigDecimal("-1.00"), Optional.empty()));
      shop().publish(ORDERS).records(orders).commit();
    }
    List<Object> bad = rows();

    Maintain.Report done = mesh.maintain().commit();

    assertThat(done.total(Work.FILES_COMPACTED)).isEqualTo(7 + 6);
    assertThat(done.total(Work.FILES_WRITTEN)).isEqualTo(2);
    assertThat(rows()).isEqualTo(bad).hasSize(6);
    assertThat(mesh.doctor().findings()).isEmpty();
    clock.advance(Duration.ofHours(25));
    assertThat(mesh.maintain().commit().total(Work.SNAPSHOTS_EXPIRED)).isEqualTo(7 + 6);
    assertThat(rows()).isEqualTo(bad);
    assertThat(files("quarantine/data")).hasSize(1);
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  @Test
  void aChangedOrMissingArchiveAndADifferingLogAreFound() throws Exception {
    clock.advance(Duration.ofDays(40));
    mesh.maintain().commit();
    Path file;
    try (Stream<Path> archived = Files.walk(folder.resolve("archive/commerce/orders"))) {
      file = archived.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
    assertThat(Files.readAllLines(file)).hasSize(2).allMatch(line -> line.contains("\"hash\""));
    String content = Files.readString(file);

    Files.writeString(file, content.replace("commerce", "kommerce"));
    assertThat(mesh.doctor().problems())
        .extracting(Finding::code)
        .containsExactly(FindingCode.ARCHIVE_CHANGED);
    Files.delete(file);
    assertThat(mesh.doctor().problems())
        .extracting(Finding::code)
        .containsExactly(FindingCode.ARCHIVE_MISSING);
    Files.writeString(file, content);
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  @Test
  void archivesLeftByKilledMaintenanceAreFoundAndRemoved() throws Exception {
    clock.advance(Duration.ofDays(40));
    mesh.maintain().commit();
    Path archives = folder.resolve("archive/commerce/orders");
    String whole = Files.readString(archives.resolve(part(1, 2)));
    Map<Path, String> before = archived();
    Path overlaps = archives.resolve(part(1, 1));
    Files.writeString(overlaps, whole.lines().findFirst().orElseThrow() + "\n");
    Path torn = archives.resolve(part(2, 2));
    Files.writeString(torn, whole.lines().skip(1).findFirst().orElseThrow().substring(0, 20));
    Path unfinished = archives.resolve("." + part(1, 2) + ".tmp");
    Files.writeString(unfinished, "{");
    Path next = archives.resolve(part(3, 3));
    Files.writeString(next, ""); // its writer may be about to go on
    Files.writeString(archives.resolve("notes.txt"), "not ours");

    assertThat(mesh.doctor().problems()).isEmpty();
    assertThat(mesh.doctor().findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.LEFTOVER_FILES);
    assertThat(mesh.doctor().findings().get(0).count()).isEqualTo(4);
    assertThat(mesh.doctor().findings().get(0).samples()).hasSize(4);
    Files.setLastModifiedTime(unfinished, FileTime.from(clock.instant().minus(Duration.ofDays(6))));
    Maintain.Report done = mesh.maintain().commit();
    assertThat(done.remaining()).isEmpty();
    assertThat(done.total(Work.FILES_REMOVED)).isEqualTo(2);
    assertThat(overlaps).doesNotExist();
    assertThat(torn).doesNotExist();
    assertThat(unfinished).as("the writer may still be running").exists();

    Files.setLastModifiedTime(unfinished, FileTime.from(clock.instant().minus(Duration.ofDays(8))));
    assertThat(mesh.repair().plan().steps())
        .extracting(Plan.Step::subject)
        .containsExactly("the archive of commerce/orders");
    mesh.repair().commit();
    assertThat(unfinished).doesNotExist();
    assertThat(next).exists();
    assertThat(archives.resolve("notes.txt")).exists();
    assertThat(archived()).containsAllEntriesOf(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s", ".%s.tmp"})
  void anArchiveThatContradictsTheLogIsKeptAsEvidence(String name) throws Exception {
    clock.advance(Duration.ofDays(40));
    mesh.maintain().commit();
    String named = name.formatted(part(1, 1));
    Path strange = folder.resolve("archive/commerce/orders").resolve(named);
    Files.writeString(strange, "the log before it was restored");
    Files.setLastModifiedTime(strange, FileTime.from(clock.instant().minus(Duration.ofDays(8))));

    Maintain.Report done = mesh.maintain().commit();

    assertThat(done.remaining())
        .extracting(Finding::code)
        .containsExactly(FindingCode.ARCHIVE_UNKNOWN);
    assertThat(strange).exists();
    assertThat(mesh.maintain().plan().isEmpty()).isTrue();
    assertThat(mesh.doctor().findings())
        .extracting(Finding::code, Finding::where)
        .containsExactly(
            tuple(FindingCode.ARCHIVE_UNKNOWN, "mesh:/archive/commerce/orders/" + named));
  }

  @Test
  void aFileThatBlocksAnArchiveIsReported() throws Exception {
    clock.advance(Duration.ofDays(40));
    Path strange = folder.resolve("archive/commerce/orders").resolve(part(1, 2));
    Files.createDirectories(strange.getParent());
    Files.writeString(strange, "the log before it was restored");

    assertThat(mesh.maintain().commit().remaining())
        .extracting(Finding::code)
        .containsExactly(FindingCode.ARCHIVE_DIFFERS);

    assertThat(strange).exists();
    assertThat(mesh.doctor().problems())
        .extracting(Finding::code)
        .containsExactly(FindingCode.ARCHIVE_UNKNOWN);
    assertThat(mesh.repair().plan().isEmpty()).isTrue();
  }

  @Test
  void aTornArchiveIsRewritten() throws Exception {
    clock.advance(Duration.ofDays(40));
    Path archives = folder.resolve("archive/commerce/orders");
    Files.createDirectories(archives);
    Files.writeString(archives.resolve(part(1, 2)), "");

    assertThat(mesh.maintain().commit().remaining()).isEmpty();

    assertThat(Files.readAllLines(archives.resolve(part(1, 2)))).hasSize(2);
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  private static String part(long first, long last) {
    return "%020d-%020d.jsonl".formatted(first, last);
  }

  private Map<Path, String> archived() throws IOException {
    Map<Path, String> archived = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder.resolve("archive"))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        archived.put(file, Files.readString(file));
      }
    }
    return archived;
  }

  private List<Object> rows() {
    List<Object> all = new ArrayList<>();
    try (var rows = shop().quarantine(ORDERS).rows()) {
      rows.forEach(row -> all.add(row.toString()));
    }
    return all;
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (Stream<Path> there = Files.list(to)) {
      for (Path file : there.toList()) {
        Files.delete(file);
      }
    }
    try (Stream<Path> all = Files.list(from)) {
      for (Path file : all.toList()) {
        Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** A store whose listing uses another URI scheme. */
  private record OtherNames(FileIO real) implements SupportsPrefixOperations {
    @Override
    public Iterable<FileInfo> listPrefix(String prefix) {
      return StreamSupport.stream(
              ((SupportsPrefixOperations) real).listPrefix(prefix).spliterator(), false)
          .map(
              file -> new FileInfo("other:" + file.location(), file.size(), file.createdAtMillis()))
          .toList();
    }

    @Override
    public void deletePrefix(String prefix) {
      throw new UnsupportedOperationException(prefix);
    }

    @Override
    public InputFile newInputFile(String path) {
      return real.newInputFile(path);
    }

    @Override
    public OutputFile newOutputFile(String path) {
      return real.newOutputFile(path);
    }

    @Override
    public void deleteFile(String path) {
      real.deleteFile(path);
    }

    @Override
    public void close() {
      real.close();
    }
  }

  /** A registry whose next commit loses against another one, after which something happens. */
  private static final class LostCommit extends ForwardingRegistry {
    private final AtomicReference<Runnable> afterLoss;

    LostCommit(Registry real, AtomicReference<Runnable> afterLoss) {
      super(real);
      this.afterLoss = afterLoss;
    }

    @Override
    public Outcome commit(Transaction transaction) {
      boolean publishes =
          transaction.actions().stream().anyMatch(a -> a.key().sort().startsWith("fence/"));
      Runnable action = publishes ? afterLoss.getAndSet(null) : null;
      if (action == null) {
        return real.commit(transaction);
      }
      action.run();
      return Outcome.conflict(List.of(transaction.actions().get(0).key()));
    }
  }

  /** A registry that delays commits until a publish is to be fenced. */
  private static final class LateCommits extends ForwardingRegistry {
    private final List<Transaction> held = new ArrayList<>();
    private final List<Outcome> delivered = new ArrayList<>();
    private boolean holding;

    LateCommits(Registry real) {
      super(real);
    }

    @Override
    public Outcome commit(Transaction transaction) {
      boolean recordsWriter =
          transaction.actions().stream()
              .allMatch(action -> action.key().sort().startsWith("writers/"));
      if (holding && !recordsWriter) {
        held.add(transaction);
        return Outcome.UNKNOWN;
      }
      boolean fencing =
          transaction.actions().stream()
              .anyMatch(
                  action ->
                      action.kind() == Transaction.Kind.PUT
                          && action.key().sort().startsWith("fence/"));
      if (fencing) {
        held.forEach(each -> delivered.add(real.commit(each)));
        held.clear();
      }
      return real.commit(transaction);
    }

    @Override
    public Outcome resolve(String partition, String attemptId) {
      return holding ? Outcome.UNKNOWN : real.resolve(partition, attemptId);
    }
  }
}
