package io.meshwork.aws;

import static java.util.Objects.requireNonNull;

import io.meshwork.Mesh;
import io.meshwork.PrincipalCredentials;
import io.meshwork.aws.AwsPolicies.TableReaders;
import io.meshwork.product.Principal;
import io.meshwork.topology.Topology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A mesh over the accounts of {@link AwsOrganization}, whose roles and whose bucket have exactly
 * the policies that {@link AwsPolicies} prints: governance, and in each account of a domain a
 * producer, an analyst, and a steward. The roles of a mesh have names that no other mesh has; the
 * mesh knows them by their names without the suffix.
 */
public final class IamOrganization {
  private static final String GOVERNANCE = AwsOrganization.GOVERNANCE;
  private static final Principal OPERATOR = Principal.of(GOVERNANCE, "operator");

  private static final Map<String, String> DOMAINS =
      Map.of(
          "commerce", AwsOrganization.COMMERCE,
          "logistics", AwsOrganization.LOGISTICS,
          "finance", AwsOrganization.FINANCE,
          "risk", AwsOrganization.RISK);

  private final AwsConfig config;
  private final Topology topology;

  /** The policies of the tables, by account. */
  private final Map<String, AwsPolicies> tables = new LinkedHashMap<>();

  private final List<Principal> acting = new ArrayList<>();

  private IamOrganization(AwsConfig config, Topology topology) {
    this.config = config;
    this.topology = topology;
    AwsPolicies directory = AwsPolicies.of(config);
    tables.put(GOVERNANCE, directory);
    AwsOrganization.tables(topology)
        .forEach((catalog, account) -> tables.put(account, directory.catalog(catalog, account)));
  }

  /** Makes a mesh and its roles; returns a builder of a process of governance. */
  public static Mesh.Builder make(Topology topology) {
    IamOrganization made = new IamOrganization(AwsOrganization.make(topology).config(), topology);
    made.createReaderRoles();
    DOMAINS.forEach(made::createRoles);
    for (String name : List.of("producer", "analyst")) {
      made.createVisitor(Principal.of(AwsOrganization.VISITORS, name));
    }
    made.createOperator();
    made.shareBucket();
    return made.process().topology(topology);
  }

  private Mesh.Builder process() {
    Principal operator = real(OPERATOR);
    return Mesh.builder(
        (clock, meters) ->
            new RenamedRoles(
                AwsRoleCredentials.of(
                    config,
                    AwsLocal.role(operator.account(), operator.role()),
                    new ControlPlane(clock, meters),
                    AwsTimeouts.STANDARD)),
        config.root());
  }

  /** Without them, the emulator would let everyone assume the roles of readers. */
  private void createReaderRoles() {
    tables.forEach(
        (account, policies) -> {
          Principal readers =
              Principal.of(account, RegistryRoles.nameForReaders(config.meshName()));
          clients(account).createRole(readers.role(), policies.readerTrust(GOVERNANCE));
          put(readers, "registry", policies.registry(AwsRoleKind.reader()));
        });
  }

  private void createRoles(String domain, String account) {
    AwsRoleKind consumer = AwsRoleKind.consumer(domain);
    AwsRoleKind executor = AwsRoleKind.executor(account);
    createRole(
        Principal.of(account, "producer"),
        domain,
        List.of(AwsRoleKind.producer(domain)),
        List.of(AwsRoleKind.reader()));
    createRole(Principal.of(account, "analyst"), domain, List.of(consumer), List.of(consumer));
    // It grants for others as their executor, and passes on grants as a consumer.
    createRole(
        Principal.of(account, "steward"),
        domain,
        List.of(AwsRoleKind.steward(domain), executor),
        List.of(consumer, executor));
  }

  /**
   * Creates a role of a domain, which reads the directory.
   *
   * @param kinds in the table of its domain
   * @param abroad in the tables of other domains
   */
  private void createRole(
      Principal known, String domain, List<AwsRoleKind> kinds, List<AwsRoleKind> abroad) {
    Principal role = createRole(known);
    String home =
        AwsOrganization.tables(topology).getOrDefault(topology.catalogOf(domain), GOVERNANCE);
    for (String table : tables.keySet()) {
      if (table.equals(home)) {
        permit(role, table, kinds);
      } else {
        permit(role, table, table.equals(GOVERNANCE) ? List.of(AwsRoleKind.reader()) : abroad);
      }
    }
    put(role, "files", AwsPolicies.of(config).files(GOVERNANCE, kinds.toArray(AwsRoleKind[]::new)));
  }

  /** Creates a role without a domain. */
  private void createVisitor(Principal known) {
    Principal role = createRole(known);
    tables.keySet().forEach(table -> permit(role, table, List.of(AwsRoleKind.reader())));
  }

  private Principal createRole(Principal known) {
    Principal role = real(known);
    clients(role.account())
        .createRole(
            role.role(),
            Policies.policy(
                """
                {"Effect":"Allow","Principal":{"AWS":"%s"},\
                "Action":["sts:AssumeRole","sts:TagSession"]}\
                """
                    .formatted(config.roleArn(real(OPERATOR)))));
    tables.forEach(
        (table, policies) -> {
          if (!table.equals(role.account())) {
            clients(table).createRole(policies.registryRole(role), policies.registryTrust(role));
          }
        });
    acting.add(role);
    return role;
  }

  /** It acts as the roles of all domains, and writes the partitions of governance only. */
  private void createOperator() {
    Principal operator = real(OPERATOR);
    clients(GOVERNANCE).createRole(operator.role(), Policies.trust(GOVERNANCE));
    tables.forEach(
        (table, policies) -> {
          if (!table.equals(GOVERNANCE)) {
            clients(table)
                .createRole(policies.registryRole(operator), policies.registryTrust(operator));
          }
          permit(operator, table, List.of(AwsRoleKind.governance()));
        });
    AwsPolicies printed = AwsPolicies.of(config);
    put(operator, "acting", printed.caller(operator, acting.toArray(Principal[]::new)));
    put(operator, "files", printed.files(GOVERNANCE, AwsRoleKind.governance()));
  }

  /** Gives a role the permissions of kinds on a table, with its registry role there. */
  private void permit(Principal role, String table, List<AwsRoleKind> kinds) {
    AwsPolicies policies = requireNonNull(tables.get(table));
    Principal registry = role;
    if (!table.equals(role.account())) {
      registry = Principal.of(table, policies.registryRole(role));
      put(role, "caller-" + table, policies.caller(role));
    }
    put(registry, "registry", policies.registry(kinds.toArray(AwsRoleKind[]::new)));
  }

  /** All domains keep their data in the bucket of governance, and some analysts read it. */
  private void shareBucket() {
    AwsPolicies policies = AwsPolicies.of(config);
    for (Map.Entry<String, String> domain : DOMAINS.entrySet()) {
      policies = policies.crossAccountDomain(domain.getKey(), domain.getValue());
    }
    Principal[] analysts =
        DOMAINS.values().stream()
            .map(account -> real(Principal.of(account, "analyst")))
            .toArray(Principal[]::new);
    String policy =
        policies.bucket(
            GOVERNANCE,
            TableReaders.of("commerce/sales", 1, analysts),
            TableReaders.of("finance/ledger", 1, analysts),
            TableReaders.of("risk/limits", 1, analysts));
    try (S3Client s3 = clients(GOVERNANCE).s3()) {
      s3.putBucketPolicy(put -> put.bucket(config.bucket()).policy(policy));
    }
  }

  /** Returns the role of IAM that a principal of the mesh has. */
  private Principal real(Principal known) {
    return Principal.of(known.account(), known.role() + "-" + config.meshName());
  }

  private static void put(Principal role, String name, String policy) {
    clients(role.account())
        .iam(
            "PutRolePolicy",
            Map.of("RoleName", role.role(), "PolicyName", name, "PolicyDocument", policy));
  }

  private static EmulatedClients clients(String account) {
    return EmulatedClients.administrator(AwsLocal.emulator(), account);
  }

  /** The credentials of the roles, for the names that the mesh knows. */
  private final class RenamedRoles implements PrincipalCredentials {
    private final AwsRoleCredentials process;

    RenamedRoles(AwsRoleCredentials process) {
      this.process = process;
    }

    @Override
    public Principal self() {
      return OPERATOR;
    }

    @Override
    public boolean isGovernance() {
      return process.isGovernance();
    }

    @Override
    public boolean isAccount(String name) {
      return process.isAccount(name);
    }

    @Override
    public Ports as(Principal principal) {
      return process.as(real(principal));
    }

    @Override
    public void close() {
      process.close();
    }
  }
}
