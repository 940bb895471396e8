package io.meshwork.internal.conformance.onboarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.Rule;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.NotFoundException;
import io.meshwork.internal.conformance.fixture.WatchedLogs;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.Onboard;
import io.meshwork.publish.Onboard.OnboardPlan;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.testkit.Faults;
import io.meshwork.testkit.Faults.Port;
import io.meshwork.testkit.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A product whose files are registered again, at the same time, or after they changed. */
class OnboardingAgainTest {
  private static final String VISITS = "commerce/visits";

  /** A visit of version 1. */
  record Visit(long id, double amount) {}

  /** A visit of version 2, which breaks the readers of version 1. */
  record VisitOfTwo(long id) {}

  private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:00Z"));

  private final WatchedLogs logs = new WatchedLogs();

  private final Faults faults = Faults.seeded(1);

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private Mesh mesh;

  @SuppressWarnings("NullAway.Init") // JUnit opens the connection before each test
  private Connection duckDb;

  @BeforeEach
  void open() throws Exception {
    Files.createDirectories(lake("a"));
    Files.createDirectories(lake("b"));
    mesh =
        LocalMesh.builder(folder.resolve("mesh"), Map.of("raw", folder.resolve("lake")))
            .clock(clock)
            .testing()
            .sleeper(clock::advance)
            .testing()
            .wrapRegistry(logs::watching)
            .testing()
            .wrapFiles(faults::files)
            .open();
    shop().registerDomain("commerce").owner("shop@example.org").commit();
    duckDb = DriverManager.getConnection("jdbc:duckdb:");
  }

  @AfterEach
  void close() throws SQLException {
    duckDb.close();
    mesh.close();
  }

  @AfterEach
  void everyEntryOfEveryLogFollowsTheSchema() {
    assertThat(logs.faults()).as("entries of logs against docs/schemas/event-1.json").isEmpty();
  }

  private Path lake(String below) {
    return folder.resolve("lake").resolve(below);
  }

  private MeshClient shop() {
    return mesh.clientAs(Principal.of("commerce", "etl"));
  }

  private void write(String file, int from, int to) {
    try (Statement statement = duckDb.createStatement()) {
      statement.execute(
          "COPY (SELECT CAST(i AS BIGINT) AS id, CAST(i * 1.5 AS DOUBLE) AS amount FROM range("
              + from
              + ", "
              + to
              + ") t(i)) TO '"
              + lake(file)
              + "' (FORMAT parquet)");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Onboard visits() {
    return shop().onboard(VISITS).contract(Contract.of(Visit.class));
  }

  private List<Long> ids() {
    try (Rows<GenericRecord> rows = shop().read(VISITS).rows()) {
      return rows.stream().map(row -> (Long) row.get("id")).sorted().toList();
    }
  }

  /** Runs something once, in the first report of a phase. */
  private static Onboard during(Onboard onboard, String phase, Runnable once) {
    AtomicBoolean ran = new AtomicBoolean();
    return onboard.onProgress(
        (now, done, total) -> {
          if (now.equals(phase) && ran.compareAndSet(false, true)) {
            once.run();
          }
        });
  }

  @Test
  void aStoreThatFailsWhileItReadsAFileIsNotADamagedFile() {
    write("a/1.parquet", 0, 10);
    for (Supplier<Onboard> onboarding :
        List.<Supplier<Onboard>>of(this::visits, () -> shop().onboard(VISITS))) {
      int reads = 0;
      for (boolean failed = true; failed; reads++) {
        faults.clear();
        faults.on(Port.FILE_READ).path("**/1.parquet").nth(reads + 1).failBefore();
        failed = isRefusedAsUnreadable(onboarding.get().from(lake("a")));
      }
      assertThat(reads).as("failing reads").isGreaterThan(4);
    }
    assertThat(shop().products()).isEmpty();
  }

  private static boolean isRefusedAsUnreadable(Onboard onboarding) {
    try {
      assertThat(onboarding.plan().isAccepted()).isTrue();
      return false;
    } catch (InvalidRequestException e) {
      assertThat(e.errorCode()).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
      assertThat(e).hasMessageContainingAll("1.parquet", "cannot be read");
      return true;
    }
  }

  @Test
  void aFileThatIsDeletedAfterItWasListedIsUnreadable() {
    write("a/1.parquet", 0, 10);
    write("a/2.parquet", 10, 20);
    faults
        .on(Port.FILE_READ)
        .path("**/1.parquet")
        .nth(1)
        .meanwhile(() -> assertThat(lake("a/2.parquet").toFile().delete()).isTrue());

    assertThatThrownBy(() -> shop().onboard(VISITS).from(lake("a")).plan())
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.errorCode()).isEqualTo(ErrorCode.SOURCE_UNREADABLE))
        .hasMessageContainingAll("2.parquet", "does not exist");
  }

  private List<String> outOfReach(String filter) {
    return shop().erase(VISITS).where(filter).because("asked").withProof().commit().outOfReach();
  }

  @Test
  void anErasureExaminesFilesThatNoSnapshotHas() throws IOException {
    Files.createDirectories(lake("a/day=2026-01-01"));
    write("a/day=2026-01-01/1.parquet", 0, 1);
    write("a/day=2026-01-01/2.parquet", 1, 3);
    shop().onboard(VISITS).from(lake("a")).commit();
    assertThat(outOfReach("id = 0")).anyMatch(line -> line.contains("1.parquet contains the rows"));
    assertThat(ids()).containsExactly(1L, 2L);

    assertThat(outOfReach("id = 0")).anyMatch(line -> line.contains("1.parquet contains the rows"));
    assertThat(outOfReach("id = 7"))
        .as("names of folders, and backups")
        .hasSize(2)
        .noneMatch(line -> line.contains(".parquet"));
    assertThat(outOfReach("day = DATE '2026-01-02'"))
        .as("a file that lacks the column, whose value is in the name of the folder, is named")
        .anyMatch(line -> line.contains("root:raw/a/day=2026-01-01/1.parquet"));
  }

  @Test
  void laterFilesAreNotRegisteredUnderAnotherNameOfTheirFolderThoughTheFirstOnesAreReplaced() {
    write("a/1.parquet", 0, 10);
    visits().from(lake("a")).commit();
    shop().publish(VISITS).replaceAll().records(List.of(new Visit(1, 1))).commit();
    write("a/2.parquet", 10, 15);
    try (Mesh process =
        LocalMesh.builder(folder.resolve("mesh"), Map.of("other", folder.resolve("lake/a")))
            .clock(clock)
            .open()) {
      Onboard later = process.clientAs(Principal.of("commerce", "etl")).onboard(VISITS);
      assertThatThrownBy(() -> later.from(lake("a")).commit())
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContainingAll("root:raw/a", "Nothing was registered");
    }

    assertThat(shop().onboard(VISITS).refresh().commit().rowsAccepted()).isEqualTo(5);
    assertThat(ids()).hasSize(6);
  }

  @Test
  void filesOfARetiredMajorVersionAreNotRegisteredAgain() {
    write("a/1.parquet", 0, 10);
    visits().from(lake("a")).commit();
    shop()
        .startRollout(VISITS)
        .contract(Contract.of(VisitOfTwo.class))
        .because("no amounts")
        .commit();
    shop().rollout(VISITS).announce().commit();
    shop().rollout(VISITS).backFill(Visit.class, row -> new VisitOfTwo(row.id())).commit();
    shop().rollout(VISITS).activate().commit();
    clock.advance(Duration.ofDays(400));
    shop().rollout(VISITS).close().commit();
    shop().rollout(VISITS).retire().commit();
    assertThat(ids()).hasSize(10);

    write("a/2.parquet", 10, 15);
    OnboardPlan plan = shop().onboard(VISITS).ignoreUnknownColumns().refresh().plan();
    assertThat(plan.files()).containsOnlyKeys("root:raw/a/2.parquet");
    PublishReceipt receipt = plan.commit();
    assertThat(receipt.major()).isEqualTo(2);
    assertThat(receipt.rowsAccepted()).isEqualTo(5);
    assertThat(ids()).hasSize(15).doesNotHaveDuplicates();
  }

  @Test
  void concurrentOnboardingsKeepTheOriginsOfBoth() {
    shop().defineProduct(VISITS).contract(Contract.of(Visit.class)).commit();
    write("a/1.parquet", 0, 10);
    write("b/1.parquet", 10, 20);
    Onboard ofA = shop().onboard(VISITS).from(lake("a"));
    during(ofA, "rows", () -> shop().onboard(VISITS).from(lake("b")).commit()).commit();
    assertThat(ids()).hasSize(20);

    write("a/2.parquet", 20, 21);
    write("b/2.parquet", 21, 22);
    assertThat(shop().onboard(VISITS).refresh().commit().rowsAccepted()).isEqualTo(2);
    assertThat(ids()).hasSize(22).doesNotHaveDuplicates();
  }

  @Test
  void aPlanRegistersTheReviewedFilesOnly() {
    write("a/1.parquet", 0, 10);
    AtomicBoolean reviewed = new AtomicBoolean();
    Onboard onboard =
        visits()
            .from(lake("a"))
            .onProgress(
                (phase, done, total) -> {
                  if (reviewed.get() && phase.equals("rows")) {
                    write("a/2.parquet", 10, 20);
                  }
                });
    OnboardPlan plan = onboard.plan();
    reviewed.set(true);
    assertThat(plan.commit().files()).isEqualTo(1);
    assertThat(ids()).hasSize(10);
  }

  @Test
  void aPlanOfOtherFilesIsAConflictAndDefinesNothing() {
    write("a/1.parquet", 0, 10);
    OnboardPlan plan = visits().from(lake("a")).plan();
    write("a/2.parquet", 10, 20);
    assertThatThrownBy(plan::commit)
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("Nothing was changed. Make a new plan");
    assertThatThrownBy(() -> shop().describe(VISITS)).isInstanceOf(NotFoundException.class);
  }

  @Test
  void aPlanThatIsNotAcceptedIsRefused() throws Exception {
    write("a/1.parquet", 0, 10);
    try (Statement statement = duckDb.createStatement()) {
      statement.execute(
          "COPY (SELECT 'x' AS id, 1.0::DOUBLE AS amount) TO '"
              + lake("a/2.parquet")
              + "' (FORMAT parquet)");
    }
    OnboardPlan plan = visits().from(lake("a")).plan();
    assertThat(plan.isAccepted()).isFalse();
    assertThatThrownBy(plan::commit).isInstanceOf(ContractViolationException.class);
    assertThatThrownBy(() -> shop().describe(VISITS)).isInstanceOf(NotFoundException.class);
  }

  @Test
  void aPlanJudgesRulesOnTheTableAsTheCommitAndARejectedOneDefinesNothing() {
    write("a/1.parquet", 0, 10);
    List<Rule> rules =
        List.of(
            Rule.rowCount(100, 200),
            Rule.rowCount(100, 200).scope(Rule.Scope.TABLE),
            Rule.distinctCount("id", 20, null).scope(Rule.Scope.PARTITION));
    for (Rule rule : rules) {
      Contract contract = Contract.of(Visit.class).require(rule);
      OnboardPlan plan = shop().onboard(VISITS).contract(contract).from(lake("a")).plan();
      assertThat(plan.isAccepted()).as("%s", rule).isFalse();
      assertThat(plan.quality().failed())
          .extracting(QualityReport.RuleResult::outcome)
          .containsExactly(QualityReport.Outcome.FAIL);
      assertThatThrownBy(plan::commit)
          .isInstanceOf(ContractViolationException.class)
          .hasMessageContaining("Nothing was published");
      assertThatThrownBy(() -> shop().onboard(VISITS).contract(contract).from(lake("a")).commit())
          .isInstanceOf(ContractViolationException.class);
      assertThatThrownBy(() -> shop().describe(VISITS)).isInstanceOf(NotFoundException.class);
    }
  }

  @Test
  void aPlanOfLaterFilesJudgesTheTableWithThem() {
    Contract few = Contract.of(Visit.class).require(Rule.rowCount(1, 15).scope(Rule.Scope.TABLE));
    write("a/1.parquet", 0, 10);
    shop().onboard(VISITS).contract(few).from(lake("a")).plan().commit();
    write("a/2.parquet", 10, 15);
    write("a/3.parquet", 15, 20);
    OnboardPlan plan = shop().onboard(VISITS).refresh().plan();
    assertThat(plan.isAccepted()).isFalse();
    assertThatThrownBy(plan::commit).isInstanceOf(ContractViolationException.class);
    assertThat(ids()).hasSize(10);
  }

  @Test
  void aRefreshWithoutNewFilesReturnsTheNewestReceipt() throws Exception {
    write("a/1.parquet", 0, 10);
    write("b/1.parquet", 10, 20);
    visits().from(lake("a")).commit();
    PublishReceipt newest = shop().onboard(VISITS).from(lake("b")).commit();
    shop().publish(VISITS).records(List.of(new Visit(100, 1))).commit();

    PublishReceipt refreshed = shop().onboard(VISITS).refresh().commit();
    assertThat(refreshed.publishId()).isEqualTo(newest.publishId());
    assertThat(refreshed.replayed()).isTrue();
    assertThat(shop().onboard(VISITS).refresh().plan().commit().publishId())
        .isEqualTo(newest.publishId());
    assertThat(ids()).hasSize(21);

    write("b/1.parquet", 10, 21);
    assertThatThrownBy(() -> shop().onboard(VISITS).from(lake("b")).commit())
        .isInstanceOf(AlreadyExistsException.class);
  }

  @Test
  void aFileWithoutRowsIsRegisteredOnceItHasSome() {
    write("a/1.parquet", 0, 10);
    write("a/2.parquet", 0, 0);
    assertThat(visits().from(lake("a")).commit().files()).isEqualTo(1);
    assertThat(shop().onboard(VISITS).refresh().commit().replayed()).isTrue();

    write("a/2.parquet", 10, 15);
    assertThat(shop().onboard(VISITS).refresh().commit().rowsAccepted()).isEqualTo(5);
    assertThat(ids()).hasSize(15);
  }

  @Test
  void aFolderWhoseFilesAreAllGoneIsReportedAndOthersAreRefreshed() throws Exception {
    write("a/1.parquet", 0, 10);
    write("b/1.parquet", 10, 20);
    visits().from(lake("a")).commit();
    shop().onboard(VISITS).from(lake("b")).commit();
    Files.delete(lake("a/1.parquet"));
    Files.delete(lake("a"));

    assertThat(shop().onboard(VISITS).refresh().plan().findings())
        .extracting(finding -> finding.code() + " " + finding.where())
        .containsExactly("FILE_MISSING root:raw/a/1.parquet");
    assertThat(shop().onboard(VISITS).refresh().commit().replayed()).isTrue();
    write("b/2.parquet", 20, 25);
    assertThat(shop().onboard(VISITS).refresh().commit().rowsAccepted()).isEqualTo(5);
  }

  @Test
  void aFailureAfterTheDefinitionSaysThatTheProductStays() throws Exception {
    Files.createDirectories(lake("a/more"));
    write("a/1.parquet", 0, 10);
    write("a/more/2.parquet", 10, 20);
    Onboard all = visits().from(lake("a"));
    assertThatThrownBy(
            () -> during(all, "commit", () -> visits().from(lake("a/more")).commit()).commit())
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining(
            "Nothing was registered. The product commerce/visits was defined before, and stays"
                + " defined.");
    assertThat(ids()).hasSize(10);
    assertThat(shop().onboard(VISITS).from(lake("a")).commit().rowsAccepted()).isEqualTo(10);
    assertThat(ids()).hasSize(20).doesNotHaveDuplicates();
  }
}
