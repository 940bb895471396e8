package io.meshwork.aws;

import io.meshwork.aws.AccountCatalogs.Table;
import io.meshwork.aws.internal.MirrorSettings;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.product.Principal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The roles that the templates of an account create: roles that the caller of {@link AccountSetup}
 * declared, and other roles that a mesh needs. Immutable.
 */
final class AccountRoles {
  /** The role whose processes act as the roles {@code mesh-mirror} of all accounts. */
  static final String OPERATOR = "mesh-operator";

  /** The role as which stacks are deployed. */
  static final String DEPLOYER = "mesh-deployer";

  private static final String REGISTRY = "registry";

  /** Roles that services assume, and no process. */
  private static final List<String> OF_SERVICES =
      List.of(MirrorSettings.REGISTRATION, AccountChanges.SENDER);

  private static final List<String> OWN_ROLES =
      List.of(MirrorSettings.MIRROR, DEPLOYER, MirrorSettings.REGISTRATION, AccountChanges.SENDER);

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9+=,.@_-]{1,64}");

  private final AwsConfig config;
  private final String account;
  private final AccountCatalogs catalogs;
  private final AwsPolicies policies;
  private final Map<String, DeclaredRole> declared;

  /**
   * A role that the caller declared.
   *
   * @param kinds what it does
   * @param trusted whose processes it is; empty for its account
   * @param sources what it reads outside the mesh
   * @param exports the folders to which it exports tables, by the ARN of the table
   */
  private record DeclaredRole(
      List<AwsRoleKind> kinds,
      List<String> trusted,
      Set<String> sources,
      Map<String, String> exports) {
    DeclaredRole(List<AwsRoleKind> kinds, List<String> trusted) {
      this(kinds, trusted, Set.of(), Map.of());
    }

    boolean usesRegistry() {
      return kinds.stream().anyMatch(kind -> kind.type().usesRegistry());
    }

    boolean queries() {
      return kinds.stream().anyMatch(kind -> kind.type() == AwsRoleKind.Type.ENGINE_READER);
    }
  }

  private AccountRoles(AccountCatalogs catalogs, Map<String, DeclaredRole> declared) {
    this.config = catalogs.config();
    this.account = catalogs.account();
    this.catalogs = catalogs;
    this.policies = AwsPolicies.of(config);
    this.declared = declared;
  }

  /** Returns the roles of an account in which none was declared. */
  static AccountRoles of(AwsConfig config, String account) {
    return new AccountRoles(new AccountCatalogs(config, account, Map.of()), Map.of());
  }

  /** As {@link AccountSetup#catalog}. */
  AccountRoles withCatalog(String name, String tableAccount) {
    return new AccountRoles(catalogs.with(name, tableAccount), declared);
  }

  /** Returns the catalogs that the roles use. */
  AccountCatalogs catalogs() {
    return catalogs;
  }

  /** As {@link AccountSetup#role(String, List, AwsRoleKind...)}. */
  AccountRoles with(String name, List<String> trusted, AwsRoleKind... kinds) {
    Principal.of(account, ArgumentChecks.text("name", name));
    if (!NAME.matcher(name).matches()) {
      throw ArgumentChecks.refused(
          "name",
          "is '" + name + "', which is not a name of a role in IAM",
          "Use at most 64 letters, digits, and the characters +=,.@_-.");
    }
    // Names in IAM that differ in case only are the same.
    String sameName = name.toLowerCase(Locale.ROOT);
    if (OWN_ROLES.contains(sameName)
        || sameName.matches(config.table() + "-(reader|[0-9]{12}-.*)")) {
      throw ArgumentChecks.refused(
          "name", "is '" + name + "', the name of a role that setups make", "Use another name.");
    }
    boolean operates =
        AwsPolicies.all(kinds).stream().anyMatch(kind -> kind.type() == AwsRoleKind.Type.OPERATOR);
    if (operates && !(isOfMesh() && name.equals(OPERATOR))) {
      throw ArgumentChecks.refused(
          "kinds",
          "has the kind operator for the role '" + name + "' in the account " + account,
          isOfMesh()
              ? "Name the role " + OPERATOR + ": the mirrors of all accounts trust this one."
              : "Use the kind maintenance: only the account of the mesh, "
                  + config.account()
                  + ", has more to operate than its domain.");
    }
    DeclaredRole role =
        new DeclaredRole(
            AwsPolicies.all(kinds), new TrustPolicies(config).checked("trusted", trusted));
    if (role.queries() && !config.usesLakeFormation()) {
      throw ArgumentChecks.refused(
          "kinds",
          "has the kind engine reader for the role '"
              + name
              + "', and the mesh does not use Lake Formation, which would decide what it reads",
          "Set up all accounts with lakeFormation, or use the kind consumer.");
    }
    return with(name, role);
  }

  /** As {@link AccountSetup#source}. */
  AccountRoles withSources(String name, String... sources) {
    SourcePolicies checks = new SourcePolicies(config);
    DeclaredRole role = find(name);
    Set<String> all = new TreeSet<>(role.sources());
    ArgumentChecks.all("sources", sources).forEach(source -> all.add(checks.checked(source)));
    return with(name, new DeclaredRole(role.kinds(), role.trusted(), all, role.exports()));
  }

  /** As {@link AccountSetup#export}. */
  AccountRoles withExport(String name, String table, String folder) {
    SourcePolicies.checkTable(table);
    String checked = new SourcePolicies(config).checkedFolder(folder);
    DeclaredRole role = find(name);
    Map<String, String> all = new TreeMap<>(role.exports());
    all.put(table, checked);
    return with(name, new DeclaredRole(role.kinds(), role.trusted(), role.sources(), all))
        .withSources(name, checked);
  }

  /** Returns the roles that share the data of a domain. */
  List<Principal> stewards(String domain) {
    String folder = NameGrammar.storage(domain);
    return declared.entrySet().stream()
        .filter(
            role ->
                role.getValue().kinds().stream()
                    .anyMatch(
                        kind ->
                            kind.type() == AwsRoleKind.Type.STEWARD
                                && kind.folder().equals(folder)))
        .map(role -> Principal.of(account, role.getKey()))
        .toList();
  }

  private DeclaredRole find(String name) {
    DeclaredRole role = declared.get(ArgumentChecks.text("name", name));
    if (role == null) {
      throw ArgumentChecks.refused(
          "name", "is '" + name + "', a role that was not added", "Call role(..) before.");
    }
    return role;
  }

  private AccountRoles with(String name, DeclaredRole role) {
    Map<String, DeclaredRole> all = new LinkedHashMap<>(declared);
    all.put(name, role);
    return new AccountRoles(catalogs, all);
  }

  /** Returns the role that creates and changes the stacks of the account. */
  AccountRole deployer(List<String> trusted, Optional<AccountNotices> notices) {
    return new AccountRole(
        Principal.of(account, DEPLOYER),
        new TrustPolicies(config).ofProcesses(trusted),
        Map.of(
            "deploy",
            PolicyDocument.IDENTITY.text(
                new DeployerPolicy(config, account, catalogs.own().isPresent(), notices, query())
                    .statements(own(notices).stream().map(AccountRole::principal)))),
        List.of());
  }

  /**
   * Returns the roles in the account, without the deployer.
   *
   * @param notices how notices come to the account, if they do
   */
  List<AccountRole> own(Optional<AccountNotices> notices) {
    List<AccountRole> all = new ArrayList<>();
    processes().forEach((name, role) -> all.add(role(name, role, notices)));
    mirror().ifPresent(all::add);
    notices.flatMap(received -> received.changes().role()).ifPresent(all::add);
    if (config.usesLakeFormation()) {
      catalogs
          .shown()
          .map(Table::policies)
          .map(
              shown ->
                  new AccountRole(
                      Principal.of(account, MirrorSettings.REGISTRATION),
                      shown.registrationTrust(),
                      Map.of("files", shown.registration()),
                      List.of()))
          .ifPresent(all::add);
    }
    return all;
  }

  /** Returns the roles of processes, in the account of the mesh with its operator. */
  private Map<String, DeclaredRole> processes() {
    Map<String, DeclaredRole> all = new LinkedHashMap<>();
    if (isOfMesh() && !declared.containsKey(OPERATOR)) {
      all.put(OPERATOR, new DeclaredRole(List.of(AwsRoleKind.reader()), List.of()));
    }
    all.putAll(declared);
    return all;
  }

  /** Returns how a role uses the tables of the catalogs, by the names of the policies. */
  private Map<String, String> ofTables(Principal role, List<AwsRoleKind> kinds) {
    Map<String, String> own = new TreeMap<>();
    for (Table table : catalogs.tables()) {
      AwsRoleKind[] used = table.kinds(kinds).toArray(AwsRoleKind[]::new);
      if (table.own()) {
        own.put(REGISTRY, table.policies().registry(used));
      } else {
        own.put(
            table.account().equals(config.account()) ? "caller" : "caller-" + table.account(),
            table.policies().caller(role));
      }
    }
    return own;
  }

  /** Returns true if a role of the account queries tables with Athena. */
  boolean query() {
    return declared.values().stream().anyMatch(DeclaredRole::queries);
  }

  /** Returns true if the role of the account is not one of a service. */
  boolean isOfProcesses(Principal role) {
    return !OF_SERVICES.contains(role.role());
  }

  /** Returns what a role does; empty if it was not declared. */
  List<AwsRoleKind> kinds(Principal role) {
    DeclaredRole declaredRole = declared.get(role.role());
    return declaredRole == null ? List.of() : declaredRole.kinds();
  }

  private AccountRole role(String name, DeclaredRole role, Optional<AccountNotices> notices) {
    Principal principal = Principal.of(account, name);
    AwsRoleKind[] kinds = role.kinds().toArray(AwsRoleKind[]::new);
    Map<String, String> own = new TreeMap<>();
    if (role.usesRegistry()) {
      own.putAll(ofTables(principal, role.kinds()));
    }
    if (!new PlacePolicies(config).ofRole(account, role.kinds()).isEmpty()) {
      own.put("files", policies.files(account, kinds));
    }
    if (notices.isPresent() && !notices.get().ofRole(role.kinds()).isEmpty()) {
      own.put("notices", policies.notices(account, kinds));
    }
    if (role.queries()) {
      own.put("queries", policies.queries(account, kinds));
    }
    List<PolicyStatement> ofSources =
        new SourcePolicies(config).ofRole(role.sources(), !role.exports().isEmpty());
    ofSources.addAll(new SourcePolicies(config).ofExports(role.exports()));
    if (!ofSources.isEmpty()) {
      own.put("sources", PolicyDocument.IDENTITY.text(ofSources));
    }
    if (config.usesCloudWatch()
        && !new MetricsPolicies(config, account).ofRole(role.kinds()).isEmpty()) {
      own.put("metrics", policies.metrics(account, kinds));
    }
    if (name.equals(OPERATOR)) {
      notices
          .flatMap(received -> received.changes().ofOperator())
          .ifPresent(policy -> own.put("changes", policy));
    }
    List<String> trusted = role.trusted().isEmpty() ? List.of(account) : role.trusted();
    return new AccountRole(
        principal, new TrustPolicies(config).ofProcesses(trusted), own, List.of());
  }

  /** Returns the role of the mirrors, if they act in the account. */
  private Optional<AccountRole> mirror() {
    Principal mirror = Principal.of(account, MirrorSettings.MIRROR);
    Map<String, String> own = new TreeMap<>();
    Optional<Table> shown = catalogs.shown();
    if (shown.isPresent()) {
      own.putAll(ofTables(mirror, List.of(AwsRoleKind.mirror())));
    }
    List<String> others =
        config.usesLakeFormation()
            ? catalogs.ofOthers().stream().map(Table::account).toList()
            : List.of();
    MirrorPolicies.ofRole(config, shown.map(Table::account), others)
        .forEach((name, statements) -> own.put(name, PolicyDocument.IDENTITY.text(statements)));
    if (!config.openData().domains().isEmpty()) {
      own.put("open-data", policies.openDataMirror(account));
    }
    Principal operator = Principal.of(config.account(), OPERATOR);
    return own.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new AccountRole(
                mirror,
                new TrustPolicies(config).ofActing(operator),
                own,
                isOfMesh() ? List.of(operator) : List.of()));
  }

  /** Returns the registry roles of the account's roles, in the accounts of the tables. */
  List<AccountRole> registryRoles() {
    Map<Principal, List<AwsRoleKind>> callers = new LinkedHashMap<>();
    processes().entrySet().stream()
        .filter(role -> role.getValue().usesRegistry())
        .forEach(
            role -> callers.put(Principal.of(account, role.getKey()), role.getValue().kinds()));
    if (catalogs.shown().isPresent()) {
      callers.put(Principal.of(account, MirrorSettings.MIRROR), List.of(AwsRoleKind.mirror()));
    }
    List<AccountRole> all = new ArrayList<>();
    for (Table table : catalogs.tables()) {
      if (!table.own()) {
        callers.forEach((caller, kinds) -> all.add(registryRole(table, caller, kinds)));
      }
    }
    return all;
  }

  private static AccountRole registryRole(Table table, Principal caller, List<AwsRoleKind> kinds) {
    AwsPolicies ofTable = table.policies();
    return new AccountRole(
        Principal.of(table.account(), ofTable.registryRole(caller)),
        ofTable.registryTrust(caller),
        Map.of(REGISTRY, ofTable.registry(table.kinds(kinds).toArray(AwsRoleKind[]::new))),
        List.of());
  }

  /**
   * Returns the policy with which the operator acts as the mirror of an account other than the
   * mesh's, by its name.
   */
  Map<String, String> ofOperator() {
    Principal operator = Principal.of(config.account(), OPERATOR);
    return isOfMesh()
        ? Map.of()
        : mirror()
            .map(mirror -> policies.caller(operator, mirror.principal()))
            .map(policy -> Map.of("mirror-" + account, policy))
            .orElse(Map.of());
  }

  /** Returns the folders of S3 that a role reads outside the mesh, by their buckets. */
  Map<String, ? extends Set<String>> sourceFolders(Principal role) {
    DeclaredRole declaredRole = declared.get(role.role());
    return declaredRole == null || !role.account().equals(account)
        ? Map.of()
        : SourcePolicies.folders(declaredRole.sources());
  }

  /** Returns each policy by the name of a file. */
  Map<String, String> files(AccountRole deployer, Optional<AccountNotices> notices) {
    Map<String, String> files = new TreeMap<>();
    Stream.of(Stream.of(deployer), own(notices).stream(), registryRoles().stream())
        .flatMap(all -> all)
        .forEach(
            role -> {
              String folder = role.principal().account() + "/" + role.principal().role() + "/";
              files.put(folder + "trust.json", role.trust());
              role.policies().forEach((name, text) -> files.put(folder + name + ".json", text));
            });
    Map<Principal, Set<String>> sources = new LinkedHashMap<>();
    Map<Principal, Collection<String>> exports = new LinkedHashMap<>();
    declared.forEach(
        (name, role) -> {
          sources.put(Principal.of(account, name), role.sources());
          exports.put(Principal.of(account, name), role.exports().values());
        });
    new SourcePolicies(config)
        .ofBuckets(sources, exports)
        .forEach(
            (bucket, statements) ->
                files.put(
                    account + "/source-" + bucket + ".json",
                    PolicyDocument.BUCKET.text(statements)));
    new SourcePolicies(config)
        .ofOwners(sources, exports)
        .forEach(
            (name, statements) ->
                files.put(
                    account + "/source-" + name + ".json", PolicyDocument.BUCKET.text(statements)));
    ofOperator()
        .forEach(
            (name, text) ->
                files.put(config.account() + "/" + OPERATOR + "/" + name + ".json", text));
    return files;
  }

  private boolean isOfMesh() {
    return account.equals(config.account());
  }
}
