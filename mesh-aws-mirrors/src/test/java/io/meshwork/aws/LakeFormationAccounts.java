package io.meshwork.aws;

import static io.meshwork.access.TagSelection.where;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.AccessClient.GrantSummary;
import io.meshwork.aws.internal.dynamo.DynamoRequests;
import io.meshwork.aws.internal.mirror.LakeFormationContents;
import io.meshwork.aws.internal.mirror.LakeFormationRights;
import io.meshwork.aws.internal.mirror.glue.SessionClients;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.governance.AccessReview;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.lakeformation.AccessFacts.Database;
import io.meshwork.internal.lakeformation.AccessFacts.Table;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.product.Classification;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry.Key;
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
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.lakeformation.model.DataLakePrincipal;
import software.amazon.awssdk.services.lakeformation.model.DataLakeSettings;
import software.amazon.awssdk.services.lakeformation.model.Permission;
import software.amazon.awssdk.services.lakeformation.model.PrincipalPermissions;
import software.amazon.awssdk.services.lakeformation.model.Resource;

/**
 * A central mesh over three accounts that no other test uses: the catalog in one, {@code commerce}
 * with the product {@code commerce/orders} in another, and {@code finance} in the third.
 */
final class LakeFormationAccounts implements AutoCloseable {
  static final String ORDERS = "commerce/orders";
  static final String DATABASE = "commerce";
  static final String TABLE = "orders_v1";
  static final List<String> COLUMNS = List.of("id", "region", "amount", "email");

  /** A row. */
  record Order(String id, String region, long amount, String email) {}

  final AwsEmulator aws;
  final String catalog = GlueAccount.newAccount();
  final String commerce = GlueAccount.newAccount();
  final String finance = GlueAccount.newAccount();
  final ManualClock clock = ManualClock.at(Instant.now());
  final AwsConfig config;
  final Mesh mesh;
  final MeshClient shop;
  private final AwsClients clients;
  private final Map<String, LakeFormationClient> lakeFormation = new TreeMap<>();

  private LakeFormationAccounts(
      AwsEmulator aws, boolean organization, UnaryOperator<AwsConfig> options) {
    this.aws = aws;
    AwsConfig named =
        AwsConfig.inRegion(aws.region())
            .endpoint(aws.endpoint())
            .mesh(catalog, "lake" + catalog.substring(6));
    this.config =
        options.apply(
            organization
                ? named.lakeFormation(aws.organization(catalog, commerce, finance))
                : named.lakeFormation());
    AwsMesh.setUp(
        config,
        AwsLocal.role(catalog, "admin"),
        clock,
        setup -> setup.make(Optional.of(Topology.central())));
    clients = new AwsClients(config);
    openBucket();
    mesh = open();
    shop = mesh.clientAs(Principal.of(commerce, "etl"));
  }

  /** Lets all roles of all accounts use the bucket as far as their own permissions go. */
  void openBucket() {
    openBucketTo(catalog, commerce, finance);
  }

  /** Lets the catalog and the owner use the bucket, and no other account. */
  void closeBucketToReaders() {
    openBucketTo(catalog, commerce);
  }

  private void openBucketTo(String... accounts) {
    String bucket = config.bucketIn(catalog);
    String everyone =
        Stream.of(accounts)
            .map(each -> "\"arn:aws:iam::" + each + ":root\"")
            .collect(Collectors.joining(","));
    String policy =
        """
        {"Version":"2012-10-17","Statement":[{"Sid":"All","Effect":"Allow",\
        "Principal":{"AWS":[%s]},"Action":["s3:ListBucket","s3:GetObject","s3:PutObject",\
        "s3:DeleteObject","s3:AbortMultipartUpload"],\
        "Resource":["arn:aws:s3:::%s","arn:aws:s3:::%s/*"]}]}\
        """
            .formatted(everyone, bucket, bucket);
    clients
        .s3(AwsLocal.role(catalog, "admin"))
        .putBucketPolicy(request -> request.bucket(bucket).policy(policy));
  }

  /** Makes a mesh with a published product and without grants. */
  static LakeFormationAccounts make(AwsEmulator aws) {
    return make(aws, true, UnaryOperator.identity());
  }

  /** As {@link #make(AwsEmulator)}, with options of the configuration. */
  static LakeFormationAccounts make(AwsEmulator aws, UnaryOperator<AwsConfig> options) {
    return make(aws, true, options);
  }

  private static LakeFormationAccounts make(
      AwsEmulator aws, boolean organization, UnaryOperator<AwsConfig> options) {
    LakeFormationAccounts made = new LakeFormationAccounts(aws, organization, options);
    made.shop.registerDomain("commerce").owner("shop@example.org").accounts(made.commerce).commit();
    made.shop
        .defineProduct(ORDERS)
        .contract(Contract.of(Order.class).classification(Classification.CONFIDENTIAL, "email"))
        .commit();
    made.shop.publish(ORDERS).records(List.of(new Order("1", "EU", 12, "a@b.c"))).commit();
    made.as("finance", "etl")
        .registerDomain("finance")
        .owner("books@example.org")
        .accounts(made.finance)
        .commit();
    aws.reset();
    return made;
  }

  /** Makes a mesh with a grant of each form. */
  static LakeFormationAccounts withGrants(AwsEmulator aws) {
    return withGrants(make(aws));
  }

  /** As {@link #withGrants(AwsEmulator)}, in accounts that are in no organization. */
  static LakeFormationAccounts withoutOrganization(AwsEmulator aws) {
    return withGrants(makeWithoutOrganization(aws));
  }

  /** As {@link #make(AwsEmulator)}, in accounts that are in no organization. */
  static LakeFormationAccounts makeWithoutOrganization(AwsEmulator aws) {
    return make(aws, false, UnaryOperator.identity());
  }

  private static LakeFormationAccounts withGrants(LakeFormationAccounts made) {
    AwsEmulator aws = made.aws;
    made.shop.governance().defineTag("kind", "plain", "secret").commit();
    made.shop.access().tag(ORDERS).set("kind", "plain").commit();
    made.shop.access().tagColumns(ORDERS, "amount").set("kind", "secret").commit();
    made.shop.grant(ORDERS).columns("id", "region").to(made.in("lister")).because("x").commit();
    made.shop
        .grant(ORDERS)
        .exceptColumns("email")
        .rows("region = 'EU'")
        .to(made.in("european"))
        .because("x")
        .commit();
    made.shop
        .grant(ORDERS)
        .to(made.in("auditor"))
        .until(made.clock.instant().plus(Duration.ofDays(1)))
        .because("x")
        .commit();
    made.shop.grantByTags(where("kind", "plain")).to(made.in("tagged")).because("x").commit();
    made.grantFinance(ORDERS);
    made.passOn("delegate", "id", "amount");
    aws.reset();
    return made;
  }

  /** Damages the document of the product, and returns what restores it. */
  Runnable damageProduct() {
    Key key = RegistryKeys.product(ProductName.of(ORDERS));
    Map<String, AttributeValue> item =
        Map.of(
            DynamoRequests.PARTITION,
            AttributeValue.fromS(key.partition()),
            DynamoRequests.SORT,
            AttributeValue.fromS(key.sort()));
    DynamoDbClient dynamoDb = clients.dynamoDb(AwsLocal.role(catalog, "admin"));
    String table = config.table();
    Map<String, AttributeValue> intact =
        dynamoDb.getItem(get -> get.tableName(table).key(item)).item();
    Map<String, AttributeValue> damaged = new TreeMap<>(intact);
    damaged.put("j", AttributeValue.fromS("{"));
    dynamoDb.putItem(put -> put.tableName(table).item(damaged));
    return () -> dynamoDb.putItem(put -> put.tableName(table).item(intact));
  }

  /** Opens the mesh again, as another process. */
  Mesh open() {
    return builder(AwsLocal.QUICK).clock(clock).open();
  }

  /** Opens the mesh again, as another process. Its pauses pass at once, and so do deadlines. */
  Mesh open(AwsTimeouts timeouts) {
    return builder(timeouts).clock(clock).testing().sleeper(clock::advance).open();
  }

  /** Opens the mesh with another configuration. */
  Mesh open(AwsConfig other) {
    return AwsMesh.builder(other, () -> AwsLocal.role(catalog, "operator"), AwsLocal.QUICK)
        .clock(clock)
        .open();
  }

  private Mesh.Builder builder(AwsTimeouts timeouts) {
    return AwsMesh.builder(config, () -> AwsLocal.role(catalog, "operator"), timeouts);
  }

  /** Creates the role of the mirror with policies, and lets the process assume it. */
  void createMirrorRole(String account, String... policies) {
    createRole(account, "mesh-mirror", policies);
  }

  /** Creates a role with policies, which its account and that of the catalog may assume. */
  void createRole(String account, String role, String... policies) {
    EmulatedClients administrator = EmulatedClients.administrator(aws, account);
    administrator.createRole(role, trust(account));
    for (int i = 0; i < policies.length; i++) {
      administrator.iam(
          "PutRolePolicy",
          Map.of("RoleName", role, "PolicyName", "p" + i, "PolicyDocument", policies[i]));
    }
  }

  /** Returns the policy by which an account and that of the catalog may assume a role. */
  String trust(String account) {
    return Policies.policy(
        """
        {"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::%s:root","arn:aws:iam::%s:root"]},\
        "Action":["sts:AssumeRole","sts:TagSession"]}\
        """
            .formatted(account, catalog));
  }

  /** Returns the clients of a role of finance. */
  EmulatedClients inFinance(String role) {
    return EmulatedClients.administrator(aws, finance)
        .assuming("arn:aws:iam::" + finance + ":role/" + role);
  }

  /** Grants a role of finance the whole product. */
  void grant(String role) {
    shop.grant(ORDERS).to(in(role)).because("x").commit();
  }

  /** Grants the account of finance a whole product, with the grant option. */
  void grantFinance(String product) {
    shop.grant(product).toAccounts(finance).withGrantOption().because("x").commit();
  }

  /** Grants a role of finance, as finance, columns of the product. */
  void passOn(String role, String... columns) {
    as("finance", "etl").grant(ORDERS).columns(columns).to(in(role)).because("x").commit();
  }

  /** Revokes all grants of the product. */
  void revokeAll() {
    shop.access().grants().stream()
        .map(GrantSummary::id)
        .forEach(id -> shop.revoke(id).because("End").commit());
  }

  /** Returns a role of finance. */
  Principal in(String role) {
    return Principal.of(finance, role);
  }

  MeshClient as(String domain, String role) {
    return mesh.clientAs(Principal.of(domain.equals("finance") ? finance : commerce, role));
  }

  /** Returns Lake Formation of an account, as the role of the mirror. */
  LakeFormationClient in(Account account) {
    return lakeFormation.computeIfAbsent(
        id(account), each -> clients.lakeFormation(each, AwsLocal.role(each, "mesh-mirror")));
  }

  /** The accounts that have Lake Formation. */
  enum Account {
    CATALOG,
    FINANCE
  }

  String id(Account account) {
    return account == Account.CATALOG ? catalog : finance;
  }

  Mirrors.Report mirror() {
    return mesh.mirrors().commit();
  }

  Mirrors.Report repair() {
    return mesh.mirrors().repair().commit();
  }

  /** Returns the calls that change Lake Formation, since the last reset. */
  List<String> writes() {
    return aws.calls().stream()
        .filter(
            call ->
                call.matches(
                    "lakeformation:(Put|Register|Deregister|Create|Update|Delete|Add|Remove|Batch"
                        + "|Grant|Revoke).*"))
        .toList();
  }

  /** Returns the table of the product, as a resource of permissions. */
  Resource table() {
    return Resource.builder()
        .table(table -> table.catalogId(catalog).databaseName(DATABASE).name(TABLE))
        .build();
  }

  /** What both accounts have of the mesh. */
  Map<String, String> everything() {
    Map<String, String> all = new TreeMap<>();
    for (Account account : Account.values()) {
      objects(account, keys(account))
          .forEach((key, content) -> all.put(account + " " + key, content));
    }
    return all;
  }

  /** Returns where Lake Formation decides otherwise than the mesh about a role of finance. */
  List<String> differences(String role) {
    return shop.access().explain(in(role), ORDERS).mirrorDifferences();
  }

  /** Returns the access review of the domain with the product. */
  AccessReview review() {
    return shop.governance().accessReview("commerce");
  }

  /** Opens new tables to IAM, as another program may do. */
  void openDefaults() {
    putSettings(
        settings ->
            settings.createTableDefaultPermissions(
                PrincipalPermissions.builder()
                    .principal(allowedByIam())
                    .permissions(Permission.ALL)
                    .build()));
  }

  /** Changes the settings of the catalog's account, as another program may do. */
  void putSettings(Consumer<DataLakeSettings.Builder> change) {
    DataLakeSettings.Builder settings =
        in(Account.CATALOG).getDataLakeSettings(get -> {}).dataLakeSettings().toBuilder();
    change.accept(settings);
    in(Account.CATALOG).putDataLakeSettings(put -> put.dataLakeSettings(settings.build()));
  }

  /** Returns the principal that stands for permissions of IAM alone. */
  DataLakePrincipal allowedByIam() {
    return DataLakePrincipal.builder()
        .dataLakePrincipalIdentifier("IAM_ALLOWED_PRINCIPALS")
        .build();
  }

  /** Asserts that roles of finance read what {@link #withGrants(AwsEmulator)} grants. */
  void assertGrantsAreMirrored() {
    assertThat(readable("lister")).containsExactly("id", "region");
    assertThat(readable("european")).containsExactly("amount", "id", "region");
    assertThat(readable("auditor")).containsExactlyInAnyOrderElementsOf(COLUMNS);
    assertThat(readable("tagged")).containsExactly("email", "id", "region");
    assertThat(readable("delegate")).containsExactly("amount", "id");
    assertThat(readable("nobody")).isEmpty();
  }

  /** Returns the objects of an account by key, with those of others on its tables. */
  Map<String, String> objects(Account account, Set<String> keys) {
    return LakeFormationContents.of(
        in(account),
        config.region(),
        catalog,
        id(account),
        config.roleArn(Principal.of(id(account), "mesh-mirror")),
        keys);
  }

  /** Returns the keys of the tables, tags, and grants that a finished run leaves in an account. */
  Set<String> keys(Account account) {
    return LakeFormationContents.keysOf(
        DATABASE,
        TABLE,
        "arn:aws:s3:::" + config.bucketIn(catalog) + "/data/commerce",
        Map.of(
            "kind", List.of("plain", "secret"),
            "classification", List.of("public", "internal", "confidential", "restricted"),
            "domain", List.of("commerce")));
  }

  /** Returns true if Glue shows a column of the table to a role of finance. */
  boolean readableOf(String column, String role) {
    return readable(role, columnsInGlue()).contains(column);
  }

  private List<String> columnsInGlue() {
    return clients
        .open(SessionClients.GLUE, catalog, AwsLocal.role(catalog, "mesh-mirror"))
        .getTable(get -> get.catalogId(catalog).databaseName(DATABASE).name(TABLE))
        .table()
        .storageDescriptor()
        .columns()
        .stream()
        .map(each -> each.name())
        .toList();
  }

  /** Returns the columns that a role of finance may read by what the accounts have. */
  List<String> readable(String role) {
    return readable(role, COLUMNS);
  }

  private List<String> readable(String role, List<String> all) {
    Map<String, Map<String, JsonNode>> held = new TreeMap<>();
    for (Account account : Account.values()) {
      Map<String, JsonNode> contents = new TreeMap<>();
      objects(account, keys(account))
          .forEach((key, text) -> contents.put(key, DocumentJson.parseObject(key, text)));
      held.put(id(account), contents);
    }
    Set<String> columns =
        new LakeFormationRights(config.mirrors(), name -> catalog)
            .rights(
                catalog,
                Database.of(catalog, DATABASE, Table.of(TABLE, all.toArray(String[]::new))),
                held)
            .of(in(role), TABLE, clock.instant())
            .columns();
    return List.copyOf(new TreeSet<>(columns));
  }

  static List<FindingCode> codes(List<Finding> findings) {
    return findings.stream().map(Finding::code).toList();
  }

  @Override
  public void close() {
    aws.reset();
    clients.close();
    mesh.close();
  }
}
