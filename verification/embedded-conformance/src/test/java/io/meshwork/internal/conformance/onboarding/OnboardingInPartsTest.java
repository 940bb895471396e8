package io.meshwork.internal.conformance.onboarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshException;
import io.meshwork.error.NotFoundException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.Onboard;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many files are registered in several commits, and a stopped registration continues. */
class OnboardingInPartsTest {
  private static final String VISITS = "commerce/visits";

  record Visit(long id) {}

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private Mesh mesh;

  @BeforeEach
  void open() throws IOException {
    Path lake = Files.createDirectories(folder.resolve("lake"));
    mesh = LocalMesh.builder(folder.resolve("mesh"), Map.of("raw", lake)).open();
    shop().registerDomain("commerce").owner("shop@example.org").commit();
  }

  @AfterEach
  void close() {
    mesh.close();
  }

  private MeshClient shop() {
    return mesh.clientAs(Principal.of("commerce", "etl"));
  }

  private Path file(int number) {
    return folder.resolve("lake/" + String.format("%05d", number) + ".parquet");
  }

  private void write(int number, String select) throws SQLException {
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement()) {
      statement.execute("COPY (SELECT " + select + ") TO '" + file(number) + "' (FORMAT parquet)");
    }
  }

  private Onboard visits() {
    return shop().onboard(VISITS).contract(Contract.of(Visit.class)).from(folder.resolve("lake"));
  }

  private List<Long> ids() {
    try (Rows<GenericRecord> rows = shop().read(VISITS).rows()) {
      return rows.stream().map(row -> (Long) row.get("id")).sorted().toList();
    }
  }

  @Test
  void aStoppedRegistrationContinuesWithoutTheFilesThatItRegistered() throws Exception {
    write(0, "7::BIGINT AS id");
    byte[] content = Files.readAllBytes(file(0));
    for (int i = 1; i < 2000; i++) {
      Files.write(file(i), content);
    }
    List<Long> registered = new ArrayList<>();
    Onboard stopped =
        visits()
            .filesPerCommit(500)
            .onProgress(
                (phase, done, total) -> {
                  if (phase.equals("files")) {
                    registered.add(done);
                    if (done == 1000) {
                      throw new IllegalStateException("stop");
                    }
                  }
                });
    assertThat(visits().filesPerCommit(500).plan().toString()).contains("in 4 commits");
    assertThatThrownBy(stopped::commit)
        .isInstanceOf(MeshException.class)
        .hasMessageContaining("1000 of 2000 files were registered before, and stay registered.");
    assertThat(registered).containsExactly(500L, 1000L);
    assertThat(ids()).hasSize(1000);

    for (int i = 0; i < 1000; i++) {
      Files.write(file(i), new byte[content.length]); // cannot be opened
    }
    registered.clear();
    PublishReceipt receipt =
        visits()
            .filesPerCommit(400)
            .onProgress(
                (phase, done, total) -> {
                  if (phase.equals("files")) {
                    registered.add(done);
                  } else if (phase.equals("footers")) {
                    assertThat(total.orElseThrow()).isLessThanOrEqualTo(1000);
                  }
                })
            .commit();
    assertThat(registered).containsExactly(400L, 800L, 1000L);
    assertThat(receipt.files()).isEqualTo(200);
    PublishReceipt again = visits().filesPerCommit(400).commit();
    assertThat(again.publishId()).isEqualTo(receipt.publishId());
    assertThat(again.replayed()).isTrue();
    for (int i = 0; i < 1000; i++) {
      Files.write(file(i), content);
    }
    assertThat(ids()).hasSize(2000);
  }

  @Test
  void aFooterThatDoesNotFitRefusesAllFilesBeforeTheFirstIsRegistered() throws Exception {
    for (int i = 0; i < 5; i++) {
      write(i, i < 4 ? i + "::BIGINT AS id" : "'x' AS id");
    }
    assertThatThrownBy(() -> visits().filesPerCommit(2).commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContainingAll("00004.parquet", "Nothing was registered.");
    assertThatThrownBy(() -> shop().describe(VISITS)).isInstanceOf(NotFoundException.class);
  }

  @Test
  void rowsThatBreakARuleStopTheRegistrationAtTheirCommit() throws Exception {
    for (int i = 0; i < 6; i++) {
      write(i, (i == 3 ? -1 : i) + "::BIGINT AS id");
    }
    Contract contract = Contract.of(Visit.class).require(Rule.atLeast("id", 0));
    assertThatThrownBy(
            () ->
                shop()
                    .onboard(VISITS)
                    .contract(contract)
                    .from(folder.resolve("lake"))
                    .filesPerCommit(2)
                    .commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContaining("2 of 6 files were registered before, and stay registered.");
    assertThat(ids()).containsExactly(0L, 1L);

    write(3, "3::BIGINT AS id");
    assertThat(shop().onboard(VISITS).refresh().filesPerCommit(2).commit().files()).isEqualTo(2);
    assertThat(ids()).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void filesWithoutRowsDoNotStopTheRegistration() throws Exception {
    for (int i = 0; i < 6; i++) {
      write(i, i + "::BIGINT AS id WHERE " + (i % 3 != 0));
    }
    visits().filesPerCommit(1).commit();
    assertThat(ids()).containsExactly(1L, 2L, 4L, 5L);
    assertThat(visits().filesPerCommit(1).commit().replayed()).isTrue();
    assertThat(ids()).hasSize(4);
  }

  @Test
  void aFileThatIsOverwrittenWithTheSameLengthIsNamed() throws Exception {
    write(0, "7::BIGINT AS id");
    write(1, "8::BIGINT AS id");
    visits().commit();
    byte[] before = Files.readAllBytes(file(0));
    FileTime time = Files.getLastModifiedTime(file(0));
    FileTime later = FileTime.from(time.toInstant().plusSeconds(60));

    Files.write(file(0), before);
    Files.setLastModifiedTime(file(0), later);
    assertThat(shop().onboard(VISITS).refresh().plan().findings()).as("copied again").isEmpty();

    Files.copy(file(1), file(0), StandardCopyOption.REPLACE_EXISTING);
    assertThat(Files.size(file(0))).isEqualTo(before.length);
    Files.setLastModifiedTime(file(0), later);
    assertThat(shop().onboard(VISITS).refresh().plan().findings())
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.code()).isEqualTo(FindingCode.FILE_CHANGED);
              assertThat(finding.where()).isEqualTo("root:raw/00000.parquet");
              assertThat(finding.what()).contains("same length");
            });
  }

  @Test
  void aCommitHasOneFileAtLeast() {
    for (int files : new int[] {0, 25_001}) {
      assertThatThrownBy(() -> shop().onboard(VISITS).filesPerCommit(files))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("1 to 25,000");
    }
  }
}
