package io.meshwork.internal.conformance.maintenance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Rule;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.internal.conformance.mirror.GuardedStore;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.metrics.MetricPoint;
import io.meshwork.internal.metrics.MetricPoint.Name;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.maintenance.Maintain.Report;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Registry.Outcome;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.testkit.Faults;
import io.meshwork.testkit.Faults.Port;
import io.meshwork.testkit.ManualClock;
import io.meshwork.topology.Topology;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What operating runs report to a monitoring service, each process about its domain. */
class MetricsReportTest {
  private static final String ORDERS = "commerce/orders";
  private static final Duration WITHIN = Duration.ofMinutes(13);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);

  /** A value that must not leave the mesh. */
  private static final String CANARY = "canary-4711";

  private final GuardedStore store = new GuardedStore();
  private final ManualClock clock = ManualClock.at(Instant.parse("2026-11-20T08:00:30Z"));
  private final RecordingSink sink = new RecordingSink();
  private final List<Mesh> meshes = new ArrayList<>();
  private long writes;

  @SuppressWarnings("NullAway.Init") // JUnit fills the mesh before each test
  private Mesh whole;

  @BeforeEach
  void fillAMesh() {
    whole =
        opened(
            Mesh.builder(store.registry(), store.files(), GuardedStore.ROOT).partitionConsumers());
    for (String domain : List.of("commerce", "finance")) {
      client(domain).registerDomain(domain).accounts(domain).owner(domain + "@x").commit();
    }
    client("commerce")
        .defineProduct(ORDERS)
        .contract(
            Contract.of(SmallOrder.class)
                .freshWithin(HOUR)
                .require(Rule.unique("id"), Rule.between("amount", 0, 100))
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(80))
        .openToMesh()
        .commit();
  }

  @AfterEach
  void nothingIsTriedWithoutPermission() {
    meshes.forEach(Mesh::close);
    assertThat(store.violations()).isEmpty();
  }

  private Mesh opened(Mesh.Builder builder) {
    return opened(builder, clock);
  }

  private Mesh opened(Mesh.Builder builder, InstantSource time) {
    Mesh mesh = builder.clock(time).testing().sleeper(clock::advance).open();
    meshes.add(mesh);
    return mesh;
  }

  private MeshClient client(String account) {
    return whole.clientAs(Principal.of(account, "etl"));
  }

  private Mesh process(String account) {
    return process(account, clock);
  }

  private Mesh process(String account, InstantSource time) {
    var ports = store.ports(account);
    return opened(
        Mesh.builder(
            ports.registry(), ports.files(), GuardedStore.ROOT, sink.credentials(store, account)),
        time);
  }

  private Report operate(String account) {
    return process(account).operate(WITHIN);
  }

  /** Returns a clock that is ahead of that of the other hosts. */
  private InstantSource ahead(Duration by) {
    return () -> clock.instant().plus(by);
  }

  /** Publishes two good rows and one that is quarantined. */
  private void publish(String id) {
    publish(client("commerce"), id);
  }

  private static void publish(MeshClient client, String id) {
    client
        .publish(ORDERS)
        .records(
            List.of(
                new SmallOrder(CANARY + id + "a", 1),
                new SmallOrder(CANARY + id + "b", 2),
                new SmallOrder(CANARY + id + "c", 1_000)))
        .commit();
  }

  private static List<String> failedParts(Report report) {
    return report.remaining().stream()
        .filter(finding -> finding.code() == FindingCode.MAINTENANCE_FAILED)
        .map(Finding::where)
        .toList();
  }

  @Test
  void eachPublishSinceTheFirstRunIsCountedOnceAtItsMinute() {
    publish("before");
    operate("commerce");
    publish("1");
    publish("2");
    clock.advance(MINUTE);
    publish("3");
    clock.advance(HOUR);
    Report report = operate("commerce");
    operate("commerce");

    assertThat(sink.values(Name.RECORDS_PROCESSED, "commerce")).containsExactly(6.0, 3.0);
    assertThat(sink.values(Name.RECORDS_QUARANTINED, "commerce")).containsExactly(2.0, 1.0);
    assertThat(sink.points)
        .filteredOn(point -> point.name() == Name.RECORDS_PROCESSED)
        .extracting(MetricPoint::at)
        .containsExactly(
            Instant.parse("2026-11-20T08:00:00Z"), Instant.parse("2026-11-20T08:01:00Z"));
    assertThat(report.total(Work.METRICS_SENT)).isEqualTo(4 + 4);
    assertThat(report.remaining()).isEmpty();
  }

  @Test
  void aProductThatIsDefinedLaterIsCountedFromItsFirstPublish() {
    operate("commerce");
    client("commerce")
        .defineProduct("commerce/returns")
        .contract(Contract.of(SmallOrder.class))
        .commit();
    client("commerce")
        .publish("commerce/returns")
        .records(List.of(new SmallOrder("r", 1)))
        .commit();
    operate("commerce");

    assertThat(sink.values(Name.RECORDS_PROCESSED, "commerce")).containsExactly(1.0);
  }

  @Test
  void whatWasReportedOfThousandsOfProductsIsRecorded() {
    operate("commerce");
    Registry registry = store.registry();
    Key report =
        registry.partitions().stream()
            .map(partition -> new Key(partition, "reported/metrics/commerce"))
            .filter(key -> registry.read(key).isPresent())
            .findFirst()
            .orElseThrow();
    Document stored = registry.read(report).orElseThrow();
    ObjectNode json = DocumentJson.parseObject("report", stored.json());
    ObjectNode logs = (ObjectNode) json.path("logs");
    int more = (Transaction.MAX_DOCUMENT_BYTES - json.toString().length()) / 52;
    for (int product = 0; product < more; product++) { // 52 bytes each
      logs.put("commerce/product_with_a_long_name_" + (1_000_000 + product), 1_000_000L);
    }
    String attempt = IdGenerator.secure(clock).next();
    registry.commit(
        Transaction.attempt(attempt.substring(0, 14) + "8" + attempt.substring(15))
            .replace(report, json.toString(), stored.version())
            .build());
    client("commerce")
        .defineProduct("commerce/last_" + "x".repeat(45))
        .contract(Contract.of(SmallOrder.class))
        .commit();
    publish("1");

    assertThat(failedParts(operate("commerce"))).isEmpty();
    operate("commerce");

    assertThat(sink.sum(Name.RECORDS_PROCESSED, "commerce")).isEqualTo(3);
  }

  @Test
  void levelsRiseWhileNoProducerPublishes() {
    publish("1");
    operate("commerce");
    clock.advance(HOUR.multipliedBy(2));
    operate("commerce");

    assertThat(sink.values(Name.FRESHNESS_MINUTES, "commerce")).containsExactly(0.0, 120.0);
    assertThat(sink.values(Name.PRODUCTS_LATE, "commerce")).containsExactly(0.0, 1.0);
    assertThat(sink.values(Name.QUALITY_SCORE, "commerce"))
        .allSatisfy(score -> assertThat(score).isEqualTo(66.7, within(0.1)))
        .hasSize(2);
  }

  @Test
  void aDomainWithoutProductsSendsThatNothingIsLate() {
    operate("finance");

    assertThat(sink.values(Name.PRODUCTS_LATE, "finance")).containsExactly(0.0);
    assertThat(sink.values(Name.NOTICES_PARKED, "finance")).containsExactly(0.0);
    assertThat(sink.points).noneMatch(point -> Double.isNaN(point.sum()));
    assertThat(sink.alarms).containsExactly("finance");
  }

  @Test
  void aRunThatDiesAfterItSentCountsAgainAndNeverTooLittle() {
    operate("commerce");
    publish("1");
    sink.afterSend =
        () -> {
          throw Failure.of(MeshAction.of(Verb.WRITE, "metrics"))
              .because("the reply was lost")
              .passing(ErrorCode.BACKEND_FAILED);
        };
    assertThat(failedParts(operate("commerce"))).containsExactly("metrics");
    sink.afterSend = () -> {};
    operate("commerce");
    operate("commerce");

    assertThat(sink.sum(Name.RECORDS_PROCESSED, "commerce")).isEqualTo(2 * 3);
  }

  @Test
  void aServiceThatIsDownStopsNothingElseAndTheNextRunSendsWhatIsMissing() {
    operate("commerce");
    publish("1");
    sink.isDown = true;
    clock.advance(Duration.ofDays(1));
    Report report = operate("commerce");

    assertThat(failedParts(report)).containsExactly("metrics", "alarms");
    assertThat(report.total(Work.FRESHNESS_CHANGED)).isPositive();
    sink.isDown = false;
    assertThat(operate("commerce").remaining()).isEmpty();
    assertThat(sink.sum(Name.RECORDS_PROCESSED, "commerce")).isEqualTo(3);
  }

  @Test
  void publishesThatTheServiceTakesNoMoreAreLeftOutWithAWarning() {
    operate("commerce");
    publish("old");
    clock.advance(Duration.ofDays(15));
    publish("new");
    Report report = operate("commerce");

    assertThat(report.remaining())
        .filteredOn(finding -> finding.code() == FindingCode.METRICS_LEFT_OUT)
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING);
              assertThat(finding.what())
                  .isEqualTo(
                      "1 publish was not counted: the service takes no points older than 14 days.");
            });
    assertThat(sink.sum(Name.RECORDS_PROCESSED, "commerce")).isEqualTo(3);
    assertThat(operate("commerce").remaining())
        .noneMatch(finding -> finding.code() == FindingCode.METRICS_LEFT_OUT);
  }

  @Test
  void aPublishOfAHostWhoseClockIsAheadIsCountedNow() {
    operate("commerce");
    publish(
        process("commerce", ahead(HOUR.multipliedBy(5))).clientAs(Principal.of("commerce", "etl")),
        "1");
    operate("commerce");

    assertThat(sink.sum(Name.RECORDS_PROCESSED, "commerce")).isEqualTo(3);
    assertThat(sink.points).noneMatch(point -> point.at().isAfter(clock.instant()));
  }

  @Test
  void whatIsReportedOnceADayIsSoAfterAClockThatWasAheadIsSetRight() {
    process("commerce", ahead(Duration.ofDays(10))).operate(WITHIN);
    operate("commerce");
    operate("commerce");

    assertThat(sink.values(Name.BYTES_SPARED, "commerce")).hasSize(2);
  }

  /** Writes a document as damage to the registry, or a restored backup, has it. */
  private void write(Key key, String json) {
    Transaction.Builder change =
        Transaction.attempt("01a9f2e0-0000-8000-8000-" + String.format("%012d", ++writes));
    Optional<Document> stored = store.registry().read(key);
    stored.ifPresentOrElse(
        document -> change.replace(key, json, document.version()), () -> change.insert(key, json));
    assertThat(store.registry().commit(change.build())).isEqualTo(Outcome.COMMITTED);
  }

  private Key document(String partition, String prefix) {
    return store.registry().list(partition, prefix, null).documents().get(0).key();
  }

  @Test
  void aPublishWhoseEntryIsDamagedIsLeftOutAndOthersAreCounted() {
    operate("commerce");
    publish("1");
    publish("2");
    write(document(ORDERS, "log/" + "0".repeat(19) + "2"), "{\"format\":1}");

    assertThat(operate("commerce").remaining()).isEmpty();
    assertThat(sink.sum(Name.RECORDS_PROCESSED, "commerce")).isEqualTo(3);
  }

  @Test
  @Timeout(10)
  void aLogWithoutItsNewestEntryIsReportedToItsEnd() {
    operate("commerce");
    publish("1");
    Key newest = document(ORDERS, "log/" + "0".repeat(19) + "2");
    Document entry = store.registry().read(newest).orElseThrow();
    assertThat(
            store
                .registry()
                .commit(
                    Transaction.attempt("01a9f2e0-0000-8000-8000-000000000001")
                        .delete(newest, entry.version())
                        .build()))
        .isEqualTo(Outcome.COMMITTED);

    operate("commerce");

    assertThat(sink.sum(Name.RECORDS_PROCESSED, "commerce")).isZero();
    assertThat(sink.values(Name.PRODUCTS_LATE, "commerce")).hasSize(2);
  }

  @Test
  void parkedNoticesCountAlsoIfTheyAreTooManyToBeNamedOrBesideADamagedPosition() {
    String positions = "commerce/@" + Topology.CENTRAL;
    write(
        new Key(positions, "cursor/mail/" + ORDERS),
        "{\"format\":1,\"sequence\":9,\"parked\":[{\"notice\":\"commerce/orders/9/defined\","
            + "\"at\":\"2026-11-20T08:00:00Z\",\"failure\":\"x\"}],\"older\":{\"count\":250,"
            + "\"first\":1,\"last\":8,\"at\":\"2026-11-20T08:00:00Z\",\"failure\":\"x\"}}");
    write(new Key(positions, "cursor/mail/commerce"), "{\"format\":99}");
    write(new Key(positions, "cursor/web/commerce"), "{\"format\":1,\"at\":\"x\"}");
    Report report = operate("commerce");

    assertThat(failedParts(report)).isEmpty();
    assertThat(sink.values(Name.NOTICES_PARKED, "commerce")).containsExactly(251.0);
  }

  @Test
  void aPartThatFailsUnexpectedlyStopsNoOther() {
    sink.afterSend =
        () -> {
          throw new IllegalStateException(CANARY);
        };
    Report report = operate("commerce");

    assertThat(failedParts(report)).containsExactly("metrics");
    assertThat(report.remaining()).noneMatch(finding -> finding.what().contains(CANARY));
    assertThat(sink.alarms).containsExactly("commerce");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"format\":99}", "{\"format\":1,\"daily\":\"x\"}"})
  void aDamagedPositionOfOneDomainStopsTheQualityOfNoOther(String damaged) {
    operate(GuardedStore.GOVERNANCE);
    client("finance")
        .defineProduct("finance/tax")
        .contract(Contract.of(SmallOrder.class).require(Rule.unique("id")))
        .commit();
    client("finance").publish("finance/tax").records(List.of(new SmallOrder("t", 1))).commit();
    write(document("_mesh", "reported/quality/commerce"), damaged);

    assertThat(failedParts(operate(GuardedStore.GOVERNANCE))).containsExactly("quality results");
    assertThat(qualityLines()).singleElement().asString().contains("finance/tax");
  }

  @Test
  void aBacklogIsSentInRequestsThatTheServiceTakes() {
    operate("commerce");
    sink.maxPoints = 10;
    for (int i = 0; i < 30; i++) {
      publish("b" + i);
      clock.advance(MINUTE);
    }
    operate("commerce");

    assertThat(sink.requests).allMatch(size -> size <= 10).hasSizeGreaterThan(6);
    assertThat(sink.values(Name.RECORDS_PROCESSED, "commerce")).hasSize(30).containsOnly(3.0);
  }

  @Test
  void aRunThatIsStoppedLeavesTheRestToTheNext() {
    operate("commerce");
    sink.maxPoints = 10;
    for (int i = 0; i < 30; i++) {
      publish("s" + i);
      clock.advance(MINUTE);
    }
    AtomicBoolean isStopping = new AtomicBoolean();
    sink.afterSend = () -> isStopping.set(true);
    process("commerce").operate(WITHIN, isStopping::get);
    assertThat(sink.values(Name.RECORDS_PROCESSED, "commerce")).hasSizeLessThan(30);
    sink.afterSend = () -> {};
    operate("commerce");

    assertThat(sink.values(Name.RECORDS_PROCESSED, "commerce")).hasSize(30).containsOnly(3.0);
  }

  @Test
  void aSecondRunnerSendsNothing() {
    publish("1");
    List<Report> seconds = new ArrayList<>();
    sink.afterSend =
        () -> {
          if (seconds.isEmpty()) {
            int before = sink.points.size();
            seconds.add(operate("commerce"));
            assertThat(sink.points).hasSize(before);
          }
        };
    operate("commerce");

    assertThat(seconds.get(0).remaining())
        .extracting(Finding::code)
        .containsExactly(FindingCode.OPERATED_ELSEWHERE);
  }

  @Test
  void bytesThatAnotherDomainSparedAreReportedOnceADay() {
    publish("1");
    MeshClient finance = client("finance");
    finance.subscribe(ORDERS).name("own").purpose("Books").contact("a@x").commit();
    try (Rows<?> rows = finance.read(ORDERS).rows()) {
      assertThat(rows.stream().count()).isEqualTo(2);
    }
    whole.close();
    operate("commerce");
    operate("commerce");
    assertThat(sink.values(Name.BYTES_SPARED, "commerce"))
        .singleElement()
        .satisfies(bytes -> assertThat(bytes).isPositive());
    clock.advance(Duration.ofHours(24));
    operate("commerce");
    assertThat(sink.values(Name.BYTES_SPARED, "commerce")).hasSize(2);
  }

  @Test
  void productsThatPromiseFreshnessHaveTheirOwnMetricsAndAlarmOnRequest() {
    client("commerce")
        .defineProduct("commerce/returns")
        .contract(Contract.of(SmallOrder.class))
        .commit();
    publish("1");
    sink.products = true;
    operate("commerce");

    assertThat(sink.points)
        .filteredOn(point -> point.subject().product().isPresent())
        .allMatch(point -> point.subject().product().get().product().toString().equals(ORDERS))
        .extracting(MetricPoint::name)
        .containsExactlyInAnyOrder(Name.PRODUCTS_LATE, Name.FRESHNESS_MINUTES, Name.QUALITY_SCORE);
    assertThat(sink.alarms).containsExactly("commerce", "commerce commerce/orders");
  }

  @Test
  void governanceShowsAllDomainsAndWritesTheQualityOfEachPublishOnceWithoutValues() {
    operate(GuardedStore.GOVERNANCE);
    publish("1");
    publish("2");
    Report report = operate(GuardedStore.GOVERNANCE);
    Report again = operate(GuardedStore.GOVERNANCE);

    assertThat(sink.points).isEmpty();
    assertThat(sink.alarms).isEmpty();
    assertThat(sink.dashboard).isEqualTo("{commerce=commerce, finance=finance}");
    assertThat(report.total(Work.QUALITY_RESULTS_WRITTEN)).isEqualTo(2);
    assertThat(again.isEmpty()).isTrue();
    List<String> lines = qualityLines();
    assertThat(lines)
        .hasSize(2)
        .allSatisfy(
            line ->
                assertThat(line)
                    .startsWith(
                        "{\"format\":1,\"product\":\"commerce/orders\",\"domain\":\"commerce\","
                            + "\"major\":1,")
                    .contains("\"rows_accepted\":2,\"rows_quarantined\":1")
                    .contains("\"rules_evaluated\":2")
                    .doesNotContain(CANARY));
  }

  @Test
  void qualityThatCouldNotBeWrittenIsWrittenByTheNextRun() {
    operate(GuardedStore.GOVERNANCE);
    publish("1");
    Faults faults = Faults.seeded(1);
    faults.on(Port.FILE_WRITE).path("**/quality/**").failBefore();
    var ports = store.ports(GuardedStore.GOVERNANCE);
    Mesh without =
        opened(
            Mesh.builder(
                    ports.registry(),
                    ports.files(),
                    GuardedStore.ROOT,
                    sink.credentials(store, GuardedStore.GOVERNANCE))
                .testing()
                .wrapFiles(faults::files));
    assertThat(failedParts(without.operate(WITHIN))).containsExactly("quality results");
    assertThat(qualityLines()).isEmpty();
    operate(GuardedStore.GOVERNANCE);
    assertThat(qualityLines()).hasSize(1);
  }

  private List<String> qualityLines() {
    List<String> lines = new ArrayList<>();
    SupportsPrefixOperations files = (SupportsPrefixOperations) store.files();
    for (FileInfo file : files.listPrefix(GuardedStore.ROOT + "/quality/")) {
      try (InputStream in = files.newInputFile(file.location()).newStream()) {
        new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().forEach(lines::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return lines;
  }
}
