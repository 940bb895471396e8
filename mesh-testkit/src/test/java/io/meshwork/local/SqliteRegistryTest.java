package io.meshwork.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Transaction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteRegistryTest {
  private static final Key CARD = new Key("commerce", "product/orders");

  @TempDir private Path folder;

  @Test
  void documentsAreStoredInTheFile() {
    commit("a", CARD, "1");

    try (Registry registry = SqliteRegistry.open(file())) {
      assertThat(registry.read(CARD)).contains(new Document(CARD, "1", "a"));
      assertThat(registry.resolve("commerce", "a")).isEqualTo(Outcome.COMMITTED);
    }
  }

  @Test
  void twoRegistriesOfOneFileShareTheirDocuments() {
    try (Registry one = SqliteRegistry.open(file());
        Registry two = SqliteRegistry.open(file())) {
      one.commit(Transaction.attempt("a").insert(CARD, "1").build());
      two.commit(Transaction.attempt("b").replace(CARD, "2", "a").build());

      assertThat(one.read(CARD)).contains(new Document(CARD, "2", "b"));
    }
  }

  @Test
  void concurrentCreationsShareOneRegistry() throws Exception {
    for (int round = 0; round < 10; round++) {
      Path file = folder.resolve("round" + round).resolve("mesh.db");
      List<Callable<Outcome>> openers =
          java.util.stream.IntStream.range(0, 8)
              .<Callable<Outcome>>mapToObj(
                  i ->
                      () -> {
                        try (Registry registry = SqliteRegistry.open(file)) {
                          return registry.commit(
                              Transaction.attempt("a" + i)
                                  .insert(new Key("d", "k" + i), "1")
                                  .build());
                        }
                      })
              .toList();
      ExecutorService executor = Executors.newFixedThreadPool(8);
      try {
        for (Future<Outcome> outcome : executor.invokeAll(openers)) {
          assertThat(outcome.get()).isEqualTo(Outcome.COMMITTED);
        }
      } finally {
        executor.shutdown();
      }
      try (Registry registry = SqliteRegistry.open(file)) {
        assertThat(registry.list("d", "k", null).documents()).hasSize(8);
      }
    }
  }

  @Test
  void replacedDocumentsStayInTheWriteAheadLogWhileAReaderUsesIt() throws Exception {
    try (SqliteRegistry registry = SqliteRegistry.open(file(), Duration.ofMillis(1))) {
      registry.commit(Transaction.attempt("a").insert(CARD, "\"secret\"").build());
      try (Connection reader = DriverManager.getConnection("jdbc:sqlite:" + file());
          Statement statement = reader.createStatement()) {
        reader.setAutoCommit(false);
        statement.executeQuery("SELECT count(*) FROM document").close();
        registry.commit(Transaction.attempt("b").replace(CARD, "2", "a").build());

        assertThat(registry.dropReplaced(CARD.partition())).isFalse();
      }
      assertThat(registry.dropReplaced(CARD.partition())).isTrue();
      assertThat(Files.size(file().resolveSibling("mesh.db-wal"))).isZero();
      assertThat(Files.readString(file(), StandardCharsets.ISO_8859_1)).doesNotContain("secret");
    }
  }

  @Test
  void theFileHasAWriteAheadLogAndIsPrivateToTheOwner() throws Exception {
    commit("a", CARD, "1");

    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeQuery("PRAGMA journal_mode").getString(1)).isEqualTo("wal");
      assertThat(statement.executeQuery("PRAGMA integrity_check").getString(1)).isEqualTo("ok");
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file().getParent())))
        .isEqualTo("rwx------");
  }

  @Test
  void aRegistryWithPagesOfAnotherSizeIsReadAndWritten() throws Exception {
    Files.createDirectories(file().getParent());
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA page_size = 4096");
      statement.execute("VACUUM");
    }
    String large = "x".repeat(30_000);
    commit("a", CARD, large);

    try (Registry registry = SqliteRegistry.openExisting(file())) {
      registry.commit(Transaction.attempt("b").replace(CARD, large + "y", "a").build());
      assertThat(registry.read(CARD)).contains(new Document(CARD, large + "y", "b"));
    }
    assertThat(pageBytes()).isEqualTo(4_096);
  }

  @Test
  void aNewRegistryHasPagesThatHoldMostDocuments() throws Exception {
    commit("a", CARD, "1");

    assertThat(pageBytes()).isEqualTo(16_384);
  }

  @Test
  void aRegistryWhoseTableHasNoRowIdsIsReadAndWritten() throws Exception {
    Files.createDirectories(file().getParent());
    sql(
        "CREATE TABLE document (partition TEXT NOT NULL COLLATE BINARY, sort TEXT NOT NULL COLLATE"
            + " BINARY, version TEXT NOT NULL, json TEXT NOT NULL, PRIMARY KEY (partition, sort))"
            + " WITHOUT ROWID");
    sql("PRAGMA application_id = " + SqliteFile.APPLICATION_ID);
    sql("PRAGMA user_version = " + SqliteFile.LAYOUT);
    String large = "x".repeat(30_000);
    commit("a", CARD, large);

    try (Registry registry = SqliteRegistry.openExisting(file())) {
      registry.commit(Transaction.attempt("b").replace(CARD, large + "y", "a").build());
      assertThat(registry.read(CARD)).contains(new Document(CARD, large + "y", "b"));
    }
    assertThat(planOfSearch())
        .isEqualTo("SEARCH document USING PRIMARY KEY (partition=? AND sort=?)");
  }

  @Test
  void aSearchPassesKeysAndNoDocuments() throws Exception {
    commit("a", CARD, "1");

    assertThat(planOfSearch())
        .isEqualTo(
            "SEARCH document USING INDEX sqlite_autoindex_document_1 (partition=? AND sort=?)");
  }

  private String planOfSearch() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = connection.createStatement()) {
      return statement
          .executeQuery(
              "EXPLAIN QUERY PLAN SELECT json FROM document WHERE partition = 'a' AND sort = 'b'")
          .getString("detail");
    }
  }

  private int pageBytes() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = connection.createStatement()) {
      return statement.executeQuery("PRAGMA page_size").getInt(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"delete, 2", "memory, 2", "wal, 1", "wal, 0"})
  void aJournalModeOrSyncLevelThatMayLoseCommitsIsRejected(String journal, int synchronous) {
    assertThatThrownBy(() -> SqliteFile.requireDurable(file(), journal, synchronous))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            rejected -> assertThat(rejected.errorCode()).isEqualTo(ErrorCode.CONFIG_INVALID))
        .hasMessageContainingAll(journal, Integer.toString(synchronous), "FULL");
  }

  @Test
  void aFileWithoutWriteAheadLogModeIsSwitchedToIt() throws Exception {
    commit("a", CARD, "1");
    sql("PRAGMA journal_mode = DELETE");

    commit("b", new Key("commerce", "other"), "2");

    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = connection.createStatement()) {
      assertThat(statement.executeQuery("PRAGMA journal_mode").getString(1)).isEqualTo("wal");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.51.3", "3.51.10", "3.54.1", "4.0.0", "3.52"})
  void supportedSqliteVersionsAreAccepted(String found) {
    org.assertj.core.api.Assertions.assertThatCode(() -> SqliteFile.requireVersion(found))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.51.2", "3.50.4", "3.7.17", "2.8.0", "3.51"})
  void olderSqliteVersionsAreRejected(String found) {
    assertThatThrownBy(() -> SqliteFile.requireVersion(found))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            rejected -> assertThat(rejected.errorCode()).isEqualTo(ErrorCode.CONFIG_INVALID))
        .hasMessageContainingAll(found, "3.51.3");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15, 99, 600, 5_000, 100_000})
  void aTextFileIsRejectedAndNotChanged(int length) throws Exception {
    byte[] text =
        "these are notes, "
            .repeat(length / 17 + 1)
            .substring(0, length)
            .getBytes(StandardCharsets.UTF_8);
    assertRejectedAsCorrupt(text);
  }

  @Test
  void aFileOfZerosIsRejectedAndNotChanged() throws Exception {
    assertRejectedAsCorrupt(new byte[8_192]);
  }

  @Test
  void aTruncatedRegistryIsRejectedAndNotChanged() throws Exception {
    for (int i = 0; i < 50; i++) {
      commit("a" + i, new Key("commerce", "k/" + i), "\"" + "x".repeat(2_000) + "\"");
    }
    byte[] whole = Files.readAllBytes(file());

    assertRejectedAsCorrupt(Arrays.copyOf(whole, whole.length / 2));
  }

  @Test
  void aDamagedPageIsReportedWhenItIsRead() throws Exception {
    for (int i = 0; i < 50; i++) {
      commit("a" + i, new Key("commerce", "k/" + i), "\"" + "x".repeat(2_000) + "\"");
    }
    int behindRoot = 2 * pageBytes();
    byte[] bytes = Files.readAllBytes(file());
    Arrays.fill(bytes, behindRoot, bytes.length, (byte) 0x5a);
    Files.write(file(), bytes);

    try (Registry registry = SqliteRegistry.open(file())) {
      assertThatThrownBy(() -> registry.list("commerce", "", null))
          .satisfies(failure -> assertCorrupt((Exception) failure));
      assertThatThrownBy(() -> registry.commit(Transaction.attempt("z").insert(CARD, "1").build()))
          .satisfies(failure -> assertCorrupt((Exception) failure));
      assertThat(registry.resolve("commerce", "z")).isEqualTo(Outcome.UNKNOWN);
    }
  }

  @Test
  void aDatabaseOfAnotherApplicationIsRejectedAndNotChanged() throws Exception {
    sql("CREATE TABLE theirs (x)");

    assertRejectedAsCorrupt(Files.readAllBytes(file()));
  }

  @Test
  void aNewerLayoutIsRejected() throws Exception {
    commit("a", CARD, "1");
    sql("PRAGMA user_version = 7");

    assertThatThrownBy(() -> SqliteRegistry.open(file()))
        .isInstanceOfSatisfying(
            BackendException.class,
            rejected -> {
              assertThat(rejected.errorCode()).isEqualTo(ErrorCode.REGISTRY_VERSION);
              assertThat(rejected.retryable()).isFalse();
            })
        .hasMessageContainingAll("7", "supports 1");
  }

  @Test
  void aFolderThatCannotBeCreatedIsUnwritableStorage() throws Exception {
    Files.writeString(folder.resolve("registry"), "a file where the folder should be");

    assertThatThrownBy(() -> SqliteRegistry.open(file()))
        .isInstanceOfSatisfying(
            BackendException.class,
            rejected -> assertThat(rejected.errorCode()).isEqualTo(ErrorCode.STORAGE_UNWRITABLE))
        .hasMessageContaining(file().toString());
  }

  @Test
  void aFolderInPlaceOfTheFileIsUnwritableStorage() throws Exception {
    Files.createDirectories(file());

    assertThatThrownBy(() -> SqliteRegistry.open(file()))
        .isInstanceOfSatisfying(
            BackendException.class,
            rejected -> assertThat(rejected.errorCode()).isEqualTo(ErrorCode.STORAGE_UNWRITABLE))
        .hasMessageContainingAll(file().toString(), "SQLITE_CANTOPEN");
  }

  @Test
  void aPathWithAQuestionMarkIsRejectedBecauseTheDriverTruncatesIt() {
    assertThatThrownBy(() -> SqliteRegistry.open(folder.resolve("a?b").resolve("mesh.db")))
        .isInstanceOf(InvalidRequestException.class);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void anInterruptedWriterFailsAndKeepsTheInterruptFlag() throws Exception {
    try (Registry registry = SqliteRegistry.open(file())) {
      Thread.currentThread().interrupt();

      assertThatThrownBy(() -> registry.commit(Transaction.attempt("a").insert(CARD, "1").build()))
          .isInstanceOfSatisfying(
              BackendException.class,
              stopped -> assertThat(stopped.errorCode()).isEqualTo(ErrorCode.INTERRUPTED));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(registry.read(CARD)).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nfs",
        "nfs4",
        "NFS4",
        "cifs",
        "smb3",
        "smbfs",
        "fuse.glusterfs",
        "ceph",
        "lustre",
        "afpfs",
        "webdav"
      })
  void networkFileSystemsAreRecognized(String type) {
    assertThat(LocalDisk.unsafety(type)).contains("network", type);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9p",
        "drvfs",
        "fakeowner",
        "fuse.grpcfuse",
        "fuse.osxfs",
        "osxfs",
        "prl_fs",
        "vboxsf",
        "virtiofs",
        "vmhgfs",
        "fuse.vmhgfs-fuse"
      })
  void foldersThatAHostSharesAreRecognized(String type) {
    assertThat(LocalDisk.unsafety(type)).contains("a host shares", type);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "macfuse",
        "osxfuse",
        "fuse",
        "fuse.sshfs",
        "fuse.s3fs",
        "fuse.rclone",
        "fuse.unknown"
      })
  void unknownFileSystemsInUserSpaceAreRecognized(String type) {
    assertThat(LocalDisk.unsafety(type)).contains("user space", type);
  }

  @Test
  void aRegistryOnANetworkFileSystemIsRejected() {
    assertThatThrownBy(() -> LocalDisk.requireLocal(file(), "nfs4"))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            rejected -> assertThat(rejected.errorCode()).isEqualTo(ErrorCode.CONFIG_INVALID))
        .hasMessageContainingAll(
            "nfs4", "locks do not work", "Nothing was created", "Use a local disk");
    assertThat(file()).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ext4",
        "ext2/ext3",
        "xfs",
        "btrfs",
        "zfs",
        "tmpfs",
        "overlay",
        "apfs",
        "hfs",
        "NTFS",
        "fuseblk",
        "fuse.fuse-overlayfs",
        "fuse.bindfs",
        "f2fs",
        ""
      })
  void localFileSystemsAreAccepted(String type) {
    assertThat(LocalDisk.unsafety(type)).isNull();
  }

  /** In a chroot, the root folder has no entry among the mounts. */
  @Test
  void aFolderWithoutAMountIsUsed(@TempDir Path folder) {
    String type =
        LocalDisk.type(
            folder.resolve("mesh.db"),
            path -> {
              throw new IOException("Mount point not found in fstab");
            });

    assertThat(LocalDisk.unsafety(type)).isNull();
  }

  @Test
  void aFolderWhoseFileSystemCannotBeReadIsNotUsed(@TempDir Path folder) {
    Path file = folder.resolve("mesh.db");

    assertThatThrownBy(
            () ->
                LocalDisk.type(
                    file,
                    path -> {
                      throw new FileSystemException(path.toString(), null, "Input/output error");
                    }))
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.STORAGE_UNWRITABLE))
        .hasMessageContainingAll(file.toString(), "FileSystemException");
  }

  /** A file whose folders do not exist yet will be on the file system of the nearest one. */
  @Test
  void theTypeOfANewFileIsThatOfTheNearestFolder(@TempDir Path folder) {
    assertThat(LocalDisk.type(folder.resolve("new/mesh.db"), Path::toString))
        .isEqualTo(folder.toString());
    assertThat(LocalDisk.type(Path.of("new.db"), Path::toString))
        .isEqualTo(Path.of("").toAbsolutePath().toString());
  }

  private void assertRejectedAsCorrupt(byte[] content) throws Exception {
    Files.createDirectories(file().getParent());
    Files.write(file(), content);

    assertThatThrownBy(() -> SqliteRegistry.open(file()))
        .satisfies(failure -> assertCorrupt((Exception) failure));

    assertThat(Files.readAllBytes(file())).isEqualTo(content);
    assertThat(file().getParent()).isDirectoryNotContaining("glob:**-{wal,shm,journal}");
  }

  private void assertCorrupt(Exception failure) {
    assertThat(failure)
        .isInstanceOfSatisfying(
            BackendException.class,
            corrupt -> {
              assertThat(corrupt.errorCode()).isEqualTo(ErrorCode.REGISTRY_CORRUPT);
              assertThat(corrupt.retryable()).isFalse();
            })
        .hasMessageContainingAll(file().toString(), "estore", "docs/operating.md");
    assertThat(((MeshException) failure).getMessage()).doesNotContain("SELECT", "PRAGMA");
  }

  private void commit(String attempt, Key key, String json) {
    try (Registry registry = SqliteRegistry.open(file(), Duration.ofSeconds(5))) {
      assertThat(registry.commit(Transaction.attempt(attempt).insert(key, json).build()))
          .isEqualTo(Outcome.COMMITTED);
    }
  }

  private void sql(String command) throws Exception {
    Files.createDirectories(file().getParent());
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement statement = connection.createStatement()) {
      statement.execute(command);
    }
  }

  private Path file() {
    return folder.resolve("registry").resolve("mesh.db");
  }
}
