package io.meshwork.examples.awsoperations;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.meshwork.Mesh;
import io.meshwork.aws.AccountSetup;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsMesh;
import io.meshwork.aws.AwsRoleKind;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.Finding.Severity;
import io.meshwork.error.MeshException;
import io.meshwork.examples.awsaccounts.TemplateAccounts;
import io.meshwork.examples.awsmesh.IamAdministrator;
import io.meshwork.examples.awsmesh.LaterRegistry;
import io.meshwork.maintenance.Maintain.Report;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;

/** The role of the kind operator does all parts of a run, and needs each of its statements. */
class OperatorRoleTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MESH = "sales";
  private static final String PRICES = "market/prices";
  private static final int ONE_OF = 10;

  /** The parts of a run that each round has work for, with what they count. */
  private static final List<Work> PARTS =
      List.of(
          Work.NOTICES_DELIVERED,
          Work.OBJECTS_MIRRORED,
          Work.METRICS_SENT,
          Work.ALARMS_CHANGED,
          Work.QUALITY_RESULTS_WRITTEN,
          Work.SNAPSHOTS_EXPIRED,
          Work.ENTRIES_ARCHIVED);

  @TempDir private Path folder;
  private final String number =
      Long.toString(ThreadLocalRandom.current().nextLong(1_000_000_000L, 10_000_000_000L));
  private final String governance = "31" + number;
  private final Principal operator = Principal.of(governance, "mesh-operator");
  private final Principal admin = Principal.of(governance, "mesh-admin");
  private final Principal analyst = Principal.of("32" + number, "analyst");
  private AwsEmulator aws;
  private AwsConfig config;
  private TemplateAccounts accounts;
  private AccountSetup ofGovernance;
  private Duration later = Duration.ZERO;
  private int round;

  record Price(String id, double amount) {}

  @BeforeEach
  void makeTheAccounts() {
    aws = AwsEmulator.start();
    aws.cloudWatchClock(this::now);
    config =
        AwsConfig.inRegion(aws.region())
            .endpoint(aws.endpoint())
            .mesh(governance, MESH)
            .cloudWatch()
            .lakeFormation();
    accounts = new TemplateAccounts(aws, governance, MESH, config, folder);
    ofGovernance =
        AccountSetup.of(config, governance)
            .role(operator.role(), AwsRoleKind.operator(), AwsRoleKind.maintenance("market"))
            .role(admin.role(), AwsRoleKind.governance(), AwsRoleKind.steward("market"))
            .notices();
    accounts.write(
        List.of(
            ofGovernance,
            AccountSetup.of(config, analyst.account())
                .role(analyst.role(), AwsRoleKind.consumer("finance"))
                .notices(governance)));
    accounts.deploy();
    accounts.makeMesh();
    as(
        admin,
        mesh -> {
          registerMarket(mesh);
          accounts.registerDomain(mesh.client(), "finance", analyst);
          mesh.client()
              .defineProduct(PRICES)
              .contract(Contract.of(Price.class).freshWithin(Duration.ofHours(1)))
              .commit();
          return mesh.client().grant(PRICES).to(analyst).because("Revenue").commit();
        });
    as(operator, mesh -> mesh.mirrors().commit()); // mirrors that never ran are left out
    operate(); // counts begin with the first run
    aws.reset();
  }

  @AfterEach
  void close() {
    if (aws != null) {
      aws.close();
    }
  }

  private Instant now() {
    return Instant.now().plus(later);
  }

  private <T> T as(Principal role, Function<Mesh, T> work) {
    return accounts.withMesh(
        role,
        builder ->
            builder
                .testing()
                .wrapRegistry(registry -> new LaterRegistry(registry, later))
                .clock(this::now)
                .notifier("eventbridge", AwsMesh.notifier(config)),
        work);
  }

  /** Registers the domain of the mesh's account with another owner, which the log says. */
  private void registerMarket(Mesh mesh) {
    mesh.client()
        .registerDomain("market")
        .accounts(governance)
        .owner("owner" + round + "@example.org")
        .commit();
  }

  private void publish() {
    as(
        admin,
        mesh -> {
          registerMarket(mesh);
          Price price = new Price("p" + round, round);
          return mesh.client().publish(PRICES).records(List.of(price)).commit();
        });
  }

  private void deleteAlarms() {
    aws.runAs(governance, "administrator");
    try (CloudWatchClient cloudWatch =
        CloudWatchClient.builder()
            .endpointOverride(aws.endpoint())
            .region(Region.of(aws.region()))
            .build()) {
      for (MetricAlarm alarm : cloudWatch.describeAlarms().metricAlarms()) {
        cloudWatch.deleteAlarms(delete -> delete.alarmNames(alarm.alarmName()));
      }
    }
  }

  /** Operates a month later, with work for each part; returns what a person has to do. */
  private List<String> operate() {
    round++;
    later = later.plus(Duration.ofDays(20));
    publish(); // replaces the last snapshot of the round before, which then expires
    later = later.plus(Duration.ofDays(12)); // CloudWatch accepts points of the last 14 days
    publish();
    deleteAlarms(); // the run makes them again
    List<String> left = new ArrayList<>();
    try {
      Report report = as(operator, mesh -> mesh.operate(Duration.ofMinutes(13)));
      left.addAll(problems(report));
      PARTS.stream()
          .filter(part -> report.total(part) == 0)
          .map(part -> part + " had nothing to do")
          .forEach(left::add);
      Mirrors.Report changes = as(operator, mesh -> mesh.mirrorChanges(Duration.ofSeconds(1)));
      changes.remaining().stream().map(Finding::toString).forEach(left::add);
    } catch (MeshException e) {
      left.add(String.valueOf(e.getMessage()));
    }
    return left;
  }

  private static List<String> problems(Report report) {
    return report.remaining().stream()
        .filter(finding -> finding.severity() != Severity.NOTE)
        .map(Finding::toString)
        .toList();
  }

  /** Does at once what a run left, so that the next round begins from the same state. */
  private List<String> complete() {
    as(operator, Mesh::retryParkedNotices);
    return problems(as(operator, mesh -> mesh.operate(Duration.ofMinutes(13))));
  }

  @Test
  void theRoleDoesAllPartsOfARunAndHasNoStatementThatDecidesNothing() {
    assertThat(operate()).isEmpty();
    assertThat(aws.unusedStatements(governance))
        .filteredOn(unused -> unused.startsWith(governance + "/" + operator.role() + " "))
        .isEmpty();
  }

  /** A build removes some statements, by its seed; at night, each. */
  @Test
  void aRunWithoutAStatementSaysSo() throws IOException {
    removeEach(Math.floorMod(Integer.getInteger("mesh.tests.seed", 0), ONE_OF), ONE_OF);
  }

  @Test
  @Tag("nightly")
  void aRunWithoutAnyOneOfItsStatementsSaysSo() throws IOException {
    removeEach(0, 1);
  }

  private void removeEach(int first, int step) throws IOException {
    assertThat(operate()).isEmpty();
    IamAdministrator iam = new IamAdministrator(aws, governance);
    String place = governance + "/" + operator.role() + "/";
    Map<String, String> policies = new TreeMap<>();
    ofGovernance
        .policies()
        .forEach(
            (file, text) -> {
              if (file.startsWith(place) && !file.endsWith("/trust.json")) {
                policies.put(file.substring(place.length()).replace(".json", ""), text);
              }
            });
    int index = 0;
    List<String> superfluous = new ArrayList<>();
    for (Map.Entry<String, String> policy : policies.entrySet()) {
      int statements = JSON.readTree(policy.getValue()).path("Statement").size();
      for (int i = 0; i < statements; i++) {
        if (index++ % step != first) {
          continue;
        }
        JsonNode less = JSON.readTree(policy.getValue());
        ArrayNode all = (ArrayNode) less.path("Statement");
        String removed = policy.getKey() + " " + all.remove(i).path("Sid").asText();
        // IAM accepts no policy without a statement.
        all.addObject()
            .put("Effect", "Allow")
            .put("Action", "s3:ListAllMyBuckets")
            .put("Resource", "*");
        iam.putRolePolicy(operator.role(), policy.getKey(), less.toString());
        if (operate().isEmpty()) {
          superfluous.add(removed);
        }
        iam.putRolePolicy(operator.role(), policy.getKey(), policy.getValue());
        assertThat(complete()).as("after " + removed).isEmpty();
      }
    }
    assertThat(index).as("statements").isGreaterThan(13);
    assertThat(superfluous).isEmpty();
  }
}
