package io.meshwork.engine;

import static io.meshwork.engine.EngineFixture.row;
import static io.meshwork.engine.EngineFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.engine.FaultyCommits.Fault;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.change.ChangeOperations;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.publish.PublishOperations;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.DataPlaces;
import io.meshwork.internal.table.MeshTables;
import io.meshwork.internal.table.TableName;
import io.meshwork.local.LocalMesh;
import io.meshwork.local.LocalWarehouse;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.ServiceUnavailableException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of an engine's commit when the registry fails, and when the product moves. */
class EngineFaultsTest {
  private static final ProductName PRODUCT = ProductName.of("mobility/green-trips");

  @TempDir private Path folder;
  private Instant now = Instant.parse("2026-11-20T08:00:00Z");
  private FaultyCommits registry;
  private MeshRuntime runtime;
  private Ledger ledger;
  private ClientSession session;
  private Table table;
  private DataFile file;

  @BeforeEach
  void open() {
    LocalMesh.open(folder).close();
    registry =
        new FaultyCommits(
            new LocalWarehouse()
                .open(folder.toString(), Principal.of("mesh", "test"), Map.of())
                .registry());
    runtime =
        new MeshRuntime(
            () -> now,
            IdGenerator.seeded(() -> now, 7),
            this::pass,
            Runnable::run,
            Duration.ofMinutes(2));
    ledger = new Ledger(registry, runtime);
    LocalFileIO files = new LocalFileIO();
    session =
        new ClientSession(
            Principal.of("mobility", "spark"),
            ledger,
            new Catalog(ledger),
            new MeshTables(ledger, files, new DataPlaces(new Catalog(ledger), tables().toString())),
            files,
            UnaryOperator.identity(),
            runtime,
            Optional::empty);
    ChangeOperations.registerDomain(session, "mobility").owner("trips@example.org").commit();
    ChangeOperations.defineProduct(session, PRODUCT).contract(EngineFixture.COLUMNS).commit();
    table =
        new BaseTable(
            new MeshTableOperations(
                session, TableName.of(PRODUCT, 1), "mesh.trips", true, () -> {}, false),
            "trips");
    file = write(table, row(1L, 1.0, "a"));
  }

  @AfterEach
  void close() {
    registry.close();
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  private Path tables() {
    return folder.resolve("tables");
  }

  private TreeSet<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(tables())) {
      TreeSet<String> names = new TreeSet<>();
      files.filter(Files::isRegularFile).forEach(each -> names.add(each.toString()));
      return names;
    }
  }

  private long rows() {
    Table now = session.tables().load(TableName.of(PRODUCT, 1));
    return now.currentSnapshot() == null
        ? 0
        : Long.parseLong(now.currentSnapshot().summary().get("total-records"));
  }

  @Test
  void aCommitWhoseReplyIsLostForGoodDeletesNothing() throws IOException {
    registry.next(Fault.REPLY_LOST);
    registry.cannotResolve();

    assertThatThrownBy(() -> table.newAppend().appendFile(file).commit())
        .isInstanceOf(CommitStateUnknownException.class)
        .hasMessageContaining("may have succeeded");

    assertThat(rows()).as("it had happened").isEqualTo(1);
    assertThat(files()).contains(file.location());
    assertThat(PublishOperations.history(session, PRODUCT).receipts()).hasSize(1);
  }

  @Test
  void aCommitWhoseReplyIsLostIsAskedForAndNotRepeated() {
    registry.next(Fault.REPLY_LOST);

    table.newAppend().appendFile(file).commit();

    assertThat(rows()).isEqualTo(1);
    assertThat(PublishOperations.history(session, PRODUCT).receipts()).hasSize(1);
  }

  @Test
  void aBrokenRegistryLeavesNoMetadataAndNoManifest() throws IOException {
    TreeSet<String> before = files();
    registry.next(Fault.BROKEN);

    assertThatThrownBy(() -> table.newAppend().appendFile(file).commit())
        .isInstanceOf(ServiceUnavailableException.class);

    assertThat(files()).isEqualTo(before);
    assertThat(rows()).isZero();
  }

  @Test
  void aConflictOnTheLogIsSettledHereAndLeavesOneMetadataFile() throws IOException {
    long before = metadataFiles();
    registry.next(Fault.CONFLICT, Fault.CONFLICT);

    table.newAppend().appendFile(file).commit();

    assertThat(rows()).isEqualTo(1);
    assertThat(metadataFiles()).isEqualTo(before + 1);
    assertThat(ledger.verify(RegistryKeys.partition(PRODUCT))).isEmpty();
  }

  @Test
  void aProductThatChangesWhileACommitIsSentIsReadAgain() {
    boolean[] changed = new boolean[1];
    registry.script(
        transaction -> {
          boolean engines =
              transaction.actions().stream()
                  .anyMatch(action -> action.key().sort().startsWith("table/"));
          if (engines && !changed[0]) {
            changed[0] = true;
            touchProduct();
          }
          return Fault.NONE;
        });

    table.newAppend().appendFile(file).commit();

    assertThat(changed[0]).isTrue();
    assertThat(rows()).isEqualTo(1);
    assertThat(PublishOperations.history(session, PRODUCT).receipts()).hasSize(1);
  }

  @Test
  void aCommitIsRebuiltIfTheTableChangesMeanwhile() throws IOException {
    Table other =
        new BaseTable(
            new MeshTableOperations(
                session, TableName.of(PRODUCT, 1), "mesh.trips", true, () -> {}, false),
            "trips");
    DataFile faster = write(other, row(2L, 2.0, "b"));
    long before = metadataFiles();
    boolean[] moved = new boolean[1];
    registry.script(
        transaction -> {
          if (!moved[0]) {
            moved[0] = true;
            other.newAppend().appendFile(faster).commit();
          }
          return Fault.NONE;
        });

    table.newAppend().appendFile(file).commit();

    assertThat(rows()).isEqualTo(2);
    assertThat(metadataFiles()).as("one a commit").isEqualTo(before + 2);
    assertThat(PublishOperations.history(session, PRODUCT).receipts())
        .extracting(receipt -> receipt.sequence().orElseThrow())
        .containsExactly(1L, 2L);
  }

  @Test
  void timesAreThoseOfTheMeshClock() {
    Instant later = Instant.parse("2028-06-01T00:00:00Z");
    now = later;
    table.newAppend().appendFile(file).commit();
    pass(Duration.ofMinutes(5));
    table.refresh();
    table.newAppend().appendFile(write(table, row(2L, 2.0, "b"))).commit();

    List<Long> times = new ArrayList<>();
    session
        .tables()
        .load(TableName.of(PRODUCT, 1))
        .snapshots()
        .forEach(snapshot -> times.add(snapshot.timestampMillis()));
    assertThat(times).hasSize(2).isSorted().allMatch(time -> time >= later.toEpochMilli());
    assertThat(times.get(1)).isGreaterThanOrEqualTo(later.toEpochMilli() + 300_000);
    assertThat(rows()).isEqualTo(2);
  }

  /** Writes the product's document again, unchanged. */
  private void touchProduct() {
    ledger.commit(
        new Ledger.Change<String>() {
          @Override
          public MeshAction action() {
            return MeshAction.of(Verb.UPDATE, "the product");
          }

          @Override
          public String partition() {
            return RegistryKeys.partition(PRODUCT.domain());
          }

          @Override
          public CommitDraft<String> draft(Ledger.Attempt attempt) {
            VersionedDocument product = ledger.read(RegistryKeys.product(PRODUCT)).orElseThrow();
            return CommitDraft.<String>of(
                    "product.touched", session.principal(), PRODUCT.toString())
                .replace(product, product.json())
                .result("touched");
          }
        },
        runtime.startDeadline(runtime.deadline()));
  }

  private long metadataFiles() throws IOException {
    return files().stream().filter(name -> name.endsWith(".metadata.json")).count();
  }
}
