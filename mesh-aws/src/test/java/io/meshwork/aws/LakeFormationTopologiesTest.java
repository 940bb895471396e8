package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.maintenance.Mirrors.Report.Work;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import io.meshwork.topology.Topology;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.Table;

/**
 * Consumers of two accounts find a table of another by links in their own accounts, wherever its
 * catalog is: five accounts in each topology.
 */
class LakeFormationTopologiesTest {
  record Order(long id) {}

  private final AwsEmulator aws = AwsLocal.emulator();
  private final String governance = GlueAccount.newAccount();

  /** The accounts of domains, by name. */
  private final Map<String, String> domains = new TreeMap<>();

  {
    for (String domain : List.of("commerce", "logistics", "finance", "risk")) {
      domains.put(domain, GlueAccount.newAccount());
    }
  }

  private AwsConfig make(Topology topology, Map<String, String> catalogs) {
    AwsConfig config =
        AwsConfig.inRegion(aws.region())
            .endpoint(aws.endpoint())
            .mesh(governance, "five" + governance.substring(6))
            .lakeFormation(aws.organization(governance, domains.values().toArray(String[]::new)));
    setUp(config, governance, setup -> setup.make(Optional.of(topology)));
    catalogs.forEach(
        (catalog, account) -> {
          setUp(config, account, AwsSetup::makeTable);
          setUp(
              config,
              governance,
              setup ->
                  setup.addCatalog(
                      catalog, new TablePlace(account, config.region(), config.table())));
        });
    openBucket(config);
    return config;
  }

  private static void setUp(AwsConfig config, String account, Consumer<AwsSetup> step) {
    AwsMesh.setUp(
        config,
        AwsLocal.role(account, "admin"),
        MeshRuntime.systemClock(),
        setup -> {
          step.accept(setup);
          return true;
        });
  }

  private void openBucket(AwsConfig config) {
    String everyone =
        domains.values().stream()
            .map(each -> "\"arn:aws:iam::" + each + ":root\"")
            .collect(Collectors.joining(","));
    String bucket = config.bucketIn(governance);
    try (AwsClients clients = new AwsClients(config)) {
      clients
          .s3(AwsLocal.role(governance, "admin"))
          .putBucketPolicy(
              put ->
                  put.bucket(bucket)
                      .policy(
                          Policies.policy(
                              """
                              {"Effect":"Allow","Principal":{"AWS":[%s]},"Action":["s3:ListBucket",\
                              "s3:GetObject","s3:PutObject","s3:AbortMultipartUpload"],\
                              "Resource":["arn:aws:s3:::%s","arn:aws:s3:::%s/*"]}"""
                                  .formatted(everyone, bucket, bucket))));
    }
  }

  private void linksAcross(Topology topology, Map<String, String> catalogs, String owner) {
    AwsConfig config = make(topology, catalogs);
    try (Mesh mesh = AwsMesh.in(config, AwsLocal.role(governance, "operator")).open()) {
      domains.forEach(
          (domain, account) ->
              mesh.acting()
                  .registerDomain(domain)
                  .ownedBy(domain + "@example.org")
                  .accounts(account)
                  .administrators(Principal.of(account, "etl"))
                  .commit());
      MeshClient commerce = mesh.actingAs(Principal.of(account("commerce"), "etl"));
      commerce.defineProduct("commerce/orders").contract(Contract.of(Order.class)).commit();
      commerce.publish("commerce/orders").records(List.of(new Order(1))).commit();
      for (String consumer : List.of("finance", "risk")) {
        commerce
            .grant("commerce/orders")
            .to(Principal.of(account(consumer), "reader"))
            .because("x")
            .commit();
      }

      long planned = countMade(mesh.mirrors().plan().steps());
      Mirrors.Report report = mesh.mirrors().commit();

      assertThat(report.total(Work.MADE) + report.total(Work.ADOPTED))
          .as("objects of all catalogs together")
          .isEqualTo(planned);
      assertThat(report.left()).extracting(Finding::toString).isEmpty();
      assertThat(report.byHand()).isEmpty();
      for (String consumer : List.of("finance", "risk")) {
        assertThat(linked(account(consumer)).targetTable().catalogId()).isEqualTo(owner);
        assertThat(LakeAccount.columnsOf(linked(account(consumer)))).containsExactly("id");
      }
      assertThat(mesh.mirrors().verify().findings()).isEmpty();
      assertThat(mesh.mirrors().commit().isEmpty()).isTrue();
    }
  }

  /** Counts the objects to be made; those of a recipient name their catalog. */
  private long countMade(List<Plan.Step> steps) {
    assertThat(steps)
        .extracting(Plan.Step::subject)
        .filteredOn(subject -> subject.matches("lakeformation-[0-9]+ .*"))
        .isNotEmpty()
        .allMatch(subject -> subject.matches(".* in [0-9]{12}, catalog [a-z]+"));
    return steps.stream().filter(step -> step.verb().equals("make")).count();
  }

  private String account(String domain) {
    return Optional.ofNullable(domains.get(domain)).orElseThrow();
  }

  private Table linked(String account) {
    try (GlueClient glue =
        EmulatedClients.administrator(aws, account)
            .assuming("arn:aws:iam::" + account + ":role/reader")
            .glue()) {
      return glue.getTable(get -> get.databaseName("commerce__tables").name("orders_v1")).table();
    }
  }

  @Test
  void aCentralCatalogIsLinkedFromTheAccountsOfConsumers() {
    linksAcross(Topology.central(), Map.of(), governance);
  }

  @Test
  void aCatalogOfALineOfBusinessIsLinkedFromTheAccountsOfConsumers() {
    linksAcross(
        Topology.byLineOfBusiness(
            Map.of(
                "retail", Set.of("commerce", "logistics"), "banking", Set.of("finance", "risk"))),
        Map.of("retail", account("commerce"), "banking", account("finance")),
        account("commerce"));
  }

  @Test
  void aCatalogOfADomainIsLinkedFromTheAccountsOfConsumers() {
    linksAcross(Topology.federated(), domains, account("commerce"));
  }
}
