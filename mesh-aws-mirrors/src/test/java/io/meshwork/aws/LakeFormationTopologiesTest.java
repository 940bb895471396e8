package io.meshwork.aws;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.aws.internal.MirrorSettings;
import io.meshwork.aws.rules.LakeAccount;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.internal.conformance.fixture.SmallOrder;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.maintenance.Mirrors.Report.Work;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import io.meshwork.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.EntityNotFoundException;
import software.amazon.awssdk.services.glue.model.Table;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;

/**
 * Two producers publish to the buckets of their own accounts, and two consumers find both products
 * by links in theirs, and read them, wherever the catalogs are: five accounts in each topology.
 * Buckets and readers have the printed policies.
 */
class LakeFormationTopologiesTest {
  private static final List<String> PRODUCERS = List.of("commerce", "logistics");
  private static final List<String> CONSUMERS = List.of("finance", "risk");

  private final AwsEmulator aws = AwsLocal.emulator();
  private final String governance = GlueAccount.newAccount();

  /** The accounts of domains, by name. */
  private final Map<String, String> domains = new TreeMap<>();

  {
    for (String domain : List.of("commerce", "logistics", "finance", "risk")) {
      domains.put(domain, GlueAccount.newAccount());
    }
  }

  /** True if producers keep their files in the bucket of the mesh. */
  private boolean inBucketOfMesh;

  private AwsConfig make(
      Topology topology, Map<String, String> catalogs, Map<String, String> catalogOf) {
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
    AwsPolicies ofMesh = AwsPolicies.of(config);
    for (String producer : PRODUCERS) {
      Principal registration =
          Principal.of(requireNonNull(catalogOf.get(producer)), MirrorSettings.REGISTRATION);
      if (inBucketOfMesh) {
        ofMesh =
            ofMesh.registrationRole(registration).crossAccountDomain(producer, account(producer));
      } else {
        setUp(config, account(producer), AwsSetup::makeBucket);
        putPolicy(config, account(producer), AwsPolicies.of(config).registrationRole(registration));
      }
    }
    if (inBucketOfMesh) {
      putPolicy(config, governance, ofMesh);
    }
    CONSUMERS.forEach(consumer -> createReader(config, consumer));
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

  /** Lets roles of Lake Formation in the accounts of catalogs read a bucket, and no reader. */
  private static void putPolicy(AwsConfig config, String account, AwsPolicies policies) {
    String policy = policies.bucket(account);
    try (AwsClients clients = new AwsClients(config)) {
      clients
          .s3(AwsLocal.role(account, "admin"))
          .putBucketPolicy(put -> put.bucket(config.bucketIn(account)).policy(policy));
    }
  }

  /** Creates a role that may use all registries, and no files: Lake Formation gives it these. */
  private void createReader(AwsConfig config, String domain) {
    String account = account(domain);
    EmulatedClients administrator = EmulatedClients.administrator(aws, account);
    administrator.createRole(
        "reader",
        Policies.policy(
            """
            {"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::%s:root","arn:aws:iam::%s:root"]},\
            "Action":["sts:AssumeRole","sts:TagSession"]}\
            """
                .formatted(account, governance)));
    Map<String, String> policies =
        Map.of(
            "roles", Policies.allow("sts:*", "*"),
            "registry", Policies.allow("dynamodb:*", "*"),
            "files", AwsPolicies.of(config).files(account, AwsRoleKind.consumer(domain)),
            "engine", AwsPolicies.of(config).engineReader());
    policies.forEach(
        (name, policy) ->
            administrator.iam(
                "PutRolePolicy",
                Map.of("RoleName", "reader", "PolicyName", name, "PolicyDocument", policy)));
  }

  /**
   * Publishes, mirrors, and reads.
   *
   * @param catalogs the accounts of the catalogs
   * @param catalogOf the account of the catalog of each producer
   */
  private void sharesAcross(
      Topology topology, Map<String, String> catalogs, Map<String, String> catalogOf) {
    AwsConfig config = make(topology, catalogs, catalogOf);
    try (Mesh mesh = AwsMesh.builder(config, AwsLocal.role(governance, "operator")).open()) {
      domains.keySet().forEach(domain -> register(mesh, config, domain));
      PRODUCERS.forEach(producer -> publish(mesh, producer));

      long planned = countMade(mesh.mirrors().plan().steps());
      aws.reset();
      Mirrors.Report report = mesh.mirrors().commit();

      assertThat(aws.calls())
          .as("settings of an account are written once, also if it is that of several mirrors")
          .filteredOn(call -> call.equals("lakeformation:PutDataLakeSettings"))
          .hasSameSizeAs(accountsWithAdministrator());

      assertThat(report.total(Work.MADE) + report.total(Work.ADOPTED))
          .as("objects of all catalogs together")
          .isEqualTo(planned);
      assertThat(report.remaining()).extracting(Finding::toString).isEmpty();
      assertThat(report.byHand()).isEmpty();
      for (String consumer : CONSUMERS) {
        catalogOf.forEach((producer, owner) -> assertReads(mesh, consumer, producer, owner));
      }
      assertThat(mesh.mirrors().verify().findings()).isEmpty();
      assertThat(mesh.mirrors().commit().isEmpty()).isTrue();
      assertLinksEnd(mesh);
      if (topology.shape() == Topology.Shape.FEDERATED) {
        assertALinkMovesToAnotherCatalog(mesh);
        assertLinksEndTogether(mesh);
      }
    }
  }

  /** The mirror that has to make a link finds that of another catalog under its name. */
  private void assertALinkMovesToAnotherCatalog(Mesh mesh) {
    MeshClient risk = mesh.clientAs(Principal.of(account("risk"), "etl"));
    risk.unlinkResource("shared.commerce").commit();
    risk.linkResource("logistics/orders").database("shared").name("commerce").commit();
    mesh.mirrors().commit();
    assertThat(targetsIn(account("risk")))
        .as("after the same run")
        .containsEntry("commerce", account("logistics"));

    mesh.mirrors().commit();

    assertThat(linked(account("risk"), "shared", "commerce").targetTable())
        .isEqualTo(linked(account("risk"), "shared", "logistics").targetTable());
    risk.unlinkResource("shared.commerce").commit();
    risk.linkResource("commerce/orders").database("shared").name("commerce").commit();
    mesh.mirrors().commit();

    mesh.mirrors().commit();

    assertThat(targetsIn(account("risk")))
        .as("the mirror of commerce runs before that of logistics has removed the link")
        .containsEntry("commerce", account("commerce"));
  }

  /** No mirror forgets a database that those of several catalogs leave at the same time. */
  private void assertLinksEndTogether(Mesh mesh) {
    MeshClient risk = mesh.clientAs(Principal.of(account("risk"), "etl"));
    PRODUCERS.forEach(producer -> risk.unlinkResource("shared." + producer).commit());
    mesh.mirrors().commit();

    mesh.mirrors().commit();

    assertThat(mesh.mirrors().verify().findings()).isEmpty();
    try (GlueClient glue = EmulatedClients.administrator(aws, account("risk")).glue()) {
      assertThatThrownBy(() -> glue.getDatabase(get -> get.name("shared")))
          .isInstanceOf(EntityNotFoundException.class);
    }
  }

  /** A database with links to products of several catalogs ends with the last of them. */
  private void assertLinksEnd(Mesh mesh) {
    MeshClient finance = mesh.clientAs(Principal.of(account("finance"), "etl"));
    finance.unlinkResource("shared.commerce").commit();

    assertThat(problems(mesh.mirrors().commit().remaining())).isEmpty();
    assertThat(namesIn(account("finance"))).containsExactly("logistics");
    assertThat(linked(account("finance"), "shared", "logistics").targetTable().name())
        .isEqualTo("orders_v1");
    assertThat(problems(mesh.mirrors().verify().findings())).isEmpty();
    assertThat(mesh.mirrors().commit().isEmpty()).isTrue();
    finance.unlinkResource("shared.logistics").commit();

    assertThat(problems(mesh.mirrors().commit().remaining())).isEmpty();
    assertThat(namesIn(account("finance"))).as("the database has ended, too").isEmpty();
    assertThat(namesIn(account("risk"))).containsExactlyInAnyOrder("commerce", "logistics");
    assertThat(problems(mesh.mirrors().verify().findings())).isEmpty();
  }

  /** The mirror of a catalog notes that those of others still have links in a database. */
  private static List<String> problems(List<Finding> findings) {
    return findings.stream()
        .filter(finding -> finding.severity() != Finding.Severity.NOTE)
        .map(Finding::toString)
        .toList();
  }

  /** Returns the links in the database that consumers named; none if it does not exist. */
  private Set<String> namesIn(String account) {
    return targetsIn(account).keySet();
  }

  /** Returns these links, each with the catalog that it leads to. */
  private Map<String, String> targetsIn(String account) {
    try (GlueClient glue =
        EmulatedClients.administrator(aws, account)
            .assuming("arn:aws:iam::" + account + ":role/mesh-mirror")
            .glue()) {
      return glue.getTables(get -> get.databaseName("shared")).tableList().stream()
          .collect(Collectors.toMap(Table::name, table -> table.targetTable().catalogId()));
    } catch (EntityNotFoundException e) {
      return Map.of();
    }
  }

  private void register(Mesh mesh, AwsConfig config, String domain) {
    var registration =
        mesh.client()
            .registerDomain(domain)
            .owner(domain + "@example.org")
            .accounts(account(domain))
            .administrators(Principal.of(account(domain), "etl"));
    (PRODUCERS.contains(domain) && !inBucketOfMesh
            ? registration.location("s3://" + config.bucketIn(account(domain)))
            : registration)
        .commit();
  }

  private void publish(Mesh mesh, String producer) {
    MeshClient owner = mesh.clientAs(Principal.of(account(producer), "etl"));
    String product = producer + "/orders";
    owner.defineProduct(product).contract(Contract.of(SmallOrder.class)).commit();
    owner.publish(product).records(List.of(new SmallOrder(producer, 1))).commit();
    for (String consumer : CONSUMERS) {
      owner.grant(product).to(Principal.of(account(consumer), "reader")).because("x").commit();
      mesh.clientAs(Principal.of(account(consumer), "etl"))
          .linkResource(product)
          .database("shared")
          .name(producer)
          .commit();
    }
  }

  private void assertReads(Mesh mesh, String consumer, String producer, String owner) {
    Table link = linked(account(consumer), producer + "__tables", "orders_v1");
    assertThat(linked(account(consumer), "shared", producer).targetTable())
        .as("the name that the consumer gave")
        .isEqualTo(link.targetTable());
    assertThat(link.targetTable().catalogId()).isEqualTo(owner);
    assertThat(link.storageDescriptor().location())
        .as("in the bucket of the producer, or that of the mesh")
        .contains(inBucketOfMesh ? governance : account(producer));
    assertThat(LakeAccount.columnsOf(link)).containsExactly("id", "amount");
    try (Rows<SmallOrder> rows =
        mesh.clientAs(Principal.of(account(consumer), "reader"))
            .read(producer + "/orders")
            .as(SmallOrder.class)
            .rows()) {
      assertThat(rows.stream()).containsExactly(new SmallOrder(producer, 1));
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

  /** Returns the accounts whose settings the mirrors have written. */
  private List<String> accountsWithAdministrator() {
    List<String> accounts = new ArrayList<>(domains.values());
    accounts.add(governance);
    accounts.removeIf(
        account -> {
          try (LakeFormationClient lake =
              EmulatedClients.administrator(aws, account).lakeFormation()) {
            return lake.getDataLakeSettings(get -> {}).dataLakeSettings().dataLakeAdmins().stream()
                .noneMatch(
                    admin -> admin.dataLakePrincipalIdentifier().endsWith(MirrorSettings.MIRROR));
          }
        });
    assertThat(accounts).hasSizeGreaterThan(1);
    return accounts;
  }

  private Table linked(String account, String database, String name) {
    try (GlueClient glue =
        EmulatedClients.administrator(aws, account)
            .assuming("arn:aws:iam::" + account + ":role/reader")
            .glue()) {
      return glue.getTable(get -> get.databaseName(database).name(name)).table();
    }
  }

  @Test
  void tablesOfACentralCatalogAreReadInTheAccountsOfConsumers() {
    sharesAcross(
        Topology.central(), Map.of(), Map.of("commerce", governance, "logistics", governance));
  }

  @Test
  void tablesOfALineOfBusinessAreReadInTheAccountsOfConsumers() {
    String retail = account("commerce");
    sharesAcross(
        Topology.byLineOfBusiness(
            Map.of(
                "retail", Set.of("commerce", "logistics"), "banking", Set.of("finance", "risk"))),
        Map.of("retail", retail, "banking", account("finance")),
        Map.of("commerce", retail, "logistics", retail));
  }

  /** An account may read the files of its domain, so each catalog is in that of the other one. */
  @Test
  void tablesOfTwoCatalogsWithFilesInTheBucketOfTheMeshAreRead() {
    inBucketOfMesh = true;
    sharesAcross(
        Topology.byLineOfBusiness(
            Map.of(
                "retail", Set.of("commerce", "finance"), "banking", Set.of("logistics", "risk"))),
        Map.of("retail", account("logistics"), "banking", account("commerce")),
        Map.of("commerce", account("logistics"), "logistics", account("commerce")));
  }

  @Test
  void tablesOfTheCatalogsOfDomainsAreReadInTheAccountsOfConsumers() {
    sharesAcross(
        Topology.federated(),
        domains,
        Map.of("commerce", account("commerce"), "logistics", account("logistics")));
  }
}
