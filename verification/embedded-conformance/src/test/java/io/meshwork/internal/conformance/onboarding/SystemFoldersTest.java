package io.meshwork.internal.conformance.onboarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.Onboard.OnboardPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Folders that operating systems create on a disk hold no data, and none stops an onboarding. */
class SystemFoldersTest {
  private static final String CLICKS = "commerce/clicks";
  private static final List<String> NAMES =
      List.of(
          "$RECYCLE.BIN",
          "System Volume Information",
          "lost+found",
          ".Trash-1000",
          ".Trashes",
          ".Spotlight-V100",
          ".fseventsd");

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit fills it before each test
  private Connection duckDb;

  @BeforeEach
  void open() throws Exception {
    Files.createDirectories(lake());
    duckDb = DriverManager.getConnection("jdbc:duckdb:");
  }

  @AfterEach
  void close() throws SQLException {
    duckDb.close();
  }

  private Path lake() {
    return folder.resolve("lake");
  }

  private void write(Path file, int from, int to) throws Exception {
    Files.createDirectories(file.getParent());
    try (Statement statement = duckDb.createStatement()) {
      statement.execute(
          "COPY (SELECT i AS id FROM range("
              + from
              + ", "
              + to
              + ") t(i)) TO '"
              + file
              + "' "
              + "(FORMAT parquet)");
    }
  }

  private Mesh mesh() {
    return LocalMesh.builder(folder.resolve("mesh"), Map.of("lake", lake())).open();
  }

  private static MeshClient shop(Mesh mesh) {
    return mesh.clientAs(Principal.of("commerce", "etl"));
  }

  private static long rows(Mesh mesh) {
    try (Rows<GenericRecord> rows = shop(mesh).read(CLICKS).rows()) {
      return rows.stream().count();
    }
  }

  @Test
  void filesInFoldersOfOperatingSystemsAreNotOnboarded() throws Exception {
    write(lake().resolve("a.parquet"), 0, 10);
    for (String name : NAMES) {
      write(lake().resolve(name).resolve("S-1-5-21/deleted.parquet"), 100, 120);
      Files.createDirectories(lake().resolve(name).resolve("old/_delta_log"));
      Files.writeString(lake().resolve(name).resolve("old/_delta_log/0.json"), "{}");
      Files.createSymbolicLink(lake().resolve(name).resolve("link.parquet"), folder);
    }
    try (Mesh mesh = mesh()) {
      shop(mesh).registerDomain("commerce").owner("shop@example.org").commit();
      OnboardPlan plan = shop(mesh).onboard(CLICKS).from(lake()).plan();
      assertThat(plan.isAccepted()).as(plan.toString()).isTrue();
      assertThat(plan.files()).hasSize(1);
      assertThat(plan.findings()).isEmpty();
      plan.commit();
      assertThat(rows(mesh)).isEqualTo(10);
      assertThat(mesh.doctor().problems()).isEmpty();
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX) // where a path that is too long for the system can be made
  void aFolderThatCannotBeReadIsAFindingAndOtherFilesAreRegistered() throws Exception {
    write(lake().resolve("a.parquet"), 0, 10);
    Path unreadable = unreadable(lake().resolve("b"));
    Path readable = lake().resolve("c");
    try (Mesh mesh = mesh()) {
      shop(mesh).registerDomain("commerce").owner("shop@example.org").commit();
      OnboardPlan plan = shop(mesh).onboard(CLICKS).from(lake()).plan();

      assertThat(plan.isAccepted()).as(plan.toString()).isTrue();
      assertThat(plan.findings())
          .extracting(finding -> finding.code())
          .containsExactly(FindingCode.FOLDER_UNREADABLE);
      assertThat(plan.findings().get(0).samples())
          .allMatch(sample -> sample.startsWith("root:lake/b/"));
      plan.commit();
      assertThat(rows(mesh)).isEqualTo(10);
    } finally {
      Files.move(unreadable, readable); // otherwise it cannot be deleted
    }
    try (Mesh mesh = mesh()) {
      write(readable.resolve("later.parquet"), 10, 15);
      OnboardPlan later = shop(mesh).onboard(CLICKS).refresh().plan();
      assertThat(later.findings()).isEmpty();
      later.commit();
      assertThat(rows(mesh)).isEqualTo(15);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX) // where a path that is too long for the system can be made
  void aLogOfAnotherFormatThatCannotBeReadStillRefusesItsTable() throws Exception {
    write(lake().resolve("a.parquet"), 0, 10);
    Path unreadable = unreadable(lake().resolve("_delta_log"));
    try (Mesh mesh = mesh()) {
      shop(mesh).registerDomain("commerce").owner("shop@example.org").commit();
      assertThatThrownBy(() -> shop(mesh).onboard(CLICKS).from(lake()).commit())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("Delta Lake");
    } finally {
      Files.move(unreadable, folder.resolve("readable"));
    }
  }

  /**
   * Creates a folder that cannot be read, not even by an administrator: its path is too long.
   *
   * @return the folder around it, whose path is just short enough
   */
  private Path unreadable(Path start) throws Exception {
    Path outer = deep(start);
    Path inner = deep(folder.resolve("inner"));
    Files.createDirectories(inner);
    Files.createDirectories(outer);
    return Files.move(folder.resolve("inner"), outer.resolve("inner"));
  }

  private static Path deep(Path start) {
    Path path = start;
    for (int i = 0; i < 12; i++) {
      path = path.resolve("d".repeat(200));
    }
    return path;
  }

  @Test
  void aMeshAndABackupBeginInAFolderThatHasOnlyThese() throws Exception {
    Path target = folder.resolve("backup");
    for (String name : NAMES) {
      Files.createDirectories(folder.resolve("mesh").resolve(name));
      Files.createDirectories(target.resolve(name));
    }
    try (Mesh mesh = mesh()) {
      shop(mesh).registerDomain("commerce").owner("shop@example.org").commit();
      assertThat(mesh.doctor().problems()).isEmpty();
    }
    assertThat(LocalMesh.backUp(folder.resolve("mesh"), target).damage()).isEmpty();
  }
}
