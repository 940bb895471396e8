package io.meshwork.aws;

import io.meshwork.Mesh;
import io.meshwork.aws.internal.dynamo.DynamoRegistry;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.testkit.aws.AwsEmulator;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.Tag;

/**
 * A mesh over several accounts, whose roles have exactly the policies that {@link AwsPolicies}
 * prints. Its registry and one bucket are in the account of governance.
 */
public final class IamAccounts {
  public static final String GOVERNANCE = "111111111111";

  /** Kinds without files. */
  private static final Set<AwsRoleKind.Type> NO_FILES =
      EnumSet.of(AwsRoleKind.Type.EXECUTOR, AwsRoleKind.Type.READER);

  private final AwsEmulator aws;
  private final AwsConfig config;
  private final AwsPolicies policies;
  private final String suffix = "-" + UUID.randomUUID().toString().substring(0, 6);

  /** The policies of roles, by ARN and name. */
  private final Map<String, Map<String, String>> documents = new TreeMap<>();

  private IamAccounts(AwsEmulator aws, AwsConfig config) {
    this.aws = aws;
    this.config = config;
    this.policies = AwsPolicies.of(config);
  }

  /** Creates the table and the bucket of governance. */
  public static IamAccounts make(AwsEmulator aws) {
    AwsConfig config = AwsLocal.newMesh(aws);
    AwsMesh.make(config, AwsLocal.role(GOVERNANCE, "admin"));
    IamAccounts accounts = new IamAccounts(aws, config);
    accounts.createReaderRole();
    return accounts;
  }

  /** Without it, the emulator would let everyone assume the role of readers. */
  private void createReaderRole() {
    Principal readers = Principal.of(GOVERNANCE, RegistryRoles.nameForReaders(config.meshName()));
    administrator(GOVERNANCE).createRole(readers.role(), policies.readerTrust("222222222222"));
    put(readers, "registry", policies.registry(AwsRoleKind.reader()));
  }

  /** Returns the accounts of a mesh that does not exist yet. */
  public static IamAccounts unmade(AwsEmulator aws) {
    return new IamAccounts(aws, AwsLocal.newMesh(aws));
  }

  public AwsConfig config() {
    return config;
  }

  public AwsPolicies policies() {
    return policies;
  }

  /** Creates the bucket of an account. */
  public void makeBucket(String account) {
    AwsConfig ofAccount = config.mesh(account, config.meshName());
    try (AwsClients clients = new AwsClients(config)) {
      S3Client s3 = clients.s3(AwsLocal.role(account, "admin"));
      new S3Bucket(
              s3,
              ofAccount,
              Principal.of(account, "admin"),
              AwsPolicies.of(ofAccount).bucket(account))
          .ensure();
    }
  }

  public void putBucketPolicy(String account, String policy) {
    try (S3Client s3 = administrator(account).s3()) {
      s3.putBucketPolicy(put -> put.bucket(config.bucketIn(account)).policy(policy));
    }
  }

  /** Returns a role that exists in no account yet. */
  public Principal newName(String account, String role) {
    return Principal.of(account, role + suffix);
  }

  /**
   * Creates a role, and its registry role if it has one, with exactly the policies of its kinds.
   */
  public void createRole(Principal principal, AwsRoleKind... kinds) {
    administrator(principal.account())
        .createRole(principal.role(), Policies.trust(principal.account()));
    Principal registry = registryRole(principal);
    if (!registry.equals(principal)) {
      administrator(GOVERNANCE).createRole(registry.role(), policies.registryTrust(principal));
      put(principal, "caller", policies.caller(principal));
    }
    put(registry, "registry", policies.registry(kinds));
    if (!Arrays.stream(kinds).allMatch(kind -> NO_FILES.contains(kind.type()))) {
      put(principal, "files", policies.files(principal.account(), kinds));
    }
  }

  /** Replaces a policy of a role. */
  public void put(Principal role, String name, String policy) {
    replace(role, name, policy);
    documents.computeIfAbsent(config.roleArn(role), arn -> new TreeMap<>()).put(name, policy);
  }

  /** Replaces a policy of a role for a while; null removes it. */
  public void replace(Principal role, String name, @Nullable String policy) {
    if (policy == null) {
      administrator(role.account())
          .iam("DeleteRolePolicy", Map.of("RoleName", role.role(), "PolicyName", name));
    } else {
      administrator(role.account())
          .iam(
              "PutRolePolicy",
              Map.of("RoleName", role.role(), "PolicyName", name, "PolicyDocument", policy));
    }
  }

  /** Returns the policies of a role by name. */
  public Map<String, String> documents(Principal role) {
    return documents.getOrDefault(config.roleArn(role), Map.of());
  }

  /** Returns the role that uses the table: in its account, the principal itself. */
  public Principal registryRole(Principal principal) {
    return principal.account().equals(GOVERNANCE)
        ? principal
        : Principal.of(GOVERNANCE, policies.registryRole(principal));
  }

  /** Opens the mesh as a process of this role. */
  public Mesh open(Principal principal) {
    return openLater(principal, Duration.ZERO);
  }

  /** As {@link #open}, with a clock that is ahead, and without the time of DynamoDB. */
  public Mesh openLater(Principal principal, Duration later) {
    return process(principal, later).open();
  }

  /** Returns the settings of a process of this role, with a clock that is ahead. */
  public Mesh.Builder process(Principal principal, Duration later) {
    return AwsMesh.builder(config, AwsLocal.role(principal.account(), principal.role()))
        .testing()
        .wrapRegistry(WithoutTime::new)
        .clock(() -> Instant.now().plus(later));
  }

  /** Returns true if the registry has a document. */
  boolean isStored(String partition, String sort) {
    try (DynamoDbClient client = administrator(GOVERNANCE).dynamoDb()) {
      return DynamoRegistry.over(client, config.table())
          .read(new Registry.Key(partition, sort))
          .isPresent();
    }
  }

  /** Returns clients with the credentials of a role. */
  public EmulatedClients clients(Principal principal) {
    return administrator(principal.account()).assuming(config.roleArn(principal));
  }

  /** Returns clients with the credentials of a principal's registry role. */
  public EmulatedClients registryClients(Principal principal) {
    if (registryRole(principal).equals(principal)) {
      return clients(principal);
    }
    return clients(principal).assuming(registryRequest(principal, config.registryExternalId()));
  }

  public AssumeRoleRequest registryRequest(Principal principal, String externalId) {
    return AssumeRoleRequest.builder()
        .roleArn(config.roleArn(registryRole(principal)))
        .roleSessionName("test")
        .externalId(externalId)
        .tags(Tag.builder().key("mesh").value(config.meshName()).build())
        .build();
  }

  public EmulatedClients administrator(String account) {
    return EmulatedClients.administrator(aws, account);
  }
}
