package io.meshwork.aws;

import io.meshwork.aws.internal.ContractMirrorSettings;
import io.meshwork.aws.internal.MetricsProvider.MetricsSettings;
import io.meshwork.aws.internal.MirrorSettings;
import io.meshwork.aws.internal.MirrorSettings.OpenDataSettings;
import io.meshwork.aws.internal.MirrorSettings.TrustedEngines;
import io.meshwork.aws.internal.ResourceNames;
import io.meshwork.aws.internal.s3.S3Encryption;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.product.Principal;
import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a mesh is on AWS, and how its principals are reached. Immutable: each method returns a
 * changed copy.
 *
 * <pre>{@code
 * AwsConfig.inRegion("eu-central-1").mesh("111111111111", "sales")
 * }</pre>
 */
public final class AwsConfig {
  private static final Pattern REGION = Pattern.compile("[a-z]{2,4}(-[a-z]+)+-[0-9]");
  private static final Pattern MESH = Pattern.compile("[a-z][a-z0-9-]{0,18}[a-z0-9]");
  private static final Pattern KEY = Pattern.compile("arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/.+");
  private static final Pattern ROLE = Pattern.compile("arn:[a-z-]+:iam::([0-9]{12}):role/.+");

  /** What STS accepts for a session tag, without quotes. */
  private static final Pattern TAG_VALUE = Pattern.compile("[A-Za-z0-9_.:/=+@-]{1,255}");

  private static final Pattern ORGANIZATION =
      Pattern.compile("arn:[a-z-]+:organizations::[0-9]{12}:organization/o-[a-z0-9]{10,32}");

  private final Settings settings;

  private AwsConfig(Settings settings) {
    this.settings = settings;
  }

  /**
   * The mirror of rights in Lake Formation.
   *
   * @param organization the ARN of the organization of all accounts; empty if it is not known
   */
  private record GrantMirror(Optional<String> organization) {}

  /** The services of AWS Glue that show contracts. */
  private record ContractServices(boolean schemaRegistry, boolean dataQuality) {
    private static final ContractServices NONE = new ContractServices(false, false);
  }

  /** What has metrics in CloudWatch. */
  private enum MetricScope {
    NONE,
    DOMAINS,
    PRODUCTS
  }

  /**
   * What all accounts of an organization read from buckets.
   *
   * @param organization the ARN of the organization
   * @param domains the names of the domains
   */
  private record OpenBuckets(String organization, Set<String> domains) {}

  /** The values of a configuration, which change only in a copy that is not used yet. */
  private static final class Settings {
    private final String region;
    private @Nullable URI endpoint;
    private @Nullable String account;
    private @Nullable String mesh;
    private @Nullable String kmsKey;
    private @Nullable String externalId;
    private @Nullable GrantMirror lakeFormation;
    private @Nullable OpenBuckets openData;
    private ContractServices contracts = ContractServices.NONE;
    private MetricScope metrics = MetricScope.NONE;
    private @Nullable String trustedEngine;
    private TrustedEngines engines = TrustedEngines.NONE;
    private boolean hybrid;
    private Map<Principal, String> roles = Map.of();

    Settings(String region) {
      this.region = region;
    }

    Settings copy() {
      Settings copy = new Settings(region);
      copy.endpoint = endpoint;
      copy.account = account;
      copy.mesh = mesh;
      copy.kmsKey = kmsKey;
      copy.externalId = externalId;
      copy.lakeFormation = lakeFormation;
      copy.openData = openData;
      copy.contracts = contracts;
      copy.metrics = metrics;
      copy.trustedEngine = trustedEngine;
      copy.engines = engines;
      copy.hybrid = hybrid;
      copy.roles = roles;
      return copy;
    }
  }

  private AwsConfig with(Consumer<Settings> change) {
    Settings copy = settings.copy();
    change.accept(copy);
    return new AwsConfig(copy);
  }

  /**
   * Returns a configuration for a region.
   *
   * @param region such as {@code eu-central-1}
   * @throws InvalidRequestException if it is not the name of a region
   */
  public static AwsConfig inRegion(String region) {
    ArgumentChecks.text("region", region);
    if (!REGION.matcher(region).matches()) {
      throw ArgumentChecks.refused(
          "region", "is not the name of a region", "Use a name such as eu-central-1.");
    }
    return new AwsConfig(new Settings(region));
  }

  /**
   * Returns the configuration of an address, as the command and engines have it: {@code
   * aws:REGION/ACCOUNT/NAME}, and settings after {@code ?}, separated by {@code &}: {@code
   * endpoint=URI} for an emulator, {@code lakeFormation}, {@code lakeFormation=ORGANIZATION},
   * {@code hybridAccess}, {@code schemaRegistry}, {@code dataQuality}, {@code cloudWatch}, {@code
   * cloudWatch=products}, {@code openData=ORGANIZATION,DOMAIN,DOMAIN}, {@code encryptedBy=KEY},
   * {@code externalId=ID}, and {@code roles=ARN,ARN} for {@link #role roles} with a path.
   *
   * @throws InvalidRequestException if it has another form
   */
  public static AwsConfig of(String address) {
    return AwsAddress.parse(ArgumentChecks.text("address", address));
  }

  /**
   * Sets the mesh. Its bucket is {@code mesh-<name>-<account>-<region>}, and its table {@code
   * mesh-<name>}.
   *
   * @param account the account that has the bucket and the table, 12 digits
   * @param name 2 to 20 lower-case letters, digits, and hyphens; starts with a letter
   * @throws InvalidRequestException if an argument does not have this form
   */
  public AwsConfig mesh(String account, String name) {
    checkedAccount(account);
    ArgumentChecks.text("name", name);
    if (!MESH.matcher(name).matches()) {
      throw ArgumentChecks.refused(
          "name",
          "is not a name for a bucket",
          "Use 2 to 20 lower-case letters, digits, and hyphens, and start with a letter.");
    }
    return with(
        copy -> {
          copy.account = account;
          copy.mesh = name;
        });
  }

  /**
   * Sets the endpoint of all services, such as of an emulator. Default: the endpoints of the
   * region. Endpoints in the settings of the AWS SDK, such as {@code AWS_ENDPOINT_URL} or {@code
   * endpoint_url} in a profile, have no effect on the mesh; the SDK may use them to get
   * credentials.
   *
   * @param address an absolute URI, such as {@code http://127.0.0.1:5000}
   * @throws InvalidRequestException if it is not absolute
   */
  public AwsConfig endpoint(URI address) {
    ArgumentChecks.required("endpoint", address);
    if (!address.isAbsolute() || address.getHost() == null) {
      throw ArgumentChecks.refused(
          "endpoint", "has no scheme or no host", "Use a URI such as http://127.0.0.1:5000.");
    }
    return with(copy -> copy.endpoint = address);
  }

  /**
   * Sets the key that encrypts the bucket and the table when {@link AwsMesh#make} creates them, and
   * that each write to the bucket of the writer's account names, as the policy of a bucket may
   * demand. Default: keys that S3 and DynamoDB own; a KMS key of the bucket is retained.
   *
   * @param keyArn the ARN of a KMS key in the region of the mesh
   * @throws InvalidRequestException if it is not the ARN of a key
   */
  public AwsConfig encryptionKey(String keyArn) {
    ArgumentChecks.text("keyArn", keyArn);
    if (!KEY.matcher(keyArn).matches()) {
      throw ArgumentChecks.refused(
          "keyArn",
          "is not the ARN of a KMS key",
          "Use an ARN such as arn:aws:kms:eu-central-1:111111111111:key/1234abcd.");
    }
    return with(copy -> copy.kmsKey = keyArn);
  }

  /**
   * Sets the external ID that is sent when the mesh assumes a role, for trust policies that require
   * one. Default: none for the role of a principal, and {@code mesh-<name>} for the roles with
   * which principals use tables in other accounts.
   *
   * @param id not blank
   * @throws InvalidRequestException if it is blank
   */
  public AwsConfig externalId(String id) {
    ArgumentChecks.text("externalId", id);
    return with(copy -> copy.externalId = id);
  }

  /**
   * Also mirrors the rights of the mesh to Lake Formation: {@code Mesh.mirrors()} makes the role
   * {@code mesh-mirror} an administrator of Lake Formation in the accounts of catalogs, and ends
   * the control of their new databases and tables by IAM alone. What is granted to the whole mesh
   * is granted to each of its accounts. Readers of other domains then read with credentials that
   * Lake Formation vends for one table, and never with their permissions on S3; a reader of some
   * columns or rows only is denied with FILTERED_READ. Default: only AWS Glue shows the mesh, and
   * readers need permissions on S3.
   */
  public AwsConfig lakeFormation() {
    return lakeFormation(new GrantMirror(Optional.empty()));
  }

  /**
   * As {@link #lakeFormation()}, and what is granted to the whole mesh is granted to an
   * organization.
   *
   * @param organizationArn the ARN of the organization of all accounts, such as {@code
   *     arn:aws:organizations::111111111111:organization/o-abcdefghij}
   * @throws InvalidRequestException if it is not the ARN of an organization
   */
  public AwsConfig lakeFormation(String organizationArn) {
    return lakeFormation(new GrantMirror(Optional.of(checkedOrganization(organizationArn))));
  }

  private static String checkedOrganization(String arn) {
    ArgumentChecks.text("organizationArn", arn);
    if (!ORGANIZATION.matcher(arn).matches()) {
      throw ArgumentChecks.refused(
          "organizationArn",
          "is not the ARN of an organization",
          "Use the ARN that AWS Organizations shows, such as"
              + " arn:aws:organizations::111111111111:organization/o-abcdefghij.");
    }
    return arn;
  }

  /**
   * Lets all accounts of an organization read the files of the products of these domains that are
   * open to the mesh, without grants of Lake Formation: {@code Mesh.mirrors()} maintains a
   * statement for each domain in the policies of its buckets, with the condition {@code
   * aws:PrincipalOrgID}. Accounts of the organization that are not in the mesh read them too. A
   * product with a column above INTERNAL in any version of its contract is left out. A domain that
   * the mesh does not have is the finding {@code OPEN_DOMAIN_UNKNOWN} of its mirrors. Default:
   * none; statements that the mesh created are removed.
   *
   * @param organizationArn the ARN of the organization
   * @param domains the domains that ask for it, at least one; they replace earlier ones
   * @throws InvalidRequestException if it is not the ARN of an organization, if Lake Formation
   *     mirrors to another one, if {@code domains} is empty, or if one is not the name of a domain
   */
  public AwsConfig openData(String organizationArn, String... domains) {
    String arn = checkedOrganization(organizationArn);
    Optional<String> mirrored = organization();
    if (mirrored.isPresent() && !mirrored.get().equals(arn)) {
      throw ArgumentChecks.refused(
          "organizationArn",
          "is not the organization of lakeFormation(..), " + mirrored.get(),
          "Use one organization for both.");
    }
    Set<String> names = new TreeSet<>();
    for (String domain : ArgumentChecks.all("domains", domains)) {
      names.add(NameGrammar.check("domain", domain));
    }
    if (names.isEmpty()) {
      throw ArgumentChecks.refused("domains", "is empty", "Name the domains that ask for it.");
    }
    return with(copy -> copy.openData = new OpenBuckets(arn, names));
  }

  /**
   * With {@link #lakeFormation()}, lets principals that read by IAM alone read on while they are
   * moved to the mesh: {@code Mesh.mirrors()} registers locations for hybrid access, does not
   * revoke the permissions of {@code IAM_ALLOWED_PRINCIPALS} on databases and tables that have
   * them, and opts each principal that the mesh grants something in to Lake Formation, which then
   * decides for it. An opt-in is never removed. Call it before the first run; a configuration
   * without it ends the access by IAM with the next run. Default: no access by IAM alone.
   */
  public AwsConfig hybridAccess() {
    return with(copy -> copy.hybrid = true);
  }

  private AwsConfig lakeFormation(GrantMirror mirror) {
    return with(copy -> copy.lakeFormation = mirror);
  }

  /**
   * Lets processes of other accounts read some columns or rows of a table, and filter them
   * themselves: with {@link #lakeFormation()}, {@code Mesh.mirrors()} adds their session tag value
   * and their accounts to the settings of Lake Formation in the accounts of catalogs
   * (AuthorizedSessionTagValueList and ExternalDataFilteringAllowList), and retains what is there.
   * A process that has the tag gets whole files: allow only roles of trusted programs to set it. It
   * can be repeated. Default: none.
   *
   * @param sessionTagValue the value that the processes have as {@link #trustedEngine}
   * @param accounts the accounts of their roles, 12 digits; at least one
   * @throws InvalidRequestException if the value is not one of a session tag, if {@code accounts}
   *     is empty, or if one does not have 12 digits
   */
  public AwsConfig externalDataFiltering(String sessionTagValue, String... accounts) {
    checkTagValue(sessionTagValue);
    List<String> added = ArgumentChecks.all("accounts", accounts);
    added.forEach(AwsConfig::checkedAccount);
    if (added.isEmpty()) {
      throw ArgumentChecks.refused("accounts", "is empty", "Name at least one account.");
    }
    return with(copy -> copy.engines = copy.engines.and(sessionTagValue, added));
  }

  /**
   * Declares this process a trusted engine: with {@link #lakeFormation()}, it asks for credentials
   * as a session of its role with the tag {@code LakeFormationAuthorizedCaller}, and gets the files
   * of tables of which its role may read some columns or rows only. The mesh then filters them in
   * this process, as it decides. The role has to trust itself, and any role that acts as it, to set
   * the tag. Default: readers of some columns or rows are denied with FILTERED_READ.
   *
   * @param sessionTagValue a value that {@link #externalDataFiltering} names
   * @throws InvalidRequestException if it is not the value of a session tag
   */
  public AwsConfig trustedEngine(String sessionTagValue) {
    checkTagValue(sessionTagValue);
    return with(copy -> copy.trustedEngine = sessionTagValue);
  }

  private static void checkTagValue(String value) {
    ArgumentChecks.text("sessionTagValue", value);
    if (!TAG_VALUE.matcher(value).matches()) {
      throw ArgumentChecks.refused(
          "sessionTagValue",
          "is not the value of a session tag",
          "Use 1 to 255 letters, digits, and the characters _.:/=+@-.");
    }
  }

  /**
   * Also mirrors the schemas of contracts to the Schema Registry of AWS Glue: {@code
   * Mesh.mirrors()} maintains a registry for each domain, named {@code mesh-<name>.<domain>}, and a
   * schema for each major version, named like its table. Default: only the data catalog shows the
   * mesh.
   */
  public AwsConfig schemaRegistry() {
    return contracts(new ContractServices(true, settings.contracts.dataQuality));
  }

  /**
   * Also mirrors the rules of contracts to AWS Glue Data Quality: {@code Mesh.mirrors()} maintains
   * a ruleset for each major version, named {@code mesh-<name>.<domain>.<table>}, on its table in
   * the data catalog. The mesh does not run it. Default: only the data catalog shows the mesh.
   */
  public AwsConfig dataQuality() {
    return contracts(new ContractServices(settings.contracts.schemaRegistry, true));
  }

  /**
   * Also reports to CloudWatch: {@code Mesh.operate(..)} sends metrics of each domain to the
   * namespace {@code Meshwork/<name>} in its account, maintains the alarm {@code
   * mesh-<name>.<domain>.late} there and the dashboard {@code mesh-<name>} in the account of the
   * mesh, and writes the quality of publishes as lines to the folder {@code quality} of the bucket
   * of this account. Needs the module mesh-aws-operations. Default: nothing is reported.
   */
  public AwsConfig cloudWatch() {
    return with(copy -> copy.metrics = MetricScope.DOMAINS);
  }

  /**
   * As {@link #cloudWatch()}, and products that promise freshness have metrics and an alarm of
   * their own, for which CloudWatch charges.
   */
  public AwsConfig cloudWatchPerProduct() {
    return with(copy -> copy.metrics = MetricScope.PRODUCTS);
  }

  private AwsConfig contracts(ContractServices services) {
    return with(copy -> copy.contracts = services);
  }

  /**
   * Sets the ARN of a principal's role, which a role with a path needs. Default: {@code
   * arn:aws:iam::<account>:role/<role>}, with the partition of the region, such as {@code aws-cn}.
   *
   * @param principal the principal
   * @param roleArn the ARN of the role with this name in this account
   * @throws InvalidRequestException if it is the ARN of another role
   */
  public AwsConfig role(Principal principal, String roleArn) {
    ArgumentChecks.required("principal", principal);
    ArgumentChecks.text("roleArn", roleArn);
    if (!ROLE.matcher(roleArn).matches()
        || !roleArn.contains(":" + principal.account() + ":role/")
        || !roleArn.endsWith("/" + principal.role())) {
      throw ArgumentChecks.refused(
          "roleArn",
          "is not the ARN of the role " + principal,
          "Use the ARN that IAM shows for this role.");
    }
    Map<Principal, String> all = new HashMap<>(settings.roles);
    all.put(principal, roleArn);
    return with(copy -> copy.roles = Map.copyOf(all));
  }

  /** Returns true for the ID of an account, 12 digits. */
  static boolean isAccount(String name) {
    return ResourceNames.isAccount(name);
  }

  String region() {
    return settings.region;
  }

  @Nullable URI endpoint() {
    return settings.endpoint;
  }

  @Nullable String kmsKey() {
    return settings.kmsKey;
  }

  /** Returns the encryption of the bucket of an account with the key; null if there is none. */
  @Nullable S3Encryption encryption(String account) {
    String key = settings.kmsKey;
    return key == null ? null : new S3Encryption(bucketIn(account), key);
  }

  /** Returns the ARN of the organization of all accounts; empty if it is not known. */
  private Optional<String> organization() {
    return Optional.ofNullable(settings.lakeFormation).flatMap(GrantMirror::organization);
  }

  /** Returns the ID of the organization, such as {@code o-abcdefghij}; empty if it is not known. */
  Optional<String> organizationId() {
    return organization().map(AwsConfig::organizationId);
  }

  private static String organizationId(String arn) {
    return arn.substring(arn.lastIndexOf('/') + 1);
  }

  /** Returns true if all accounts are known to be in one organization. */
  boolean hasOrganization() {
    return organization().isPresent();
  }

  /** Returns what mirrors have to know. */
  MirrorSettings mirrors() {
    return new MirrorSettings(
        names(), usesLakeFormation(), organization(), settings.engines, isHybrid());
  }

  /** Returns true if operating runs report to CloudWatch. */
  boolean usesCloudWatch() {
    return settings.metrics != MetricScope.NONE;
  }

  /** Returns what operating runs report. */
  MetricsSettings metrics() {
    return new MetricsSettings(
        meshName(), account(), names(), settings.metrics == MetricScope.PRODUCTS);
  }

  /** Returns whose files all accounts of an organization read. */
  OpenDataSettings openData() {
    OpenBuckets open = settings.openData;
    return open == null
        ? new OpenDataSettings(account(), "", Set.of())
        : new OpenDataSettings(account(), organizationId(open.organization()), open.domains());
  }

  /** Returns what mirrors of contracts use. */
  ContractMirrorSettings contractMirrors() {
    return new ContractMirrorSettings(
        meshName(), settings.contracts.schemaRegistry, settings.contracts.dataQuality);
  }

  /** Returns the names of resources and roles. */
  ResourceNames names() {
    return new ResourceNames(region(), settings.roles);
  }

  /** Returns true if principals that IAM alone lets read are moved one by one. */
  boolean isHybrid() {
    return usesLakeFormation() && settings.hybrid;
  }

  /** Returns true if rights are mirrored to Lake Formation. */
  boolean usesLakeFormation() {
    return settings.lakeFormation != null;
  }

  /** Returns the session tag value of a trusted engine that reads with Lake Formation. */
  Optional<String> trustedEngine() {
    return Optional.ofNullable(settings.trustedEngine).filter(value -> usesLakeFormation());
  }

  Optional<String> externalId() {
    return Optional.ofNullable(settings.externalId);
  }

  /** Returns the external ID with which registry roles are assumed. */
  String registryExternalId() {
    return externalId().orElseGet(this::table);
  }

  /**
   * Returns the account of the mesh, 12 digits.
   *
   * @throws InvalidRequestException if the configuration names no mesh
   */
  public String account() {
    return required(settings.account);
  }

  String meshName() {
    return required(settings.mesh);
  }

  /** Returns the name of the table with the registry. */
  String table() {
    return "mesh-" + meshName();
  }

  String bucket() {
    return bucketIn(account());
  }

  /** Returns how policies name all principals of an account. */
  String accountArn(String account) {
    return "arn:" + partition() + ":iam::" + account + ":root";
  }

  /** Returns the ARN of the table in an account. */
  String tableArn(String account) {
    return "arn:" + partition() + ":dynamodb:" + region() + ":" + account + ":table/" + table();
  }

  /** Returns the name of the bucket in an account. */
  String bucketIn(String account) {
    return "mesh-" + meshName() + "-" + account + "-" + region();
  }

  /** Returns the location of all files. */
  String root() {
    return "s3://" + bucket();
  }

  /** Returns the ARN of a principal's role. */
  String roleArn(Principal principal) {
    checkedAccount(principal.account());
    return names().role(principal);
  }

  /** Returns the ARN of a role without a path. */
  String roleArn(String account, String role) {
    return names().role(account, role);
  }

  /** Returns the partition of AWS, with which ARNs start. */
  String partition() {
    return names().partition();
  }

  /**
   * Returns an account.
   *
   * @throws InvalidRequestException if it does not have 12 digits
   */
  static String checkedAccount(String account) {
    ArgumentChecks.text("account", account);
    if (!isAccount(account)) {
      throw ArgumentChecks.refused(
          "account", "is '" + account + "', not an AWS account", "Use its 12 digits.");
    }
    return account;
  }

  private static String required(@Nullable String value) {
    if (value == null) {
      throw Failure.of(MeshAction.of(Verb.OPEN, "the mesh on AWS"))
          .because("the configuration names no mesh")
          .fix("Call mesh(account, name).")
          .invalidRequest(ErrorCode.CONFIG_INVALID);
    }
    return value;
  }

  /**
   * Returns the address of the mesh, from which {@link #of(String)} recreates this configuration.
   * An address does not have engines that are trusted.
   *
   * @throws InvalidRequestException if the configuration names no mesh
   */
  public String address() {
    Map<String, String> options = new LinkedHashMap<>();
    if (settings.endpoint != null) {
      options.put(AwsAddress.ENDPOINT, settings.endpoint.toString());
    }
    if (usesLakeFormation()) {
      options.put(AwsAddress.LAKE_FORMATION, organization().orElse(""));
    }
    if (settings.hybrid) {
      options.put(AwsAddress.HYBRID_ACCESS, "");
    }
    if (settings.contracts.schemaRegistry) {
      options.put(AwsAddress.SCHEMA_REGISTRY, "");
    }
    if (settings.contracts.dataQuality) {
      options.put(AwsAddress.DATA_QUALITY, "");
    }
    if (usesCloudWatch()) {
      options.put(
          AwsAddress.CLOUD_WATCH,
          settings.metrics == MetricScope.PRODUCTS ? AwsAddress.OF_PRODUCTS : "");
    }
    OpenBuckets open = settings.openData;
    if (open != null) {
      options.put(
          AwsAddress.OPEN_DATA, open.organization() + "," + String.join(",", open.domains()));
    }
    if (settings.kmsKey != null) {
      options.put(AwsAddress.ENCRYPTED_BY, settings.kmsKey);
    }
    externalId().ifPresent(id -> options.put(AwsAddress.EXTERNAL_ID, id));
    if (!settings.roles.isEmpty()) {
      options.put(AwsAddress.ROLES, String.join(",", new TreeSet<>(settings.roles.values())));
    }
    return AwsAddress.of(region(), account(), meshName(), options);
  }

  /** Returns region, account and name. */
  @Override
  public String toString() {
    return "mesh "
        + settings.mesh
        + " in the account "
        + settings.account
        + " and the region "
        + settings.region;
  }
}
