package io.meshwork.internal.conformance.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.conformance.fixture.ConcurrentCalls;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The doctor finds changes that were made directly on the disk. */
class DoctorTest {
  private static final String ORDERS = "commerce/orders";
  private static final String RETURNS = "commerce/returns";

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private Mesh mesh;

  private final List<PublishReceipt> receipts = new ArrayList<>();

  @BeforeEach
  void fillAMesh() {
    mesh = LocalMesh.open(folder);
    shop().registerDomain("commerce").owner("shop@example.org").commit();
    for (String product : List.of(ORDERS, RETURNS)) {
      shop().defineProduct(product).contract(Contract.of(Order.class)).openToMesh().commit();
    }
    MeshClient finance = mesh.clientAs(Principal.of("finance", "etl"));
    finance.registerDomain("finance").owner("finance@example.org").commit();
    finance.subscribe(ORDERS).name("totals").purpose("Totals").commit();
    for (int i = 0; i < 4; i++) {
      receipts.add(publish(ORDERS, i));
    }
    publish(RETURNS, 0);
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  @AfterEach
  void closeTheMesh() {
    mesh.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {ORDERS, "finance", "_mesh"})
  void aMissingLogIsFound(String partition) throws SQLException {
    execute("DELETE FROM document WHERE partition = ? AND sort LIKE 'log/%'", partition);
    assertThat(codes()).contains(FindingCode.LOG_ENTRY_MISSING);
    execute("DELETE FROM document WHERE partition = ? AND sort = 'head'", partition);
    assertThat(codes()).contains(FindingCode.LOG_MISSING);
  }

  @ParameterizedTest
  @ValueSource(strings = {ORDERS, "commerce", "_mesh"})
  void aMissingPartitionIsFound(String partition) throws SQLException {
    execute("DELETE FROM document WHERE partition = ?", partition);
    assertThat(errors()).isNotEmpty();
  }

  @Test
  void aProductMissingFromTheRegistryIsFoundByItsFiles() throws SQLException {
    execute("DELETE FROM document WHERE partition <> ?", "nothing");
    assertThat(codes()).contains(FindingCode.TABLE_MISSING);
  }

  @Test
  void aLogTruncatedTogetherWithItsHeadIsFound() throws SQLException {
    cutBack(ORDERS, 2);
    assertThat(codes())
        .contains(FindingCode.LOG_CUT, FindingCode.DOCUMENT_INSERTED, FindingCode.DOCUMENT_EDITED);

    execute("DELETE FROM document WHERE partition = ? AND sort LIKE 'attempt/%'", ORDERS);
    assertThat(codes())
        .contains(FindingCode.DOCUMENT_INSERTED, FindingCode.DOCUMENT_EDITED)
        .doesNotContain(FindingCode.LOG_CUT);
  }

  @ParameterizedTest
  @CsvSource({
    "commerce/orders, key/%",
    "commerce/orders, contract/1.0.0",
    "commerce/orders, major/1",
    "commerce/orders, table/orders_v1",
    "commerce, product/orders",
    "_mesh, domain/commerce",
    "_mesh, account/commerce",
    "finance, subscription/%"
  })
  void aDocumentThatIsEditedDeletedOrGarbageIsFound(String partition, String sort)
      throws SQLException {
    String where = " WHERE partition = ? AND sort LIKE '" + sort + "'";
    execute("CREATE TABLE kept AS SELECT * FROM document" + where, partition);

    execute("UPDATE document SET json = replace(json, '}', ',\"more\":1}')" + where, partition);
    assertThat(errors())
        .as("edited")
        .extracting(Finding::code)
        .contains(FindingCode.DOCUMENT_EDITED);
    assertThat(errors().get(0).where()).startsWith(partition + " · ");

    for (String garbage : List.of("", "[]", "{\"format\":", "{\"format\":1}", "{\"format\":99}")) {
      execute("UPDATE document SET json = '" + garbage + "'" + where, partition);
      assertThat(codes()).as("now %s", garbage).contains(FindingCode.DOCUMENT_EDITED);
    }
    execute("DELETE FROM document" + where, partition);
    assertThat(codes()).as("deleted").contains(FindingCode.DOCUMENT_MISSING);

    execute("INSERT INTO document SELECT * FROM kept WHERE ? <> ''", partition);
    assertThat(mesh.doctor().findings()).as("put back").isEmpty();
  }

  @Test
  void anUnloggedDocumentIsFound() throws SQLException {
    execute(
        "INSERT INTO document (partition, sort, version, json) SELECT partition, 'key/added',"
            + " version, json FROM document WHERE partition = ? AND sort = 'contract/1.0.0'",
        ORDERS);
    assertThat(codes()).containsExactly(FindingCode.DOCUMENT_INSERTED);
  }

  @Test
  void aPointerToAnotherTableOrAnOlderStateIsFound() throws SQLException {
    String pointer = "UPDATE document SET json = (SELECT json FROM document AS other WHERE ";
    execute(
        pointer
            + "other.sort = 'table/returns_v1') WHERE partition = ? AND sort = 'table/orders_v1'",
        ORDERS);
    assertThat(codes()).contains(FindingCode.DOCUMENT_EDITED);

    execute(
        "UPDATE document SET json = json_set(json, '$.tableId', 'x', '$.sequence', 99) WHERE"
            + " partition = ? AND sort = 'table/orders_v1'",
        ORDERS);
    assertThat(codes()).contains(FindingCode.DOCUMENT_EDITED, FindingCode.TABLE_DIFFERS);
  }

  @Test
  void aMetadataFileThatWasReplacedByAnOlderOneIsFound() throws IOException {
    List<Path> metadata = files("orders_v1/metadata", ".metadata.json");
    Path newest = metadata.get(metadata.size() - 1);
    Files.copy(metadata.get(1), newest, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThat(codes()).contains(FindingCode.TABLE_DIFFERS);

    Files.writeString(newest, "{}");
    assertThat(codes()).contains(FindingCode.METADATA_MISSING);
    Files.delete(newest);
    assertThat(codes()).contains(FindingCode.METADATA_MISSING);
  }

  @Test
  void aMetadataFileThatWasEditedIsFound() throws IOException {
    List<Path> metadata = files("orders_v1/metadata", ".metadata.json");
    Path newest = metadata.get(metadata.size() - 1);
    Files.writeString(newest, Files.readString(newest).replace("customer", "costumer"));
    assertThat(codes()).containsExactly(FindingCode.TABLE_DIFFERS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-m0.avro", "snap-"})
  void aMissingOrDamagedManifestIsFound(String name) throws IOException {
    Path manifest =
        files("orders_v1/metadata", ".avro").stream()
            .filter(file -> file.getFileName().toString().contains(name))
            .findFirst()
            .orElseThrow();
    Files.writeString(manifest, "garbage");
    assertThat(errors()).isNotEmpty();
    Files.delete(manifest);
    assertThat(codes()).contains(FindingCode.METADATA_MISSING);
  }

  @Test
  void aMissingOrTruncatedDataFileIsFoundOnce() throws IOException {
    List<Path> data = files("orders_v1", ".parquet");
    Files.write(data.get(0), new byte[] {1}, StandardOpenOption.APPEND);
    assertThat(codes()).containsExactly(FindingCode.FILE_CHANGED);
    Files.write(data.get(0), new byte[] {1});
    assertThat(codes()).containsExactly(FindingCode.FILE_CHANGED);
    Files.delete(data.get(0));
    assertThat(codes()).containsExactly(FindingCode.FILE_MISSING);
  }

  /** Creates a file with the time of the mesh. File systems may have another clock. */
  private static void leave(Path file) throws IOException {
    Files.write(file, new byte[] {1});
    Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
  }

  @Test
  void oneFileIsReportedInTheSingular() throws IOException {
    Path data = files("orders_v1", ".parquet").get(0);
    leave(data.resolveSibling("left.parquet"));
    assertThat(mesh.doctor().findings())
        .singleElement()
        .satisfies(
            left -> assertThat(left.what()).startsWith("1 file of 1 bytes ").contains("not known"));
  }

  @Test
  void filesOfAnUnknownWriterAreANoteAndNoDamage() throws IOException {
    Path data = files("orders_v1", ".parquet").get(0);
    leave(data.resolveSibling(".left.parquet.tmp"));
    leave(data.resolveSibling("left.parquet"));

    List<Finding> findings = mesh.doctor().findings();

    assertThat(findings).extracting(Finding::code).containsExactly(FindingCode.UNKNOWN_FILES);
    Finding left = findings.get(0);
    assertThat(left.severity()).isEqualTo(Severity.NOTE);
    assertThat(left.count()).isEqualTo(2);
    assertThat(left.what())
        .startsWith("2 files of 2 bytes ")
        .contains("not known to have written", "keeps them")
        .doesNotContain("harmless");
    assertThat(mesh.doctor().isHealthy()).isTrue();
  }

  @Test
  void concurrentPublishesAreNotAFinding() throws Exception {
    List<List<Finding>> seen = new ArrayList<>();
    ConcurrentCalls.run(
        List.of(
            () -> {
              for (int i = 10; i < 30; i++) {
                publish(ORDERS, i);
                shop().registerDomain("commerce").owner("shop-" + i + "@example.org").commit();
              }
              return true;
            },
            () -> {
              for (int i = 0; i < 20; i++) {
                shop()
                    .defineProduct("commerce/product-" + i)
                    .contract(Contract.of(Order.class))
                    .commit();
              }
              return true;
            },
            () -> {
              for (int i = 0; i < 25; i++) {
                seen.add(errors());
              }
              return true;
            }));
    assertThat(seen).hasSize(25).allSatisfy(findings -> assertThat(findings).isEmpty());
    assertThat(mesh.doctor().findings()).isEmpty();
  }

  private MeshClient shop() {
    return mesh.clientAs(Principal.of("commerce", "etl"));
  }

  private PublishReceipt publish(String product, int number) {
    return shop()
        .publish(product)
        .records(Order.range(number, number + 3))
        .idempotencyKey(product + number)
        .commit();
  }

  /** Removes the last entries, and writes a matching head. */
  private void cutBack(String partition, int entries) throws SQLException {
    for (int i = 0; i < entries; i++) {
      execute(
          "DELETE FROM document WHERE partition = ? AND sort = (SELECT max(sort) FROM document"
              + " WHERE partition = '"
              + partition
              + "' AND sort LIKE 'log/%')",
          partition);
    }
    execute(
        "UPDATE document SET json = (SELECT json_object('format', 1, 'sequence', json ->>"
            + " '$.sequence', 'hash', json ->> '$.hash', 'at', json ->> '$.at') FROM document AS"
            + " entry WHERE entry.partition = document.partition AND entry.sort LIKE 'log/%' ORDER"
            + " BY entry.sort DESC LIMIT 1) WHERE partition = ? AND sort = 'head'",
        partition);
  }

  private void execute(String sql, String partition) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("registry/mesh.db"));
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, partition);
      statement.executeUpdate();
    }
  }

  private List<Path> files(String table, String end) throws IOException {
    try (Stream<Path> paths = Files.walk(folder.resolve("data/commerce").resolve(table))) {
      return paths.filter(path -> path.toString().endsWith(end)).sorted().toList();
    }
  }

  private List<FindingCode> codes() {
    return errors().stream().map(Finding::code).toList();
  }

  private List<Finding> errors() {
    return mesh.doctor().findings().stream()
        .filter(finding -> finding.severity() == Severity.ERROR)
        .toList();
  }
}
