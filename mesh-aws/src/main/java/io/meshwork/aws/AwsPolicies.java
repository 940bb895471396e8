package io.meshwork.aws;

import io.meshwork.aws.BucketUsers.CrossAccountDomain;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import io.meshwork.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The IAM policies of a mesh: the permissions that the roles of a mesh need, and no more. Each
 * method returns the JSON text of one policy, for the console, the command line, or your templates.
 * Sends no request.
 *
 * <pre>{@code
 * AwsPolicies policies = AwsPolicies.of(config);
 * String json = policies.registry(AwsRoleKind.producer("commerce"));
 * }</pre>
 *
 * <p>A caller reaches the registry with a registry role: a role in the account of the table, which
 * only this caller may assume. It reaches files with its own role. IAM then permits each role to
 * write the partitions and the folders of its kinds; who may do what within them, Meshwork checks.
 *
 * <p>A policy is within the limits of AWS: 6,144 characters for a policy of a role, 2,048 for a
 * trust policy, and 20,480 for a policy of a bucket. Immutable.
 */
public final class AwsPolicies {
  private static final String DYNAMO_DB = "dynamodb";
  private static final String S3 = "s3";
  static final String ASSUME = "sts:AssumeRole";
  static final String TAG = "sts:TagSession";
  static final String EXTERNAL_ID = "sts:ExternalId";

  private final AwsConfig config;
  private final String catalog;
  private final String account;
  private final BucketUsers users;

  private AwsPolicies(AwsConfig config, String catalog, String account, BucketUsers users) {
    this.config = config;
    this.catalog = catalog;
    this.account = account;
    this.users = users;
  }

  /**
   * Who reads the files of a table in another account.
   *
   * @param product the product
   * @param majorVersion the major version of its contract, from 1
   * @param principals the roles that read the whole table; at least one
   */
  public record TableReaders(ProductName product, int majorVersion, List<Principal> principals) {
    /**
     * Checks and copies the values.
     *
     * @throws InvalidRequestException if there is no principal, or the version is less than 1
     */
    public TableReaders {
      ArgumentChecks.required("product", product);
      ArgumentChecks.majorVersion(majorVersion);
      principals = List.copyOf(principals);
      if (principals.isEmpty()) {
        throw ArgumentChecks.refused("principals", "is empty", "Name the roles that read.");
      }
    }

    /**
     * Returns the readers of a table.
     *
     * @throws InvalidRequestException if it is not the name of a product, there is no principal, or
     *     the version is less than 1
     */
    public static TableReaders of(String product, int majorVersion, Principal... principals) {
      return new TableReaders(
          ProductName.of(product), majorVersion, ArgumentChecks.all("principals", principals));
    }
  }

  /**
   * Returns the policies for the registry of a mesh with one catalog, or for the directory of a
   * mesh with several.
   *
   * @throws InvalidRequestException if the configuration names no mesh
   */
  public static AwsPolicies of(AwsConfig config) {
    ArgumentChecks.required("config", config);
    return new AwsPolicies(config, Topology.CENTRAL, config.account(), BucketUsers.NONE);
  }

  /**
   * Returns the policies for the registry of another catalog, which has a table of the same name.
   *
   * @param name the catalog, such as a line of business; the policies have its name in storage,
   *     with underscores for hyphens
   * @param tableAccount the account of its table, 12 digits
   * @throws InvalidRequestException if it is not a name that a catalog can have, or the account
   *     does not have 12 digits
   */
  public AwsPolicies catalog(String name, String tableAccount) {
    return new AwsPolicies(
        config, checkedCatalog(name), AwsConfig.checkedAccount(tableAccount), users);
  }

  /** Returns the storage name of a catalog of a mesh with several. */
  static String checkedCatalog(String name) {
    return Topology.federated()
        .findCatalog(NameGrammar.check("name", name))
        .orElseThrow(
            () ->
                ArgumentChecks.refused(
                    "name",
                    "is '" + name + "', which no catalog of several is named",
                    "Name a line of business, or in a federated mesh a domain."));
  }

  /**
   * Returns the policies of a mesh that a role copies with {@link AwsMesh#backUp}: {@link #bucket}
   * then permits it to list and read all files. The role also needs the kind {@link
   * AwsRoleKind#backup}.
   */
  public AwsPolicies backupRole(Principal role) {
    return with(users.withBackup(ArgumentChecks.required("role", role)));
  }

  /**
   * Returns the policies of a mesh whose bucket has files of a domain of another account, as after
   * {@link AwsMesh#move}: {@link #bucket} of the account of the mesh then permits this account to
   * list, read, write, and delete the tables and the archived logs of the domain, and no other
   * files. Which roles of the account do so, their own policies decide: {@link #files} prints them
   * for the account of the mesh and their kinds. With {@link AwsConfig#openData}, roles whose names
   * begin with {@code mesh-reader} are left out. Call it once for each domain and account; for the
   * account of the mesh, it has no effect.
   *
   * @param domain the name of the domain
   * @param domainAccount an account that acts for it, 12 digits
   * @throws InvalidRequestException if it is not a name of a domain, or the account does not have
   *     12 digits
   */
  public AwsPolicies crossAccountDomain(String domain, String domainAccount) {
    return with(users.with(CrossAccountDomain.of(domain, domainAccount)));
  }

  /**
   * Returns the name of a caller's registry role, {@code mesh-<mesh>-<account>-<role>}. If that has
   * more than the 64 characters that IAM permits, the end is a digest.
   */
  public String registryRole(Principal caller) {
    AwsConfig.checkedAccount(ArgumentChecks.required("caller", caller).account());
    return RegistryRoles.nameFor(config.meshName(), caller);
  }

  /**
   * Returns the trust policy of a caller's registry role: the caller may assume it, with the
   * external ID and the session tag of the mesh. IAM replaces the name of the caller by its ID:
   * attach the policy again if the caller's role is deleted and created again.
   */
  public String registryTrust(Principal caller) {
    return new TrustPolicies(config)
        .ofRegistryRole(List.of(config.roleArn(ArgumentChecks.required("caller", caller))));
  }

  /**
   * Returns the trust policy of the role {@code mesh-<mesh>-reader}, with which callers without a
   * registry role look up products, contracts, and rights: all roles of these accounts may assume
   * it whose own policies allow it.
   *
   * @param accounts at least one account, 12 digits
   * @throws InvalidRequestException if an account does not have 12 digits, there is none, or the
   *     policy is larger than IAM accepts
   */
  public String readerTrust(String... accounts) {
    List<String> trusted =
        ArgumentChecks.all("accounts", accounts).stream()
            .map(each -> config.accountArn(AwsConfig.checkedAccount(each)))
            .toList();
    if (trusted.isEmpty()) {
      throw ArgumentChecks.refused("accounts", "is empty", "Name at least one account.");
    }
    return new TrustPolicies(config).ofRegistryRole(trusted);
  }

  /**
   * Returns the trust policy of a role that reads as a {@link AwsConfig#trustedEngine}: it assumes
   * itself with the session tag, and with no other value. Add the statement with which its process
   * gets the role, such as for the service that runs it.
   *
   * @param engine the role
   * @param others the roles that act as it; their policies have to allow it, see {@link #caller}
   * @throws InvalidRequestException if the configuration has no trusted engine and Lake Formation,
   *     or the policy is larger than IAM accepts
   */
  public String engineTrust(Principal engine, Principal... others) {
    ArgumentChecks.required("engine", engine);
    String value =
        config
            .trustedEngine()
            .orElseThrow(
                () ->
                    ArgumentChecks.refused(
                        "config",
                        "declares no trusted engine",
                        "Call lakeFormation() and trustedEngine(..) on it."));
    return new TrustPolicies(config)
        .ofEngine(
            Stream.concat(Stream.of(engine), ArgumentChecks.all("others", others).stream())
                .map(config::roleArn)
                .toList(),
            value);
  }

  /**
   * Returns the policy of a registry role: all partitions can be read; partitions of the kinds can
   * be written. In the account of the table, it is a policy of the caller itself.
   *
   * @param kinds at least one, other than {@link AwsRoleKind#tasks} and {@link
   *     AwsRoleKind#engineReader}
   * @throws InvalidRequestException if there is none, or the policy is larger than IAM accepts
   */
  public String registry(AwsRoleKind... kinds) {
    String table = config.tableArn(account);
    if (all(kinds).stream().noneMatch(kind -> kind.type().usesRegistry())) {
      throw ArgumentChecks.refused(
          "kinds",
          "has no kind that uses the registry",
          "Give the roles of tasks files(..) alone, and roles that query tables queries(..).");
    }
    List<String> written =
        all(kinds).stream().flatMap(kind -> kind.partitions(catalog).stream()).distinct().toList();
    List<PolicyStatement> statements = new ArrayList<>();
    statements.add(
        PolicyStatement.allow("ReadRegistry")
            .actions("dynamodb:GetItem", "dynamodb:Query", "dynamodb:ConditionCheckItem")
            .on(table));
    if (!written.isEmpty()) {
      statements.add(
          PolicyStatement.allow("WritePartitions")
              .actions("dynamodb:PutItem", "dynamodb:DeleteItem")
              .on(table)
              .when("ForAllValues:StringLike", "dynamodb:LeadingKeys", written)
              .when("Null", "dynamodb:LeadingKeys", "false"));
    }
    if (Stream.of(kinds).anyMatch(kind -> kind.type().listsPartitions())) {
      statements.add(PolicyStatement.allow("ListPartitions").actions("dynamodb:Scan").on(table));
    }
    return identity(statements, DYNAMO_DB, !written.isEmpty());
  }

  /**
   * Returns the policy with which a role acts: it assumes its registry role, and the roles as which
   * it acts with {@code clientAs}; as a {@link AwsConfig#trustedEngine} also itself. In the account
   * of the table, a role has no registry role.
   *
   * @param caller the role that gets the policy
   * @param others the roles as which it acts; their trust policies have to name it
   * @throws InvalidRequestException if the role is in the account of the table and acts as no
   *     other, or the policy is larger than IAM accepts
   */
  public String caller(Principal caller, Principal... others) {
    ArgumentChecks.required("caller", caller);
    List<Principal> assumed = new ArrayList<>();
    if (!caller.account().equals(account)) {
      assumed.add(Principal.of(account, registryRole(caller)));
    }
    if (config.trustedEngine().isPresent()) {
      assumed.add(caller);
    }
    assumed.addAll(ArgumentChecks.all("others", others));
    if (assumed.isEmpty()) {
      throw ArgumentChecks.refused(
          "caller",
          "is " + caller + ", in the account of the table, and assumes no role",
          "Attach the policy that registry(..) returns to the role itself.");
    }
    return assuming(assumed.stream());
  }

  /** Returns the policy with which a role without a registry role acts as a reader. */
  public String callerAsReader() {
    return assuming(
        Stream.of(Principal.of(account, RegistryRoles.nameForReaders(config.meshName()))));
  }

  private String assuming(Stream<Principal> roles) {
    return PolicyDocument.IDENTITY.text(
        List.of(
            PolicyStatement.allow("AssumeRoles")
                .actions(ASSUME, TAG)
                .on(roles.map(config::roleArn).toList())));
  }

  /**
   * Returns the policy with which a role reaches files. Executors and readers of the registry need
   * none.
   *
   * @param placeAccount the account of the bucket with the data of the role's domains, 12 digits
   * @param kinds at least one that uses files
   * @throws InvalidRequestException if no kind uses files, the account does not have 12 digits, or
   *     the policy is larger than IAM accepts
   */
  public String files(String placeAccount, AwsRoleKind... kinds) {
    List<PolicyStatement> statements =
        new PlacePolicies(config).ofRole(AwsConfig.checkedAccount(placeAccount), all(kinds));
    if (statements.isEmpty()) {
      throw ArgumentChecks.refused(
          "kinds", "has no kind that uses files", "Give these roles no policy for files.");
    }
    return identity(statements, S3, PlacePolicies.writes(all(kinds)));
  }

  /**
   * Returns the policy with which a role of the kind {@link AwsRoleKind#maintenance} sends notices
   * with {@link AwsMesh#notifier}, and one of the kind {@link AwsRoleKind#consumer} reads them from
   * the queue of its account. {@link AccountSetup#notices} creates bus and queue.
   *
   * @param roleAccount the account of the role, 12 digits
   * @param kinds at least one of these two
   * @throws InvalidRequestException if there is none of these, or the account does not have 12
   *     digits
   */
  public String notices(String roleAccount, AwsRoleKind... kinds) {
    List<PolicyStatement> statements =
        AccountNotices.of(config, AwsConfig.checkedAccount(roleAccount)).ofRole(all(kinds));
    if (statements.isEmpty()) {
      throw ArgumentChecks.refused(
          "kinds", "has no kind that uses notices", "Give these roles no policy for notices.");
    }
    return PolicyDocument.IDENTITY.text(statements);
  }

  /**
   * Returns the policy with which a role reads sources of rows outside the mesh.
   *
   * @param sources at least one: a folder of a bucket, such as {@code s3://raw/orders/}, whose
   *     files are published or registered with {@code onboard(..)}; the ARN of a table of DynamoDB,
   *     whose items are scanned; the ARN of a secret of Secrets Manager, such as the password of a
   *     database; or the ARN of a key of KMS, with which the others are encrypted. Roles that read
   *     a product with registered files need their folder and its key too.
   * @throws InvalidRequestException if there is none, one is something else or in a bucket of the
   *     mesh, or the policy is larger than IAM accepts
   */
  public String sources(String... sources) {
    return PolicyDocument.IDENTITY.text(sourcePolicies().ofRole(checkedSources(sources), false));
  }

  /**
   * Returns the policy with which a role exports a table of DynamoDB to a folder, from which {@link
   * #sources} lets it read the files.
   *
   * @param table the ARN of a table with point-in-time recovery
   * @param folder a folder of a bucket, such as {@code s3://exports/orders/}
   * @throws InvalidRequestException if one is something else, or the folder is in a bucket of the
   *     mesh
   */
  public String export(String table, String folder) {
    SourcePolicies.checkTable(table);
    String checked = sourcePolicies().checkedFolder(folder);
    return PolicyDocument.IDENTITY.text(sourcePolicies().ofExports(Map.of(table, checked)));
  }

  /**
   * Returns what the policy of a bucket has to permit, if roles of other accounts read a folder of
   * it with {@link #sources}. Its owner adds the statements to the existing ones.
   *
   * @param folder a folder of the bucket, such as {@code s3://raw/orders/}
   * @param roles at least one
   * @throws InvalidRequestException if there is none, or the folder is something else or in a
   *     bucket of the mesh
   */
  public String sourceBucket(String folder, Principal... roles) {
    List<Principal> all = ArgumentChecks.all("roles", roles);
    if (all.isEmpty()) {
      throw ArgumentChecks.refused("roles", "is empty", "Name the roles that read the folder.");
    }
    String checked = sourcePolicies().checkedFolder(folder);
    return PolicyDocument.BUCKET.text(
        sourcePolicies()
            .ofBuckets(
                all.stream()
                    .distinct()
                    .collect(Collectors.toMap(role -> role, role -> List.of(checked))),
                Map.of())
            .values()
            .iterator()
            .next());
  }

  private SourcePolicies sourcePolicies() {
    return new SourcePolicies(config);
  }

  private List<String> checkedSources(String... sources) {
    List<String> all = ArgumentChecks.all("sources", sources);
    if (all.isEmpty()) {
      throw ArgumentChecks.refused("sources", "is empty", "Name at least one source.");
    }
    return all.stream().map(sourcePolicies()::checked).distinct().toList();
  }

  /**
   * Returns the policy with which a role of the kind {@link AwsRoleKind#maintenance} sends metrics
   * and maintains alarms, and one of the kind {@link AwsRoleKind#operator} or {@link
   * AwsRoleKind#governance} maintains the dashboard, with {@link AwsConfig#cloudWatch()}.
   *
   * @param roleAccount the account of the role, 12 digits
   * @param kinds at least one of these three
   * @throws InvalidRequestException if there is none of these, or the account does not have 12
   *     digits
   */
  public String metrics(String roleAccount, AwsRoleKind... kinds) {
    List<PolicyStatement> statements =
        new MetricsPolicies(config, AwsConfig.checkedAccount(roleAccount)).ofRole(all(kinds));
    if (statements.isEmpty()) {
      throw ArgumentChecks.refused(
          "kinds", "has no kind that uses metrics", "Give these roles no policy for metrics.");
    }
    return PolicyDocument.IDENTITY.text(statements);
  }

  /**
   * Returns the policy with which the role {@code mesh-mirror} in the account of the catalog reads
   * and changes the data catalog of AWS Glue, and with {@link AwsConfig#lakeFormation()}, {@link
   * AwsConfig#schemaRegistry()}, and {@link AwsConfig#dataQuality()} also those services. It also
   * needs {@link #registry} of {@link AwsRoleKind#mirror}, and in a mesh of several catalogs the
   * registry role of a reader. The process that runs the mirrors assumes it: {@link #caller} prints
   * that.
   */
  public String mirror() {
    return PolicyDocument.IDENTITY.text(new MirrorPolicies(config, account).ofCatalog());
  }

  /**
   * Returns the policy with which the role {@code mesh-mirror} in the account of a recipient
   * accepts what the catalog shares, links it in its own data catalog, and passes on what its
   * domain was granted, with {@link AwsConfig#lakeFormation()}. In an organization, nothing has to
   * be accepted. In a mesh of several catalogs, the role needs the policy of each.
   */
  public String recipientMirror() {
    return PolicyDocument.IDENTITY.text(new MirrorPolicies(config, account).ofRecipient());
  }

  /**
   * Returns the policy with which the role {@code mesh-mirror} maintains the statements of {@link
   * AwsConfig#openData} in the policy of the bucket of its account.
   *
   * @param placeAccount the account of the bucket, 12 digits
   * @throws InvalidRequestException if the account does not have 12 digits
   */
  public String openDataMirror(String placeAccount) {
    String bucket = AwsConfig.checkedAccount(placeAccount);
    return PolicyDocument.IDENTITY.text(new MirrorPolicies(config, account).ofBucket(bucket));
  }

  /**
   * Returns the policy of the role {@code mesh-registration} in the account of the catalog, with
   * which Lake Formation reads the files of all tables, with {@link AwsConfig#lakeFormation()}. A
   * bucket of another account also has to permit it: see {@link #registrationRole}.
   */
  public String registration() {
    return identity(new ReaderPolicies(config, account).ofRegistration(), S3, false);
  }

  /** Returns the trust policy of the role {@code mesh-registration}: Lake Formation assumes it. */
  public String registrationTrust() {
    return PolicyDocument.TRUST.text(ReaderPolicies.trustOfRegistration());
  }

  /**
   * Returns the policies of a mesh in which Lake Formation reads buckets with this role: {@link
   * #bucket} of another account permits it to read the files of all tables. By default, with {@link
   * AwsConfig#lakeFormation()}, it is {@code mesh-registration} in the account of the mesh. In a
   * mesh of several catalogs, call it with the role of this name in the account of the catalog;
   * once for each, if domains of several have their files in the bucket, as in the mesh's.
   */
  public AwsPolicies registrationRole(Principal role) {
    return with(users.withRegistration(ArgumentChecks.required("role", role)));
  }

  private AwsPolicies with(BucketUsers changed) {
    return new AwsPolicies(config, catalog, account, changed);
  }

  /**
   * Returns the policy with which a role reads by engines such as Amazon Athena and EMR: it looks
   * up databases and tables, and gets data if Lake Formation permits it. The engine itself needs
   * more; for Athena, {@link #queries} has all.
   */
  public String engineReader() {
    return PolicyDocument.IDENTITY.text(new ReaderPolicies(config, account).ofEngine());
  }

  /**
   * Returns the policy with which a role of the kind {@link AwsRoleKind#engineReader} queries
   * tables with Amazon Athena: the policy of {@link #engineReader()}, and the use of the work group
   * that {@link AccountSetup} creates. With Lake Formation, {@link #files} of a role that is also
   * of the kind {@link AwsRoleKind#consumer} has the former.
   *
   * @param roleAccount the account of the role, 12 digits
   * @param kinds at least this one
   * @throws InvalidRequestException if it is missing, or the account does not have 12 digits
   */
  public String queries(String roleAccount, AwsRoleKind... kinds) {
    List<PolicyStatement> statements =
        new ReaderPolicies(config, account)
            .ofQueries(AwsConfig.checkedAccount(roleAccount), all(kinds));
    if (statements.isEmpty()) {
      throw ArgumentChecks.refused(
          "kinds", "has no kind that queries tables", "Give these roles no policy for queries.");
    }
    return PolicyDocument.IDENTITY.text(statements);
  }

  /**
   * Returns the policy of the role {@code mesh-reader}, with which people and services read open
   * data only: the files that the buckets of other accounts open with {@link AwsConfig#openData},
   * and the registry as a reader. It has no permission of Lake Formation, so a grant to it or to
   * all roles of its account gives it nothing more. For people, it is the inline policy of a
   * permission set of IAM Identity Center; for services, attach {@link #readerServiceTrust} too.
   *
   * @param readerAccount the account of the role, 12 digits; its own bucket needs no permission
   *     here
   * @throws InvalidRequestException if the account does not have 12 digits
   */
  public String openReader(String readerAccount) {
    return identity(
        new ReaderPolicies(config, account).ofOpen(AwsConfig.checkedAccount(readerAccount)),
        S3,
        false);
  }

  /**
   * Returns the policy of the role {@code mesh-reader-restricted}: the policy of {@link
   * #openReader}, and what Lake Formation permits, such as by tags with classifications above
   * INTERNAL. Grant these to the role, or to the role of its permission set.
   *
   * @param readerAccount the account of the role, 12 digits
   * @throws InvalidRequestException if the account does not have 12 digits
   */
  public String restrictedReader(String readerAccount) {
    return identity(
        new ReaderPolicies(config, account).ofRestricted(AwsConfig.checkedAccount(readerAccount)),
        S3,
        false);
  }

  /**
   * Returns the trust policy of a standing reader role of services: these roles may assume it, and
   * no others. A permission set of IAM Identity Center needs none.
   *
   * @param services at least one role
   * @throws InvalidRequestException if there is none, or the policy is larger than IAM accepts
   */
  public String readerServiceTrust(Principal... services) {
    List<String> trusted =
        ArgumentChecks.all("services", services).stream().map(config::roleArn).toList();
    if (trusted.isEmpty()) {
      throw ArgumentChecks.refused("services", "is empty", "Name the roles of the services.");
    }
    return PolicyDocument.TRUST.text(
        List.of(PolicyStatement.allow("AssumeRole").to(trusted).actions(ASSUME)));
  }

  /**
   * Returns the policy of the bucket of an account. It denies requests without TLS, and writes that
   * could replace an object, except of logs in archives and of the file {@code last_updated.json}.
   * The account of the mesh may create the file {@code place.json}, and the readers may read the
   * files of their tables. {@link AwsMesh#make} attaches the policy without readers. What {@link
   * #backupRole}, {@link #registrationRole}, and {@link #crossAccountDomain} name is included. It
   * has no statements of {@link AwsConfig#openData}: if you replace the policy of a bucket by it,
   * the next run of the mirrors adds them again.
   *
   * @param placeAccount the account of the bucket, 12 digits
   * @param readers the readers of tables in other accounts; none with {@link
   *     AwsConfig#lakeFormation()}
   * @throws InvalidRequestException if the account does not have 12 digits, the policy is larger
   *     than S3 accepts, or there are readers with Lake Formation
   */
  public String bucket(String placeAccount, TableReaders... readers) {
    return PolicyDocument.BUCKET.text(
        new PlacePolicies(config)
            .ofBucket(AwsConfig.checkedAccount(placeAccount), users, checkedReaders(readers)));
  }

  /**
   * Returns the readers of tables.
   *
   * @throws InvalidRequestException if there are some with Lake Formation
   */
  List<TableReaders> checkedReaders(TableReaders... readers) {
    List<TableReaders> all = ArgumentChecks.all("readers", readers);
    if (config.usesLakeFormation() && !all.isEmpty()) {
      throw ArgumentChecks.refused(
          "readers",
          "names readers of " + all.get(0).product() + ", and the mesh uses Lake Formation",
          "Name no readers: Lake Formation gives them credentials, and a statement"
              + " of the bucket would be a way around its grants.");
    }
    return all;
  }

  private String identity(List<PolicyStatement> statements, String service, boolean writes) {
    PolicyStatement key = new PlacePolicies(config).useOfKey(service, writes);
    if (key != null) {
      statements.add(key);
    }
    return PolicyDocument.IDENTITY.text(statements);
  }

  static List<AwsRoleKind> all(AwsRoleKind... kinds) {
    List<AwsRoleKind> all = ArgumentChecks.all("kinds", kinds);
    if (all.isEmpty()) {
      throw ArgumentChecks.refused("kinds", "is empty", "Name at least one kind.");
    }
    return all;
  }
}
