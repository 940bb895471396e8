package io.meshwork.engine;

import static io.meshwork.engine.TaskThreads.sent;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Partition;
import io.meshwork.contract.QualityReport;
import io.meshwork.contract.QualityReport.Outcome;
import io.meshwork.contract.QualityReport.RuleResult;
import io.meshwork.contract.Rule;
import io.meshwork.engine.EnginePublish.Additions;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ContractViolationException;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.runtime.RunningPart;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.Publish;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A publish that tasks check and write is the publish that the SDK makes of the same rows. */
class DistributedPublishTest {
  private static final Schema ROW =
      new Schema.Parser()
          .parse(
              """
              {"type":"record","name":"row","fields":[
                {"name":"id","type":"long"},
                {"name":"fare","type":["null","double"]},
                {"name":"code","type":["null","string"]},
                {"name":"day","type":{"type":"int","logicalType":"date"}},
                {"name":"stop","type":["null",{"type":"record","name":"stop","fields":[
                  {"name":"zone","type":"string"},{"name":"seats","type":["null","int"]}]}]}]}
              """);

  @TempDir private Path folder;

  private EngineFixture fixture;
  private MeshClient owner;
  private MeshCatalog catalog;

  @BeforeEach
  void open() {
    fixture = new EngineFixture(folder.resolve("mesh"));
    owner = fixture.owner;
    catalog = fixture.catalog("mobility/spark");
  }

  @AfterEach
  void close() throws IOException {
    catalog.close();
    fixture.close();
  }

  /** Defines a product with two live major versions and no rows. */
  private void defineMajors(String product, Contract first, Contract second) {
    define(product.substring(9), first, false);
    owner
        .startRollout(product)
        .contract(second)
        .because("codes are kinds")
        .withoutHistory()
        .commit()
        .activate()
        .commit();
  }

  @Test
  void aMappingMakesTheRowsOfAnotherMajorVersionInTheTasks() throws Exception {
    Contract first =
        Contract.of(ROW)
            .primaryKey("id")
            .onViolation(OnViolation.QUARANTINE)
            .maxQuarantineShare(100);
    Contract second =
        Contract.of(new Schema.Parser().parse(ROW.toString().replace("\"code\"", "\"kind\"")))
            .require(Rule.inSet("kind", "A", "B").tolerateRows(2))
            .onViolation(OnViolation.QUARANTINE)
            .maxQuarantineShare(100);
    List<GenericRecord> rows = rows(new Random(21), 5, 60);
    for (String product : List.of("mobility/mapped-sdk", "mobility/mapped-tasks")) {
      defineMajors(product, first, second);
    }
    EnginePublish.RowMapping kinds =
        row -> {
          if ("c".equals(row.get("code"))) {
            return null;
          }
          Map<String, Object> mapped = new HashMap<>(row);
          Object code = mapped.remove("code");
          mapped.put("kind", code == null ? null : code.toString().toUpperCase(Locale.ROOT));
          return mapped;
        };
    PublishReceipt expected =
        owner
            .publish("mobility/mapped-sdk")
            .records(maps(rows))
            .majorVersion(1)
            .alsoTo(2, kinds)
            .commit();

    EnginePublish publish =
        begin("mobility/mapped-tasks", Map.of(), new Additions().alsoTo(2, kinds));
    PublishReceipt receipt = commit(publish, run(publish.settings(), rows, 3));

    assertThat(summary(receipt.quality())).isEqualTo(summary(expected.quality()));
    assertThat(receipt.quality().rowsQuarantined()).isPositive();
    for (int major : List.of(1, 2)) {
      assertThat(published("mobility/mapped-tasks", major))
          .isEqualTo(published("mobility/mapped-sdk", major))
          .isNotEmpty();
      assertThat(quarantined("mobility/mapped-tasks", major))
          .isEqualTo(quarantined("mobility/mapped-sdk", major));
    }
    Object captured = new Object();
    assertThatThrownBy(
            () ->
                begin(
                    "mobility/mapped-tasks",
                    Map.of(),
                    new Additions().alsoTo(2, row -> Map.of("kind", captured.toString()))))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("cannot be sent to tasks: java.io.NotSerializableException");
    assertThatThrownBy(
            () -> begin("mobility/mapped-tasks", Map.of(EnginePublish.ONLY_THIS_VERSION, "true")))
        .hasMessageContaining("Set " + EnginePublish.BECAUSE);
    EnginePublish only =
        begin(
            "mobility/mapped-tasks",
            Map.of(EnginePublish.ONLY_THIS_VERSION, "true", EnginePublish.BECAUSE, "a test"));
    List<String> standing = published("mobility/mapped-tasks", 2);
    commit(only, run(only.settings(), rows(new Random(3), 0, 9), 2));
    assertThat(published("mobility/mapped-tasks", 2)).isEqualTo(standing);
  }

  @Test
  void aRowThatLosesIsFoundAmongTheFilesOfManyPartitions() throws Exception {
    Contract contract =
        Contract.of(ROW)
            .primaryKey("id")
            .require(Rule.notNull("code").toleratePercent(1))
            .onViolation(OnViolation.QUARANTINE)
            .maxQuarantineShare(100);
    List<GenericRecord> rows = new ArrayList<>();
    Random random = new Random(12);
    for (int i = 0; i < 20_000; i++) {
      GenericRecord row = rows(random, 0, 1).get(0);
      row.put("id", (long) random.nextInt(18_000));
      row.put("day", 20_000 + random.nextInt(150));
      rows.add(row);
    }
    for (String product : List.of("days-sdk", "days-tasks")) {
      owner
          .defineProduct("mobility/" + product)
          .contract(contract)
          .partitionBy(Partition.day("day"))
          .commit();
    }
    PublishReceipt expected = owner.publish("mobility/days-sdk").records(maps(rows)).commit();
    PublishReceipt receipt = publish("mobility/days-tasks", rows, 3, Map.of());

    assertThat(summary(receipt.quality())).isEqualTo(summary(expected.quality()));
    assertThat(receipt.quality().rowsQuarantined()).isBetween(6_000L, 14_000L);
    assertThat(published("mobility/days-tasks")).isEqualTo(published("mobility/days-sdk"));
    assertThat(quarantined("mobility/days-tasks")).isEqualTo(quarantined("mobility/days-sdk"));
  }

  @Test
  void aUsedKeyReturnsItsReceiptBeforeAnyTask() throws Exception {
    String product = define("keyed", Contract.of(ROW), false);
    List<GenericRecord> rows = rows(new Random(1), 0);
    PublishReceipt first = publish(product, rows, 3, Map.of(EnginePublish.KEY, "day-1"));
    int files = files();

    EnginePublish again = begin(product, Map.of(EnginePublish.KEY, "day-1"));

    assertThat(again.earlier().orElseThrow().publishId()).isEqualTo(first.publishId());
    assertThatThrownBy(again::settings).isInstanceOf(IllegalStateException.class);
    assertThat(files()).isEqualTo(files);
  }

  @Test
  void namesOfOptionsMayHaveAnyLetterCase() throws Exception {
    String product = define("capitals", Contract.of(ROW), false);
    PublishReceipt receipt =
        publish(product, rows(new Random(1), 0), 1, Map.of("Meshwork.Key", "day-1"));

    assertThat(receipt.keyWasGiven()).isTrue();
    assertThat(receipt.idempotencyKey()).isEqualTo("day-1");
    for (String unknown : List.of("MESHWORK.KYE", "branch")) {
      assertThatThrownBy(() -> begin(product, Map.of(unknown, "day-1")))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("the option " + unknown + " is unknown");
    }
  }

  @Test
  void anOptionThatIsNeitherTrueNorFalseIsRefused() {
    String product = define("flags", Contract.of(ROW), false);
    for (String option : List.of(EnginePublish.ALLOW_EMPTY, EnginePublish.ONLY_THIS_VERSION)) {
      assertThatThrownBy(() -> begin(product, Map.of(option, "yes")))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("option " + option + " is 'yes'. Nothing was published.")
          .hasMessageContaining("Set it to true or false.");
    }
  }

  @Test
  void valuesOfOptionsAreCheckedAsArgumentsOfTheSdk() {
    String product = define("checked", Contract.of(ROW), false);
    Map<Map<String, String>, String> refused =
        Map.of(
            Map.of(EnginePublish.ON_VIOLATION, "ignore"),
            "option meshwork.on-violation is 'ignore'. Nothing was published. Set it to reject or",
            Map.of(EnginePublish.DERIVED_FROM, "mobility/stops 1.0.0"),
            "Write each input as commerce/orders 1.0.0 5077243894170238912 total=amount",
            Map.of(EnginePublish.DERIVED_FROM, "mobility/stops 1.0 17"),
            "a version has the form major.minor.patch",
            Map.of(EnginePublish.DERIVED_FROM, " "),
            "Write each input as commerce/orders 1.0.0 5077243894170238912 total=amount",
            Map.of(EnginePublish.KEY, " "),
            "'meshwork.key': it is blank",
            Map.of(EnginePublish.KEY, "k".repeat(257)),
            "'meshwork.key': it has 257 characters; the limit is 256",
            Map.of(EnginePublish.TIMEOUT, "-PT1H"),
            "'meshwork.timeout': it is PT-1H",
            Map.of(EnginePublish.ONLY_THIS_VERSION, "true", EnginePublish.BECAUSE, ""),
            "'meshwork.because': it is blank",
            Map.of(EnginePublish.REPLACE_WHERE, "code = '\uFFFD'"),
            "'meshwork.replace-where': it has the replacement character");
    refused.forEach(
        (options, why) ->
            assertThatThrownBy(() -> begin(product, options))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(why));
    assertThatThrownBy(() -> begin(product, Map.of(EnginePublish.TIMEOUT, "PT0.000001S")))
        .hasMessageContaining("deadline passed")
        .hasMessageContaining("Set a longer meshwork.timeout");
  }

  @Test
  void theRefusalOfATimeNamesItsOption() {
    String product = define("times", Contract.of(ROW), false);
    for (String option : List.of(EnginePublish.TIMEOUT, EnginePublish.COMPLETE_UP_TO)) {
      assertThatThrownBy(() -> begin(product, Map.of(option, "5 minutes")))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("option " + option + " is '5 minutes'. Nothing was published.")
          .hasMessageContaining("Write a");
    }
  }

  @Test
  void whatAProgramAddsIsCheckedAsInTheSdk() {
    String sdk = define("added-sdk", Contract.of(ROW), false);
    String tasks = define("added-tasks", Contract.of(ROW), false);
    owner.publish(sdk).records(List.of(Map.of("id", 1L, "day", LocalDate.EPOCH))).commit();
    Snapshot input = owner.describe(sdk).current().orElseThrow();
    for (String pair : List.of("", "co de=code", "code=code,id", "code=")) {
      List<Map<String, Object>> none = List.of();
      assertThatThrownBy(
              () -> begin(tasks, Map.of(), new Additions().derivedFrom(input, "id=id", pair)))
          .hasMessage(
              catchThrowable(
                      () ->
                          owner
                              .publish(tasks)
                              .records(none)
                              .derivedFrom(input, "id=id", pair)
                              .commit())
                  .getMessage());
    }
    Map<Consumer<Additions>, String> refused =
        Map.of(
            to -> to.derivedFrom(null),
            "'derivedFrom': it is null",
            to -> to.derivedFrom(input, "id=id", null),
            "'columns[1]': it is null",
            to -> to.alsoTo(2, null),
            "'mapping': it is null",
            to -> to.alsoTo(0, row -> row),
            "'majorVersion': it is 0",
            to -> to.alsoTo(2, row -> row, null),
            "'rows': it is null",
            to -> to.alsoTo(2, row -> row, "code = '\uFFFD'"),
            "'rows': it has the replacement character",
            to -> to.alsoTo(2, row -> row, "id = 1").alsoTo(2, row -> row),
            "names major version 2 twice",
            to -> to.customRule(null, 1, row -> true),
            "'name': it is null",
            to -> to.customRule("sound", 1, null),
            "'check': it is null");
    refused.forEach(
        (call, why) ->
            assertThatThrownBy(() -> call.accept(new Additions()))
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(why));
  }

  @Test
  void tasksKeepTheTermsOfAContractThatOnlyALaterVersionKnows() throws Exception {
    String later = Contract.of(ROW).primaryKey("id").toJson().replaceFirst("^\\{", "{\"later\":1,");
    String product = define("later", Contract.fromStoredJson(later), false);
    List<GenericRecord> rows = rows(new Random(1), 0, 1);

    PublishReceipt receipt = publish(product, rows, 1, Map.of());

    assertThat(receipt.rowsAccepted()).isEqualTo(1);
  }

  @Test
  void aCustomRuleThatRejectsIsRefusedBeforeAnyTaskWithoutItsCode() throws Exception {
    Contract contract = Contract.of(ROW).require(Rule.custom("no-line-twice", 2).id("lines"));
    String product = define("without-code", contract, false);
    int files = files();

    assertThatThrownBy(() -> begin(product, Map.of()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining(
            "rule lines is custom, and the code 'no-line-twice' version 2 is not registered;"
                + " register it with customRule(..)")
        .hasMessageContaining("SQL cannot provide code: publish with a program");
    Additions earlier = new Additions().customRule("no-line-twice", 1, row -> true);
    assertThatThrownBy(() -> begin(product, Map.of(), earlier))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("version 2 (registered versions: [1]) is not registered");
    Additions unknown = new Additions().customRule("no-line", 2, row -> true);
    assertThatThrownBy(() -> begin(product, Map.of(), unknown))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("customRule(..) adds the code 'no-line', and the contract has no");
    Object captured = new Object();
    Additions unsendable =
        new Additions().customRule("no-line-twice", 2, row -> captured.equals(row));
    assertThatThrownBy(() -> begin(product, Map.of(), unsendable))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining(
            "the code 'no-line-twice' version 2 cannot be sent to tasks:"
                + " java.io.NotSerializableException");

    assertThat(files()).isEqualTo(files);
    String warning =
        define("warned", Contract.of(ROW).require(Rule.custom("no-line-twice", 1).warn()), false);
    assertThat(publish(warning, rows(new Random(1), 0), 1, Map.of()).rowsAccepted()).isPositive();
  }

  @Test
  void codeOfACustomRuleThatThrowsInATaskIsNotEvaluated() throws Exception {
    Contract contract = Contract.of(ROW).onViolation(OnViolation.QUARANTINE);
    Additions throwing =
        new Additions()
            .customRule(
                "no-ninth",
                1,
                row -> {
                  if (row.get("id").equals(9L)) {
                    throw new IllegalStateException("canary " + row.get("id"));
                  }
                  return true;
                });
    List<GenericRecord> rows = rows(new Random(3), 0, 12);
    for (int i = 0; i < rows.size(); i++) {
      rows.get(i).put("id", (long) i);
    }
    for (boolean warning : List.of(false, true)) {
      Rule.OnRows rule = Rule.custom("no-ninth", 1);
      String product =
          define("throwing-" + warning, contract.require(warning ? rule.warn() : rule), false);
      int files = files();
      EnginePublish publish = begin(product, Map.of(), throwing);
      List<Serializable> results = run(publish.settings(), rows, 3);
      if (warning) {
        RuleResult result = commit(publish, results).quality().rules().get(0);
        assertThat(result.outcome()).isEqualTo(Outcome.NOT_EVALUATED);
        assertThat(result.reason()).isEqualTo("its code threw java.lang.IllegalStateException");
        assertThat(result.evaluatedRows()).isEqualTo(12);
      } else {
        assertThatThrownBy(() -> commit(publish, results))
            .isInstanceOf(ContractViolationException.class)
            .hasMessageContaining("its code threw java.lang.IllegalStateException")
            .hasMessageNotContaining("canary");
        assertThat(files()).isEqualTo(files);
      }
    }
  }

  @Test
  void aCustomRuleChecksTheRowsOfEachMajorVersionAsTheyAreMapped() throws Exception {
    Contract first =
        Contract.of(ROW)
            .primaryKey("id")
            .require(Rule.custom("known", 1).tolerateRows(3), Rule.custom("dated", 1))
            .onViolation(OnViolation.QUARANTINE)
            .maxQuarantineShare(100);
    Contract second =
        Contract.of(new Schema.Parser().parse(ROW.toString().replace("\"code\"", "\"kind\"")))
            .require(Rule.custom("known", 2).where("id > 4"), Rule.custom("missing", 1).warn())
            .onViolation(OnViolation.QUARANTINE)
            .maxQuarantineShare(100);
    List<GenericRecord> rows = rows(new Random(22), 0, 60);
    for (String product : List.of("mobility/checked-sdk", "mobility/checked-tasks")) {
      defineMajors(product, first, second);
    }
    EnginePublish.RowMapping kinds =
        row -> {
          Map<String, Object> mapped = new HashMap<>(row);
          Object code = mapped.remove("code");
          mapped.put("kind", code == null ? null : code.toString().toUpperCase(Locale.ROOT));
          return mapped;
        };
    PublishReceipt expected =
        owner
            .publish("mobility/checked-sdk")
            .records(maps(rows))
            .majorVersion(1)
            .alsoTo(2, kinds)
            .customRule("known", 1, row -> !"a".equals(row.get("code")))
            .customRule("known", 2, row -> !"B".equals(row.get("kind")))
            .customRule("dated", 1, row -> (Integer) row.get("day") < 20_050)
            .idempotencyKey("day-1")
            .commit();
    Additions additions =
        new Additions()
            .alsoTo(2, kinds)
            .customRule("known", 1, row -> !"a".equals(row.get("code")))
            .customRule("known", 2, row -> !"B".equals(row.get("kind")))
            .customRule("dated", 1, row -> ((LocalDate) row.get("day")).toEpochDay() < 20_050);

    Map<String, String> options = Map.of(EnginePublish.KEY, "day-1");
    EnginePublish publish = begin("mobility/checked-tasks", options, additions);
    PublishReceipt receipt = commit(publish, run(publish.settings(), rows, 3));

    assertThat(summary(receipt.quality())).isEqualTo(summary(expected.quality()));
    assertThat(receipt.quality().rowsQuarantined()).isBetween(20L, 50L);
    for (int major : List.of(1, 2)) {
      assertThat(published("mobility/checked-tasks", major))
          .isEqualTo(published("mobility/checked-sdk", major))
          .isNotEmpty();
      assertThat(quarantined("mobility/checked-tasks", major))
          .isEqualTo(quarantined("mobility/checked-sdk", major));
    }
    EnginePublish without = begin("mobility/checked-tasks", options);
    assertThat(without.earlier().orElseThrow().publishId())
        .as("a key identifies rows, not the code that checks them")
        .isEqualTo(receipt.publishId());
  }

  @Test
  void theSecondOfTwoDriversWithOneKeyGetsTheReceiptAndLeavesNoFiles() throws Exception {
    String product = define("raced", Contract.of(ROW), false);
    List<GenericRecord> rows = rows(new Random(2), 0);
    EnginePublish slow = begin(product, Map.of(EnginePublish.KEY, "k"));
    List<Serializable> results = run(slow.settings(), rows, 3);
    PublishReceipt first = publish(product, rows, 3, Map.of(EnginePublish.KEY, "k"));
    int files = files() - results.size();

    assertThat(commit(slow, results).publishId()).isEqualTo(first.publishId());
    assertThat(files()).isEqualTo(files);
    assertThat(published(product)).hasSameSizeAs(rows);
  }

  @Test
  void anAbortAfterTheCommitDeletesNoFileOfTheTable() throws Exception {
    String product = define("aborted-late", Contract.of(ROW), false);
    List<GenericRecord> rows = rows(new Random(6), 0);
    EnginePublish publish = begin(product, Map.of());
    List<Serializable> results = run(publish.settings(), rows, 2);
    commit(publish, results);

    publish.abort(results); // as Spark does if the answer to a commit was lost
    assertThatThrownBy(() -> commit(publish, results)).isInstanceOf(IllegalStateException.class);

    assertThat(published(product)).hasSameSizeAs(rows);
    assertThat(fixture.mesh.doctor().problems()).isEmpty();
  }

  @Test
  void anAmendmentDuringTheTasksPublishesNothing() throws Exception {
    String product = define("amended", Contract.of(ROW), false);
    List<GenericRecord> rows = rows(new Random(3), 0);
    EnginePublish publish = begin(product, Map.of());
    int files = files();
    List<Serializable> results = run(publish.settings(), rows, 2);
    owner.amendContract(product, Contract.of(ROW).require(Rule.atLeast("id", -9).warn())).commit();

    assertThatThrownBy(() -> commit(publish, results))
        .isInstanceOf(ConflictException.class)
        .hasMessageContaining("Run the job again");
    assertThat(files()).isEqualTo(files);
    assertThat(published(product)).isEmpty();
  }

  @Test
  void noRowsReplaceOthersOnlyIfThatIsMeant() throws Exception {
    String product = define("emptied", Contract.of(ROW), false);
    publish(product, rows(new Random(8), 0), 2, Map.of());
    List<String> standing = published(product);

    assertThatThrownBy(() -> publish(product, List.of(), 2, Map.of(EnginePublish.REPLACE, "all")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("set " + EnginePublish.ALLOW_EMPTY);
    assertThat(published(product)).isEqualTo(standing);
    publish(
        product,
        List.of(),
        2,
        Map.of(EnginePublish.REPLACE, "all", EnginePublish.ALLOW_EMPTY, "true"));
    assertThat(published(product)).isEmpty();
  }

  @Test
  void aReplacementConflictsWithRowsThatWerePublishedDuringTheTasks() throws Exception {
    String product = define("overtaken", Contract.of(ROW), false);
    publish(product, rows(new Random(8), 0), 2, Map.of());
    EnginePublish slow = begin(product, Map.of(EnginePublish.REPLACE, "all"));
    List<Serializable> results = run(slow.settings(), rows(new Random(9), 0), 2);
    publish(product, rows(new Random(10), 0), 2, Map.of());
    List<String> standing = published(product);

    assertThatThrownBy(() -> commit(slow, results)).isInstanceOf(ConflictException.class);
    assertThat(published(product)).isEqualTo(standing);
    assertThat(fixture.mesh.doctor().problems()).isEmpty();
  }

  @Test
  void aKeyThatWasPublishedDuringTheTasksIsNotPublishedTwice() throws Exception {
    for (OnViolation policy : OnViolation.values()) {
      String product =
          define(
              "raced-" + policy.name().toLowerCase(Locale.ROOT),
              Contract.of(ROW).primaryKey("id").onViolation(policy),
              false);
      List<GenericRecord> rows = rows(new Random(11), 0).subList(0, 1);
      EnginePublish slow = begin(product, Map.of());
      List<Serializable> results = run(slow.settings(), rows, 1);
      publish(product, rows, 1, Map.of());

      assertThatThrownBy(() -> commit(slow, results))
          .isInstanceOf(ContractViolationException.class);
      assertThat(published(product)).hasSize(1);
    }
  }

  @Test
  void keysThatAscendAreNotReadByTheDriver() throws Exception {
    for (OnViolation policy : OnViolation.values()) {
      String product =
          define(
              "ascending-" + policy.name().toLowerCase(Locale.ROOT),
              Contract.of(ROW).primaryKey("id").onViolation(policy),
              false);
      for (int first = 0; first < 60; first += 30) {
        EnginePublish publish = begin(product, Map.of());
        List<Serializable> results = run(publish.settings(), numbered(first, 30), 3);
        assertThat(deleteUndecided()).isEqualTo(3);

        PublishReceipt receipt = commit(publish, results);

        assertThat(receipt.rowsAccepted()).isEqualTo(30);
        assertThat(receipt.quality().rules().get(0).evaluatedRows()).isEqualTo(30);
      }
      assertThat(published(product)).hasSize(60);
    }
  }

  @Test
  void aKeyThatTheDriverDidNotReadIsNotPublishedTwiceEither() throws Exception {
    String product =
        define(
            "raced-later",
            Contract.of(ROW)
                .primaryKey("id")
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(100),
            false);
    List<GenericRecord> rows = numbered(100, 20);
    rows.set(1, rows.get(0));
    EnginePublish publish = begin(product, Map.of());
    List<Serializable> results = run(publish.settings(), rows, 2);

    assertThatThrownBy(
            () ->
                publish.commit(
                    results,
                    work -> {
                      owner.publish(product).records(maps(numbered(115, 1))).commit();
                      return work.stream().map(each -> EnginePublish.run(each, 1_000)).toList();
                    }))
        .isInstanceOf(ContractViolationException.class)
        .hasMessageContaining("failed in 1 of 20 rows, first in row 6 of task 1")
        .hasMessageContaining("whose key the product now contains");
    assertThat(published(product)).hasSize(1);
    assertThat(files()).isEqualTo(1);
  }

  private static List<GenericRecord> numbered(int first, int count) {
    List<GenericRecord> rows = rows(new Random(first), 0, count);
    for (int i = 0; i < count; i++) {
      rows.get(i).put("id", (long) (first + i));
    }
    return rows;
  }

  private int deleteUndecided() throws IOException {
    int deleted = 0;
    try (Stream<Path> all = Files.walk(folder.resolve("mesh"))) {
      for (Path each : all.filter(path -> path.toString().contains("-undecided")).toList()) {
        Files.delete(each);
        deleted++;
      }
    }
    return deleted;
  }

  @Test
  void ofTwoResultsOfAPartOneIsPublishedAndNoFileIsLeft() throws Exception {
    String product = define("speculative", keyed(), false);
    int files = files();
    EnginePublish publish = begin(product, Map.of());
    List<GenericRecord> rows = rows(new Random(2), 0, 1);
    List<Serializable> results = new ArrayList<>();
    for (int attempt = 0; attempt < 2; attempt++) {
      try (EnginePublish.Task task = EnginePublish.task(publish.settings(), 0, attempt)) {
        rows.forEach(row -> task.add(values(row)));
        results.add(task.finish());
      }
    }
    commit(publish, results);

    assertThat(published(product)).hasSize(1);
    assertThat(files()).isEqualTo(files + 1);
  }

  @Test
  void onlyFewLargeRowsWaitUntilTheyAreChecked() {
    String product = define("large", Contract.of(ROW), false);
    String large = "x".repeat(4 << 20);
    Set<Object> read = new HashSet<>();
    try (EnginePublish.Task task = EnginePublish.task(begin(product, Map.of()).settings(), 0, 0)) {
      for (long id = 0; id < 64; id++) {
        Map<String, Object> row =
            new HashMap<>(Map.of("id", id, "code", large, "day", LocalDate.EPOCH)) {
              @Override
              public Object get(Object column) {
                read.add(super.get("id"));
                return super.get(column);
              }
            };
        task.add(row);
      }
      assertThat(read).hasSizeGreaterThan(32);
    }
  }

  @Test
  void tasksThatRunAtOnceShareTheMemory() throws Exception {
    List<GenericRecord> rows = rows(new Random(7), 0, 20_000);
    String alone = define("alone", Contract.of(ROW), false);
    publish(alone, rows, 1, Map.of());
    String among = define("among", Contract.of(ROW), false);
    List<RunningPart> others = Stream.generate(RunningPart::start).limit(100_000).toList();
    publish(among, rows, 1, Map.of());
    others.forEach(RunningPart::close);

    assertThat(RunningPart.count()).isEqualTo(1);
    assertThat(rowGroups(alone)).isEqualTo(1);
    assertThat(rowGroups(among)).isGreaterThan(1);
  }

  @Test
  void fewRowsOfATaskWaitIfManyTasksRunAtOnce() {
    String product = define("waiting", Contract.of(ROW), false);
    List<RunningPart> others = Stream.generate(RunningPart::start).limit(1_000).toList();
    Set<Object> read = new HashSet<>();
    try (EnginePublish.Task task = EnginePublish.task(begin(product, Map.of()).settings(), 0, 0)) {
      for (long id = 0; id < 200; id++) {
        Map<String, Object> row =
            new HashMap<>(Map.of("id", id, "day", LocalDate.EPOCH)) {
              @Override
              public Object get(Object column) {
                read.add(super.get("id"));
                return super.get(column);
              }
            };
        task.add(row);
      }
    } finally {
      others.forEach(RunningPart::close);
    }
    assertThat(read).hasSizeGreaterThan(180);
  }

  @Test
  void tasksThatRunAtOnceWriteOneFileForEachOfManyPartitions() throws Exception {
    String product = "mobility/by-day";
    owner
        .defineProduct(product)
        .contract(Contract.of(ROW))
        .partitionBy(Partition.day("day"))
        .commit();
    List<GenericRecord> rows = rows(new Random(13), 0, 6_000);
    List<RunningPart> others = Stream.generate(RunningPart::start).limit(1_000).toList();
    PublishReceipt receipt = publish(product, rows, 1, Map.of());
    others.forEach(RunningPart::close);

    assertThat(receipt.files()).isEqualTo(70);
    assertThat(receipt.rowsAccepted()).isEqualTo(6_000);
    assertThat(published(product)).hasSize(6_000);
  }

  @Test
  void filesOfPartitionsByBytesAreSent() throws Exception {
    Schema row =
        new Schema.Parser()
            .parse(
                """
                {"type":"record","name":"row","fields":[{"name":"key","type":"bytes"}]}
                """);
    String product = "mobility/by-bytes";
    owner
        .defineProduct(product)
        .contract(Contract.of(row))
        .partitionBy(Partition.identity("key"))
        .commit();
    List<GenericRecord> rows =
        Stream.of("a", "b", "a")
            .map(key -> ByteBuffer.wrap(key.getBytes(StandardCharsets.UTF_8)))
            .<GenericRecord>map(key -> new GenericRecordBuilder(row).set("key", key).build())
            .toList();

    assertThat(publish(product, rows, 1, Map.of()).files()).isEqualTo(2);
    assertThat(published(product)).hasSize(3);
  }

  private int rowGroups(String product) throws IOException {
    Table table = catalog.loadTable(TableIdentifier.of("mobility", product.substring(9) + "_v1"));
    try (CloseableIterable<FileScanTask> files = table.newScan().planFiles()) {
      return files.iterator().next().file().splitOffsets().size();
    }
  }

  @Test
  void aBadRowIsNamedByItsTask() throws Exception {
    String product = define("named", Contract.of(ROW).primaryKey("id"), false);
    List<GenericRecord> row = rows(new Random(2), 0, 1);
    EnginePublish publish = begin(product, Map.of());
    List<Serializable> results = run(publish.settings(), List.of(row.get(0), row.get(0)), 2);

    assertThatThrownBy(() -> commit(publish, results))
        .hasMessageContaining("first in row 1 of task 1, which has the key of row 1 of task 0")
        .isInstanceOfSatisfying(
            ContractViolationException.class,
            e ->
                assertThat(e.findings().get(0).samples())
                    .singleElement()
                    .asString()
                    .startsWith("{\"row\":1,\"task\":1,\"values\":{"));
  }

  @Test
  void rowsWhoseCorrectionIsMissingAreNotPublished() throws Exception {
    String product = define("uncorrected", keyed(), false);
    int files = files();
    EnginePublish publish = begin(product, Map.of());
    List<GenericRecord> row = rows(new Random(2), 0, 1);
    List<Serializable> results = run(publish.settings(), List.of(row.get(0), row.get(0)), 2);

    assertThatThrownBy(() -> publish.commit(results, work -> List.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("results of the parts [1] were expected, and the runner returned those of []");
    assertThat(published(product)).isEmpty();
    assertThat(files()).isEqualTo(files);
  }

  @Test
  void aPublishThatTheCountsRefuseNeedsNoFurtherTasks() throws Exception {
    String product = define("twice", keyed(), false);
    String few = define("few", keyed().maxQuarantineShare(10), false);
    List<GenericRecord> rows = numbered(1, 12);
    for (String each : List.of(product, few)) {
      publish(each, rows.subList(0, each.equals(few) ? 6 : 12), 3, Map.of());
    }
    int files = files();

    for (String each : List.of(product, few)) {
      EnginePublish publish = begin(each, Map.of());
      List<Serializable> results = run(publish.settings(), rows, 3);
      assertThatThrownBy(
              () ->
                  publish.commit(
                      results,
                      work -> {
                        throw new AssertionError("further tasks");
                      }))
          .isInstanceOf(ContractViolationException.class)
          .hasMessageContaining(
              each.equals(few)
                  ? "6 of 12 rows would be quarantined; the limit is 10 percent"
                  : "no row is left to publish")
          .hasMessageContaining("failed in %d of 12 rows", each.equals(few) ? 6 : 12);
    }
    assertThat(files()).isEqualTo(files);
  }

  @Test
  void rulesOfPartitionsAndTablesCountTheRemainingRowsOfARefusedPublish() throws Exception {
    Contract byPartition =
        keyed()
            .maxQuarantineShare(10)
            .require(Rule.distinctCount("code", 1, 4).scope(Rule.Scope.PARTITION));
    List<GenericRecord> standing =
        List.of(row(1, "a", 1), row(2, "b", 1), row(3, "c", 1), row(4, "d", 1));
    equalRefusal(
        "by-partition",
        byPartition,
        standing,
        List.of(row(7, "e", 0), row(8, "e", 0), row(1, "e", 1), row(2, "e", 1)));
    Contract byTable =
        Contract.of(ROW)
            .require(Rule.unique("id").scope(Rule.Scope.BATCH))
            .require(Rule.distinctCount("code", 3, 4).scope(Rule.Scope.TABLE))
            .onViolation(OnViolation.QUARANTINE)
            .maxQuarantineShare(10);
    equalRefusal(
        "by-table",
        byTable,
        List.of(row(1, "a", 1), row(2, "b", 2), row(3, "c", 2)),
        List.of(row(7, "d", 0), row(8, "d", 0), row(7, "d", 2), row(8, "d", 2)));
  }

  /** Has the SDK and tasks publish rows that both refuse, by the same rules. */
  private void equalRefusal(
      String name, Contract contract, List<GenericRecord> standing, List<GenericRecord> rows)
      throws Exception {
    List<List<String>> rules = new ArrayList<>();
    boolean replaces = name.equals("by-table");
    for (String by : List.of("sdk", "tasks")) {
      String product = "mobility/" + name + "-" + by;
      owner.defineProduct(product).contract(contract).partitionBy(Partition.day("day")).commit();
      owner.publish(product).records(maps(standing)).commit();
      Publish<Map<String, Object>> publish = owner.publish(product).records(maps(rows));
      Map<String, String> options =
          replaces ? Map.of(EnginePublish.REPLACE, "partitions") : Map.of();
      assertThatThrownBy(
              () -> {
                if (by.equals("tasks")) {
                  publish(product, rows, 2, options);
                } else {
                  (replaces ? publish.replacePartitions() : publish).commit();
                }
              })
          .isInstanceOfSatisfying(
              ContractViolationException.class,
              e -> rules.add(e.findings().stream().map(Finding::where).toList()));
    }
    assertThat(rules.get(1)).isEqualTo(rules.get(0)).hasSize(1);
  }

  private static GenericRecord row(long id, String code, int day) {
    return new GenericRecordBuilder(ROW)
        .set("id", id)
        .set("fare", null)
        .set("code", code)
        .set("day", 20_000 + day)
        .set("stop", null)
        .build();
  }

  @Test
  void thereAreAtMostAMillionPartsWhoseRowsAreCompared() throws Exception {
    String product = define("wide", keyed(), false);
    EnginePublish publish = begin(product, Map.of());
    GenericRecord row = rows(new Random(2), 0, 1).get(0);
    List<Serializable> results = new ArrayList<>();
    for (int partition : List.of(999_998, 0, 999_999)) {
      try (EnginePublish.Task task = EnginePublish.task(publish.settings(), partition, partition)) {
        task.add(values(row));
        results.add(sent(task.finish()));
      }
    }
    assertThatThrownBy(() -> EnginePublish.task(publish.settings(), 1_000_000, 1_000_000))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("Divide the rows into fewer parts");
    commit(publish, results);

    assertThat(published(product)).hasSize(1);
    assertThat(quarantined(product)).hasSize(2);
  }

  private static Contract keyed() {
    return Contract.of(ROW)
        .primaryKey("id")
        .onViolation(OnViolation.QUARANTINE)
        .maxQuarantineShare(100);
  }

  @Test
  void anAbortedTaskLeavesNoFiles() {
    String product = define("aborted", Contract.of(ROW), false);
    int files = files();
    Serializable settings = begin(product, Map.of()).settings();
    try (EnginePublish.Task task = EnginePublish.task(settings, 0, 0)) {
      rows(new Random(4), 0).forEach(row -> task.add(values(row)));
    }
    assertThat(files()).isEqualTo(files);
  }

  @Test
  void filesOfKilledTasksAreLeftoversOfTheMesh() throws Exception {
    String product = define("killed", keyed(), true);
    int files = files();
    run(begin(product, Map.of()).settings(), rows(new Random(5), 0), 2);
    int tasks = files();
    assertThat(tasks).isGreaterThan(files);
    EnginePublish publish = begin(product, Map.of());
    List<Serializable> results = run(publish.settings(), rows(new Random(5), 0), 2);
    assertThatThrownBy(
            () ->
                publish.commit(
                    results,
                    work -> {
                      work.forEach(each -> EnginePublish.run(each, 1_000));
                      throw new UncheckedIOException(new IOException("a host was lost"));
                    }))
        .hasRootCauseMessage("a host was lost");
    assertThat(files()).isGreaterThan(tasks);

    try (Mesh later =
        LocalMesh.builder(folder.resolve("mesh"))
            .clock(() -> Instant.now().plus(Duration.ofDays(9)))
            .open()) {
      assertThat(later.doctor().findings())
          .extracting(Finding::code)
          .contains(FindingCode.LEFTOVER_FILES)
          .doesNotContain(FindingCode.UNKNOWN_FILES);
      later.maintain().commit();
      assertThat(later.doctor().findings())
          .extracting(Finding::code)
          .doesNotContain(FindingCode.LEFTOVER_FILES);
    }
    assertThat(files()).isEqualTo(files);
  }

  @Test
  void aTaskThatDoesNotSeeTheFolderOfTheMeshWritesNothing() throws Exception {
    String product = define("elsewhere", Contract.of(ROW), false);
    Serializable settings = sent(begin(product, Map.of()).settings());
    Path mesh = folder.resolve("mesh");
    Files.move(mesh.resolve("mesh.json"), folder.resolve("away"));
    try {
      assertThatThrownBy(() -> EnginePublish.task(settings, 0, 0))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("does not see the folder of the mesh");
    } finally {
      Files.move(folder.resolve("away"), mesh.resolve("mesh.json"));
    }
  }

  private static List<Map<String, Object>> maps(List<GenericRecord> rows) {
    return rows.stream().map(DistributedPublishTest::values).toList();
  }

  private String define(String name, Contract contract, boolean partitioned) {
    String product = "mobility/" + name.replace('_', '-');
    if (partitioned) {
      owner
          .defineProduct(product)
          .contract(contract)
          .partitionBy(Partition.month("day"), Partition.bucket("id", 2))
          .commit();
    } else {
      owner.defineProduct(product).contract(contract).commit();
    }
    return product;
  }

  private EnginePublish begin(String product, Map<String, String> options) {
    return begin(product, options, new Additions());
  }

  private EnginePublish begin(String product, Map<String, String> options, Additions additions) {
    return catalog.publish(
        TableIdentifier.of("mobility", product.substring(9).replace('-', '_') + "_v1"),
        options,
        additions);
  }

  private PublishReceipt publish(
      String product, List<GenericRecord> rows, int tasks, Map<String, String> options)
      throws Exception {
    EnginePublish publish = begin(product, options);
    return commit(publish, run(publish.settings(), rows, tasks));
  }

  /** Commits results, with corrections as other processes get and give them. */
  private static PublishReceipt commit(EnginePublish publish, List<Serializable> results) {
    return publish.commit(
        results,
        work -> {
          List<Serializable> corrected = new ArrayList<>();
          for (Serializable each : work) {
            corrected.add(sent(EnginePublish.run(sent(each), 1_000 + corrected.size())));
          }
          return corrected;
        });
  }

  /** Runs tasks over contiguous slices, in another order, with what they get and give as bytes. */
  private static List<Serializable> run(Serializable settings, List<GenericRecord> rows, int tasks)
      throws Exception {
    List<Serializable> results = new ArrayList<>();
    for (int partition = tasks - 1; partition >= 0; partition--) {
      int from = rows.size() * partition / tasks;
      int to = rows.size() * (partition + 1) / tasks;
      try (EnginePublish.Task task =
          EnginePublish.task(sent(settings), partition, 100 + partition)) {
        rows.subList(from, to).forEach(row -> task.add(values(row)));
        results.add(sent(task.finish()));
      }
    }
    return results;
  }

  /** A row as a connector has it. */
  private static Map<String, Object> values(GenericRecord row) {
    Map<String, Object> values = new HashMap<>();
    for (Schema.Field field : row.getSchema().getFields()) {
      Object value = row.get(field.pos());
      if (value instanceof GenericRecord nested) {
        values.put(field.name(), values(nested));
      } else if (field.name().equals("day") && value != null) {
        values.put(field.name(), LocalDate.ofEpochDay((Integer) value));
      } else if (value != null) {
        values.put(field.name(), value);
      }
    }
    return values;
  }

  /**
   * Returns random rows.
   *
   * @param bad percent of the rows that do not fit their columns
   */
  private static List<GenericRecord> rows(Random random, int bad) {
    return rows(random, bad, random.nextInt(60));
  }

  private static List<GenericRecord> rows(Random random, int bad, int count) {
    List<GenericRecord> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      GenericRecord row = new GenericData.Record(ROW);
      if (random.nextInt(100) >= bad) {
        row.put("id", (long) random.nextInt(2, 30));
      }
      row.put("fare", random.nextInt(6) == 0 ? null : random.nextInt(100 + bad) / 1.0);
      row.put(
          "code", random.nextInt(6) == 0 ? null : "" + (char) ('a' + random.nextInt(3 + bad / 3)));
      row.put("day", 20_000 + random.nextInt(70));
      if (random.nextBoolean()) {
        GenericRecord stop =
            new GenericData.Record(ROW.getField("stop").schema().getTypes().get(1));
        stop.put("zone", random.nextInt(100) < bad ? null : "z" + random.nextInt(4));
        stop.put("seats", random.nextBoolean() ? null : random.nextInt(5));
        row.put("stop", stop);
      }
      rows.add(row);
    }
    return rows;
  }

  private static List<String> summary(QualityReport report) {
    List<String> lines =
        new ArrayList<>(
            List.of(
                report.rowsOffered() + " " + report.rowsAccepted() + " " + report.rowsQuarantined(),
                "score " + report.qualityScore()));
    for (RuleResult rule : report.rules()) {
      lines.add(
          rule.ruleId()
              + " "
              + rule.outcome()
              + " "
              + rule.failingRows()
              + " of "
              + rule.evaluatedRows()
              + " "
              + rule.measure());
    }
    report
        .violations()
        .forEach(each -> lines.add(each.code() + " " + each.where() + " " + each.count()));
    return lines;
  }

  private List<String> published(String product) {
    return published(product, 1);
  }

  private List<String> published(String product, int major) {
    try (Rows<GenericRecord> rows = owner.read(product).majorVersion(major).rows()) {
      return rows.stream().map(Objects::toString).sorted().toList();
    }
  }

  private List<String> quarantined(String product) {
    return quarantined(product, 1);
  }

  private List<String> quarantined(String product, int major) {
    try (Rows<Map<String, Object>> rows =
        owner.quarantine(product).majorVersion(major).asMaps().rows()) {
      return rows.stream()
          .map(row -> row.get("rules") + " " + row.get("reason") + " " + row.get("row"))
          .sorted()
          .toList();
    }
  }

  private int files() {
    try (Stream<Path> all = Files.walk(folder.resolve("mesh"))) {
      return (int) all.filter(path -> path.toString().endsWith(".parquet")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
