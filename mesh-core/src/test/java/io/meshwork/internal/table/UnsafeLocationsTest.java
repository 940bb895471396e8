package io.meshwork.internal.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.VersionedDocument;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.iceberg.LocationProviders;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.BulkDeletionFailureException;
import org.apache.iceberg.io.FileIO;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Locations in pointers and metadata outside the root of the mesh. */
class UnsafeLocationsTest {
  @TempDir private Path folder;
  private TableFixture fixture;
  private Path outside;

  @BeforeEach
  void createTables() throws IOException {
    fixture = new TableFixture(folder.resolve("mesh"));
    fixture.createBoth();
    fixture.publish("first", 1, 1);
    outside = Files.createDirectory(folder.resolve("outside"));
  }

  @Test
  void metadataOutsideTheRootIsNotRead() throws Exception {
    Path target = outside.resolve("00001-secret.metadata.json");
    Files.copy(metadata(), target);
    VersionedDocument pointer = fixture.mesh.ledger.read(fixture.rows.key()).orElseThrow();
    ObjectNode json = pointer.json().put("metadataLocation", target.toString());
    fixture.mesh.registry.tamper(fixture.rows.key(), DocumentJson.write(json));

    assertRejectedWithoutAccess();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/../outside", "/data/../../outside", "-twin/data"})
  void aTableFolderOutsideTheRootIsNotRead(String wayOut) throws Exception {
    editMetadata(
        "\"location\":\"" + fixture.tables.location(fixture.rows) + "\"",
        "\"location\":\"" + folder.resolve("mesh") + wayOut + "\"");

    assertRejectedWithoutAccess();
  }

  @Test
  void dataIsNotWrittenOutsideTheRoot() throws Exception {
    editMetadata(
        "\"properties\":{", "\"properties\":{\"write.data.path\":\"" + outside + "/data\",");
    Table table = fixture.tables.load(fixture.rows);
    String location =
        LocationProviders.locationsFor(table.location(), table.properties())
            .newDataLocation("x.parquet");

    assertUnsafe(() -> fixture.tables.files().newOutputFile(location));

    assertThat(location).startsWith(outside.toString());
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  void previousMetadataOutsideTheRootIsNotDeleted() throws Exception {
    Path precious = Files.writeString(outside.resolve("precious.metadata.json"), "{}");
    for (int i = 0; i < 19; i++) {
      fixture.publish("early-" + i, 1, 1);
    }
    Path metadata = metadata();
    String oldest = oldestOf(Files.readString(metadata));
    editMetadata("\"metadata-file\":\"" + oldest + "\"", "\"metadata-file\":\"" + precious + "\"");

    for (int i = 0; i < 3; i++) {
      fixture.publish("late-" + i, 1, 1);
    }

    assertThat(precious).exists();
    assertThat(fixture.publishes(fixture.rows)).hasSize(23);
  }

  @ParameterizedTest
  @CsvSource({
    "/mesh, /mesh/data/a, true",
    "/mesh, file:/mesh/data/a, true",
    "/mesh, file:///mesh/data/a, true",
    "file:/mesh, /mesh/data/a, true",
    "/mesh, /mesh/data/a..b, true",
    "s3://bucket/mesh, s3://bucket/mesh/data/a, true",
    "/mesh, /mesh, false",
    "/mesh, /mesh-twin/data/a, false",
    "/mesh, /other/mesh/a, false",
    "/mesh, mesh/data/a, false",
    "/mesh, /mesh/../other, false",
    "/mesh, /mesh/data/./a, false",
    "/mesh, /mesh/data/.., false",
    "/mesh, '/mesh/data\\..\\..\\a', false",
    "/mesh, file://host/mesh/data/a, false",
    "/mesh, s3://bucket/mesh/data/a, false",
    "s3://bucket/mesh, s3://other/mesh/data/a, false",
    "s3://bucket/mesh, /mesh/data/a, false"
  })
  void aLocationIsBelowTheRootIfNoSegmentLeavesIt(String root, String location, boolean contained) {
    assertThat(RootedFileIO.isBelow(root, location)).isEqualTo(contained);
  }

  @Test
  void theCopyOfAnEngineWritesBelowTheRootsThatWereKnownOnly() throws Exception {
    DataPlaces places =
        new DataPlaces(new Catalog(fixture.mesh.ledger), folder.resolve("mesh") + "/");
    places.known().add(folder.resolve("place").toString());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(over(new LocalFileIO(), places));
    }
    FileIO copy;
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      copy = (FileIO) in.readObject();
    }

    for (String root : List.of("mesh", "place")) {
      copy.newOutputFile(folder.resolve(root) + "/data/x").create().close();
      assertThat(folder.resolve(root + "/data/x")).exists();
    }
    assertUnsafe(() -> copy.newOutputFile(outside + "/x"));
  }

  @Test
  void aBulkDeleteSkipsAndCountsFilesOutsideTheRoot() throws Exception {
    Path root = folder.resolve("mesh");
    Path inside = Files.writeString(root.resolve("old"), "old");
    Path precious = Files.writeString(outside.resolve("precious"), "precious");
    RootedFileIO files = over(fixture.files, fixture.tables.places());

    assertThatThrownBy(
            () ->
                files.deleteFiles(
                    List.of(
                        precious.toString(), inside.toString(), root.resolve("gone").toString())))
        .isInstanceOfSatisfying(
            BulkDeletionFailureException.class,
            failed -> assertThat(failed.numberFailedObjects()).isEqualTo(1));

    assertThat(inside).doesNotExist();
    assertThat(precious).exists();
    assertUnsafe(() -> files.deleteFile(precious.toString()));
  }

  private void assertRejectedWithoutAccess() throws IOException {
    SortedMap<String, Long> before = files();
    assertUnsafe(() -> fixture.tables.load(fixture.rows));
    assertUnsafe(() -> fixture.publish("second", 1, 1));
    SortedMap<String, Long> after = files();
    after.keySet().removeIf(file -> file.contains("second"));
    assertThat(after).isEqualTo(before);
  }

  private void assertUnsafe(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            BackendException.class,
            unsafe -> {
              assertThat(unsafe.errorCode()).isEqualTo(ErrorCode.UNSAFE_PATH);
              assertThat(unsafe.retryable()).isFalse();
            })
        .hasMessageContainingAll("outside the root", "backup")
        .hasMessageNotContaining("secret")
        .hasMessageNotContaining(folder.toString());
  }

  private SortedMap<String, Long> files() throws IOException {
    SortedMap<String, Long> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        files.put(path.toString(), Files.size(path));
      }
    }
    return files;
  }

  private Path metadata() {
    VersionedDocument pointer = fixture.mesh.ledger.read(fixture.rows.key()).orElseThrow();
    return Path.of(pointer.json().path("metadataLocation").asText());
  }

  private void editMetadata(String from, String to) throws IOException {
    String json = Files.readString(metadata());
    assertThat(json).contains(from);
    Files.writeString(metadata(), json.replace(from, to));
    fixture.reopen();
  }

  private static String oldestOf(String json) {
    String start = "\"metadata-file\":\"";
    int at = json.indexOf(start) + start.length();
    return json.substring(at, json.indexOf('"', at));
  }

  private RootedFileIO over(FileIO files, DataPlaces places) {
    return RootedFileIO.over(files, places, new PlaceGuard(fixture.mesh.ledger, files, places));
  }
}
