package io.meshwork.internal.conformance.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.local.LocalMesh;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad inputs on SQLite and local files. */
class BadInputTest extends BadInputSuite {
  @TempDir private Path folder;

  @Override
  protected Mesh.Builder mesh() {
    return LocalMesh.builder(folder.resolve("mesh"));
  }

  private Path registryFile() {
    return folder.resolve("mesh/registry/mesh.db");
  }

  /** Returns all files of the folder with their contents. */
  private Map<String, Integer> folderContent() throws IOException {
    Map<String, Integer> content = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        content.put(folder.relativize(path).toString(), Arrays.hashCode(Files.readAllBytes(path)));
      }
    }
    return content;
  }

  /** Fault plan number 2. */
  @Test
  void aPublishAfterCloseIsRejectedWithTheTimeOfClosing() throws IOException {
    MeshClient shop = defineOrders();
    String closedAt = clock.instant().toString();
    mesh.close();
    Map<String, Integer> before = folderContent();

    assertThatThrownBy(() -> shop.publish(ORDERS).records(Order.range(0, 1)).commit())
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            refused -> assertThat(refused.errorCode()).isEqualTo(ErrorCode.CLOSED))
        .hasMessageContainingAll(ORDERS, closedAt, "Open it again");
    assertThat(folderContent()).isEqualTo(before);
  }

  /** Fault plan number 76. */
  @Test
  void aRegistryOfALaterVersionIsNeitherOpenedNorChanged() throws Exception {
    defineOrders();
    mesh.close();
    sql("PRAGMA user_version = 99");
    assertNotOpened(ErrorCode.REGISTRY_VERSION, "mesh.db", "99", "newer SDK");

    sql("PRAGMA user_version = 1");
    sql(
        "UPDATE document SET json = '{\"format\":7,\"readFeatures\":[\"time-travel\"],"
            + "\"writeFeatures\":[]}' WHERE partition = '_mesh' AND sort = 'format'");
    assertNotOpened(
        ErrorCode.REGISTRY_VERSION, "format 7", "time-travel", "Nothing was changed", "newer");
  }

  /** Fault plan number 76, of the folder. */
  @Test
  void aFolderOfALaterVersionIsNeitherOpenedNorChanged() throws Exception {
    mesh.close();
    Files.writeString(folder.resolve("mesh/mesh.json"), "{\"format\":2,\"features\":[]}");

    assertNotOpened(ErrorCode.REGISTRY_VERSION, "its format is 2", "Nothing was written", "newer");
  }

  /** Fault plan number 77. */
  @Test
  void aTextFileAsRegistryIsNeitherOpenedNorChanged() throws Exception {
    defineOrders();
    mesh.close();
    Files.writeString(registryFile(), "These are my notes, " + CANARY + ".\n".repeat(2_000));

    assertNotOpened(ErrorCode.REGISTRY_CORRUPT, "mesh.db", "was not changed", "backup");
  }

  /** Fault plan number 77. */
  @Test
  void aRegistryWithDamagedPagesIsNotWritten() throws Exception {
    defineOrders();
    mesh.close();
    byte[] content = Files.readAllBytes(registryFile());
    Arrays.fill(content, 100, content.length, (byte) 0x5a);
    Files.write(registryFile(), content);

    assertNotOpened(ErrorCode.REGISTRY_CORRUPT, "mesh.db", "was not changed", "backup");
  }

  /** Fault plan number 77, of the folder. */
  @Test
  void aDamagedMarkerIsNotOverwritten() throws Exception {
    mesh.close();
    Files.writeString(folder.resolve("mesh/mesh.json"), "{\"format\":");

    assertNotOpened(ErrorCode.REGISTRY_CORRUPT, "mesh.json", "Nothing was written", "backup");
  }

  private void assertNotOpened(ErrorCode code, String... expected) throws IOException {
    Map<String, Integer> before = folderContent();

    BackendException refused =
        catchThrowableOfType(
            BackendException.class, () -> LocalMesh.open(folder.resolve("mesh")).close());

    assertThat(refused).isNotNull().hasMessageContainingAll(expected);
    assertThat(refused.errorCode()).isEqualTo(code);
    assertThat(refused.retryable()).isFalse();
    assertThat(refused.getMessage()).doesNotContain(CANARY);
    Map<String, Integer> after = folderContent();
    after.keySet().removeIf(file -> file.endsWith("-shm") || file.endsWith("-wal"));
    before.keySet().removeIf(file -> file.endsWith("-shm") || file.endsWith("-wal"));
    assertThat(after).isEqualTo(before);
  }

  private void sql(String statement) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + registryFile());
        Statement running = connection.createStatement()) {
      running.execute(statement);
    }
  }
}
