package io.meshwork.internal.conformance.onboarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Read;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.error.BackendException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.conformance.fixture.WatchedLogs;
import io.meshwork.local.LocalMesh;
import io.meshwork.maintenance.Maintain;
import io.meshwork.product.Principal;
import io.meshwork.publish.Erase;
import io.meshwork.publish.Onboard.OnboardPlan;
import io.meshwork.publish.PublishReceipt;
import io.meshwork.publish.PublishReceipt.PublishMode;
import io.meshwork.testkit.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of DuckDB become rows of a product where they are, or are refused. */
class OnboardingOnDiskTest {
  private static final String CLICKS = "commerce/clicks";

  /** A visit; {@code country} may be null. */
  record Click(long id, double amount, Optional<String> country) {}

  private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:00Z"));

  private final WatchedLogs logs = new WatchedLogs();

  @TempDir private Path folder;

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private Mesh mesh;

  @SuppressWarnings("NullAway.Init") // JUnit opens the connection before each test
  private Connection duckDb;

  @BeforeEach
  void open() throws Exception {
    Files.createDirectories(raw());
    mesh = reopen();
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

  private Mesh reopen() {
    return LocalMesh.builder(folder.resolve("mesh"), Map.of("raw", folder.resolve("lake")))
        .clock(clock)
        .testing()
        .sleeper(clock::advance)
        .testing()
        .wrapRegistry(logs::watching)
        .open();
  }

  private Path raw() {
    return folder.resolve("lake/clicks");
  }

  private MeshClient shop() {
    return mesh.clientAs(Principal.of("commerce", "etl"));
  }

  private void write(String file, String select) throws Exception {
    write(file, select, "");
  }

  private void write(String file, String select, String options) throws Exception {
    try (Statement statement = duckDb.createStatement()) {
      statement.execute(
          "COPY (" + select + ") TO '" + raw().resolve(file) + "' (FORMAT parquet" + options + ")");
    }
  }

  /** Rows whose columns have another order, a narrower type, and no field IDs. */
  private void writeClicks(String file, int from, int to) throws Exception {
    write(
        file,
        "SELECT CASE WHEN i % 3 = 0 THEN NULL ELSE 'c' || i END AS country, CAST(i AS INTEGER) AS"
            + " id, CAST(i * 1.5 AS DOUBLE) AS amount FROM range("
            + from
            + ", "
            + to
            + ") t(i)");
  }

  private Map<String, String> lake() throws IOException {
    Map<String, String> state = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(folder.resolve("lake"))) {
      paths
          .filter(Files::isRegularFile)
          .forEach(
              path -> {
                try {
                  FileTime time = Files.getLastModifiedTime(path);
                  state.put(path.toString(), Files.size(path) + " " + time);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
    return state;
  }

  private List<Click> read() {
    return read("true");
  }

  private List<Click> read(String filter) {
    Read<Click> read = shop().read(CLICKS).as(Click.class);
    try (Rows<Click> rows = (filter.equals("true") ? read : read.where(filter)).rows()) {
      List<Click> all = new ArrayList<>();
      rows.forEach(all::add);
      return all;
    }
  }

  private static List<Click> clicks(int from, int to) {
    List<Click> all = new ArrayList<>();
    for (int i = from; i < to; i++) {
      all.add(new Click(i, i * 1.5, i % 3 == 0 ? Optional.empty() : Optional.of("c" + i)));
    }
    return all;
  }

  private PublishReceipt onboard() {
    return shop().onboard(CLICKS).contract(Contract.of(Click.class)).from(raw()).commit();
  }

  @Test
  void filesWithoutFieldIdsBecomeRowsWithoutACopy() throws Exception {
    writeClicks("a.parquet", 0, 1000);
    writeClicks("b.parquet", 1000, 1500);
    Map<String, String> before = lake();

    OnboardPlan plan = shop().onboard(CLICKS).contract(Contract.of(Click.class)).from(raw()).plan();
    assertThat(plan.isAccepted()).as(plan.toString()).isTrue();
    assertThat(plan.files()).hasSize(2);
    assertThat(plan.files()).containsKey("root:raw/clicks/a.parquet");
    PublishReceipt receipt = plan.commit();

    assertThat(receipt.mode()).isEqualTo(PublishMode.ONBOARD);
    assertThat(receipt.rowsAccepted()).isEqualTo(1500);
    assertThat(receipt.files()).isEqualTo(2);
    assertThat(read()).containsExactlyElementsOf(clicks(0, 1500));
    assertThat(read("id >= 990 AND id < 1010")).containsExactlyElementsOf(clicks(990, 1010));
    assertThat(read("country IS NULL")).hasSize(500);
    assertThat(shop().read(CLICKS).files())
        .containsExactly(
            raw().resolve("a.parquet").toString(), raw().resolve("b.parquet").toString());
    try (Stream<Path> own = Files.walk(folder.resolve("mesh/data"))) {
      assertThat(own.filter(path -> path.toString().endsWith(".parquet"))).isEmpty();
    }
    assertThat(lake()).isEqualTo(before);
  }

  @Test
  void onboardingAgainReturnsTheReceiptAndLaterFilesAreAdded() throws Exception {
    writeClicks("a.parquet", 0, 10);
    PublishReceipt first = onboard();

    PublishReceipt again = onboard();
    assertThat(again.publishId()).isEqualTo(first.publishId());
    assertThat(again.replayed()).isTrue();
    assertThat(read()).hasSize(10);

    writeClicks("b.parquet", 10, 30);
    PublishReceipt later = shop().onboard(CLICKS).from("root:raw/clicks").commit();
    assertThat(later.rowsAccepted()).isEqualTo(20);
    assertThat(read()).containsExactlyElementsOf(clicks(0, 30));

    Files.createDirectories(raw().resolve("more"));
    assertThatThrownBy(() -> shop().onboard(CLICKS).from(raw().resolve("more")).commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("no file that ends in .parquet");
    Files.delete(raw().resolve("b.parquet"));
    Files.copy(raw().resolve("a.parquet"), raw().resolve("more/c.parquet"));
    assertThat(shop().onboard(CLICKS).from(raw().resolve("more")).commit().rowsAccepted())
        .isEqualTo(10);
    Files.delete(raw().resolve("more/c.parquet"));
    writeClicks("b.parquet", 10, 31);
    assertThatThrownBy(() -> shop().onboard(CLICKS).from(raw()).commit())
        .isInstanceOf(AlreadyExistsException.class);
  }

  @Test
  void filesThatWouldReadWrongAreRefusedWithFileAndColumn() throws Exception {
    Map<String, String> refused =
        Map.of(
            "'x' AS id, 1.0::DOUBLE AS amount, 'a' AS country", "'id'",
            "1::BIGINT AS id, '1' AS amount, 'a' AS country", "'amount'",
            "1::BIGINT AS id, 1.0::DOUBLE AS amount, 'a'::BLOB AS country", "'country'",
            "1::UINTEGER AS id, 1.0::DOUBLE AS amount, 'a' AS country", "'id'",
            "1::BIGINT AS id, 1::BIGINT AS amount, 'a' AS country", "'amount'",
            "1::BIGINT AS id, 'a' AS country", "amount",
            "1::BIGINT AS id, 1.0::DOUBLE AS amount, 'a' AS country, 5 AS extra", "extra",
            "TIMESTAMP_NS '2026-01-01 00:00:00' AS id, 1.0::DOUBLE AS amount", "'id'");
    for (Map.Entry<String, String> each : refused.entrySet()) {
      writeClicks("a-good.parquet", 0, 5);
      write("b-bad.parquet", "SELECT " + each.getKey());
      Map<String, String> before = lake();

      assertThatThrownBy(this::onboard)
          .as(each.getKey())
          .isInstanceOf(ContractViolationException.class)
          .hasMessageContaining("root:raw/clicks/b-bad.parquet")
          .hasMessageContaining(each.getValue())
          .satisfies(
              e ->
                  assertThat(((ContractViolationException) e).findings())
                      .extracting(finding -> finding.code())
                      .containsExactly(FindingCode.FILE_REFUSED));
      OnboardPlan plan =
          shop().onboard(CLICKS).contract(Contract.of(Click.class)).from(raw()).plan();
      assertThat(plan.isAccepted()).isFalse();
      assertThat(plan.findings()).hasSize(1);
      assertThat(lake()).isEqualTo(before);
    }
  }

  @Test
  void nanosecondsInAColumnOfMicrosecondsAreRefused() throws Exception {
    write("n.parquet", "SELECT TIMESTAMP_NS '2026-01-01 00:00:00.123456789' AS at");
    write("m.parquet", "SELECT TIMESTAMP '2026-01-01 00:00:00.123456' AS at");
    assertThatThrownBy(() -> shop().onboard(CLICKS).from(raw()).commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContaining("root:raw/clicks/n.parquet")
        .hasMessageContaining("'at'");
  }

  /** A visit with a time, whose contract truncates it to microseconds. */
  record Visit(long id, Instant at) {}

  @Test
  void aContractThatTruncatesToMicrosecondsChangesNoFile() throws Exception {
    String select = "SELECT 1::BIGINT AS id, TIMESTAMPTZ '2026-01-01 00:00:00.123456+00' AS at";
    write("a.parquet", select);
    Contract contract = Contract.of(Visit.class);

    shop().onboard(CLICKS).contract(contract).from(raw()).commit();

    try (Rows<Visit> rows = shop().read(CLICKS).as(Visit.class).rows()) {
      assertThat(rows).containsExactly(new Visit(1, Instant.parse("2026-01-01T00:00:00.123456Z")));
    }
    Contract coarse =
        Contract.of(
                new Schema.Parser()
                    .parse(contract.schema().toString().replace("-micros", "-millis")))
            .truncateExcessPrecision("at");
    assertThatThrownBy(
            () -> shop().onboard("commerce/coarse").contract(coarse).from(raw()).commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContaining("truncates times to milliseconds")
        .hasMessageContaining("rejectExcessPrecision(..)");
  }

  @Test
  void aRowThatBreaksARuleRejectsAllFiles() throws Exception {
    writeClicks("a.parquet", 0, 10);
    write("b.parquet", "SELECT 99::BIGINT AS id, -1.0::DOUBLE AS amount, 'a' AS country");
    Contract strict = Contract.of(Click.class).require(Rule.atLeast("amount", 0));

    OnboardPlan plan = shop().onboard(CLICKS).contract(strict).from(raw()).plan();
    assertThat(plan.isAccepted()).isFalse();
    assertThat(plan.quality().rules()).hasSize(1);
    assertThat(plan.quality().rules().get(0).failingRows()).isEqualTo(1);
    assertThatThrownBy(() -> shop().onboard(CLICKS).contract(strict).from(raw()).commit())
        .isInstanceOf(ContractViolationException.class);
    assertThat(shop().products()).noneMatch(name -> name.toString().equals(CLICKS));

    Files.delete(raw().resolve("b.parquet"));
    shop().onboard(CLICKS).contract(strict).from(raw()).commit();
    assertThat(read()).hasSize(10);
  }

  @Test
  void aMissingNullableColumnIsNullAndUndeclaredOnesMayBeIgnored() throws Exception {
    write("a.parquet", "SELECT 1::BIGINT AS id, 2.0::DOUBLE AS amount, 'secret' AS note");
    shop()
        .onboard(CLICKS)
        .contract(Contract.of(Click.class))
        .ignoreUnknownColumns()
        .from(raw())
        .commit();
    assertThat(read()).containsExactly(new Click(1, 2.0, Optional.empty()));
  }

  @Test
  void withoutAContractTheColumnsOfAllFilesAreProposed() throws Exception {
    write("a.parquet", "SELECT 1::INTEGER AS id, 'x' AS tag");
    write("b.parquet", "SELECT 2::BIGINT AS id, DATE '2026-01-01' AS day");
    OnboardPlan plan = shop().onboard(CLICKS).from(raw()).plan();
    assertThat(plan.contract().schema().getFields())
        .extracting(f -> f.name())
        .containsExactly("id", "tag", "day");
    plan.commit();
    try (Rows<GenericRecord> rows = shop().read(CLICKS).rows()) {
      List<String> all = new ArrayList<>();
      rows.forEach(row -> all.add(String.valueOf(row)));
      assertThat(all).hasSize(2);
      assertThat(all.get(0)).contains("\"id\": 1", "\"tag\": \"x\"", "\"day\": null");
    }
  }

  @Test
  void aNestedColumnIsProposedBesideColumnsOfLaterFilesAndOfFolders() throws Exception {
    Files.createDirectories(raw().resolve("day=2026-01-01"));
    write("day=2026-01-01/a.parquet", "SELECT 1 AS id, {'x': 1, 'y': [2]} AS point");
    write("day=2026-01-01/b.parquet", "SELECT 2 AS id, MAP {'k': 3} AS counts, 'x' AS tag");
    OnboardPlan plan = shop().onboard(CLICKS).from(raw()).plan();
    assertThat(plan.contract().schema().getFields())
        .extracting(field -> field.name())
        .containsExactly("id", "point", "counts", "tag", "day");
    plan.commit();
    try (Rows<Map<String, Object>> rows = shop().read(CLICKS).asMaps().rows()) {
      List<String> all = new ArrayList<>();
      rows.forEach(
          row -> all.add(row.get("point") + " " + row.get("counts") + " " + row.get("day")));
      assertThat(all).containsExactly("{x=1, y=[2]} null 2026-01-01", "null {k=3} 2026-01-01");
    }
  }

  @Test
  void valuesOfFoldersStayDifferentAndAnImpossibleDateMakesATextColumn() throws Exception {
    for (String folder : List.of("city=Orl%E9ans/d=2024-02-30", "city=Orl%E8ans/d=2024-02-01")) {
      Files.createDirectories(raw().resolve(folder));
      write(folder + "/a.parquet", "SELECT 1 AS id");
    }
    shop().onboard(CLICKS).from(raw()).plan().commit();
    try (Rows<Map<String, Object>> rows = shop().read(CLICKS).asMaps().rows()) {
      List<String> all = new ArrayList<>();
      rows.forEach(row -> all.add(row.get("city") + " " + row.get("d")));
      assertThat(all).containsExactlyInAnyOrder("Orl%E9ans 2024-02-30", "Orl%E8ans 2024-02-01");
    }
  }

  @Test
  void aPartitionWhoseFolderTheMeshCannotWriteIsRefused() throws Exception {
    // 245 bytes on the disk, and 725 as the mesh encodes the name for a file that it rewrites.
    String name = "city=" + "\u4e2d".repeat(80);
    Files.createDirectories(raw().resolve(name));
    write(name + "/a.parquet", "SELECT 1 AS id");

    OnboardPlan plan = shop().onboard(CLICKS).from(raw()).plan();

    assertThat(plan.isAccepted()).isFalse();
    assertThat(plan.findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.PARTITION_RANGE);
    assertThatThrownBy(() -> shop().onboard(CLICKS).from(raw()).commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContaining("255 bytes");
  }

  @Test
  void aFullHeapSaysWhereItWasFull() throws Exception {
    writeClicks("a.parquet", 0, 10);

    assertThatThrownBy(
            () ->
                shop()
                    .onboard(CLICKS)
                    .from(raw())
                    .onProgress(
                        (phase, done, total) -> {
                          if (phase.equals("rows")) {
                            throw new OutOfMemoryError("as a row that is too large");
                          }
                        })
                    .commit())
        .isInstanceOf(BackendException.class)
        .hasMessageContainingAll("the heap of", "is full after row", "Nothing was registered.");
    assertThat(onboard().rowsAccepted()).isEqualTo(10);
  }

  @Test
  void keysThatTheTableHasAreFoundInRegisteredFiles() throws Exception {
    Contract unique = Contract.of(Click.class).primaryKey("id");
    writeClicks("a.parquet", 0, 100);
    shop().onboard(CLICKS).contract(unique).from(raw()).commit();
    writeClicks("b.parquet", 99, 120);
    OnboardPlan plan = shop().onboard(CLICKS).from(raw()).plan();
    assertThat(plan.isAccepted()).isFalse();
    assertThat(plan.findings()).extracting(Finding::where).contains("primaryKey");
    assertThatThrownBy(plan::commit).isInstanceOf(ContractViolationException.class);
    assertThatThrownBy(
            () ->
                shop()
                    .publish(CLICKS)
                    .records(List.of(new Click(50, 1, Optional.empty())))
                    .onViolation(OnViolation.REJECT)
                    .commit())
        .isInstanceOf(ContractViolationException.class);
    assertThat(read()).hasSize(100);
  }

  @Test
  void anErasureNowNamesTheFilesThatItDoesNotDelete() throws Exception {
    writeClicks("a.parquet", 0, 10);
    writeClicks("b.parquet", 10, 20);
    onboard();
    Map<String, String> before = lake();
    Erase.WithProof erasure =
        shop().erase(CLICKS).where("id = 15").because("asked").idempotencyKey("15").withProof();

    assertThat(erasure.plan().findings())
        .extracting(Finding::code)
        .containsExactly(FindingCode.ERASURE_OUT_OF_REACH);
    Erase.Proof proof = erasure.commit();

    assertThat(proof.outOfReach())
        .hasSize(2)
        .anyMatch(sentence -> sentence.contains("raw/clicks/b.parquet"));
    assertThat(proof.rowsRead()).isEqualTo(19);
    assertThat(lake()).isEqualTo(before);
    assertThat(mesh.doctor().problems()).isEmpty();
  }

  @Test
  void maintenanceReplacementAndErasureNeverTouchTheFiles() throws Exception {
    for (int i = 0; i < 12; i++) {
      writeClicks("f" + i + ".parquet", i * 10, i * 10 + 10);
    }
    onboard();
    Map<String, String> before = lake();

    PublishReceipt erase = shop().erase(CLICKS).where("id = 15").because("asked").commit();
    assertThat(erase.rowsRemoved()).isEqualTo(1);
    assertThat(erase.filesHoldingErased()).containsExactly("root:raw/clicks/f1.parquet");
    assertThat(erase.toJson()).contains("filesHoldingErased");
    assertThat(read()).hasSize(119).noneMatch(click -> click.id() == 15);

    for (int i = 0; i < 10; i++) {
      shop().publish(CLICKS).records(List.of(new Click(1000 + i, 1, Optional.empty()))).commit();
    }
    clock.advance(Duration.ofDays(40));
    Maintain.Report report = mesh.maintain().commit();
    clock.advance(Duration.ofDays(40));
    mesh.maintain().commit();
    assertThat(report).isNotNull();
    assertThat(lake()).isEqualTo(before);
    assertThat(read()).hasSize(129);

    writeClicks("g.parquet", 200, 201);
    before.putAll(lake());
    assertThat(shop().onboard(CLICKS).from(raw()).commit().rowsAccepted()).isEqualTo(1);
    assertThat(read()).hasSize(130).noneMatch(click -> click.id() == 15);

    shop().publish(CLICKS).replaceAll().records(clicks(0, 3)).commit();
    clock.advance(Duration.ofDays(40));
    mesh.maintain().commit();
    clock.advance(Duration.ofDays(40));
    mesh.maintain().commit();
    assertThat(lake()).isEqualTo(before);
    assertThat(read()).hasSize(3);
    assertThat(mesh.doctor().findings()).noneMatch(f -> f.severity().name().equals("ERROR"));
  }

  @Test
  void aMeshThatWasMovedSaysWhatItMisses() throws Exception {
    writeClicks("a.parquet", 0, 10);
    onboard();
    assertThat(mesh.doctor().findings()).noneMatch(f -> f.code() == FindingCode.FILE_OUTSIDE_TABLE);
    mesh.close();
    Files.move(folder.resolve("lake"), folder.resolve("elsewhere"));

    mesh = LocalMesh.builder(folder.resolve("mesh")).clock(clock).open();
    assertThatThrownBy(this::read).hasMessageContaining("the data folder 'raw'");
    assertThat(mesh.doctor().findings())
        .anyMatch(
            f ->
                f.code() == FindingCode.FILE_MISSING && f.what().contains("the data folder 'raw'"));
    mesh.close();

    mesh = reopen();
    assertThatThrownBy(this::read).isInstanceOf(BackendException.class);
    assertThat(mesh.doctor().findings()).anyMatch(f -> f.code() == FindingCode.FILE_MISSING);
    mesh.close();

    mesh =
        LocalMesh.builder(folder.resolve("mesh"), Map.of("raw", folder.resolve("elsewhere")))
            .clock(clock)
            .open();
    assertThat(read()).hasSize(10);
    assertThat(mesh.doctor().findings()).noneMatch(f -> f.code() == FindingCode.FILE_MISSING);
    LocalMesh.Copy copy = LocalMesh.backUp(folder.resolve("mesh"), folder.resolve("copy"));
    assertThat(copy.damage()).anyMatch(f -> f.code() == FindingCode.FILE_MISSING);
  }

  @Test
  void filesWhoseNamesDifferInCaseOnlyAreRefused() throws Exception {
    writeClicks("a.parquet", 0, 10);
    writeClicks("A.parquet", 10, 20);
    assertThatThrownBy(this::onboard)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("upper and lower case", "A.parquet", "a.parquet");
  }

  @Test
  void eachNameThatIsRefusedSaysWhy() throws Exception {
    for (String partition : List.of("country=DE", "country=de")) {
      Files.createDirectories(raw().resolve(partition));
      write(partition + "/a.parquet", "SELECT 1 AS id");
    }
    assertThatThrownBy(() -> shop().onboard(CLICKS).from(raw()).commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContainingAll("country=DE", "country=de", "upper and lower case")
        .hasMessageNotContaining("composed");
    Files.delete(raw().resolve("country=de/a.parquet"));
    Files.move(raw().resolve("country=DE/a.parquet"), raw().resolve("Ko\u0308ln.parquet"));
    assertThatThrownBy(() -> shop().onboard(CLICKS).from(raw()).commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("decomposed")
        .hasMessageNotContaining("upper");
    Files.move(raw().resolve("Ko\u0308ln.parquet"), raw().resolve("a%41.parquet"));
    assertThatThrownBy(() -> shop().onboard(CLICKS).from(raw()).commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("encode")
        .hasMessageNotContaining("own files");
    Files.move(raw().resolve("a%41.parquet"), raw().resolve("a.parquet"));
    for (String folder : List.of("K\u00f6ln", "Ko\u0308ln")) {
      Files.createDirectories(raw().resolve(folder));
      write(folder + "/b.parquet", "SELECT 1 AS id");
    }
    assertThatThrownBy(() -> shop().onboard(CLICKS).from(raw()).commit())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("composed and decomposed characters");
  }

  @Test
  void aProposalDoesNotDependOnTheOrderOfFiles() throws Exception {
    List<String> selects =
        List.of(
            "SELECT 1::INTEGER AS id, {'x': 1::INTEGER} AS point, [1::INTEGER] AS list, 'a' AS tag",
            "SELECT 1::BIGINT AS id, {'y': 'b'} AS point, [1::BIGINT] AS list, 5 AS tag",
            "SELECT 1::INTEGER AS id, {'x': 1::BIGINT} AS point, [1] AS list, 'b' AS tag");
    Set<String> proposals = new HashSet<>();
    for (String order : List.of("abc", "acb", "bac", "bca", "cab", "cba")) {
      for (int i = 0; i < selects.size(); i++) {
        write(order.charAt(i) + ".parquet", selects.get(i));
      }
      OnboardPlan plan = shop().onboard(CLICKS).from(raw()).plan();
      proposals.add(
          plan.contract().schema().getFields().stream()
              .map(field -> field.name() + fieldsOf(field.schema()))
              .sorted()
              .toList()
              .toString());
      assertThat(plan.findings())
          .as("the file with a number where most have a text")
          .singleElement()
          .satisfies(finding -> assertThat(finding.where()).endsWith(order.charAt(1) + ".parquet"));
    }
    assertThat(proposals).hasSize(1);
    assertThat(proposals.iterator().next()).contains("x", "y", "long", "string");
  }

  /** The parts of a type by their names, and without the order of fields. */
  private static String fieldsOf(Schema type) {
    return switch (type.getType()) {
      case UNION ->
          type.getTypes().stream()
              .filter(each -> each.getType() != Schema.Type.NULL)
              .map(OnboardingOnDiskTest::fieldsOf)
              .collect(Collectors.joining());
      case RECORD ->
          type.getFields().stream()
              .map(field -> field.name() + fieldsOf(field.schema()))
              .sorted()
              .toList()
              .toString();
      case ARRAY -> "list of " + fieldsOf(type.getElementType());
      default -> " " + type.getType().getName();
    };
  }

  @Test
  void aFileThatChangedIsNotRead() throws Exception {
    writeClicks("a.parquet", 0, 10);
    onboard();
    writeClicks("a.parquet", 0, 11);
    assertThatThrownBy(this::read).isInstanceOf(BackendException.class);
    assertThat(mesh.doctor().findings()).anyMatch(f -> f.code() == FindingCode.FILE_CHANGED);
  }

  @Test
  void aFileThatWasOverwrittenWithAsManyBytesAndRowsIsNotRead() throws Exception {
    write(
        "a.parquet",
        "SELECT i AS id, i * 1.5::DOUBLE AS amount, 'country' || i AS country FROM range(10) t(i)",
        ", COMPRESSION uncompressed");
    onboard();
    Path file = raw().resolve("a.parquet");
    byte[] original = Files.readAllBytes(file);
    FileTime time = Files.getLastModifiedTime(file);
    byte[] changed = original.clone();
    changed[new String(original, StandardCharsets.ISO_8859_1).indexOf("country7")] = 'C';
    Files.write(file, changed);

    assertThatThrownBy(this::read)
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("a.parquet")
        .hasMessageContaining("another program overwrote it");
    assertThatThrownBy(() -> shop().erase(CLICKS).where("id = 3").because("was asked to").commit())
        .isInstanceOf(BackendException.class)
        .hasMessageContaining("another program overwrote it");
    assertThat(shop().onboard(CLICKS).refresh().plan().findings())
        .anyMatch(f -> f.code() == FindingCode.FILE_CHANGED);
    assertThat(mesh.doctor().findings())
        .anyMatch(
            f ->
                f.code() == FindingCode.FILE_CHANGED
                    && f.what().contains("overwritten with other files of the same length")
                    && f.samples().equals(List.of("root:raw/clicks/a.parquet")));

    Files.setLastModifiedTime(file, time);
    assertThat(mesh.doctorWithChecksums().findings())
        .anyMatch(f -> f.code() == FindingCode.FILE_CHANGED);

    Files.write(file, original);
    assertThat(read()).hasSize(10);
    assertThat(mesh.doctor().findings()).noneMatch(f -> f.code() == FindingCode.FILE_CHANGED);
  }

  @Test
  void foldersThatTheMeshMayNotReadOrThatAreTablesAreRefused() throws Exception {
    assertThatThrownBy(() -> shop().onboard(CLICKS).from("/etc").commit())
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> shop().onboard(CLICKS).from(folder.resolve("mesh/data")).commit())
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> shop().onboard(CLICKS).from("root:raw/../../etc").commit())
        .isInstanceOf(InvalidRequestException.class);
    writeClicks("a.parquet", 0, 10);
    Files.createDirectories(raw().resolve("_delta_log"));
    Files.writeString(raw().resolve("_delta_log/0.json"), "{}");
    assertThatThrownBy(this::onboard).hasMessageContaining("Delta Lake");
    assertThatThrownBy(
            () -> LocalMesh.builder(folder.resolve("mesh"), Map.of("all", folder)).open())
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void filesWithContradictingFieldIdsAreRefused() throws Exception {
    try (Statement statement = duckDb.createStatement()) {
      statement.execute(
          "COPY (SELECT 1::BIGINT AS id, 1.0::DOUBLE AS amount, 'a' AS country) TO '"
              + raw().resolve("ids.parquet")
              + "' (FORMAT parquet, FIELD_IDS {id: 2, amount: 1, country: 3})");
    }
    assertThatThrownBy(this::onboard).hasMessageContaining("field ID");
    try (Statement statement = duckDb.createStatement()) {
      statement.execute(
          "COPY (SELECT 1::BIGINT AS id, 1.0::DOUBLE AS amount, 'a' AS country) TO '"
              + raw().resolve("ids.parquet")
              + "' (FORMAT parquet, FIELD_IDS {id: 1, amount: 2, country: 3})");
    }
    onboard();
    assertThat(read()).containsExactly(new Click(1, 1.0, Optional.of("a")));
  }

  @Test
  void anIgnoredColumnWithAFieldIdIsRefusedBecauseALaterColumnCanGetTheId() throws Exception {
    try (Statement statement = duckDb.createStatement()) {
      statement.execute(
          "COPY (SELECT 1::BIGINT AS id, 1.0::DOUBLE AS amount, 'a' AS country, 'x' AS extra) TO '"
              + raw().resolve("ids.parquet")
              + "' (FORMAT parquet, FIELD_IDS {id: 1, amount: 2, country: 3, extra: 4})");
    }

    assertThatThrownBy(
            () ->
                shop()
                    .onboard(CLICKS)
                    .contract(Contract.of(Click.class))
                    .ignoreUnknownColumns()
                    .from(raw())
                    .commit())
        .hasMessageContainingAll("'extra'", "field ID 4", "later column");
  }

  private record Address(String street) {}

  private record Visitor(long id, Address address) {}

  /** The same with a nested field that was added. */
  private static final class Later {
    private record Address(String street, Optional<String> zip) {}

    private record Visitor(long id, Address address) {}
  }

  @Test
  void laterFilesWithANestedFieldThatTheFirstFilesDidNotHaveAreRefused() throws Exception {
    write("a.parquet", "SELECT 1::BIGINT AS id, {'street': 'A'} AS address");
    shop().onboard(CLICKS).contract(Contract.of(Visitor.class)).from(raw()).commit();
    shop().amendContract(CLICKS, Contract.of(Later.Visitor.class)).commit();
    write("b.parquet", "SELECT 2::BIGINT AS id, {'street': 'B', 'zip': '10115'} AS address");

    assertThatThrownBy(() -> shop().onboard(CLICKS).refresh().commit())
        .hasMessageContainingAll("columns were added or renamed", "files(..)");
  }

  @Test
  void duckDbReadsTheSameRowsFromTheFilesThatTheProductNames() throws Exception {
    writeClicks("a.parquet", 0, 1000);
    onboard();
    try (Statement statement = duckDb.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT count(*), sum(id), sum(amount), count(country) FROM read_parquet(['"
                    + String.join("','", shop().read(CLICKS).files())
                    + "'])")) {
      assertThat(result.next()).isTrue();
      assertThat(result.getLong(1)).isEqualTo(read().size());
      assertThat(result.getLong(2)).isEqualTo(read().stream().mapToLong(Click::id).sum());
      assertThat(result.getDouble(3)).isEqualTo(read().stream().mapToDouble(Click::amount).sum());
    }
  }

  @Test
  void foldersNameThePartitionsOfColumnsThatTheFilesLack() throws Exception {
    try (Statement statement = duckDb.createStatement()) {
      statement.execute(
          "COPY (SELECT i AS id, DATE '2026-01-01' + CAST(i % 3 AS INTEGER) AS dt,"
              + " CASE WHEN i % 2 = 0 THEN 'a b' ELSE 'x' END AS region FROM range(30) t(i)) TO '"
              + raw()
              + "' (FORMAT parquet, PARTITION_BY (dt, region), OVERWRITE_OR_IGNORE)");
    }
    OnboardPlan plan = shop().onboard(CLICKS).from(raw()).plan();
    assertThat(plan.isAccepted()).as(plan.toString()).isTrue();
    assertThat(plan.contract().schema().getField("dt").schema().getLogicalType().getName())
        .isEqualTo("date");
    plan.commit();

    assertThat(texts("true")).hasSize(30).anyMatch(row -> row.contains("20455"));
    List<String> second = texts("dt = DATE '2026-01-02' AND region = 'a b'");
    assertThat(second).hasSize(5).allMatch(row -> row.contains("20455"));
    assertThat(texts("region = 'x'")).hasSize(15);
    assertThat(shop().read(CLICKS).where("dt = DATE '2026-01-02'").files()).hasSize(2);

    shop().erase(CLICKS).where("id = 4").because("asked").commit();
    assertThat(texts("dt = DATE '2026-01-02'")).hasSize(9);

    Files.createDirectories(raw().resolve("dt=someday/region=x"));
    write("dt=someday/region=x/bad.parquet", "SELECT 1::BIGINT AS id");
    assertThatThrownBy(() -> shop().onboard(CLICKS).from(raw()).commit())
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContaining("'dt'");
  }

  private List<String> texts(String filter) {
    Read<GenericRecord> read = shop().read(CLICKS);
    try (Rows<GenericRecord> rows = (filter.equals("true") ? read : read.where(filter)).rows()) {
      List<String> all = new ArrayList<>();
      rows.forEach(row -> all.add(String.valueOf(row)));
      return all;
    }
  }

  @Test
  void refreshAddsLaterFilesAndNamesThoseThatChanged() throws Exception {
    assertThatThrownBy(() -> shop().onboard(CLICKS).refresh().commit())
        .isInstanceOf(InvalidRequestException.class);
    writeClicks("a.parquet", 0, 10);
    writeClicks("b.parquet", 10, 20);
    onboard();
    assertThat(shop().onboard(CLICKS).refresh().commit().replayed()).isTrue();

    writeClicks("c.parquet", 20, 30);
    assertThat(shop().onboard(CLICKS).refresh().commit().rowsAccepted()).isEqualTo(10);
    assertThat(read()).containsExactlyElementsOf(clicks(0, 30));

    Files.delete(raw().resolve("a.parquet"));
    writeClicks("b.parquet", 10, 21);
    OnboardPlan plan = shop().onboard(CLICKS).refresh().plan();
    assertThat(plan.steps()).isEmpty();
    assertThat(plan.findings())
        .extracting(finding -> finding.code() + " " + finding.where())
        .containsExactly(
            "FILE_MISSING root:raw/clicks/a.parquet", "FILE_CHANGED root:raw/clicks/b.parquet");
  }

  /** Files with columns in any order, missing, or narrower, as another program finds them. */
  @Test
  void randomFilesGiveTheRowsThatDuckDbReads() throws Exception {
    for (long seed = 1; seed <= 8; seed++) {
      Random random = new Random(seed);
      try (Statement statement = duckDb.createStatement()) {
        statement.execute("SELECT setseed(0." + seed + ")");
      }
      String product = "commerce/random-" + seed;
      String start = "s" + seed;
      Files.createDirectories(raw().resolve(start));
      int files = 2 + random.nextInt(5);
      for (int file = 0; file < files; file++) {
        write(start + "/f" + file + ".parquet", randomRows(random, file == 0));
      }
      PublishReceipt receipt = shop().onboard(product).from(raw().resolve(start)).commit();

      String all = "read_parquet('" + raw().resolve(start) + "/*.parquet', union_by_name = true)";
      for (String filter :
          List.of(
              "a IS NULL OR a IS NOT NULL",
              "a >= " + (random.nextInt(2_000) - 1_000),
              "b < " + random.nextInt(100) + ".5",
              "c = 'v" + random.nextInt(9) + "'",
              "d IS NULL",
              "d > 1.5 AND a < 100")) {
        assertThat(rows(product, filter))
            .as("seed " + seed + ", " + filter)
            .isEqualTo(rowsOfDuckDb(all, filter));
      }
      assertThat(receipt.rowsAccepted()).isEqualTo(rowsOfDuckDb(all, "true").size());
    }
  }

  private static String randomRows(Random random, boolean complete) {
    String number = complete || random.nextBoolean() ? "BIGINT" : "INTEGER";
    String fraction = complete || random.nextBoolean() ? "DOUBLE" : "FLOAT";
    String digits = complete || random.nextBoolean() ? "DECIMAL(18,2)" : "DECIMAL(9,2)";
    List<String> columns =
        new ArrayList<>(
            List.of(
                "CASE WHEN random() < 0.2 THEN NULL ELSE CAST(random() * 2000 - 1000 AS "
                    + number
                    + ") END AS a",
                "CASE WHEN random() < 0.2 THEN NULL ELSE CAST(floor(random() * 400) / 4 AS "
                    + fraction
                    + ") END AS b",
                "CASE WHEN random() < 0.2 THEN NULL ELSE 'v' || CAST(floor(random() * 9) AS INT)"
                    + " END AS c",
                "CASE WHEN random() < 0.2 THEN NULL ELSE CAST(random() * 3 AS "
                    + digits
                    + ") END AS d"));
    Collections.shuffle(columns, random);
    if (!complete) {
      columns = columns.subList(0, 1 + random.nextInt(columns.size()));
    }
    return "SELECT " + String.join(", ", columns) + " FROM range(" + random.nextInt(5_000) + ")";
  }

  private List<String> rows(String product, String filter) {
    List<String> all = new ArrayList<>();
    try (Rows<GenericRecord> rows = shop().read(product).where(filter).rows()) {
      for (GenericRecord row : rows) {
        all.add(row.get("a") + " " + row.get("b") + " " + row.get("c") + " " + digits(row));
      }
    }
    Collections.sort(all);
    return all;
  }

  private static String digits(GenericRecord row) {
    return row.get("d") instanceof ByteBuffer bytes
        ? new BigDecimal(new BigInteger(bytes.array()), 2).toString()
        : "null";
  }

  private List<String> rowsOfDuckDb(String table, String filter) throws SQLException {
    List<String> all = new ArrayList<>();
    try (Statement statement = duckDb.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT a, b, c, d FROM " + table + " WHERE " + filter)) {
      while (rows.next()) {
        all.add(
            rows.getObject(1)
                + " "
                + rows.getObject(2)
                + " "
                + rows.getObject(3)
                + " "
                + rows.getObject(4));
      }
    }
    Collections.sort(all);
    return all;
  }
}
