package io.meshwork.aws;

import io.meshwork.Mesh;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.product.Principal;
import io.meshwork.testkit.aws.AwsEmulator;
import io.meshwork.topology.Topology;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A mesh of several catalogs: governance has the directory, commerce and finance each a catalog and
 * a bucket in their accounts. Roles have exactly the policies that {@link AwsPolicies} prints.
 */
public final class IamCatalogs {
  public static final String GOVERNANCE = IamAccounts.GOVERNANCE;
  public static final String COMMERCE = "222222222222";
  public static final String FINANCE = "333333333333";

  private final AwsEmulator aws;
  private final AwsConfig config;
  private final Topology topology;

  /** The policies of the tables, by account. */
  private final Map<String, AwsPolicies> policies = new TreeMap<>();

  private IamCatalogs(AwsEmulator aws, AwsConfig config, Topology topology) {
    this.aws = aws;
    this.config = config;
    this.topology = topology;
    AwsPolicies directory = AwsPolicies.of(config);
    policies.put(GOVERNANCE, directory);
    policies.put(COMMERCE, directory.catalog(topology.catalogOf("commerce"), COMMERCE));
    policies.put(FINANCE, directory.catalog(topology.catalogOf("finance"), FINANCE));
  }

  /** Creates the directory, and the tables and buckets of the domains. */
  public static IamCatalogs make(AwsEmulator aws, Topology topology) {
    return make(aws, topology, AwsLocal.newMesh(aws));
  }

  /** As {@link #make(AwsEmulator, Topology)}, with the configuration of a new mesh. */
  public static IamCatalogs make(AwsEmulator aws, Topology topology, AwsConfig config) {
    IamCatalogs catalogs = makeTables(aws, topology, config);
    catalogs.administer(GOVERNANCE, setup -> setup.make(Optional.of(topology)));
    for (String account : List.of(COMMERCE, FINANCE)) {
      catalogs.administer(account, AwsSetup::makeBucket);
    }
    return catalogs;
  }

  /** Creates the tables of the domains, to which a mesh is moved. */
  public static IamCatalogs makeTables(AwsEmulator aws, Topology topology) {
    return makeTables(aws, topology, AwsLocal.newMesh(aws));
  }

  private static IamCatalogs makeTables(AwsEmulator aws, Topology topology, AwsConfig config) {
    IamCatalogs catalogs = new IamCatalogs(aws, config, topology);
    for (String account : List.of(COMMERCE, FINANCE)) {
      catalogs.administer(account, AwsSetup::makeTable);
    }
    catalogs.createReaderRoles();
    return catalogs;
  }

  public AwsConfig config() {
    return config;
  }

  /** Only governance may assume them; without them, the emulator would let everyone do so. */
  private void createReaderRoles() {
    policies.forEach(
        (account, ofTable) -> {
          String name = RegistryRoles.nameForReaders(config.meshName());
          clients(account).createRole(name, ofTable.readerTrust(GOVERNANCE));
          put(Principal.of(account, name), "registry", ofTable.registry(AwsRoleKind.reader()));
        });
  }

  private void administer(String account, Consumer<AwsSetup> step) {
    AwsMesh.setUp(
        config,
        AwsLocal.role(account, "admin"),
        MeshRuntime.systemClock(),
        setup -> {
          step.accept(setup);
          return null;
        });
  }

  /** Returns the catalog of a domain. */
  public String catalogOf(String domain) {
    return topology.catalogOf(domain);
  }

  /** Returns the root of the bucket of an account. */
  public String root(String account) {
    return "s3://" + config.bucketIn(account);
  }

  /**
   * Creates a role that has no permissions on any table. Its registry roles exist, and it may not
   * assume them: the emulator would let everyone assume a role that does not exist.
   *
   * @param files the kinds for which it uses the files of its account; none if it uses no files
   */
  public Principal createRole(String account, String name, AwsRoleKind... files) {
    Principal role = Principal.of(account, name + "-" + config.meshName());
    clients(account).createRole(role.role(), Policies.trust(account));
    if (files.length > 0) {
      permitFiles(role, account, files);
    }
    policies.forEach(
        (table, ofTable) -> {
          if (!table.equals(account)) {
            clients(table)
                .createRole(registryRole(role, table).role(), ofTable.registryTrust(role));
          }
        });
    return role;
  }

  /**
   * Gives a role the permissions of its kinds on the table in an account: in another account than
   * its own, by its registry role there, which it may then assume.
   */
  public void permit(Principal role, String table, AwsRoleKind... kinds) {
    Principal registry = registryRole(role, table);
    if (!registry.equals(role)) {
      put(role, "caller-" + table, policies.get(table).caller(role));
    }
    put(registry, "registry", policies.get(table).registry(kinds));
  }

  /** Replaces the permissions of a role on files by those of its kinds in one bucket. */
  public void permitFiles(Principal role, String bucketAccount, AwsRoleKind... kinds) {
    put(role, "files", AwsPolicies.of(config).files(bucketAccount, kinds));
  }

  private Principal registryRole(Principal role, String table) {
    return table.equals(role.account())
        ? role
        : Principal.of(table, policies.get(table).registryRole(role));
  }

  /** Replaces the policy of a bucket by the printed one, which a role for backups may read. */
  public void share(String account, Principal backup, AwsPolicies.TableReaders... readers) {
    putBucketPolicy(account, AwsPolicies.of(config).backupRole(backup).bucket(account, readers));
  }

  public void putBucketPolicy(String account, String policy) {
    try (var s3 = clients(account).s3()) {
      s3.putBucketPolicy(put -> put.bucket(config.bucketIn(account)).policy(policy));
    }
  }

  /** Adds the catalog of a domain as a role of governance. */
  public void addCatalog(Principal governance, String domain, String account) {
    AwsMesh.setUp(
        config,
        AwsLocal.role(governance.account(), governance.role()),
        MeshRuntime.systemClock(),
        setup ->
            setup.addCatalog(
                catalogOf(domain), new TablePlace(account, config.region(), config.table())));
  }

  /** Opens the mesh as a process of this role. */
  public Mesh open(Principal role) {
    return process(role, Duration.ZERO).open();
  }

  /** Returns the settings of a process of this role, with a clock that is ahead. */
  public Mesh.Builder process(Principal role, Duration later) {
    return AwsMesh.builder(config, AwsLocal.role(role.account(), role.role()))
        .testing()
        .wrapRegistry(WithoutTime::new)
        .clock(() -> Instant.now().plus(later));
  }

  private void put(Principal role, String name, String policy) {
    clients(role.account())
        .iam(
            "PutRolePolicy",
            Map.of("RoleName", role.role(), "PolicyName", name, "PolicyDocument", policy));
  }

  private EmulatedClients clients(String account) {
    return EmulatedClients.administrator(aws, account);
  }
}
