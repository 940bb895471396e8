package io.meshwork.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.access.ExplainedAccess;
import io.meshwork.access.GrantOperation;
import io.meshwork.access.Permission;
import io.meshwork.aws.internal.dynamo.DynamoRegistry;
import io.meshwork.aws.internal.mirror.RandomDomains;
import io.meshwork.aws.internal.mirror.ReadAnswer;
import io.meshwork.aws.internal.mirror.glue.SessionClients;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.lakeformation.AccessFacts.Link;
import io.meshwork.internal.lakeformation.AccessQuestion;
import io.meshwork.internal.lakeformation.AccessState;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.evaluation.AccessDecision;
import io.meshwork.internal.lakeformation.evaluation.AccessEvaluator;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.rights.AccessPolicy;
import io.meshwork.internal.rights.RightsDocuments;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.table.TableName;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.product.Principal;
import io.meshwork.testkit.ManualClock;
import io.meshwork.testkit.aws.AwsEmulator;
import io.meshwork.topology.Topology;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A mesh over accounts of the emulator that no other test uses, with random products, tags, and
 * grants. Its mirrors write to the services of the accounts; what these have then is read by their
 * APIs, and judged by the evaluator. All domains have one catalog, each has one in its account, or
 * each line of business has one in an account that governs it and has no domain.
 */
final class LakeFormationRandomMesh implements AutoCloseable {
  /** The findings by which a mirror says what Lake Formation cannot hold, and nothing else. */
  private static final Set<FindingCode> RULES_OF_LAKE_FORMATION =
      Set.of(FindingCode.OWN_ACCOUNT, FindingCode.NOT_GRANTABLE);

  private final String governance = GlueAccount.newAccount();
  private final Map<String, List<String>> domains = new LinkedHashMap<>();
  private final ManualClock clock = ManualClock.at(Instant.now());
  private final Topology topology;

  /** The accounts of the catalogs, by name; none in a central mesh. */
  private final Map<String, String> catalogs = new TreeMap<>();

  private final boolean isOrganization;
  private final AwsConfig config;
  private final AwsClients clients;
  private final Mesh mesh;
  private final Random random;
  private final RandomDomains changes;
  private final Map<String, LakeFormationState.Clients> services = new TreeMap<>();
  private final Map<ReadAnswer.Kind, Integer> answers = new EnumMap<>(ReadAnswer.Kind.class);
  private int links;

  {
    domains.put("commerce", List.of(GlueAccount.newAccount(), GlueAccount.newAccount()));
    domains.put("finance", List.of(GlueAccount.newAccount()));
    domains.put("risk-office", List.of(GlueAccount.newAccount()));
  }

  LakeFormationRandomMesh(AwsEmulator aws, long seed) {
    random = new Random(seed);
    topology =
        List.of(
                Topology.federated(),
                Topology.byLineOfBusiness(
                    Map.of(
                        "retail", Set.of("commerce", "risk-office"),
                        "banking", Set.of("finance"))),
                Topology.central())
            .get(random.nextInt(3));
    switch (topology.shape()) {
      case FEDERATED ->
          domains.forEach(
              (domain, accounts) -> catalogs.put(topology.catalogOf(domain), accounts.get(0)));
      case LINES ->
          topology.catalogs().forEach(line -> catalogs.put(line, GlueAccount.newAccount()));
      case CENTRAL -> {}
    }
    isOrganization = random.nextInt(3) > 0;
    AwsConfig named =
        AwsConfig.inRegion(aws.region())
            .endpoint(aws.endpoint())
            .mesh(governance, "rand" + governance.substring(6));
    config =
        isOrganization
            ? named.lakeFormation(
                aws.organization(
                    governance,
                    accounts().stream()
                        .filter(account -> !account.equals(governance))
                        .toArray(String[]::new)))
            : named.lakeFormation();
    clients = new AwsClients(config);
    setUp();
    mesh = AwsLocal.quick(config, governance, "operator").clock(clock).open();
    domains.forEach(
        (domain, accounts) ->
            mesh.client()
                .registerDomain(domain)
                .owner(domain + "@example.org")
                .accounts(accounts.toArray(String[]::new))
                .administrators(etl(domain))
                .commit());
    changes = new RandomDomains(random, clock, domains, this::as);
  }

  private void setUp() {
    AwsMesh.setUp(
        config,
        AwsLocal.role(governance, "admin"),
        clock,
        setup -> setup.make(Optional.of(topology)));
    catalogs.forEach(
        (catalog, account) -> {
          AwsMesh.setUp(config, AwsLocal.role(account, "admin"), clock, AwsSetup::makeTable);
          AwsMesh.setUp(
              config,
              AwsLocal.role(governance, "admin"),
              clock,
              setup ->
                  setup.addCatalog(
                      catalog, new TablePlace(account, config.region(), config.table())));
        });
    openBucket();
  }

  /** Lets all accounts use the bucket: who reads is what Lake Formation decides. */
  private void openBucket() {
    String everyone =
        accounts().stream()
            .map(each -> "\"arn:aws:iam::" + each + ":root\"")
            .collect(Collectors.joining(","));
    String bucket = config.bucketIn(governance);
    clients
        .s3(AwsLocal.role(governance, "admin"))
        .putBucketPolicy(
            put ->
                put.bucket(bucket)
                    .policy(
                        Policies.policy(
                            """
                            {"Effect":"Allow","Principal":{"AWS":[%s]},"Action":["s3:*"],\
                            "Resource":["arn:aws:s3:::%s","arn:aws:s3:::%s/*"]}\
                            """
                                .formatted(everyone, bucket, bucket))));
  }

  private Set<String> accounts() {
    Set<String> accounts = new TreeSet<>();
    accounts.add(governance);
    domains.values().forEach(accounts::addAll);
    accounts.addAll(catalogs.values());
    return accounts;
  }

  private String catalogOf(String domain) {
    return catalogs.getOrDefault(topology.catalogOf(domain), governance);
  }

  private boolean hasCatalogs() {
    return !catalogs.isEmpty();
  }

  private Principal etl(String domain) {
    return Principal.of(domains.get(domain).get(0), "etl");
  }

  private MeshClient as(String domain) {
    return mesh.clientAs(etl(domain));
  }

  /** Defines products, tags, and grants, among them one to a role for each kind of answer. */
  void grow() {
    changes.grow(12);
    as("commerce").defineProduct("commerce/prices").contract(changes.contract()).commit();
    grant("lister").columns("id", "postCode").includeSensitive().because("x").commit();
    grant("european")
        .exceptColumns("email")
        .rows("region = 'EU'")
        .includeSensitive()
        .because("x")
        .commit();
  }

  private GrantOperation.ByName grant(String role) {
    return as("commerce").grant("commerce/prices").to(Principal.of(homeOfReaders(), role));
  }

  /**
   * Returns the account of readers that get nothing else: that of the mesh, which no domain has.
   * What is shared with such an account is accepted by its organization, or by a person.
   */
  private String homeOfReaders() {
    return hasCatalogs() && !isOrganization ? domains.get("finance").get(0) : governance;
  }

  /** Changes some of it, and lets time pass in which grants end. */
  void change() {
    changes.change(8);
    clock.advance(Duration.ofHours(random.nextInt(30)));
  }

  /** Returns how often each kind of answer was given. */
  Map<ReadAnswer.Kind, Integer> answers() {
    return answers;
  }

  /** Returns how many changes of each kind the mesh accepted. */
  Map<RandomDomains.Change, Integer> changes() {
    return changes.made();
  }

  /** Returns how many reads by links were judged. */
  int links() {
    return links;
  }

  @Override
  public String toString() {
    return topology + (isOrganization ? ", in an organization" : ", with invitations");
  }

  /**
   * Runs the mirrors, which have nothing left to do then. An invitation that a run causes may be
   * accepted by the next one.
   */
  void mirror(String description) {
    Mirrors.Report report = mesh.mirrors().commit();
    if (!isOrganization) {
      assertThat(report.byHand()).as(description).isEmpty();
      report = mesh.mirrors().commit();
    }
    assertThat(report.byHand()).as(description).isEmpty();
    assertThat(report.remaining())
        .as(description)
        .allMatch(finding -> RULES_OF_LAKE_FORMATION.contains(finding.code()), "a rule");
  }

  /** Asserts that a verification finds nothing, and that another run has nothing to do. */
  void assertComplete(String description) {
    assertThat(mesh.mirrors().plan().steps()).as(description).isEmpty();
    assertThat(mesh.mirrors().verify().findings())
        .as(description)
        .extracting(Finding::code)
        .isSubsetOf(RULES_OF_LAKE_FORMATION);
  }

  /** Asserts that the services decide about each reader of each table as the mesh does. */
  void compare(String description) {
    Instant now = clock.instant();
    AccessEvaluator services = AccessEvaluator.over(readState());
    for (String domain : domains.keySet()) {
      Ledger ledger = ledger(domain);
      // The table of a domain in a mesh of several catalogs is as that of a central mesh.
      Catalog catalog = new Catalog(ledger, Topology.central(), !hasCatalogs());
      AccessPolicy policy = AccessPolicy.of(new RightsDocuments(ledger, catalog), catalog);
      for (ProductEntry product : catalog.products(domain)) {
        List<VersionEntry> versions =
            catalog.liveMajors(product, MeshAction.of(Verb.FIND, "versions"));
        for (Principal reader : readers(product)) {
          for (VersionEntry version : versions) {
            ReadAnswer wanted =
                ReadAnswer.of(
                    version, policy.permission(reader, product, version, now).permission());
            answers.merge(wanted.kind(), 1, Integer::sum);
            compare(description, services, reader, table(product, version), version, wanted);
          }
          if (!versions.isEmpty() && random.nextInt(6) == 0) {
            explain(description, reader, product);
          }
        }
      }
    }
  }

  /**
   * Returns the readers that are asked about a product. One that is open to the mesh is passed on
   * in the accounts of domains only.
   */
  private List<Principal> readers(ProductEntry product) {
    List<Principal> readers = new ArrayList<>(changes.principals());
    if (product.openToMesh()) {
      return readers;
    }
    for (String role : List.of("lister", "european", "stranger")) {
      readers.add(Principal.of(homeOfReaders(), role));
    }
    return readers;
  }

  private Resource.Table table(ProductEntry product, VersionEntry version) {
    TableName name = TableName.of(product.name(), version.major());
    return new Resource.Table(catalogOf(product.name().domain()), name.namespace(), name.table());
  }

  private void compare(
      String description,
      AccessEvaluator services,
      Principal reader,
      Resource.Table table,
      VersionEntry version,
      ReadAnswer wanted) {
    AccessDecision decision = decide(services, reader, table);
    assertThat(ReadAnswer.of(version, Optional.of(decision.permission())))
        .as("%s: %s reads %s, %s", description, reader, table, decision)
        .isEqualTo(wanted);
    boolean reads = wanted.kind() != ReadAnswer.Kind.DENIED;
    if (reader.account().equals(table.account())) {
      return;
    }
    List<ReadAnswer> byLinks = new ArrayList<>();
    for (Resource.Table link : linksTo(table, reader.account(), services.state().links())) {
      AccessDecision byLink = decide(services, reader, link);
      if (byLink.allowed()) {
        byLinks.add(ReadAnswer.of(version, Optional.of(byLink.permission())));
      }
    }
    assertThat(byLinks)
        .as("%s: %s reads %s by links", description, reader, table)
        .allMatch(wanted::equals)
        .hasSizeGreaterThanOrEqualTo(reads && isOfDomain(reader) ? 1 : 0);
    links += byLinks.size();
  }

  private AccessDecision decide(AccessEvaluator services, Principal reader, Resource.Table table) {
    return services.decide(
        AccessQuestion.of(
            Grantee.of(config.roleArn(reader)), Permission.SELECT, table, clock.instant()));
  }

  /** Accounts that no domain has get no links. */
  private boolean isOfDomain(Principal reader) {
    return !reader.account().equals(governance);
  }

  /** Returns the names that a table has by the links of an account. */
  private static List<Resource.Table> linksTo(
      Resource.Table table, String account, List<Link> links) {
    List<Resource.Table> names = new ArrayList<>();
    for (Link link : links) {
      if (!link.account().equals(account)) {
        continue;
      } else if (link.target().equals(table)) {
        names.add(new Resource.Table(account, link.database().orElseThrow(), link.name()));
      } else if (link.target().equals(new Resource.Database(table.account(), table.in()))) {
        names.add(new Resource.Table(account, link.name(), table.name()));
      }
    }
    return names;
  }

  /** Explanations compare the mesh with what the last run of the mirrors recorded. */
  private void explain(String description, Principal reader, ProductEntry product) {
    ExplainedAccess explained =
        as(product.name().domain()).access().explain(reader, product.name().toString());
    assertThat(explained.mirrorDifferences()).as("%s: %s", description, explained).isEmpty();
  }

  private Ledger ledger(String domain) {
    String account = catalogOf(domain);
    return new Ledger(
        DynamoRegistry.over(clients.dynamoDb(AwsLocal.role(account, "admin")), config.table()),
        new MeshRuntime(
            clock,
            IdGenerator.seeded(clock, 1),
            clock::advance,
            Runnable::run,
            Duration.ofMinutes(1)));
  }

  private AccessState readState() {
    if (services.isEmpty()) {
      accounts()
          .forEach(
              account -> {
                var administrator = AwsLocal.role(account, "mesh-mirror");
                services.put(
                    account,
                    new LakeFormationState.Clients(
                        clients.lakeFormation(account, administrator),
                        clients.open(SessionClients.GLUE, account, administrator),
                        clients.open(SessionClients.RAM, account, administrator)));
              });
    }
    return LakeFormationState.read(
        services,
        config.mirrors().organization().map(arn -> arn.substring(arn.lastIndexOf('/') + 1)));
  }

  @Override
  public void close() {
    clients.close();
    mesh.close();
  }
}
