package io.meshwork.internal.conformance.onboarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From which folders files become rows: not from the mesh, from tables, or through links. */
class OnboardingPlacesOnDiskTest {
  private static final String CLICKS = "sales/clicks";

  /** A salary, which readers of other domains need a grant for. */
  record Salary(long id, double amount) {}

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private Mesh mesh;

  @SuppressWarnings("NullAway.Init") // JUnit opens the connection before each test
  private Connection duckDb;

  @BeforeEach
  void open() throws Exception {
    folder = folder.toRealPath();
    Files.createDirectories(lake());
    mesh = opened(lake());
    sales().registerDomain("sales").owner("sales@example.org").commit();
    duckDb = DriverManager.getConnection("jdbc:duckdb:");
  }

  @AfterEach
  void close() throws SQLException {
    duckDb.close();
    mesh.close();
  }

  private Mesh opened(Path granted) {
    return LocalMesh.builder(folder.resolve("mesh"), Map.of("lake", granted)).open();
  }

  private void reopen(Path granted) {
    mesh.close();
    mesh = opened(granted);
  }

  private Path lake() {
    return folder.resolve("lake");
  }

  private MeshClient sales() {
    return mesh.clientAs(Principal.of("sales", "etl"));
  }

  private void write(Path file, int id) throws Exception {
    Files.createDirectories(file.getParent());
    try (Statement statement = duckDb.createStatement()) {
      statement.execute(
          "COPY (SELECT " + id + "::BIGINT AS id) TO '" + file + "' (FORMAT parquet)");
    }
  }

  private PublishReceipt onboard(String location) {
    return sales().onboard(CLICKS).from(location).commit();
  }

  private void assertRefused(String location, String... messages) {
    assertThatThrownBy(() -> onboard(location))
        .as(location)
        .isInstanceOf(InvalidRequestException.class)
        .satisfies(e -> assertThat(e.getMessage()).contains(messages));
    assertThat(sales().products()).noneMatch(name -> name.toString().equals(CLICKS));
  }

  private List<String> rows() {
    try (Rows<GenericRecord> rows = sales().read(CLICKS).rows()) {
      List<String> all = new ArrayList<>();
      rows.forEach(row -> all.add(String.valueOf(row)));
      return all;
    }
  }

  private Path salaries() throws Exception {
    MeshClient hr = mesh.clientAs(Principal.of("hr", "etl"));
    hr.registerDomain("hr").owner("hr@example.org").commit();
    hr.defineProduct("hr/salaries").contract(Contract.of(Salary.class)).commit();
    hr.publish("hr/salaries").records(List.of(new Salary(1, 9_000))).commit();
    try (Stream<Path> files = Files.walk(folder.resolve("mesh/data"))) {
      return files.filter(file -> file.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
  }

  @Test
  void aUriMeansTheFolderThatItEncodesUnlessOneHasThePercentSigns() throws Exception {
    Path encoded = lake().resolve("a b/Zürich");
    write(encoded.resolve("a.parquet"), 1);
    sales().onboard(CLICKS).from(encoded.toUri().toString()).commit();
    assertThat(sales().read(CLICKS).files()).containsExactly(encoded + "/a.parquet");

    Path literal = lake().resolve("raw/city=%62ern");
    write(literal.resolve("a.parquet"), 2);
    write(lake().resolve("raw/city=bern/b.parquet"), 3);
    sales().onboard("sales/cities").from("file:" + literal).commit();
    assertThat(sales().read("sales/cities").files()).containsExactly(literal + "/a.parquet");
  }

  @Test
  void filesOfTheMeshAreNotOnboardedByAnotherDomain() throws Exception {
    Path file = salaries();
    Path data = folder.resolve("mesh");
    assertThat(file).startsWith(data);
    for (Path start = file; start.startsWith(data); start = start.getParent()) {
      assertRefused(start.toString(), "it contains files of the mesh itself");
    }
    String relative = data.relativize(file.getParent()).toString();
    assertRefused("mesh:/" + relative, "it contains files of the mesh itself");
    assertRefused("file:" + file.getParent(), "it contains files of the mesh itself");
  }

  @Test
  void foldersToWhichLinksOfTheMeshLeadAreItsOwn() throws Exception {
    Path file = salaries();
    mesh.close();
    Path domain = folder.resolve("mesh/data/hr");
    assertThat(file).startsWith(domain);
    Path disk = folder.resolve("lake/disk/hr");
    Files.createDirectories(disk.getParent());
    Files.move(domain, disk);
    Files.createSymbolicLink(domain, disk);
    mesh = opened(lake());

    Path moved = disk.resolve(domain.relativize(file.getParent()));
    for (Path start : List.of(moved, disk, lake())) {
      assertRefused(start.toString(), "it contains files of the mesh itself", disk.toString());
    }
    assertRefused(file.getParent().toString(), "it contains files of the mesh itself");

    write(lake().resolve("clicks/a.parquet"), 1);
    assertThat(onboard("root:lake/clicks").rowsAccepted()).isEqualTo(1);
  }

  @Test
  void foldersInsideTablesOfOtherFormatsAreRefused() throws Exception {
    write(lake().resolve("delta/dt=2026-01-01/a.parquet"), 1);
    Files.createDirectories(lake().resolve("delta/_delta_log"));
    Files.writeString(lake().resolve("delta/_delta_log/0.json"), "{}");
    write(lake().resolve("iceberg/data/part/a.parquet"), 1);
    Files.createDirectories(lake().resolve("iceberg/metadata"));
    Files.writeString(lake().resolve("iceberg/metadata/v1.metadata.json"), "{}");
    write(lake().resolve("hudi/x/y/a.parquet"), 1);
    Files.createDirectories(lake().resolve("hudi/.hoodie"));
    Files.writeString(lake().resolve("hudi/.hoodie/hoodie.properties"), "");

    assertRefused("root:lake/delta", "Delta Lake");
    assertRefused("root:lake/delta/dt=2026-01-01", "Delta Lake");
    assertRefused("root:lake/iceberg/data", "Iceberg");
    assertRefused("root:lake/iceberg/data/part", "Iceberg");
    assertRefused(lake().resolve("hudi/x/y").toString(), "Hudi");

    reopen(lake().resolve("iceberg/data"));
    assertRefused("root:lake", "Iceberg");
    assertRefused("root:lake/part", "Iceberg");
    reopen(lake());

    write(lake().resolve("plain/metadata/a.parquet"), 1);
    assertThat(onboard("root:lake/plain").rowsAccepted()).isEqualTo(1);
  }

  @Test
  void filesOfDeletedRowsOfAnIcebergTableAreRefused() throws Exception {
    write(lake().resolve("vectors/a.parquet"), 1);
    Files.writeString(lake().resolve("vectors/deletes.puffin"), "");
    write(lake().resolve("keys/a.parquet"), 1);
    Path keys = lake().resolve("keys/b.parquet");
    try (Statement statement = duckDb.createStatement()) {
      statement.execute(
          "COPY (SELECT 1::BIGINT AS id) TO '"
              + keys
              + "' (FORMAT parquet, KV_METADATA {'delete-type': 'equality'})");
    }

    assertRefused("root:lake/vectors", "Iceberg");
    assertThatThrownBy(() -> onboard("root:lake/keys"))
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("it lists deleted rows of an Iceberg table");
    Files.delete(keys);
    assertThat(onboard("root:lake/keys").rowsAccepted()).isEqualTo(1);
  }

  @Test
  void aFolderThatIsALinkCanBeRead() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), lake());
    write(lake().resolve("clicks/a.parquet"), 1);
    reopen(link);
    assertThat(onboard(link.resolve("clicks").toString()).rowsAccepted()).isEqualTo(1);
    write(lake().resolve("clicks/b.parquet"), 2);
    assertThat(onboard("root:lake/clicks").rowsAccepted()).isEqualTo(1);
    write(lake().resolve("clicks/c.parquet"), 3);
    assertThat(sales().onboard(CLICKS).refresh().commit().rowsAccepted()).isEqualTo(1);
    assertThat(rows()).hasSize(3);
    reopen(lake());
    assertThat(rows()).hasSize(3);
  }

  @Test
  void linksBelowTheFolderAreRefusedByName() throws Exception {
    write(lake().resolve("clicks/a.parquet"), 1);
    write(folder.resolve("elsewhere/sub/b.parquet"), 2);
    Path link = lake().resolve("clicks/more");
    Files.createSymbolicLink(link, folder.resolve("elsewhere"));
    assertRefused("root:lake/clicks", link.toString());
    assertRefused("root:lake", link.toString());
    assertRefused("root:lake/clicks/more", "outside the read-only root 'lake'");
    assertRefused("root:lake/clicks/more/sub", "outside the read-only root 'lake'");
    assertRefused(link.resolve("sub").toString(), "outside the read-only root 'lake'");
    Files.delete(link);

    Files.createSymbolicLink(link, lake().resolve("clicks"));
    assertRefused("root:lake/clicks/more", "it is a link");
    Files.delete(link);

    Path file = lake().resolve("clicks/c.parquet");
    Files.createSymbolicLink(file, folder.resolve("elsewhere/sub/b.parquet"));
    assertRefused("root:lake/clicks", file.toString());
    Files.delete(file);

    Files.createSymbolicLink(lake().resolve("clicks/_latest"), lake());
    Files.writeString(lake().resolve("clicks/notes.txt"), "");
    Files.createSymbolicLink(lake().resolve("clicks/more.txt"), lake().resolve("clicks/notes.txt"));
    assertThat(onboard("root:lake/clicks").rowsAccepted()).isEqualTo(1);
  }

  @Test
  void aRegisteredFileIsNotReadThroughALinkOutOfTheFolder() throws Exception {
    write(lake().resolve("clicks/a.parquet"), 1);
    onboard("root:lake/clicks");
    Files.move(lake().resolve("clicks"), folder.resolve("moved"));
    Files.createSymbolicLink(lake().resolve("clicks"), folder.resolve("moved"));
    assertThatThrownBy(this::rows).hasMessageContaining("outside the read-only root 'lake'");
  }

  @Test
  void foldersThatOverlapTheMeshThroughLinksAreRefused() throws Exception {
    salaries();
    mesh.close();
    Path inside = Files.createSymbolicLink(folder.resolve("in"), folder.resolve("mesh/data"));
    Path around = Files.createSymbolicLink(folder.resolve("around"), folder);
    Path again = Files.createSymbolicLink(folder.resolve("again"), lake());
    for (Path each : List.of(inside, around)) {
      assertThatThrownBy(() -> opened(each))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("in the mesh's folder or around it");
    }
    assertThatThrownBy(
            () ->
                LocalMesh.builder(folder.resolve("mesh"), Map.of("lake", lake(), "more", again))
                    .open())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("in another one or around it");
    mesh = opened(lake());
  }

  @Test
  void theNameOfTheStartHasAValueToo() throws Exception {
    write(lake().resolve("dt=2026-01-01/a.parquet"), 1);
    write(lake().resolve("dt=2026-02-01/region=x/b.parquet"), 2);
    onboard("root:lake/dt=2026-01-01");
    assertThat(rows()).containsExactly("{\"id\": 1, \"dt\": 20454}");

    assertThatThrownBy(() -> onboard("root:lake/dt=2026-02-01/region=x"))
        .hasMessageContaining("'region'");
    write(lake().resolve("dt=2026-03-01/c.parquet"), 3);
    onboard("root:lake/dt=2026-03-01");
    assertThat(rows())
        .containsExactlyInAnyOrder("{\"id\": 1, \"dt\": 20454}", "{\"id\": 3, \"dt\": 20513}");
    assertThat(sales().read(CLICKS).where("dt = DATE '2026-03-01'").files()).hasSize(1);
  }

  @Test
  void aFolderWithTheValueOfAColumnIsNotOpenedItself() throws Exception {
    Path day = Files.createDirectories(lake().resolve("dt=2026-01-01"));
    mesh.close();
    assertThatThrownBy(() -> opened(day))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("dt=2026-01-01");
    mesh = opened(lake());
  }
}
