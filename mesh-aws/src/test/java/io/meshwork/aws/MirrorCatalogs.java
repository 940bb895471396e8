package io.meshwork.aws;

import static io.meshwork.access.TagSelection.where;
import static java.util.Objects.requireNonNull;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.GrantSummary;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.product.Principal;
import io.meshwork.testkit.ManualClock;
import io.meshwork.testkit.aws.AwsEmulator;
import io.meshwork.topology.Topology;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import software.amazon.awssdk.services.glue.model.Database;

/**
 * A mesh of several catalogs with all mirrors, over accounts that no other test uses: those of the
 * domains {@code commerce} and {@code finance}, each with a product that the other one reads by a
 * link. The catalogs of a federated mesh are in these accounts, those of lines of business in
 * accounts without a domain.
 */
final class MirrorCatalogs implements AutoCloseable {
  private static final List<String> DOMAINS = List.of("commerce", "finance");

  private final AwsEmulator aws;
  private final String governance = GlueAccount.newAccount();

  /** The names of accounts in texts. */
  private final Map<String, String> accounts = new TreeMap<>();

  private final Map<String, String> domains = new TreeMap<>();
  private final Map<String, String> catalogs = new TreeMap<>();
  private final ManualClock clock = ManualClock.at(Instant.now());
  private final AwsConfig config;
  private final Mesh mesh;

  record Entry(String id, long amount) {}

  private MirrorCatalogs(AwsEmulator aws, Topology topology) {
    this.aws = aws;
    DOMAINS.forEach(domain -> domains.put(domain, GlueAccount.newAccount()));
    domains.forEach((domain, account) -> accounts.put(account, "(" + domain + ")"));
    accounts.put(governance, "(governance)");
    for (String domain : DOMAINS) {
      String catalog = topology.catalogOf(domain);
      String account =
          topology.shape() == Topology.Shape.LINES
              ? GlueAccount.newAccount()
              : requireNonNull(domains.get(domain));
      catalogs.put(catalog, account);
      accounts.putIfAbsent(account, "(" + catalog + ")");
    }
    config =
        AwsConfig.inRegion(aws.region())
            .endpoint(aws.endpoint())
            .mesh(governance, "cats" + governance.substring(6))
            .lakeFormation(
                aws.organization(
                    governance,
                    accounts.keySet().stream()
                        .filter(account -> !account.equals(governance))
                        .toArray(String[]::new)))
            .schemaRegistry()
            .dataQuality();
    setUp(governance, setup -> setup.make(Optional.of(topology)));
    catalogs.forEach(
        (catalog, account) -> {
          setUp(account, AwsSetup::makeTable);
          setUp(
              governance,
              setup ->
                  setup.addCatalog(
                      catalog, new TablePlace(account, config.region(), config.table())));
        });
    mesh = open();
  }

  /** Makes a mesh without products. */
  static MirrorCatalogs make(AwsEmulator aws, Topology topology) {
    MirrorCatalogs made = new MirrorCatalogs(aws, topology);
    for (String domain : DOMAINS) {
      String account = requireNonNull(made.domains.get(domain));
      made.setUp(account, AwsSetup::makeBucket);
      made.permitRegistration(
          account, requireNonNull(made.catalogs.get(topology.catalogOf(domain))));
      made.mesh
          .acting()
          .registerDomain(domain)
          .ownedBy(domain + "@example.org")
          .accounts(account)
          .administrators(Principal.of(account, "etl"))
          .keepingDataAt("s3://" + made.config.bucketIn(account))
          .commit();
    }
    return made;
  }

  /** Lake Formation reads a bucket with the role of the account of the catalog. */
  private void permitRegistration(String account, String catalog) {
    String policy =
        AwsPolicies.of(config)
            .registrationRole(Principal.of(catalog, "mesh-registration"))
            .bucket(account);
    try (AwsClients clients = new AwsClients(config)) {
      clients
          .s3(AwsLocal.role(account, "admin"))
          .putBucketPolicy(put -> put.bucket(config.bucketIn(account)).policy(policy));
    }
  }

  private void setUp(String account, Consumer<AwsSetup> step) {
    AwsMesh.setUp(
        config,
        AwsLocal.role(account, "admin"),
        clock,
        setup -> {
          step.accept(setup);
          return true;
        });
  }

  /** Opens the mesh as another process of governance. */
  Mesh open() {
    return AwsLocal.quick(config, governance, "operator")
        .clock(clock)
        .testing()
        .sleeper(clock::advance)
        .open();
  }

  private MeshClient as(String domain) {
    return mesh.actingAs(Principal.of(requireNonNull(domains.get(domain)), "etl"));
  }

  /** Each domain publishes a product, and the other one reads it by a link. */
  void define() {
    for (String domain : DOMAINS) {
      String other = domain.equals("commerce") ? "finance" : "commerce";
      String account = requireNonNull(domains.get(other));
      String product = domain + "/orders";
      MeshClient owner = as(domain);
      owner
          .defineProduct(product)
          .contract(Contract.of(Entry.class).require(Rule.atLeast("amount", 0)))
          .commit();
      owner.publish(product).records(List.of(new Entry("1", 12))).commit();
      owner.grant(product).to(Principal.of(account, "reader")).because("x").commit();
      owner
          .grant(product)
          .rows("amount > 1")
          .to(Principal.of(account, "trader"))
          .because("x")
          .commit();
      as(other).linkResource(product).into("shared").as(domain).commit();
    }
  }

  /** A table moves, one domain has one more, a tag gives access, and grants of both end. */
  void change() {
    MeshClient owner = as("commerce");
    owner.publish("commerce/orders").records(List.of(new Entry("2", 13))).commit();
    owner.defineProduct("commerce/fees").contract(Contract.of(Entry.class)).openToMesh().commit();
    owner.publish("commerce/fees").records(List.of(new Entry("1", 1))).commit();
    owner.governance().defineTag("kind", "plain", "secret").commit();
    owner.access().tag("commerce/orders").with("kind", "plain").commit();
    owner
        .grantByTags(where("kind").is("plain"))
        .to(Principal.of(requireNonNull(domains.get("finance")), "tagged"))
        .because("x")
        .commit();
    for (String domain : DOMAINS) {
      MeshClient granting = as(domain);
      granting.access().grants().stream()
          .filter(grant -> grant.to().endsWith("/trader"))
          .map(GrantSummary::id)
          .forEach(id -> granting.access().revoke(id).because("x").commit());
    }
  }

  /**
   * Returns what the services of all accounts have, a line for each object, without the IDs of
   * accounts and grants.
   */
  List<String> state() {
    List<String> lines = new ArrayList<>();
    for (String id : accounts.keySet()) {
      try (LakeAccount account = LakeAccount.open(AwsLocal.emulator(), id)) {
        for (Database database : account.glue().getDatabases(get -> {}).databaseList()) {
          lines.add(id + " database " + database.name() + " " + database.targetDatabase());
          account
              .glue()
              .getTables(get -> get.databaseName(database.name()))
              .tableList()
              .forEach(
                  table ->
                      lines.add(
                          String.join(
                              " ",
                              id,
                              "table",
                              database.name(),
                              table.name(),
                              String.valueOf(table.targetTable()))));
        }
        account
            .glue()
            .listDataQualityRulesets(list -> {})
            .rulesets()
            .forEach(rules -> lines.add(id + " ruleset " + rules.name()));
        account
            .lake()
            .listLFTags(list -> {})
            .lfTags()
            .forEach(tag -> lines.add(id + " tag " + tag.tagKey() + tag.tagValues()));
        account
            .lake()
            .listResources(list -> {})
            .resourceInfoList()
            .forEach(location -> lines.add(id + " location " + location.resourceArn()));
        account.lake().listDataCellsFilterPaginator(list -> {}).stream()
            .flatMap(page -> page.dataCellsFilters().stream())
            .forEach(filter -> lines.add(id + " filter " + filter.tableName()));
        account.lake().listPermissionsPaginator(list -> {}).stream()
            .flatMap(page -> page.principalResourcePermissions().stream())
            .forEach(
                row ->
                    lines.add(
                        String.join(
                            " ",
                            id,
                            row.principal().toString(),
                            row.resource().toString(),
                            row.permissions().toString(),
                            row.permissionsWithGrantOption().toString())));
      }
    }
    return lines.stream().map(this::named).sorted().toList();
  }

  private String named(String line) {
    String text = line.replace(config.meshName(), "(mesh)");
    for (Map.Entry<String, String> account : accounts.entrySet()) {
      text = text.replace(account.getKey(), account.getValue());
    }
    return text.replaceAll("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "(id)")
        .replaceAll("o-[0-9a-z]{10,}", "(organization)");
  }

  @Override
  public void close() {
    aws.reset();
    mesh.close();
  }
}
