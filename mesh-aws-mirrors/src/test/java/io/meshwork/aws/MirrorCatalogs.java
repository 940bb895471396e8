package io.meshwork.aws;

import static io.meshwork.access.TagSelection.where;
import static java.util.Objects.requireNonNull;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.product.Principal;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.testkit.ManualClock;
import io.meshwork.testkit.aws.AwsEmulator;
import io.meshwork.topology.Topology;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * A mesh of several catalogs with all mirrors, over accounts that no other test uses: those of the
 * domains {@code commerce} and {@code finance}, each with a product that the other one reads by a
 * link. The catalogs of a federated mesh are in these accounts, those of lines of business in
 * accounts without a domain. All accounts but that of finance are in one organization, so finance
 * gets invitations to shares, and so does an account that is not of the mesh.
 */
final class MirrorCatalogs implements MirroredMesh {
  private static final List<String> DOMAINS = List.of("commerce", "finance");

  /** Calls of mirrors that no step makes: those after the loss of a domain or of a description. */
  static final Set<String> OTHER_CALLS =
      Set.of(
          "glue:DeleteRegistry",
          "glue:RemoveSchemaVersionMetadata",
          "lakeformation:DeregisterResource",
          "s3:DeleteBucketPolicy");

  private final AwsEmulator aws;
  private final Topology topology;
  private final String organization;
  private final String governance = GlueAccount.newAccount();
  private final String outsider = GlueAccount.newAccount();

  /** The names of accounts in texts. */
  private final Map<String, String> accounts = new TreeMap<>();

  private final Map<String, String> domains = new TreeMap<>();
  private final Map<String, String> catalogs = new TreeMap<>();
  private final ManualClock clock = ManualClock.at(Instant.now());
  private final AwsConfig config;
  private final Mesh mesh;

  record Entry(String id, long amount) {}

  /** The contract with one more rule and column. */
  static final class MoreColumns {
    private MoreColumns() {}

    record Entry(String id, long amount, Optional<String> note) {}
  }

  /** The contract after the first one. */
  static final class NextVersion {
    private NextVersion() {}

    record Entry(String id, String amount) {}
  }

  private MirrorCatalogs(AwsEmulator aws, Topology topology) {
    this.aws = aws;
    this.topology = topology;
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
    String finance = requireNonNull(domains.get("finance"));
    organization =
        aws.organization(
            governance,
            accounts.keySet().stream()
                .filter(account -> !account.equals(governance) && !account.equals(finance))
                .toArray(String[]::new));
    config =
        AwsConfig.inRegion(aws.region())
            .endpoint(aws.endpoint())
            .mesh(governance, "cats" + governance.substring(6))
            .lakeFormation()
            .openData(organization, "commerce")
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
    mesh = open(AwsLocal.QUICK).open();
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
          .client()
          .registerDomain(domain)
          .owner(domain + "@example.org")
          .accounts(account)
          .administrators(Principal.of(account, "etl"))
          .location("s3://" + made.config.bucketIn(account))
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

  /** The process acts for governance. */
  @Override
  public Mesh.Builder open(AwsTimeouts timeouts) {
    return AwsMesh.builder(config, () -> AwsLocal.role(governance, "operator"), timeouts)
        .clock(clock)
        .testing()
        .sleeper(clock::advance);
  }

  private MeshClient as(String domain) {
    return mesh.clientAs(Principal.of(requireNonNull(domains.get(domain)), "etl"));
  }

  private Principal in(String role) {
    return Principal.of(requireNonNull(domains.get("finance")), role);
  }

  /** Each domain publishes a product, and the other one reads it by a link. */
  void define() {
    MirrorStrangers.makeIn(new TreeSet<>(catalogs.values()));
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
          .columns("id")
          .to(Principal.of(outsider, "visitor"))
          .because("x")
          .commit();
      owner
          .grant(product)
          .rows("amount > 1")
          .to(Principal.of(account, "trader"))
          .because("x")
          .commit();
      as(other).linkResource(product).database("shared").name(domain).commit();
    }
  }

  /**
   * A table moves and gets a rule and a column, one domain has one more, a tag gives access, and
   * grants of both end.
   */
  void change() {
    MeshClient owner = as("commerce");
    owner.publish("commerce/orders").records(List.of(new Entry("2", 13))).commit();
    owner
        .amendContract(
            "commerce/orders",
            Contract.of(MoreColumns.Entry.class)
                .require(Rule.atLeast("amount", 0), Rule.notNull("id")))
        .because("x")
        .commit();
    owner.defineProduct("commerce/fees").contract(Contract.of(Entry.class)).openToMesh().commit();
    owner.publish("commerce/fees").records(List.of(new Entry("1", 1))).commit();
    owner.governance().defineTag("kind", "plain", "secret").commit();
    owner.access().tag("commerce/orders").set("kind", "plain").commit();
    owner.grant("commerce/orders").rows("amount > 2").to(in("buyer")).because("x").commit();
    owner.grantByTags(where("kind", "plain")).to(in("tagged")).because("x").commit();
    for (String domain : DOMAINS) {
      MeshClient granting = as(domain);
      granting.access().grants().stream()
          .filter(grant -> grant.to().endsWith("/trader"))
          .map(GrantSummary::id)
          .forEach(id -> granting.revoke(id).because("x").commit());
    }
  }

  /** Lets other programs change an object of each kind in the catalog of the orders. */
  void drift() {
    new MirrorDrift(
            config,
            requireNonNull(catalogs.get(topology.catalogOf("commerce"))),
            requireNonNull(domains.get("finance")),
            "commerce",
            "amount > 2",
            "reader")
        .changeEachKind();
  }

  /** The orders of one domain get another major version, and all rights to the first end. */
  void retire() {
    MeshClient owner = as("commerce");
    owner.access().grants().stream()
        .map(GrantSummary::id)
        .forEach(id -> owner.revoke(id).because("x").commit());
    owner.access().tag("commerce/orders").remove("kind").commit();
    owner.access().closeToMesh("commerce/fees").commit();
    MajorRollout rollout =
        owner
            .startRollout("commerce/orders")
            .contract(Contract.of(NextVersion.Entry.class))
            .because("x")
            .withoutHistory()
            .commit()
            .activate()
            .commit();
    rollout.announce().commit();
    rollout.close().commit();
    rollout.retire().commit();
  }

  @Override
  public void advance(Duration by) {
    clock.advance(by);
  }

  @Override
  public List<String> outsiders() {
    return List.of(outsider);
  }

  @Override
  public List<String> state() {
    return named(MirrorState.of(config, accounts.keySet(), domains));
  }

  @Override
  public List<String> named(List<String> texts) {
    return texts.stream().map(this::named).sorted().toList();
  }

  private String named(String line) {
    String text = line.replace(config.meshName(), "(mesh)").replace(organization, "(organization)");
    text = text.replace(outsider, "(outsider)");
    for (Map.Entry<String, String> account : accounts.entrySet()) {
      text = text.replace(account.getKey(), account.getValue());
    }
    return text.replaceAll("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "(id)")
        .replaceAll("o-[0-9a-z]{10,}", "(organization)")
        .replaceAll("\\b[0-9a-f]{20}\\b", "(hash)");
  }

  @Override
  public void close() {
    aws.reset();
    mesh.close();
  }
}
