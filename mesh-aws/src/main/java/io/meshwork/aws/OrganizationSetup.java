package io.meshwork.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.aws.AccountResource.Type;
import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.runtime.ArgumentChecks;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the management account of an AWS organization needs for a mesh, as a template of AWS
 * CloudFormation: organizational units, a service control policy that protects the settings of the
 * mesh, permission sets for people who read, and optionally a trail. Sends no request.
 *
 * <pre>{@code
 * Template template =
 *     OrganizationSetup.of(config, "999999999999", "r-abcd")
 *         .administrators("arn:aws:iam::*:role/platform-admin")
 *         .identityCenter("arn:aws:sso:::instance/ssoins-1234567890abcdef")
 *         .readers("906712345a-…", "444444444444")
 *         .template();
 * }</pre>
 *
 * <p>The units are Infrastructure, Data Platform, and Domains. The policy applies to the accounts
 * in the last two, and never to the management account. Immutable.
 */
public final class OrganizationSetup {
  private static final String TRAIL = "mesh-trail";
  private static final String CLOUD_TRAIL = "cloudtrail.amazonaws.com";
  private static final String SOURCE = "aws:SourceArn";
  private static final Pattern PARENT =
      Pattern.compile("r-[a-z0-9]{4,32}|ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}");
  private static final Pattern ADMINISTRATOR =
      Pattern.compile(
          "arn:aws[a-z-]*:iam::([*]|[0-9]{12}):role/[A-Za-z0-9+=,.@_/*?-]*[A-Za-z0-9]"
              + "[A-Za-z0-9+=,.@_/*?-]*");
  private static final Pattern INSTANCE =
      Pattern.compile("arn:aws[a-z-]*:sso:::instance/(sso)?ins-[a-zA-Z0-9-.]{16}");
  private static final Pattern GROUP =
      Pattern.compile("([0-9a-f]{10}-)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

  private final AwsConfig config;
  private final String management;
  private final String parent;
  private final Settings settings;

  /** What is set besides the place. */
  private record Settings(
      List<String> administrators,
      @Nullable String instance,
      List<Assignment> assignments,
      @Nullable String trailBucket) {
    Settings {
      administrators = List.copyOf(administrators);
      assignments = List.copyOf(assignments);
    }
  }

  /** A group that reads in an account. */
  private record Assignment(Level level, String group, String account) {}

  /** What people read. */
  private enum Level {
    OPEN("OpenReaders", "mesh-reader", "Reads the open data of the mesh"),
    RESTRICTED(
        "RestrictedReaders",
        "mesh-reader-restricted",
        "Reads the open data of the mesh, and what Lake Formation permits");

    private final String id;
    private final String permissionSet;
    private final String description;

    Level(String id, String permissionSet, String description) {
      this.id = id;
      this.permissionSet = permissionSet;
      this.description = description;
    }
  }

  private OrganizationSetup(AwsConfig config, String management, String parent, Settings settings) {
    this.config = config;
    this.management = management;
    this.parent = parent;
    this.settings = settings;
  }

  /**
   * Returns the setup of an organization.
   *
   * @param management the management account, 12 digits
   * @param parent where the units are created: the root such as {@code r-abcd}, or a unit such as
   *     {@code ou-abcd-12345678}
   * @throws InvalidRequestException if the configuration names no mesh, or an argument is not as
   *     described
   */
  public static OrganizationSetup of(AwsConfig config, String management, String parent) {
    ArgumentChecks.required("config", config).meshName();
    AwsConfig.checkedAccount(management);
    return new OrganizationSetup(
        config,
        management,
        matching("parent", parent, PARENT, "Use the ID of a root or of a unit, such as r-abcd."),
        new Settings(List.of(), null, List.of(), null));
  }

  /**
   * Sets who may change the settings that the service control policy protects, besides {@code
   * mesh-deployer} and {@code mesh-mirror}: administrators who create the deployers. The policy
   * denies all others to make or change these roles, so roles of IAM Identity Center, which no
   * account can make itself, are best. Default: none.
   *
   * @param arns ARNs of roles, with {@code *} for any account and any part of a name, such as
   *     {@code arn:aws:iam::*:role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_PlatformAdmin_*}
   * @throws InvalidRequestException if one is something else, or names all roles
   */
  public OrganizationSetup administrators(String... arns) {
    List<String> all = ArgumentChecks.all("arns", arns);
    for (String arn : all) {
      matching(
          "arns",
          arn,
          ADMINISTRATOR,
          "Use an ARN of a role, such as arn:aws:iam::*:role/platform-admin.");
    }
    return with(new Settings(all, settings.instance, settings.assignments, settings.trailBucket));
  }

  /**
   * Names the instance of IAM Identity Center, which {@link #readers} and {@link #openReaders}
   * need.
   *
   * @param instance its ARN, such as {@code arn:aws:sso:::instance/ssoins-1234567890abcdef}
   * @throws InvalidRequestException if it is something else
   */
  public OrganizationSetup identityCenter(String instance) {
    matching(
        "instance",
        instance,
        INSTANCE,
        "Use the ARN that 'aws sso-admin list-instances' prints, such as"
            + " arn:aws:sso:::instance/ssoins-1234567890abcdef.");
    return with(
        new Settings(
            settings.administrators, instance, settings.assignments, settings.trailBucket));
  }

  /**
   * Lets a group of people read in accounts what Lake Formation permits, and the files that {@link
   * AwsConfig#openData} opens: the permission set {@code mesh-reader-restricted}.
   *
   * @param group the ID of the group in IAM Identity Center
   * @param accounts where they read, 12 digits each, at least one
   * @throws InvalidRequestException if an argument is not as described
   */
  public OrganizationSetup readers(String group, String... accounts) {
    return assigned(Level.RESTRICTED, group, accounts);
  }

  /**
   * Lets a group of people read in accounts the files that {@link AwsConfig#openData} opens, and
   * nothing else: the permission set {@code mesh-reader}.
   *
   * @param group the ID of the group in IAM Identity Center
   * @param accounts where they read, 12 digits each, at least one
   * @throws InvalidRequestException if an argument is not as described
   */
  public OrganizationSetup openReaders(String group, String... accounts) {
    return assigned(Level.OPEN, group, accounts);
  }

  private OrganizationSetup assigned(Level level, String group, String... accounts) {
    matching("group", group, GROUP, "Use the ID of a group, not its name.");
    List<String> all = ArgumentChecks.all("accounts", accounts);
    if (all.isEmpty()) {
      throw ArgumentChecks.refused("accounts", "is empty", "Name the accounts where they read.");
    }
    Set<Assignment> assignments = new LinkedHashSet<>(settings.assignments);
    for (String account : all) {
      AwsConfig.checkedAccount(account);
      assignments.add(new Assignment(level, group, account));
    }
    return with(
        new Settings(
            settings.administrators,
            settings.instance,
            List.copyOf(assignments),
            settings.trailBucket));
  }

  /**
   * Adds a trail of all accounts and regions, {@code mesh-trail}.
   *
   * @param bucket the name of a bucket that exists, whose policy has the {@link #trailPolicy}
   * @throws InvalidRequestException if S3 accepts no bucket of this name
   */
  public OrganizationSetup trail(String bucket) {
    return with(
        new Settings(
            settings.administrators,
            settings.instance,
            settings.assignments,
            matching("bucket", bucket, BUCKET, "Use the name of a bucket.")));
  }

  private OrganizationSetup with(Settings changed) {
    return new OrganizationSetup(config, management, parent, changed);
  }

  /**
   * Returns the template, to be deployed by an administrator of the management account, in the
   * region of IAM Identity Center.
   *
   * @throws InvalidRequestException CONFIG_INVALID if readers are named and no instance of IAM
   *     Identity Center is, or a policy is larger than AWS accepts
   */
  public Template template() {
    List<AccountResource> resources = new ArrayList<>();
    // AWS rejects changes of an organization, or of assignments, that run at the same time.
    resources.add(unit("Infrastructure", "Infrastructure", List.of()));
    resources.add(unit("DataPlatform", "Data Platform", List.of("Infrastructure")));
    resources.add(unit("Domains", "Domains", List.of("DataPlatform")));
    resources.add(policy());
    for (Level level : Level.values()) {
      resources.addAll(permissionSet(level));
    }
    if (settings.trailBucket != null) {
      resources.add(trailOfAllAccounts(settings.trailBucket));
    }
    String stack = config.table() + "-organization";
    return new Template(
        stack,
        management,
        Optional.empty(),
        AccountResource.template(
            stack, "The organization of the mesh " + config.meshName(), resources));
  }

  private AccountResource unit(String id, String name, List<String> after) {
    return AccountResource.deletedWithStack(
        id,
        Type.ORGANIZATIONAL_UNIT,
        after,
        AccountResource.node().put("Name", name).put("ParentId", parent));
  }

  private AccountResource policy() {
    ObjectNode properties =
        AccountResource.node()
            .put("Name", config.table())
            .put("Description", "Keeps the settings of the mesh " + config.meshName())
            .put("Type", "SERVICE_CONTROL_POLICY");
    properties.set("Content", PolicyDocument.parsed(serviceControl()));
    properties
        .putArray("TargetIds")
        .add(AccountResource.node().put("Ref", "DataPlatform"))
        .add(AccountResource.node().put("Ref", "Domains"));
    return AccountResource.deletedWithStack(
        "KeepMesh", Type.ORGANIZATION_POLICY, List.of(), properties);
  }

  /**
   * Returns the service control policy alone, as JSON. It denies what would weaken the mesh:
   * changes of the settings of Lake Formation, of its locations, of the roles {@code mesh-*}, and
   * of the mesh's buckets, and leaving the organization. Each statement but the last names the
   * roles that it exempts.
   *
   * @throws InvalidRequestException CONFIG_INVALID if it is larger than AWS accepts
   */
  public String serviceControl() {
    String roles = "arn:" + config.partition() + ":iam::*:role/";
    List<String> deployer = withAdministrators(roles + "mesh-deployer");
    List<String> mirror = withAdministrators(roles + "mesh-mirror");
    List<String> both = withAdministrators(roles + "mesh-deployer", roles + "mesh-mirror");
    return PolicyDocument.SERVICE_CONTROL.text(
        List.of(
            // The mirrors write these settings in the account of each consumer.
            keep("DenyLakeFormationAdminRemoval", mirror)
                .actions("lakeformation:PutDataLakeSettings")
                .on("*"),
            keep("KeepLocations", mirror)
                .actions(
                    "lakeformation:RegisterResource",
                    "lakeformation:UpdateResource",
                    "lakeformation:DeregisterResource",
                    "glue:PutResourcePolicy",
                    "glue:DeleteResourcePolicy")
                .on("*"),
            keep("KeepMeshRoles", deployer)
                .actions(
                    "iam:CreateRole",
                    "iam:DeleteRole",
                    "iam:UpdateRole",
                    "iam:UpdateAssumeRolePolicy",
                    "iam:PutRolePolicy",
                    "iam:DeleteRolePolicy",
                    "iam:AttachRolePolicy",
                    "iam:DetachRolePolicy",
                    "iam:PutRolePermissionsBoundary",
                    "iam:DeleteRolePermissionsBoundary")
                // Who can make a role with an administrator's name is an administrator.
                .on(withAdministrators(roles + "mesh-*")),
            keep("KeepMeshBuckets", both)
                .actions(
                    "s3:DeleteBucket",
                    "s3:PutBucketPolicy",
                    "s3:DeleteBucketPolicy",
                    "s3:PutBucketVersioning",
                    "s3:PutBucketPublicAccessBlock",
                    "s3:PutBucketOwnershipControls",
                    "s3:PutEncryptionConfiguration",
                    "s3:PutLifecycleConfiguration")
                .on("arn:" + config.partition() + ":s3:::" + config.table() + "-*"),
            PolicyStatement.deny("StayInOrganization")
                .actions("organizations:LeaveOrganization")
                .on("*")));
  }

  /**
   * Returns the policy of the bucket of the {@link #trail}, as JSON: CloudTrail may write the logs
   * of the organization and of the management account. The owner of the bucket adds its statements
   * to the existing ones. Empty without a trail, or if the configuration does not name the
   * organization, with {@link AwsConfig#lakeFormation(String)} or {@link AwsConfig#openData}.
   */
  public Optional<String> trailPolicy() {
    Optional<String> organization =
        config
            .organizationId()
            .or(() -> Optional.of(config.openData().organization()).filter(id -> !id.isEmpty()));
    return Optional.ofNullable(settings.trailBucket)
        .flatMap(bucket -> organization.map(id -> trailPolicy(bucket, id)));
  }

  private String trailPolicy(String bucket, String organization) {
    String arn = "arn:" + config.partition() + ":s3:::" + bucket;
    // The stack is in the region of IAM Identity Center.
    String trail =
        "arn:%s:cloudtrail:*:%s:trail/%s".formatted(config.partition(), management, TRAIL);
    return PolicyDocument.BUCKET.text(
        List.of(
            PolicyStatement.allow("CheckTrailBucket")
                .toServices(CLOUD_TRAIL)
                .actions("s3:GetBucketAcl")
                .on(arn)
                .when("ArnLike", SOURCE, trail),
            PolicyStatement.allow("WriteTrail")
                .toServices(CLOUD_TRAIL)
                .actions("s3:PutObject")
                .on(arn + "/AWSLogs/" + management + "/*", arn + "/AWSLogs/" + organization + "/*")
                .when("ArnLike", SOURCE, trail)
                .when("StringEquals", "s3:x-amz-acl", "bucket-owner-full-control")));
  }

  private List<String> withAdministrators(String... roles) {
    List<String> all = new ArrayList<>(List.of(roles));
    all.addAll(settings.administrators);
    return all;
  }

  private static PolicyStatement keep(String id, List<String> exempt) {
    return PolicyStatement.deny(id).when("ArnNotLike", "aws:PrincipalArn", exempt);
  }

  private List<AccountResource> permissionSet(Level level) {
    List<Assignment> assignments =
        settings.assignments.stream().filter(each -> each.level == level).toList();
    if (assignments.isEmpty()) {
      return List.of();
    }
    if (settings.instance == null) {
      throw ArgumentChecks.refused(
          "identityCenter",
          "is not set, and readers are named",
          "Name the instance of IAM Identity Center with these groups.");
    }
    ReaderPolicies readers = new ReaderPolicies(config, config.account());
    ObjectNode properties =
        AccountResource.node()
            .put("Name", level.permissionSet)
            .put("Description", level.description)
            .put("InstanceArn", settings.instance);
    properties.set(
        "InlinePolicy",
        PolicyDocument.parsed(
            PolicyDocument.IDENTITY.text(
                level == Level.OPEN
                    ? readers.ofOpen(ReaderPolicies.OWN_ACCOUNT)
                    : readers.ofRestricted(ReaderPolicies.OWN_ACCOUNT))));
    List<AccountResource> resources = new ArrayList<>();
    resources.add(
        AccountResource.deletedWithStack(level.id, Type.PERMISSION_SET, List.of(), properties));
    List<String> after = List.of();
    for (Assignment assignment : assignments) {
      AccountResource resource = assignment(assignment, after);
      resources.add(resource);
      after = List.of(resource.id());
    }
    return resources;
  }

  private AccountResource assignment(Assignment assignment, List<String> after) {
    Level level = assignment.level;
    ObjectNode properties = AccountResource.node().put("InstanceArn", settings.instance);
    properties
        .putObject("PermissionSetArn")
        .putArray("Fn::GetAtt")
        .add(level.id)
        .add("PermissionSetArn");
    properties
        .put("PrincipalType", "GROUP")
        .put("PrincipalId", assignment.group)
        .put("TargetType", "AWS_ACCOUNT")
        .put("TargetId", assignment.account);
    return AccountResource.deletedWithStack(
        level.id + assignment.account + "For" + assignment.group.replace("-", ""),
        Type.ASSIGNMENT,
        after,
        properties);
  }

  private static AccountResource trailOfAllAccounts(String bucket) {
    return AccountResource.deletedWithStack(
        "Trail",
        Type.TRAIL,
        List.of(),
        AccountResource.node()
            .put("TrailName", TRAIL)
            .put("S3BucketName", bucket)
            .put("IsLogging", true)
            .put("IsOrganizationTrail", true)
            .put("IsMultiRegionTrail", true)
            .put("IncludeGlobalServiceEvents", true)
            .put("EnableLogFileValidation", true));
  }

  private static String matching(String name, String text, Pattern pattern, String fix) {
    if (!pattern.matcher(ArgumentChecks.text(name, text)).matches()) {
      throw ArgumentChecks.refused(name, "is '" + text + "'", fix);
    }
    return text;
  }
}
