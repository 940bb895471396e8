package io.meshwork.engine;

import static io.meshwork.engine.EngineFixture.row;
import static io.meshwork.engine.EngineFixture.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.change.DefineProduct;
import io.meshwork.change.RegisterDomain;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.internal.ledger.Draft;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.ScriptedRegistry.Fault;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.internal.ledger.TestMesh;
import io.meshwork.internal.session.Session;
import io.meshwork.internal.table.MeshTables;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.publish.Receipts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.ServiceUnavailableException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of an engine's commit when the registry fails, and when the product moves. */
class EngineFaultsTest {
  private static final ProductName PRODUCT = ProductName.of("mobility/green-trips");

  @TempDir private Path folder;
  private final TestMesh mesh = new TestMesh();
  private Session session;
  private Table table;
  private DataFile file;

  @BeforeEach
  void open() {
    LocalFileIO files = new LocalFileIO();
    session =
        new Session(
            Principal.of("mobility", "spark"),
            mesh.ledger,
            new Catalog(mesh.ledger),
            new MeshTables(mesh.ledger, files, folder.toString()),
            files,
            UnaryOperator.identity(),
            mesh.runtime,
            Optional::empty);
    RegisterDomain.of(session, "mobility").ownedBy("trips@example.org").commit();
    DefineProduct.of(session, PRODUCT).contract(EngineFixture.COLUMNS).commit();
    table =
        new BaseTable(
            new MeshTableOperations(session, TableName.of(PRODUCT, 1), "mesh.trips"), "trips");
    file = write(table, row(1L, 1.0, "a"));
  }

  private TreeSet<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
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
    mesh.registry.next(Fault.REPLY_LOST);
    mesh.registry.cannotResolve();

    assertThatThrownBy(() -> table.newAppend().appendFile(file).commit())
        .isInstanceOf(CommitStateUnknownException.class)
        .hasMessageContaining("may have happened");

    assertThat(rows()).as("it had happened").isEqualTo(1);
    assertThat(files()).contains(file.location());
    assertThat(Receipts.all(session, PRODUCT)).hasSize(1);
  }

  @Test
  void aCommitWhoseReplyIsLostIsAskedForAndNotRepeated() {
    mesh.registry.next(Fault.REPLY_LOST);

    table.newAppend().appendFile(file).commit();

    assertThat(rows()).isEqualTo(1);
    assertThat(Receipts.all(session, PRODUCT)).hasSize(1);
  }

  @Test
  void aBrokenRegistryLeavesNoMetadataAndNoManifest() throws IOException {
    TreeSet<String> before = files();
    mesh.registry.next(Fault.BROKEN);

    assertThatThrownBy(() -> table.newAppend().appendFile(file).commit())
        .isInstanceOf(ServiceUnavailableException.class);

    assertThat(files()).isEqualTo(before);
    assertThat(rows()).isZero();
  }

  @Test
  void aConflictOnTheLogIsSettledHereAndLeavesOneMetadataFile() throws IOException {
    long before = metadataFiles();
    mesh.registry.next(Fault.CONFLICT, Fault.CONFLICT);

    table.newAppend().appendFile(file).commit();

    assertThat(rows()).isEqualTo(1);
    assertThat(metadataFiles()).isEqualTo(before + 1);
    assertThat(mesh.ledger.verify(Keys.partition(PRODUCT))).isEmpty();
  }

  @Test
  void aProductThatChangesWhileACommitIsSentIsReadAgain() {
    boolean[] changed = new boolean[1];
    mesh.registry.script(
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
    assertThat(Receipts.all(session, PRODUCT)).hasSize(1);
  }

  @Test
  void aTableThatMovesWhileACommitIsSentIsBuiltOnAnew() throws IOException {
    Table other =
        new BaseTable(
            new MeshTableOperations(session, TableName.of(PRODUCT, 1), "mesh.trips"), "trips");
    DataFile faster = write(other, row(2L, 2.0, "b"));
    long before = metadataFiles();
    boolean[] moved = new boolean[1];
    mesh.registry.script(
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
    assertThat(Receipts.all(session, PRODUCT))
        .extracting(receipt -> receipt.sequence())
        .containsExactly(1L, 2L);
  }

  @Test
  void timesAreOfTheMeshsClockThoughIcebergKnowsAnother() {
    Instant later = Instant.parse("2031-01-01T00:00:00Z");
    mesh.setClock(later);
    table.newAppend().appendFile(file).commit();
    mesh.pass(Duration.ofMinutes(5));
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

  /** Writes the product's document anew, as it is. */
  private void touchProduct() {
    mesh.ledger.commit(
        new Ledger.Change<String>() {
          @Override
          public String doing() {
            return "touch the product";
          }

          @Override
          public String partition() {
            return Keys.partition(PRODUCT.domain());
          }

          @Override
          public Draft<String> draft(Ledger.Attempt attempt) {
            Stored product = mesh.ledger.read(Keys.product(PRODUCT)).orElseThrow();
            return Draft.<String>of("product.touched", session.principal(), PRODUCT.toString())
                .replace(product, product.json())
                .result("touched");
          }
        },
        mesh.deadline());
  }

  private long metadataFiles() throws IOException {
    return files().stream().filter(name -> name.endsWith(".metadata.json")).count();
  }
}
