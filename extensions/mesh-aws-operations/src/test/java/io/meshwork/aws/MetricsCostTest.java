package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.PrincipalCredentials;
import io.meshwork.contract.Contract;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.internal.metrics.MetricsBackend;
import io.meshwork.internal.metrics.MetricsSink;
import io.meshwork.internal.testkit.ForwardingRegistry;
import io.meshwork.maintenance.Maintain.Report;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.testkit.InMemoryMesh;
import io.meshwork.testkit.aws.AwsEmulator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/**
 * What operating 1,000 products in 50 domains costs, a domain an account, at a run every 15 minutes
 * and a publish of each product a day, and how much of that are metrics. The registry is in memory;
 * CloudWatch is the emulator. There are no mirrors, and the requests to S3 are not counted.
 */
class MetricsCostTest {
  private static final int DOMAINS = 50;
  private static final int PRODUCTS = 20;
  private static final int RUNS_A_DAY = 96;

  /** The publishes of all domains between two runs. */
  private static final int PUBLISHES = DOMAINS * PRODUCTS / RUNS_A_DAY;

  private static final int RUNS_A_MONTH = 30 * RUNS_A_DAY;

  /** The list prices of us-east-1, of which CloudWatch has no free tier here. */
  private static final double METRIC = 0.30;

  private static final double ALARM = 0.10;
  private static final double DASHBOARD = 3.00;
  private static final double REQUEST = 0.01 / 1_000;

  /** The metrics of a domain. */
  private static final int METRICS = 7;

  /**
   * Of DynamoDB in us-east-1, by https://aws.amazon.com/dynamodb/pricing/on-demand/ as of November
   * 2024: a unit reads 4 KiB.
   */
  private static final double READ_UNIT = 0.125 / 1_000_000;

  private static final int UNIT_BYTES = 4_096;

  private final Registry registry = InMemoryMesh.registry();
  private final FileIO files = InMemoryMesh.files();
  private final List<String> accounts =
      IntStream.range(0, DOMAINS + 1).mapToObj(MetricsCostTest::account).toList();
  private long calls;
  private long units;
  private long writes;
  private boolean delivers;
  private long delivered;
  @AutoClose private final AwsEmulator aws = AwsEmulator.start();
  private AwsConfig config;

  private static String account(int number) {
    return "9" + ThreadLocalRandom.current().nextLong(100_000_000L, 1_000_000_000L) + (number + 10);
  }

  @BeforeEach
  void start() {
    config =
        AwsConfig.inRegion(aws.region())
            .endpoint(aws.endpoint())
            .mesh(accounts.get(DOMAINS), "cost")
            .cloudWatch();
  }

  /** Counts what is read. */
  private final class CountingRegistry extends ForwardingRegistry {
    CountingRegistry() {
      super(registry);
    }

    @Override
    public Optional<Document> read(Key key) {
      Optional<Document> found = super.read(key);
      count(found.map(document -> (long) document.json().length()).orElse(0L));
      return found;
    }

    @Override
    public Page list(String partition, String sortPrefix, @Nullable String cursor) {
      Page page = super.list(partition, sortPrefix, cursor);
      count(page.documents().stream().mapToLong(document -> document.json().length()).sum());
      return page;
    }

    @Override
    public Outcome commit(Transaction transaction) {
      writes++;
      return super.commit(transaction);
    }

    private void count(long bytes) {
      calls++;
      units += 1 + bytes / UNIT_BYTES;
    }

    @Override
    public void close() {}
  }

  /** The credentials of a process of an account, with the metrics of AWS. */
  private record Credentials(AwsRoleCredentials aws, Registry registry, FileIO files)
      implements PrincipalCredentials, MetricsBackend {
    @Override
    public Principal self() {
      return aws.self();
    }

    @Override
    public boolean isGovernance() {
      return aws.isGovernance();
    }

    @Override
    public Ports as(Principal principal) {
      return new Ports(registry, files, catalog -> registry);
    }

    @Override
    public Optional<MetricsSink> metrics() {
      return aws.metrics();
    }

    @Override
    public void close() {
      aws.close();
    }
  }

  private Report operate(AwsConfig opened, int domain) {
    aws.runAs(accounts.get(domain), "operator");
    AwsRoleCredentials role =
        AwsRoleCredentials.of(opened, DefaultCredentialsProvider.builder().build());
    Registry counted = new CountingRegistry();
    Mesh.Builder builder =
        Mesh.builder(counted, files, "memory:/mesh", new Credentials(role, counted, files));
    if (delivers) {
      builder.notifier("outbox", notice -> delivered++);
    }
    try (Mesh mesh = builder.open()) {
      return mesh.operate(Duration.ofMinutes(13));
    }
  }

  private long operateAll(AwsConfig opened, Map<Work, Long> done) {
    calls = 0;
    units = 0;
    writes = 0;
    aws.reset();
    for (int domain = 0; domain <= DOMAINS; domain++) {
      Report report = operate(opened, domain);
      for (Work work : Work.values()) {
        done.merge(work, report.total(work), Long::sum);
      }
    }
    return calls;
  }

  private static String domain(int number) {
    return "domain" + (number + 10);
  }

  private void fill() {
    try (Mesh mesh =
        Mesh.builder(new CountingRegistry(), files, "memory:/mesh").partitionConsumers().open()) {
      for (int domain = 0; domain < DOMAINS; domain++) {
        MeshClient owner = mesh.clientAs(Principal.of(accounts.get(domain), "etl"));
        owner
            .registerDomain(domain(domain))
            .accounts(accounts.get(domain))
            .owner("a@example.org")
            .commit();
        for (int product = 0; product < PRODUCTS; product++) {
          owner
              .defineProduct(domain(domain) + "/product" + (product + 10))
              .contract(Contract.of(SmallOrder.class))
              .commit();
        }
      }
    }
  }

  private void publish() {
    try (Mesh mesh = Mesh.builder(new CountingRegistry(), files, "memory:/mesh").open()) {
      for (int domain = 0; domain < PUBLISHES; domain++) {
        mesh.clientAs(Principal.of(accounts.get(domain), "etl"))
            .publish(domain(domain) + "/product10")
            .records(List.of(new SmallOrder("a", 1)))
            .commit();
      }
    }
  }

  @Test
  void aThousandProductsCostWhatTheGuideSays() {
    fill();
    operateAll(config, new TreeMap<>());
    publish();
    Map<Work, Long> done = new TreeMap<>();
    long reads = operateAll(config, done);
    long readUnits = units;
    List<String> requests = new ArrayList<>(aws.calls());
    requests.removeIf(call -> !call.startsWith("monitoring:"));
    AwsConfig without =
        AwsConfig.inRegion(aws.region())
            .endpoint(aws.endpoint())
            .mesh(accounts.get(DOMAINS), "cost");
    long readsWithout = operateAll(without, new TreeMap<>());
    long unitsOfMetrics = readUnits - units;

    assertThat(done.get(Work.QUALITY_RESULTS_WRITTEN)).isEqualTo(PUBLISHES);
    assertThat(requests)
        .filteredOn(call -> call.equals("monitoring:PutMetricData"))
        .hasSize(DOMAINS);
    assertThat(requests)
        .filteredOn(call -> call.equals("monitoring:DescribeAlarms"))
        .hasSize(DOMAINS);
    assertThat(requests).hasSize(2 * DOMAINS + 1);
    // Each process reads the end of the log of each of its products; governance reads all of them.
    assertThat(reads - readsWithout)
        .isBetween(2L * DOMAINS * PRODUCTS, 2L * DOMAINS * PRODUCTS + 20L * DOMAINS);
    double month =
        DOMAINS * (METRICS * METRIC + ALARM)
            + DASHBOARD
            + RUNS_A_MONTH * (requests.size() * REQUEST + unitsOfMetrics * READ_UNIT);
    System.out.printf(
        "1,000 products in 50 domains: a run sends %d requests to CloudWatch and %d points, and"
            + " reads the registry %d times (%d units); a month costs $%.2f%n",
        requests.size(), done.get(Work.METRICS_SENT), reads - readsWithout, unitsOfMetrics, month);
    assertThat(month).isCloseTo(117, within(3.0));
  }

  /** Returns what a run of all accounts needed, and prints it. */
  private Run measure(String what) {
    long start = System.nanoTime();
    operateAll(config, new TreeMap<>());
    long cloudWatch = aws.calls().stream().filter(call -> call.startsWith("monitoring:")).count();
    Run run = new Run(calls, units, writes, cloudWatch);
    System.out.printf(
        "1,000 products in 50 domains, %s: %d reads of the registry (%d units), %d transactions, %d"
            + " requests to CloudWatch, in %d ms; at 96 runs a day, reads cost $%.2f a month%n",
        what,
        calls,
        units,
        writes,
        cloudWatch,
        Duration.ofNanos(System.nanoTime() - start).toMillis(),
        RUNS_A_MONTH * units * READ_UNIT);
    return run;
  }

  private record Run(long reads, long units, long writes, long cloudWatch) {}

  @Test
  void aRunWithNothingToDoReadsThisMuchOfEachProduct() {
    fill();
    delivers = true;
    Run first = measure("the first run");
    publish();
    measure("after some publishes");
    assertThat(delivered).isPositive();
    delivered = 0;

    Run idle = measure("with nothing to do");

    assertThat(delivered).isZero();
    assertThat(idle.reads()).isLessThan(first.reads()).isLessThan(20L * DOMAINS * PRODUCTS);
    assertThat(idle.writes()).as("who operates, by account").isEqualTo(2L * (DOMAINS + 1));
    assertThat(idle.cloudWatch()).isEqualTo(2L * DOMAINS + 1);
    assertThat(RUNS_A_MONTH * idle.units() * READ_UNIT).isCloseTo(7, within(0.5));
  }
}
