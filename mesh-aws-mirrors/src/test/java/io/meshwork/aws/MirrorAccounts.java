package io.meshwork.aws;

import static io.meshwork.access.TagSelection.where;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.aws.LakeFormationAccounts.Order;
import io.meshwork.aws.internal.dynamo.DynamoRequests;
import io.meshwork.aws.internal.dynamo.DynamoTimeouts;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.conformance.fixture.Note;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Key;
import io.meshwork.rollout.MajorRollout;
import io.meshwork.testkit.ManualClock;
import io.meshwork.testkit.aws.AwsEmulator;
import io.meshwork.topology.Topology;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A central mesh with all mirrors, over accounts that no other test uses: the catalog, the domains
 * {@code commerce} and {@code archive} with their buckets, and {@code finance}, which gets
 * invitations to what is shared with it. A role of an account without a domain was granted
 * something, too, and the account accepts no invitation. The roles of the mirrors have the printed
 * policies only.
 */
final class MirrorAccounts implements MirroredMesh {
  static final String ORDERS = "commerce/orders";
  static final String PRICES = "commerce/prices";
  static final String LOGS = "archive/logs";

  /** Passes all timeouts soon, because some requests hang until they end. */
  static final AwsTimeouts IMPATIENT =
      new AwsTimeouts(
          Duration.ofSeconds(3),
          Duration.ofMillis(700),
          Duration.ofSeconds(2),
          DynamoTimeouts.STANDARD,
          AwsLocal.QUICK.pause());

  /** A row of most products. */
  record Entry(String id, long amount) {}

  final AwsEmulator aws;
  final String catalog = GlueAccount.newAccount();
  final String commerce = GlueAccount.newAccount();
  final String archive = GlueAccount.newAccount();
  final String finance = GlueAccount.newAccount();
  final String outsider = GlueAccount.newAccount();
  final AwsConfig config;
  final MeshClient shop;
  private final ManualClock clock = ManualClock.at(Instant.now());
  private final Mesh mesh;
  private final Map<String, String> grants = new TreeMap<>();

  private MirrorAccounts(AwsEmulator aws) {
    this.aws = aws;
    config =
        withAllMirrors(
            AwsConfig.inRegion(aws.region())
                .endpoint(aws.endpoint())
                .mesh(catalog, "walk" + catalog.substring(6)),
            aws.organization(catalog, commerce, archive));
    AwsMesh.setUp(
        config,
        AwsLocal.role(catalog, "admin"),
        clock,
        setup -> setup.make(Optional.of(Topology.central())));
    mesh = open(AwsLocal.QUICK).open();
    shop = as(commerce);
  }

  /** Makes a mesh with products and a grant of each form, and nothing mirrored. */
  static MirrorAccounts make(AwsEmulator aws) {
    MirrorAccounts made = new MirrorAccounts(aws);
    made.createRoles();
    made.register("commerce", made.commerce);
    made.register("archive", made.archive);
    made.as(made.finance)
        .registerDomain("finance")
        .owner("books@example.org")
        .accounts(made.finance)
        .commit();
    made.define();
    made.grant();
    made.link(ORDERS, "orders");
    aws.reset();
    return made;
  }

  private void createRoles() {
    AwsPolicies printed = AwsPolicies.of(config);
    createRole(catalog, printed.registry(AwsRoleKind.mirror()), printed.mirror());
    createRole(finance, printed.recipientMirror());
    createRole(archive, printed.recipientMirror());
    createRole(commerce, printed.recipientMirror(), printed.openDataMirror(commerce));
  }

  private static AwsConfig withAllMirrors(AwsConfig config, String organization) {
    return config.lakeFormation().schemaRegistry().dataQuality().openData(organization, "commerce");
  }

  /** Returns what the roles of the mirrors of such a mesh may do, except in the registry. */
  static List<String> policies() {
    String account = "111111111111";
    AwsPolicies printed =
        AwsPolicies.of(
            withAllMirrors(
                AwsConfig.inRegion("eu-central-1").mesh(account, "sales"),
                "arn:aws:organizations::" + account + ":organization/o-abcdefghij"));
    return List.of(printed.mirror(), printed.recipientMirror(), printed.openDataMirror(account));
  }

  /** Creates the role of the mirrors, which the process in the account of the catalog assumes. */
  private void createRole(String account, String... policies) {
    EmulatedClients administrator = EmulatedClients.administrator(aws, account);
    administrator.createRole(
        "mesh-mirror",
        Policies.policy(
            """
            {"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::%s:root","arn:aws:iam::%s:root"]},\
            "Action":["sts:AssumeRole","sts:TagSession"]}\
            """
                .formatted(catalog, account)));
    for (int i = 0; i < policies.length; i++) {
      administrator.iam(
          "PutRolePolicy",
          Map.of("RoleName", "mesh-mirror", "PolicyName", "p" + i, "PolicyDocument", policies[i]));
    }
  }

  private void register(String domain, String account) {
    String root =
        AwsMesh.setUp(config, AwsLocal.role(account, "admin"), clock, AwsSetup::makeBucket);
    permitRegistration(account);
    as(account)
        .registerDomain(domain)
        .owner(domain + "@example.org")
        .accounts(account)
        .location(root)
        .commit();
  }

  /** Lake Formation reads the bucket of an account with the role of the account of the catalog. */
  private void permitRegistration(String account) {
    AwsPolicies printed =
        AwsPolicies.of(config).registrationRole(Principal.of(catalog, "mesh-registration"));
    try (AwsClients clients = new AwsClients(config)) {
      clients
          .s3(AwsLocal.role(account, "admin"))
          .putBucketPolicy(
              put -> put.bucket(config.bucketIn(account)).policy(printed.bucket(account)));
    }
  }

  private void define() {
    shop.defineProduct(ORDERS)
        .contract(classified(Contract.of(Order.class)).require(Rule.atLeast("amount", 0)))
        .commit();
    shop.publish(ORDERS).records(List.of(new Order("1", "EU", 12, "a@b.c"))).commit();
    defineOpen(shop, PRICES);
    defineOpen(as(archive), LOGS);
  }

  private static Contract classified(Contract contract) {
    return contract.classification(Classification.CONFIDENTIAL, "email");
  }

  /** Defines a product that is open to the mesh, and publishes a row. */
  void defineOpen(MeshClient owner, String product) {
    owner
        .defineProduct(product)
        .contract(Contract.of(Entry.class).require(Rule.atLeast("amount", 0)))
        .openToMesh()
        .commit();
    owner.publish(product).records(List.of(new Entry("1", 12))).commit();
  }

  private void grant() {
    shop.governance().defineTag("kind", "plain", "secret").commit();
    AccessClient access = shop.access();
    access.tag(ORDERS).set("kind", "plain").commit();
    access.tagColumns(ORDERS, "amount").set("kind", "secret").commit();
    shop.grant(ORDERS).columns("id", "region").to(in("lister")).because("x").commit();
    shop.grant(ORDERS)
        .exceptColumns("email")
        .rows("region = 'EU'")
        .to(in("european"))
        .because("x")
        .commit();
    shop.grant(ORDERS).to(in("auditor")).because("x").commit();
    shop.grantByTags(where("kind", "plain")).to(in("tagged")).because("x").commit();
    shop.grant(ORDERS).columns("id").to(Principal.of(outsider, "visitor")).because("x").commit();
    shop.grant(ORDERS).toAccounts(finance).withGrantOption().because("x").commit();
    as(finance).grant(ORDERS).columns("id", "amount").to(in("delegate")).because("x").commit();
  }

  /** Gives a product a name in a database of finance. */
  void link(String product, String name) {
    as(finance).linkResource(product).database("desk").name(name).followRollouts().commit();
  }

  /** Removes the name of a product in the database of finance. */
  void unlink(String name) {
    as(finance).unlinkResource("desk." + name).commit();
  }

  /** Adds a rule, and then a column, to the contract of the orders. */
  void amendOrders() {
    Rule[] rules = {Rule.atLeast("amount", 0), Rule.notNull("region")};
    Contract orders = Contract.of(Order.class);
    for (Contract contract : List.of(orders, orders.addColumns(Contract.of(Note.class)))) {
      shop.amendContract(ORDERS, classified(contract).require(rules)).because("x").commit();
    }
  }

  /** Lets other programs change an object of each kind. */
  void drift() {
    new MirrorDrift(config, catalog, finance, "archive", "EU", "auditor").changeEachKind();
  }

  /** Replaces the first major version of the orders by one with another contract. */
  void retireOrders() {
    MajorRollout rollout =
        shop.startRollout(ORDERS)
            .contract(Contract.of(Entry.class))
            .because("x")
            .withoutHistory()
            .commit()
            .activate()
            .commit();
    rollout.announce().commit();
    rollout.close().commit();
    rollout.retire().commit();
  }

  /** Ends all grants that the shop made to a role. */
  void revoke(String role) {
    shop.access().grants().stream()
        .filter(grant -> grant.to().endsWith("/" + role))
        .map(GrantSummary::id)
        .forEach(id -> shop.revoke(id).because("x").commit());
  }

  /** Deletes the document of the archive, as a person who repairs the registry by hand may do. */
  void loseArchive() {
    Key key = RegistryKeys.domain("archive");
    Map<String, AttributeValue> item =
        Map.of(
            DynamoRequests.PARTITION,
            AttributeValue.fromS(key.partition()),
            DynamoRequests.SORT,
            AttributeValue.fromS(key.sort()));
    try (AwsClients clients = new AwsClients(config)) {
      clients
          .dynamoDb(AwsLocal.role(catalog, "admin"))
          .deleteItem(delete -> delete.tableName(config.table()).key(item));
    }
  }

  /** Returns the client of the role that owns the domain of an account. */
  MeshClient as(String account) {
    return mesh.clientAs(Principal.of(account, "etl"));
  }

  /** Returns a role of finance. */
  Principal in(String role) {
    return Principal.of(finance, role);
  }

  @Override
  public Mesh.Builder open(AwsTimeouts timeouts) {
    return AwsMesh.builder(config, () -> AwsLocal.role(catalog, "operator"), timeouts)
        .clock(clock)
        .testing()
        .sleeper(clock::advance);
  }

  @Override
  public void advance(Duration by) {
    clock.advance(by);
  }

  @Override
  public List<String> state() {
    return MirrorState.of(this);
  }

  @Override
  public List<String> outsiders() {
    return List.of(outsider);
  }

  @Override
  public List<String> named(List<String> texts) {
    for (MeshClient client : List.of(shop, as(finance))) {
      client
          .access()
          .grants()
          .forEach(grant -> grants.computeIfAbsent(grant.id(), id -> label(grant)));
    }
    return texts.stream().map(this::named).sorted().toList();
  }

  private String named(String text) {
    String named = text;
    for (Map.Entry<String, String> grant : grants.entrySet()) {
      named = named.replace(grant.getKey(), grant.getValue());
    }
    return unnamed(named);
  }

  private String label(GrantSummary grant) {
    return unnamed(
        "grant("
            + String.join(
                " ", grant.on(), grant.to(), grant.columns().toString(), grant.rows().orElse("all"))
            + ")");
  }

  private String unnamed(String text) {
    return text.replace(config.meshName(), "(mesh)")
        .replace(config.openData().organization(), "(organization)")
        .replace(catalog, "(catalog)")
        .replace(commerce, "(commerce)")
        .replace(archive, "(archive)")
        .replace(finance, "(finance)")
        .replace(outsider, "(outsider)")
        .replaceAll("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "(id)")
        .replaceAll("/[0-9a-f]{20}\\b", "/(hash)");
  }

  @Override
  public void close() {
    aws.reset();
    mesh.close();
  }
}
