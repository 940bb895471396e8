package io.meshwork.aws.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsLocal;
import io.meshwork.aws.AwsPolicies;
import io.meshwork.aws.AwsPolicies.TableReaders;
import io.meshwork.aws.CountingInterceptor;
import io.meshwork.aws.CountingInterceptor.Usage;
import io.meshwork.aws.EmulatedClients;
import io.meshwork.aws.MeshNames;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.consume.Subscription;
import io.meshwork.contract.Contract;
import io.meshwork.product.Principal;
import io.meshwork.testkit.ManualClock;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What the daily operations cost on AWS. The guide prints the measured rows; a change that adds a
 * request fails here, and must be worth its price.
 */
class AwsCostTest {
  private static final String TABLE = "<!-- costs: each row is measured by AwsCostTest -->";
  private static final String PUBLISH = "publish one file";
  private static final String READ = "read two files";
  private static final String POLL = "poll without new rows";
  private static final String POLL_ROWS = "poll one new file, and acknowledge";
  private static final String GRANT = "grant";
  private static final String READINGS = "plant/readings";

  private static final Principal ETL = Principal.of(AwsLocal.ACCOUNT, "plant-etl");
  private static final Principal ANALYST = Principal.of("222222222222", "analyst");

  /** A host's clock that differs by a day or more, which takes one request more. */
  private static final Duration BEHIND = Duration.ofDays(6);

  private final CountingInterceptor used = new CountingInterceptor();
  private Mesh plant;
  private Mesh lab;

  record SensorReading(long id, double degrees) {}

  /** Each account has a process, which opens the mesh as users do. */
  @BeforeEach
  void fillAMesh() {
    AwsConfig config = AwsLocal.newMesh(AwsLocal.emulator());
    AwsLocal.make(config);
    share(config);
    MeasuredClients.countBy(used);
    plant = open(config, ETL, 1);
    lab = open(config, ANALYST, 2);
    register("plant", ETL.account());
    register("lab", ANALYST.account());
    plant.client().defineProduct(READINGS).contract(Contract.of(SensorReading.class)).commit();
    plant.client().grant(READINGS).to(ANALYST).because("Quality").commit();
    publish(1);
    publish(2);
  }

  /** The bucket lets the analyst read the files of the product. */
  private static void share(AwsConfig config) {
    String policy =
        AwsPolicies.of(config).bucket(AwsLocal.ACCOUNT, TableReaders.of(READINGS, 1, ANALYST));
    try (S3Client s3 = EmulatedClients.administrator(AwsLocal.emulator(), AwsLocal.ACCOUNT).s3()) {
      s3.putBucketPolicy(put -> put.bucket(MeshNames.bucket(config)).policy(policy));
    }
  }

  private static Mesh open(AwsConfig config, Principal role, long seed) {
    return AwsLocal.in(config, AwsLocal.role(role.account(), role.role()))
        .clock(ManualClock.at(Instant.now().minus(BEHIND)))
        .testing()
        .idSeed(seed)
        .open();
  }

  private void register(String domain, String account) {
    plant.client().registerDomain(domain).accounts(account).owner(domain + "@example.org").commit();
  }

  @AfterEach
  void close() {
    MeasuredClients.countBy(null);
    if (lab != null) { // null if the emulator is missing
      lab.close();
      plant.close();
    }
  }

  @Test
  void aPublish() throws IOException {
    assertRow(PUBLISH, () -> publish(3));
  }

  @Test
  void aRead() throws IOException {
    read();

    assertRow(READ, this::read);
  }

  @Test
  void aPollWithoutRows() throws IOException {
    Subscription<SensorReading> alarms = subscribe();
    poll(alarms);
    poll(alarms);

    assertRow(POLL, () -> poll(alarms));
  }

  @Test
  void aPollWithRows() throws IOException {
    Subscription<SensorReading> alarms = subscribe();
    poll(alarms);
    publish(3);

    assertRow(POLL_ROWS, () -> poll(alarms));
  }

  @Test
  void aGrant() throws IOException {
    assertRow(
        GRANT,
        () ->
            plant
                .client()
                .grant(READINGS)
                .to(Principal.of("222222222222", "auditor"))
                .because("Audit")
                .commit());
  }

  private void publish(long first) {
    List<SensorReading> readings =
        LongStream.range(100 * first, 100 * first + 100)
            .mapToObj(id -> new SensorReading(id, 20))
            .toList();
    plant.client().publish(READINGS).records(readings).idempotencyKey("run-" + first).commit();
  }

  private void read() {
    try (Rows<SensorReading> rows = lab.client().read(READINGS).as(SensorReading.class).rows()) {
      assertThat(rows.stream()).hasSize(200);
    }
  }

  private Subscription<SensorReading> subscribe() {
    return lab.client()
        .subscribe(READINGS)
        .as(SensorReading.class)
        .name("alarms")
        .purpose("Alarms")
        .commit();
  }

  private static void poll(Subscription<SensorReading> subscription) {
    try (Batch<SensorReading> batch = subscription.poll()) {
      batch.forEach(reading -> {});
      batch.ack();
    }
  }

  @Test
  void aMeshIsOpenedAndARoleAssumedWithFewRequests() {
    try (AwsEmulator aws = AwsEmulator.start()) {
      AwsConfig config = AwsLocal.newMesh(aws);
      AwsLocal.make(config);
      aws.reset();

      try (Mesh opened = AwsLocal.in(config, AwsLocal.role("plant-etl")).open()) {
        assertThat(aws.calls())
            .containsExactly(
                "sts:GetCallerIdentity",
                "dynamodb:GetItem",
                "dynamodb:GetItem",
                "dynamodb:GetItem",
                "dynamodb:GetItem");
        aws.reset();

        opened.clientAs(Principal.of(AwsLocal.ACCOUNT, "plant-steward"));
        opened.clientAs(Principal.of(AwsLocal.ACCOUNT, "plant-steward"));

        assertThat(aws.calls()).containsExactly("sts:AssumeRole");
      }
    }
  }

  @Test
  void theGuideStatesThePricesAndHasOnlyRowsThatAreMeasured() throws IOException {
    assertThat(guide())
        .contains(AwsListPrices.REGION, AwsListPrices.PUBLISHED)
        .containsSubsequence(AwsListPrices.SOURCES);
    assertThat(rows().keySet()).containsExactly(PUBLISH, READ, POLL, POLL_ROWS, GRANT);
  }

  /** Asserts that the guide has the row of an operation, with the bytes that it measures. */
  private void assertRow(String operation, Runnable run) throws IOException {
    used.take();
    run.run();
    Usage usage = used.take();

    List<String> printed = rows().getOrDefault(operation, List.of());
    assertThat(printed)
        .as("the row of the operation in docs/running-on-aws.md; measured: " + usage)
        .isEqualTo(
            List.of(
                requests(usage.dynamoDb()),
                Long.toString(usage.readUnits()),
                Long.toString(usage.writeUnits()),
                requests(usage.s3()),
                kilobytes(usage.bytesToS3(), printed, 4),
                kilobytes(usage.bytesFromS3(), printed, 5),
                String.format(Locale.ROOT, "$%.2f", AwsListPrices.ofAMillion(usage))));
  }

  private static String requests(SortedMap<String, Integer> counts) {
    return counts.entrySet().stream()
        .map(count -> count.getValue() + " " + count.getKey())
        .collect(Collectors.joining(", "));
  }

  /** Compressed files with random IDs differ by some bytes, so a difference of 1 KB is none. */
  private static String kilobytes(long bytes, List<String> printed, int column) {
    long rounded = Math.round(bytes / 1_000.0);
    for (long near = rounded - 1; near <= rounded + 1; near++) {
      if (printed.size() > column && printed.get(column).equals(near + " KB")) {
        return printed.get(column);
      }
    }
    return rounded + " KB";
  }

  /** Returns the rows of the table of costs without their first cell, by that cell. */
  private static Map<String, List<String>> rows() throws IOException {
    Map<String, List<String>> rows = new LinkedHashMap<>();
    String table = guide();
    table = table.substring(table.indexOf(TABLE) + TABLE.length()).strip();
    for (String line : table.lines().skip(2).takeWhile(row -> row.startsWith("|")).toList()) {
      List<String> cells =
          Pattern.compile("\\|").splitAsStream(line.substring(1)).map(String::strip).toList();
      rows.put(cells.get(0), cells.subList(1, cells.size()));
    }
    return rows;
  }

  private static String guide() throws IOException {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(folder.resolve("docs/schemas"))) {
      folder = folder.getParent();
    }
    return Files.readString(folder.resolve("docs/running-on-aws.md"));
  }
}
