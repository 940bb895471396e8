package io.meshwork.examples.awsoperations;

import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.unique;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AccountSetup;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsPolicies.TableReaders;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.Finding;
import io.meshwork.examples.awsaccounts.TemplateAccounts;
import io.meshwork.examples.awsmesh.StoryEmulator;
import io.meshwork.examples.story.StoryReport;
import io.meshwork.maintenance.Maintain.Report;
import io.meshwork.product.Principal;
import io.meshwork.testkit.ManualClock;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Datapoint;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Three domains are operated every 15 minutes, each by its own account, and the mesh by the account
 * of governance. Commerce is late, and fresh again; then its operator dies. All accounts have what
 * {@link AccountSetup} prints, and nothing else.
 */
public final class AwsOperationsStory {
  private static final String MESH = "ops";
  private static final String ORDERS = "commerce/orders";
  private static final String NAMESPACE = "Meshwork/" + MESH;
  private static final Duration QUARTER = Duration.ofMinutes(15);
  private static final Duration HOUR = Duration.ofHours(1);

  /** A value that must not leave the mesh. */
  private static final String CANARY = "canary-4711";

  private final AwsEmulator aws;
  private final AwsConfig config;
  private final TemplateAccounts accounts;
  private final StoryReport report;
  private final ManualClock clock =
      ManualClock.at(Instant.now().truncatedTo(ChronoUnit.MINUTES).plusSeconds(30));
  private final Instant start = clock.instant();
  private final Principal governance;
  private final List<DomainRoles> domains;

  /** Whom a domain has. */
  private record DomainRoles(String name, Principal steward, Principal operator) {
    static DomainRoles of(String name, String account) {
      return new DomainRoles(
          name,
          Principal.of(account, name + "-steward"),
          Principal.of(account, name + "-operator"));
    }

    String account() {
      return operator.account();
    }
  }

  private AwsOperationsStory(AwsEmulator aws, int number, Path folder, StoryReport report) {
    this.aws = aws;
    this.report = report;
    governance = Principal.of(account(1, number), "mesh-admin");
    domains =
        List.of(
            DomainRoles.of("commerce", account(2, number)),
            DomainRoles.of("finance", account(3, number)),
            DomainRoles.of("risk", account(4, number)));
    config =
        AwsConfig.inRegion(aws.region())
            .endpoint(aws.endpoint())
            .mesh(governance.account(), MESH)
            .cloudWatch();
    accounts = new TemplateAccounts(aws, governance.account(), MESH, config, folder);
    aws.cloudWatchClock(clock);
  }

  private static String account(int domain, int number) {
    return "5%d%04d505050".formatted(domain, number);
  }

  /** A row of the orders. */
  record Order(String id, double amount) {}

  /** Runs it; the templates remain in the folder of the argument. */
  public static void main(String[] arguments) throws IOException {
    StoryEmulator.run(
        "aws-operations",
        arguments,
        (aws, folder) -> run(aws, 5050, folder, new StoryReport(System.out)));
  }

  /** Runs it on an emulator whose accounts are empty. */
  static void run(AwsEmulator aws, int number, Path folder, StoryReport report) {
    new AwsOperationsStory(aws, number, folder, report).run();
  }

  private void run() {
    deploy();
    publish("first");
    read();
    operate(governance);
    operate(); // the first run: counts begin here
    metrics();
    late();
    fresh();
    die();
    operate(governance);
    dashboard();
    quality();
    Instant now = clock.instant();
    report.number("domains", domains.size());
    report.number("late", (long) sum("products_late", now, now.plus(QUARTER), Datapoint::maximum));
    report.number("spared", (long) sum("bytes_spared", start, now, Datapoint::maximum));
    report.endWithoutSteps();
  }

  private DomainRoles commerce() {
    return domains.get(0);
  }

  private void deploy() {
    Principal reader = domains.get(1).steward();
    List<AccountSetup> setups = new ArrayList<>();
    setups.add(
        AccountSetup.of(config, governance.account())
            .role(governance.role(), AwsRoleKind.governance()));
    AccountSetup ofCommerce = AccountSetup.of(config, commerce().account());
    for (DomainRoles domain : domains) {
      AccountSetup setup =
          AccountSetup.of(config, domain.account())
              .role(
                  domain.steward().role(),
                  AwsRoleKind.steward(domain.name()),
                  AwsRoleKind.consumer(domain.name()))
              .role(domain.operator().role(), AwsRoleKind.maintenance(domain.name()));
      if (!domain.equals(commerce())) {
        setups.add(setup);
      } else {
        ofCommerce = setup.readers(TableReaders.of(ORDERS, 1, reader));
      }
    }
    setups.add(ofCommerce); // a policy of a bucket can name only roles that exist
    accounts.write(setups);
    accounts.deploy();
    accounts.makeMesh();
    as(
        governance,
        client -> {
          for (DomainRoles domain : domains) {
            accounts.registerDomain(client, domain.name(), domain.steward());
          }
          return client;
        });
    as(
        commerce().steward(),
        client -> {
          client
              .defineProduct(ORDERS)
              .contract(
                  Contract.of(Order.class)
                      .freshWithin(HOUR)
                      .require(unique("id"), between("amount", 0, 100))
                      .onViolation(OnViolation.QUARANTINE)
                      .maxQuarantineShare(50))
              .commit();
          client.grant(ORDERS).to(reader).because("Revenue").commit();
          return client;
        });
  }

  private <T> T as(Principal role, Function<MeshClient, T> work) {
    return withMesh(role, mesh -> work.apply(mesh.client()));
  }

  private <T> T withMesh(Principal role, Function<Mesh, T> work) {
    return accounts.withMesh(role, builder -> builder.clock(clock), work);
  }

  /** Does what the accounts of domains schedule every 15 minutes. */
  private List<Finding> operate() {
    List<Finding> remaining = new ArrayList<>();
    for (DomainRoles domain : domains) {
      remaining.addAll(operate(domain.operator()).remaining());
    }
    return remaining;
  }

  private Report operate(Principal role) {
    return withMesh(role, mesh -> mesh.operate(Duration.ofMinutes(13)));
  }

  /** Operates for some time. */
  private void operateFor(Duration time) {
    for (Duration remaining = time;
        remaining.compareTo(Duration.ZERO) > 0;
        remaining = remaining.minus(QUARTER)) {
      clock.advance(QUARTER);
      operate();
    }
  }

  private void publish(String id) {
    as(
        commerce().steward(),
        client ->
            client
                .publish(ORDERS)
                .records(List.of(new Order(CANARY + id, 17), new Order(CANARY + id + "-", 1_000)))
                .commit());
  }

  /** Another domain reads in place, which spares a copy. */
  private void read() {
    as(
        domains.get(1).steward(),
        client -> {
          try (Rows<Order> rows = client.read(ORDERS).as(Order.class).rows()) {
            return rows.stream().count();
          }
        });
  }

  private void metrics() {
    publish("a");
    publish("b");
    publish("c");
    clock.advance(QUARTER);
    List<Finding> remaining = operate();
    operate();
    Instant end = clock.instant().plus(QUARTER);
    report.step(
        "metrics",
        "3 domains, 6 rows processed, 3 quarantined; left 0",
        (long) count("products_late", start, end, Datapoint::sampleCount)
            + " domains, "
            + (long) sum("records_processed", start, end, Datapoint::sum)
            + " rows processed, "
            + (long) sum("records_quarantined", start, end, Datapoint::sum)
            + " quarantined; left "
            + Finding.errors(remaining).size());
  }

  private void late() {
    clock.advance(HOUR);
    operateFor(HOUR);
    report.step("late", "alarm=ALARM, others OK", alarms());
  }

  private void fresh() {
    publish("d");
    operateFor(QUARTER.multipliedBy(3));
    report.step("fresh", "alarm=OK, others OK", alarms());
  }

  /** The producer is on time, but no process reports it. */
  private void die() {
    for (int i = 0; i < 5; i++) {
      clock.advance(QUARTER);
      publish("e" + i);
      for (DomainRoles domain : domains.subList(1, domains.size())) {
        operate(domain.operator());
      }
    }
    report.step("runner-dead", "alarm=ALARM, others OK", alarms());
    operateFor(QUARTER.multipliedBy(2));
  }

  private String alarms() {
    return "alarm="
        + alarm(0)
        + ", others "
        + String.join(" ", new TreeSet<>(List.of(alarm(1), alarm(2))));
  }

  private String alarm(int domain) {
    String name = "mesh-" + MESH + "." + domains.get(domain).name() + ".late";
    return aws.alarms(domains.get(domain).account()).getOrDefault(name, "missing");
  }

  private void dashboard() {
    aws.runAs(governance.account(), "administrator");
    String body;
    try (CloudWatchClient cloudWatch = cloudWatch()) {
      body = cloudWatch.getDashboard(get -> get.dashboardName("mesh-" + MESH)).dashboardBody();
    }
    long shown =
        domains.stream()
            .filter(domain -> body.contains("\"accountId\":\"" + domain.account() + "\""))
            .count();
    report.step(
        "dashboard", "3 domains in 7 graphs", shown + " domains in " + graphs(body) + " graphs");
  }

  private static int graphs(String body) {
    return body.split("\"type\":\"metric\"", -1).length - 1;
  }

  private void quality() {
    String lines =
        accounts.withS3(
            Principal.of(governance.account(), "administrator"),
            s3 -> {
              StringBuilder text = new StringBuilder();
              String bucket = accounts.bucket(governance.account());
              s3.listObjectsV2Paginator(list -> list.bucket(bucket).prefix("quality/commerce/"))
                  .contents()
                  .forEach(file -> text.append(content(s3, bucket, file)));
              return text.toString();
            });
    report.step(
        "quality",
        "9 publishes, without values",
        lines.lines().filter(line -> line.contains("\"quality_score\":50.0")).count()
            + " publishes, "
            + (lines.contains(CANARY) ? "with" : "without")
            + " values");
  }

  private static String content(S3Client s3, String bucket, S3Object file) {
    return s3.getObjectAsBytes(get -> get.bucket(bucket).key(file.key())).asUtf8String();
  }

  /** Returns how many domains have data points of a metric. */
  private double count(
      String metric, Instant from, Instant until, ToDoubleFunction<Datapoint> value) {
    return domains.stream()
        .filter(domain -> points(domain, metric, from, until, value) > 0)
        .count();
  }

  /** Returns the sum over all domains. */
  private double sum(
      String metric, Instant from, Instant until, ToDoubleFunction<Datapoint> value) {
    return domains.stream().mapToDouble(domain -> points(domain, metric, from, until, value)).sum();
  }

  /** Reads a metric as people in the account of the domain do. */
  private double points(
      DomainRoles domain,
      String metric,
      Instant from,
      Instant until,
      ToDoubleFunction<Datapoint> value) {
    aws.runAs(domain.account(), "administrator");
    try (CloudWatchClient cloudWatch = cloudWatch()) {
      return cloudWatch
          .getMetricStatistics(
              get ->
                  get.namespace(NAMESPACE)
                      .metricName(metric)
                      .dimensions(Dimension.builder().name("Domain").value(domain.name()).build())
                      .startTime(from.truncatedTo(ChronoUnit.MINUTES))
                      .endTime(until)
                      .period(60)
                      .statistics(
                          Statistic.SUM,
                          Statistic.SAMPLE_COUNT,
                          Statistic.MAXIMUM,
                          Statistic.MINIMUM))
          .datapoints()
          .stream()
          .mapToDouble(value)
          .sum();
    }
  }

  private CloudWatchClient cloudWatch() {
    return CloudWatchClient.builder()
        .endpointOverride(aws.endpoint())
        .region(Region.of(aws.region()))
        .build();
  }
}
