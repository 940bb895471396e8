package io.meshwork.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.SortedMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which folders become meshes, and which are rejected. */
class MeshFolderTest {
  @TempDir private Path folder;

  @Test
  void theMarkerOfANewMeshHasIdFormatAndFeatures() throws Exception {
    LocalMesh.open(place()).close();

    JsonNode marker = marker();
    assertThat(UUID.fromString(marker.path("id").asText()).version()).isEqualTo(7);
    assertThat(marker.path("format").asInt()).isEqualTo(1);
    assertThat(marker.path("features").isArray()).isTrue();
    assertThat(marker.path("features")).isEmpty();
    LocalMesh.open(place()).close();
    assertThat(marker()).isEqualTo(marker);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void allFilesArePrivateToTheOwner() throws Exception {
    LocalMesh.open(place()).close();

    assertThat(rights(place())).isEqualTo("rwx------");
    assertThat(rights(place().resolve("registry"))).isEqualTo("rwx------");
    assertThat(rights(place().resolve("mesh.json"))).isEqualTo("rw-------");
  }

  @Test
  void aRejectedPathCreatesNothing() {
    assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"));

    assertThatThrownBy(() -> LocalMesh.open(folder.resolve("what?").resolve("mesh")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("question mark");

    assertThat(folder).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " "})
  void aBlankPathIsRejected(String blank) {
    assumeTrue(blank.isEmpty() || !OS.WINDOWS.isCurrentOs());

    for (Callable<Mesh> door :
        List.<Callable<Mesh>>of(
            () -> LocalMesh.open(Path.of(blank)), () -> LocalMesh.openExisting(Path.of(blank)))) {
      assertThatThrownBy(door::call)
          .isInstanceOfSatisfying(
              InvalidRequestException.class,
              rejected -> assertThat(rejected.errorCode()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
          .hasMessageContainingAll("folder", "blank");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{}",
        "[1]",
        "null",
        "1",
        "no JSON at all",
        "{\"format\":",
        "{\"format\":\"1\",\"features\":[]}",
        "{\"format\":0,\"features\":[]}",
        "{\"format\":1,\"features\":[]}",
        "{\"id\":\"seven\",\"format\":1,\"features\":[]}",
        "{\"id\":\"0193a1b2-0000-7000-8000-000000000000\",\"format\":1}",
        "{\"id\":\"0193a1b2-0000-7000-8000-000000000000\",\"format\":1,\"features\":[1]}",
        "{\"id\":\"0193a1b2-0000-7000-8000-000000000000\",\"format\":1,\"features\":[]} more"
      })
  void anInvalidMarkerIsDamage(String content) throws Exception {
    assertMarkerIsDamage(content.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aMarkerThatIsNotTextIsDamage() throws Exception {
    assertMarkerIsDamage(new byte[] {(byte) 0xff, (byte) 0xfe, 0, (byte) 0xd8, 7});
  }

  @Test
  void aMarkerWithTheIdOfAnotherMeshIsDamage() throws Exception {
    assertMarkerIsDamage(
        "{\"id\":\"0193a1b2-0000-7000-8000-000000000000\",\"format\":1,\"features\":[]}"
            .getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void unsupportedFeaturesAreRejectedByName() throws Exception {
    LocalMesh.open(place()).close();
    Files.writeString(
        place().resolve("mesh.json"),
        "{\"id\":\""
            + marker().path("id").asText()
            + "\",\"format\":1,\"features\":[\"sealed-rows\",\"two-pens\"]}");
    SortedMap<String, String> before = FolderContent.of(place());

    assertThatThrownBy(() -> LocalMesh.open(place()))
        .isInstanceOfSatisfying(
            BackendException.class,
            rejected -> assertThat(rejected.errorCode()).isEqualTo(ErrorCode.REGISTRY_VERSION))
        .hasMessageContainingAll("sealed-rows", "two-pens", "Nothing was written", "newer");

    assertThat(FolderContent.of(place())).isEqualTo(before);
  }

  @Test
  void anInterruptedCreationIsCompletedByTheNextProcess() throws Exception {
    Files.createDirectory(place());
    opensAndIsUsable();

    startOver();
    Files.createDirectories(registry());
    opensAndIsUsable();

    startOver();
    Files.createDirectories(registry());
    Files.createFile(registry().resolve("mesh.db"));
    opensAndIsUsable();

    startOver();
    Files.createDirectories(registry());
    sql(registry().resolve("mesh.db"), "PRAGMA journal_mode = WAL");
    opensAndIsUsable();

    startOver();
    Files.createDirectories(registry());
    SqliteRegistry.open(registry().resolve("mesh.db")).close();
    opensAndIsUsable();

    startOver();
    LocalMesh.open(place()).close();
    String id = marker().path("id").asText();
    Files.move(place().resolve("mesh.json"), place().resolve(".mesh.json.tmp"));
    opensAndIsUsable();
    assertThat(marker().path("id").asText()).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"notes.txt", "registry/notes.txt", "registry/mesh.db.bak", "data/a/b"})
  void aFolderWithOtherContentIsRejected(String file) throws Exception {
    Files.createDirectories(place().resolve(file).getParent());
    Files.writeString(place().resolve(file), "mine");
    SortedMap<String, String> before = FolderContent.of(place());

    assertThatThrownBy(() -> LocalMesh.open(place()))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            rejected -> assertThat(rejected.errorCode()).isEqualTo(ErrorCode.CONFIG_INVALID))
        .hasMessageContainingAll(place().toString(), "Nothing was written");

    assertThat(FolderContent.of(place())).isEqualTo(before);
  }

  @Test
  void anIncompleteMeshIsNotOpenedAsAnExistingOne() throws Exception {
    Files.createDirectories(place().resolve("registry"));
    SortedMap<String, String> before = FolderContent.of(place());

    assertThatThrownBy(() -> LocalMesh.openExisting(place()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("mesh.json");

    assertThat(FolderContent.of(place())).isEqualTo(before);
  }

  @Test
  void aFileIsNotOpenedAsAMesh() throws Exception {
    Files.createDirectories(place().getParent());
    Files.writeString(place(), "not a folder");
    for (ThrowingCallable open :
        List.<ThrowingCallable>of(
            () -> LocalMesh.open(place()), () -> LocalMesh.openExisting(place()))) {
      assertThatThrownBy(open)
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining(place() + ": it is a file. Nothing was written.");
    }
  }

  @Test
  void concurrentCreationsShareOneMesh() throws Exception {
    for (int round = 0; round < 5; round++) {
      Path together = folder.resolve("round-" + round);
      List<Callable<Integer>> openers =
          IntStream.range(0, 8)
              .<Callable<Integer>>mapToObj(
                  i ->
                      () -> {
                        try (Mesh mesh = LocalMesh.open(together)) {
                          client(mesh, "d" + i)
                              .registerDomain("d" + i)
                              .owner("d@example.org")
                              .commit();
                          return i;
                        }
                      })
              .toList();
      ExecutorService executor = Executors.newFixedThreadPool(openers.size());
      try {
        for (Future<Integer> done : executor.invokeAll(openers)) {
          assertThat(done.get()).isBetween(0, 7);
        }
      } finally {
        executor.shutdownNow();
      }
      try (Mesh mesh = LocalMesh.openExisting(together)) {
        for (int i = 0; i < 8; i++) {
          client(mesh, "d" + i).registerDomain("d" + i).owner("d@example.org").commit();
        }
        assertThat(mesh.doctor().findings()).isEmpty();
      }
      assertThat(together).isDirectoryNotContaining("glob:**.tmp");
    }
  }

  /** Root may write everywhere, so this runs for other users only. */
  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aReadOnlyMeshIsRejectedBecauseSqliteMustWrite() throws Exception {
    LocalMesh.open(place()).close();
    Path registry = registry();
    Files.setPosixFilePermissions(registry, PosixFilePermissions.fromString("r-x------"));
    try {
      assumeFalse(Files.isWritable(registry), "this account may write everywhere");

      assertThatThrownBy(() -> LocalMesh.openExisting(place()))
          .isInstanceOfSatisfying(
              BackendException.class,
              rejected -> assertThat(rejected.errorCode()).isEqualTo(ErrorCode.STORAGE_UNWRITABLE))
          .hasMessageContainingAll(registry.toString(), "reading", "locks");
    } finally {
      Files.setPosixFilePermissions(registry, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private void assertMarkerIsDamage(byte[] content) throws IOException {
    LocalMesh.open(place()).close();
    Files.write(place().resolve("mesh.json"), content);
    SortedMap<String, String> before = FolderContent.of(place());

    assertThatThrownBy(() -> LocalMesh.open(place()).close())
        .isInstanceOfSatisfying(
            BackendException.class,
            damaged -> {
              assertThat(damaged.errorCode()).isEqualTo(ErrorCode.REGISTRY_CORRUPT);
              assertThat(damaged.retryable()).isFalse();
            })
        .hasMessageContainingAll("mesh.json", "backup");

    assertThat(FolderContent.of(place())).isEqualTo(before);
  }

  private void opensAndIsUsable() {
    try (Mesh mesh = LocalMesh.open(place())) {
      client(mesh, "lab").registerDomain("lab").owner("lab@example.org").commit();
    }
    try (Mesh mesh = LocalMesh.openExisting(place())) {
      assertThat(mesh.doctor().findings()).isEmpty();
    }
  }

  private int startedOver;

  private void startOver() {
    startedOver++;
  }

  private Path place() {
    return folder.resolve("mesh-" + startedOver);
  }

  private Path registry() {
    return place().resolve("registry");
  }

  private JsonNode marker() throws IOException {
    return new ObjectMapper().readTree(place().resolve("mesh.json").toFile());
  }

  private static MeshClient client(Mesh mesh, String account) {
    return mesh.clientAs(Principal.of(account, "etl"));
  }

  private static String rights(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static void sql(Path file, String command) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute(command);
    }
  }
}
