package io.meshwork.aws.glue;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.AwsConfig;
import io.meshwork.aws.AwsLocal;
import io.meshwork.aws.AwsMesh;
import io.meshwork.aws.EmulatedClients;
import io.meshwork.aws.EmulatorFixture;
import io.meshwork.aws.GlueAccount;
import io.meshwork.contract.Contract;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.internal.mirror.ChangedMirrors;
import io.meshwork.maintenance.Maintain.Report;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.product.Principal;
import io.meshwork.topology.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What a run of {@code operate} with mirrors sends to each service, and what that costs, when
 * nothing changed and after a publish. Each domain is an account, and one more has the catalog;
 * each product is granted to a role of another account. A build has 20 products, the nightly tests
 * 1,000 in 50 domains.
 */
class MirrorCostTest extends EmulatorFixture {
  private static final Duration WITHIN = Duration.ofMinutes(13);
  private static final int RUNS_A_MONTH = 30 * 96;

  /** Events after which rows of a product, a product, and everything are mirrored. */
  private static final String PUBLISHED = "product.published";

  private static final String GRANTED = "grant.made";
  private static final String LINKED = "link.made";

  /** The share by which the runs after a burst may be those that take more requests. */
  private static final double MISJUDGED = 0.2;

  /** The most dollars that a product adds to a month of runs in which nothing changed. */
  private static final double MOST_DOLLARS_OF_PRODUCT = 0.01;

  /** The most dollars that a month of such runs costs without products. */
  private static final double MOST_DOLLARS_OF_MESH = 0.05;

  /**
   * The list prices of us-east-1 in US dollars, as of November 2024: of a request to Glue, after
   * the first million of a month, by https://aws.amazon.com/glue/pricing/, and of a GET to S3, by
   * https://aws.amazon.com/s3/pricing/. A request to DynamoDB is a unit of 4 KiB here, by
   * https://aws.amazon.com/dynamodb/pricing/on-demand/; MetricsCostTest counts bytes. Requests to
   * Lake Formation, RAM, and STS are free.
   */
  private static final Map<String, Double> PRICES =
      Map.of("glue", 1.0 / 1_000_000, "s3", 0.0004 / 1_000, "dynamodb", 0.125 / 1_000_000);

  /** The services whose requests grow with the mesh. */
  private static final List<String> SERVICES =
      List.of("dynamodb", "glue", "lakeformation", "ram", "s3", "sts");

  /**
   * The most requests of a run in which nothing changed: those of a mesh without domains, and what
   * each product and each domain adds.
   */
  private static final Map<String, Long> MOST_OF_MESH =
      Map.of("dynamodb", 20L, "lakeformation", 5L, "s3", 2L, "sts", 5L);

  private static final Map<String, Long> MOST_OF_PRODUCT =
      Map.of("dynamodb", 10L, "lakeformation", 2L);

  /** The most requests to Lake Formation that the first run after a definition adds. */
  private static final long MOST_OF_NEW_PRODUCT = 10;

  private static final Map<String, Long> MOST_OF_DOMAIN =
      Map.of("glue", 3L, "ram", 3L, "sts", 3L, "s3", 1L);

  /**
   * What a run needed.
   *
   * @param requests how many it sent, by service
   * @param duration how long it took on the emulator
   * @param dollars what the requests of a month of such runs cost
   */
  private record Run(Map<String, Long> requests, Duration duration, double dollars) {
    static Run of(Map<String, Long> requests, Duration duration) {
      double cost =
          requests.entrySet().stream()
              .mapToDouble(each -> each.getValue() * PRICES.getOrDefault(each.getKey(), 0.0))
              .sum();
      return new Run(Map.copyOf(requests), duration, RUNS_A_MONTH * cost);
    }

    long total() {
      return requests.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /** A mesh that is mirrored, and grows. */
  private final class GrowingMesh {
    private final String account = GlueAccount.newAccount();
    private final String meshName = "cost" + account.substring(6);
    private final String reader = GlueAccount.newAccount();
    private final AwsConfig config =
        AwsConfig.inRegion(aws.region())
            .endpoint(aws.endpoint())
            .mesh(account, meshName)
            .lakeFormation();
    private final List<String> owners = new ArrayList<>();
    private final int products;

    /**
     * Makes a mesh without domains.
     *
     * @param products how many each domain will have
     */
    GrowingMesh(int products) {
      this.products = products;
      aws.runAs(account, "admin");
      AwsMesh.make(config, Topology.central());
    }

    private Mesh open() {
      return AwsLocal.quick(config, account, "operator").open();
    }

    /** Lets the owners of all domains use the bucket. */
    private void openBucket() {
      String bucket = "mesh-" + meshName + "-" + account + "-" + aws.region();
      String all =
          owners.stream()
              .map(owner -> "\"arn:aws:iam::" + owner + ":root\"")
              .collect(Collectors.joining(","));
      String policy =
          """
          {"Version":"2012-10-17","Statement":[{"Sid":"All","Effect":"Allow",\
          "Principal":{"AWS":[%s]},"Action":["s3:ListBucket","s3:GetObject","s3:PutObject"],\
          "Resource":["arn:aws:s3:::%s","arn:aws:s3:::%s/*"]}]}\
          """
              .formatted(all, bucket, bucket);
      try (S3Client s3 = EmulatedClients.administrator(aws, account).s3()) {
        s3.putBucketPolicy(put -> put.bucket(bucket).policy(policy));
      }
    }

    private MeshClient owner(Mesh mesh, int domain) {
      return mesh.clientAs(Principal.of(owners.get(domain), "etl"));
    }

    /** Adds domains, does what is due once a day, and returns what their first mirrors need. */
    Run grow(int to) {
      try (Mesh mesh = open()) {
        while (owners.size() < to) {
          String domain = "domain" + owners.size();
          owners.add(GlueAccount.newAccount());
          openBucket();
          MeshClient etl = owner(mesh, owners.size() - 1);
          etl.registerDomain(domain)
              .accounts(owners.get(owners.size() - 1))
              .owner("a@example.org")
              .commit();
          for (int product = 0; product < products; product++) {
            String name = domain + "/product" + product;
            etl.defineProduct(name).contract(Contract.of(SmallOrder.class)).commit();
            etl.grant(name).to(Principal.of(reader, "analyst")).because("x").commit();
          }
        }
        aws.reset();
        long start = System.nanoTime();
        mesh.mirrors().timeout(Duration.ofHours(1)).commit();
        Run made = printed(owners.size() * products + " products, some of them new", start);
        assertThat(mesh.operate(Duration.ofHours(1)).remaining()).isEmpty();
        return made;
      }
    }

    void publish() {
      try (Mesh mesh = open()) {
        owner(mesh, 0)
            .publish("domain0/product0")
            .records(List.of(new SmallOrder("o", 1)))
            .commit();
      }
    }

    /** Returns what the next scheduled run needs, and prints it. */
    Run run(String what, int mirrored) {
      aws.reset();
      long start = System.nanoTime();
      try (Mesh mesh = open()) {
        Report report = mesh.operate(WITHIN);
        assertThat(report.remaining()).isEmpty();
        assertThat(report.total(Work.OBJECTS_MIRRORED)).isEqualTo(mirrored);
      }
      return printed(
          owners.size() * products + " products in " + owners.size() + " domains, " + what, start);
    }

    /** Returns what the mirrors need after an event, in a process that ran before. */
    long afterEvent(Mesh mesh, String type) {
      aws.reset();
      long start = System.nanoTime();
      assertThat(mesh.mirrorChanges(Map.of("m1", type + " domain0/product0"))).isEmpty();
      return printed("after " + type, start).total();
    }

    /** Asserts that a burst of events is answered by the runs that take fewer requests. */
    void assertCheaperAtOnce() {
      try (Mesh mesh = open()) {
        afterEvent(mesh, PUBLISHED);
        long all = afterEvent(mesh, LINKED);
        assertSwitches(all, afterEvent(mesh, GRANTED), true);
        publish();
        assertSwitches(all, afterEvent(mesh, PUBLISHED), false);
      }
    }

    private void assertSwitches(long all, long each, boolean wholly) {
      int most = 1;
      while (!ChangedMirrors.isCheaperAtOnce(
          wholly ? most : 0, wholly ? 0 : most, () -> (long) owners.size() * products)) {
        most++;
      }
      assertThat((double) all / (most * each))
          .as("a run of all takes %s requests, and %s runs of %s in its place", all, most, each)
          .isBetween(1 - MISJUDGED - 1.0 / most, 1 + MISJUDGED);
    }

    /** Asserts what a run needs at most in which nothing changed. */
    private void assertIdle(Run run) {
      assertThat(run.requests().keySet()).isSubsetOf(SERVICES);
      run.requests()
          .forEach(
              (service, requests) ->
                  assertThat(requests)
                      .as("requests to %s", service)
                      .isLessThanOrEqualTo(
                          MOST_OF_MESH.getOrDefault(service, 0L) + mostOf(owners.size(), service)));
      assertThat(run.duration()).isLessThan(WITHIN);
      assertThat(run.dollars())
          .isLessThan(MOST_DOLLARS_OF_MESH + owners.size() * products * MOST_DOLLARS_OF_PRODUCT);
    }

    /** Asserts that what new products need does not grow with the number of others. */
    private void assertGrown(Run run, int domains) {
      assertThat(run.requests().getOrDefault("lakeformation", 0L))
          .as("requests to lakeformation for %s new products", domains * products)
          .isLessThanOrEqualTo(
              MOST_OF_MESH.getOrDefault("lakeformation", 0L)
                  + mostOf(owners.size(), "lakeformation")
                  + domains * products * MOST_OF_NEW_PRODUCT);
    }

    /** Returns the most requests to a service that domains with their products add. */
    private long mostOf(int domains, String service) {
      return domains
          * (MOST_OF_DOMAIN.getOrDefault(service, 0L)
              + products * MOST_OF_PRODUCT.getOrDefault(service, 0L));
    }
  }

  private Run printed(String what, long start) {
    Map<String, Long> requests = new TreeMap<>();
    aws.calls()
        .forEach(call -> requests.merge(call.substring(0, call.indexOf(':')), 1L, Long::sum));
    Run run = Run.of(requests, Duration.ofNanos(System.nanoTime() - start));
    System.out.printf(
        "%s: %s in %.1f s; at 96 runs a day, they cost $%.2f a month%n",
        what, requests, run.duration().toMillis() / 1_000.0, run.dollars());
    return run;
  }

  private void measure(int small, int large, int products) {
    GrowingMesh mesh = new GrowingMesh(products);
    mesh.grow(small);
    Run before = mesh.run("nothing changed", 0);
    mesh.assertIdle(before);
    mesh.assertGrown(mesh.grow(large), large - small);

    Run idle = mesh.run("nothing changed", 0);
    mesh.publish();
    Run published = mesh.run("after a publish", 1);

    mesh.assertIdle(idle);
    for (String service : SERVICES) {
      assertThat(
              idle.requests().getOrDefault(service, 0L)
                  - before.requests().getOrDefault(service, 0L))
          .as("what %s more domains add to the requests to %s", large - small, service)
          .isLessThanOrEqualTo(mesh.mostOf(large - small, service));
    }
    assertThat(published.total() - idle.total()).as("what a publish adds").isLessThan(30);
    mesh.assertCheaperAtOnce();
  }

  @Test
  void theRequestsOfARunGrowAtMostWithTheProducts() {
    measure(1, 2, 10);
  }

  @Test
  @Tag("nightly")
  void aThousandProductsInFiftyDomainsAreMirroredAtThisCost() {
    measure(5, 50, 20);
  }
}
