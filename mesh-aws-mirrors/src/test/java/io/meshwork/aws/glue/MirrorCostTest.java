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

  /** The most requests that each product, or its domain, adds to a run in which nothing changed. */
  private static final Map<String, Long> MOST_OF_PRODUCT =
      Map.of("dynamodb", 10L, "lakeformation", 2L);

  private static final Map<String, Long> MOST_OF_DOMAIN =
      Map.of("glue", 3L, "ram", 3L, "sts", 3L, "s3", 1L);

  record Order(String id, String region, double amount) {}

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

    /** Adds domains, mirrors them, and does what is due once a day. */
    void grow(int to) {
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
            etl.defineProduct(name).contract(Contract.of(Order.class)).commit();
            etl.grant(name).to(Principal.of(reader, "analyst")).because("x").commit();
          }
        }
        mesh.mirrors().timeout(Duration.ofHours(1)).commit();
        assertThat(mesh.mirrors().timeout(Duration.ofHours(1)).commit().remaining()).isEmpty();
        mesh.operate(Duration.ofHours(1));
      }
    }

    void publish() {
      try (Mesh mesh = open()) {
        owner(mesh, 0)
            .publish("domain0/product0")
            .records(List.of(new Order("o", "EU", 1)))
            .commit();
      }
    }

    /** Returns the requests of the next scheduled run by service, and prints them. */
    Map<String, Long> run(String what, int mirrored) {
      aws.reset();
      try (Mesh mesh = open()) {
        Report report = mesh.operate(WITHIN);
        assertThat(report.remaining()).isEmpty();
        assertThat(report.total(Work.OBJECTS_MIRRORED)).isEqualTo(mirrored);
      }
      return printed(
          owners.size() * products + " products in " + owners.size() + " domains, " + what);
    }

    /** Returns the requests after the event of a publish by service, and prints them. */
    Map<String, Long> runOfProduct() {
      aws.reset();
      try (Mesh mesh = open()) {
        mesh.mirrors().of("domain0/product0").commit();
      }
      return printed("the mirrors of one product");
    }
  }

  private Map<String, Long> printed(String what) {
    Map<String, Long> requests = new TreeMap<>();
    aws.calls()
        .forEach(call -> requests.merge(call.substring(0, call.indexOf(':')), 1L, Long::sum));
    double cost = 0;
    for (Map.Entry<String, Long> service : requests.entrySet()) {
      cost += service.getValue() * PRICES.getOrDefault(service.getKey(), 0.0);
    }
    System.out.printf(
        "%s: %s; at 96 runs a day, they cost $%.2f a month%n", what, requests, RUNS_A_MONTH * cost);
    return requests;
  }

  private static long total(Map<String, Long> requests) {
    return requests.values().stream().mapToLong(Long::longValue).sum();
  }

  private void measure(int small, int large, int products) {
    GrowingMesh mesh = new GrowingMesh(products);
    mesh.grow(small);
    Map<String, Long> before = mesh.run("nothing changed", 0);
    mesh.grow(large);

    Map<String, Long> idle = mesh.run("nothing changed", 0);
    mesh.publish();
    Map<String, Long> ofProduct = mesh.runOfProduct();
    mesh.publish();
    Map<String, Long> published = mesh.run("after a publish", 1);

    for (String service : SERVICES) {
      long more = idle.getOrDefault(service, 0L) - before.getOrDefault(service, 0L);
      assertThat(more)
          .as("what %s more domains add to the requests to %s", large - small, service)
          .isLessThanOrEqualTo(
              (large - small)
                  * (MOST_OF_DOMAIN.getOrDefault(service, 0L)
                      + products * MOST_OF_PRODUCT.getOrDefault(service, 0L)));
    }
    assertThat(idle.keySet()).isSubsetOf(SERVICES);
    assertThat(total(published) - total(idle)).as("what a publish adds").isLessThan(30);
    assertThat(total(ofProduct)).isLessThan(100);
  }

  @Test
  void theRequestsOfARunGrowAtMostWithTheProducts() {
    measure(1, 2, 10);
  }

  @Test
  @Tag("nightly")
  void aThousandProductsInFiftyDomainsAreMirroredAtThisCost() {
    measure(25, 50, 20);
  }
}
