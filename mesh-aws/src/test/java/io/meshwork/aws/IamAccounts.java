package io.meshwork.aws;

import io.meshwork.Mesh;
import io.meshwork.PrincipalCredentials;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.testkit.AwsEmulator;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.Tag;

/**
 * A mesh over several accounts, whose roles have exactly the policies that {@link AwsPolicies}
 * prints. Its registry and one bucket are in the account of governance.
 */
final class IamAccounts {
  static final String GOVERNANCE = "111111111111";

  /** Duties without files. */
  private static final Set<AwsDuty.Kind> NO_FILES =
      EnumSet.of(AwsDuty.Kind.EXECUTOR, AwsDuty.Kind.MIRROR, AwsDuty.Kind.READER);

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
  static IamAccounts make(AwsEmulator aws) {
    AwsConfig config = AwsLocal.newMesh(aws);
    AwsMesh.make(config, AwsLocal.role(GOVERNANCE, "admin"));
    return new IamAccounts(aws, config);
  }

  AwsConfig config() {
    return config;
  }

  AwsPolicies policies() {
    return policies;
  }

  /** Creates the bucket of an account. */
  void makeBucket(String account) {
    AwsConfig ofAccount = config.mesh(account, config.meshName());
    try (AwsClients clients = new AwsClients(config)) {
      S3Client s3 = clients.s3(AwsLocal.role(account, "admin"));
      new S3Bucket(s3, ofAccount, account + "/admin").ensure();
    }
  }

  void putBucketPolicy(String account, String policy) {
    try (S3Client s3 = administrator(account).s3()) {
      s3.putBucketPolicy(put -> put.bucket(config.bucketIn(account)).policy(policy));
    }
  }

  /** Returns a role that exists in no account yet. */
  Principal newName(String account, String role) {
    return Principal.of(account, role + suffix);
  }

  /** Creates a role and its registry role, with exactly the policies of a duty. */
  void createRole(Principal principal, AwsDuty duty) {
    administrator(principal.account())
        .createRole(principal.role(), Policies.trust(principal.account()));
    String registry = policies.registryRole(principal);
    administrator(GOVERNANCE).createRole(registry, policies.registryTrust(principal));
    put(Principal.of(GOVERNANCE, registry), "registry", policies.registry(duty));
    put(principal, "caller", policies.caller(principal));
    if (!NO_FILES.contains(duty.kind())) {
      put(principal, "files", policies.files(principal.account(), duty));
    }
  }

  /** Replaces a policy of a role. */
  void put(Principal role, String name, String policy) {
    replace(role, name, policy);
    documents.computeIfAbsent(config.roleArn(role), arn -> new TreeMap<>()).put(name, policy);
  }

  /** Replaces a policy of a role for a while; null removes it. */
  void replace(Principal role, String name, @Nullable String policy) {
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
  Map<String, String> documents(Principal role) {
    return documents.getOrDefault(config.roleArn(role), Map.of());
  }

  Principal registryRole(Principal principal) {
    return Principal.of(GOVERNANCE, policies.registryRole(principal));
  }

  /** Opens the mesh as a process of this role. */
  Mesh open(Principal principal) {
    return openLater(principal, Duration.ZERO);
  }

  /** As {@link #open}, with a clock that is ahead, and without the time of DynamoDB. */
  Mesh openLater(Principal principal, Duration later) {
    AwsClients clients = new AwsClients(config);
    try {
      Credentials credentials = new Credentials(principal, clients);
      PrincipalCredentials.Ports ports = credentials.ports();
      return Mesh.over(new WithoutTime(ports.registry()), ports.files(), config.root())
          .actingThrough(credentials)
          .clock(() -> Instant.now().plus(later))
          .open();
    } catch (RuntimeException e) {
      clients.close();
      throw e;
    }
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
  EmulatedClients clients(Principal principal) {
    return administrator(principal.account()).assuming(config.roleArn(principal));
  }

  /** Returns clients with the credentials of a principal's registry role. */
  EmulatedClients registryClients(Principal principal) {
    return clients(principal).assuming(registryRequest(principal, config.registryExternalId()));
  }

  AssumeRoleRequest registryRequest(Principal principal, String externalId) {
    return AssumeRoleRequest.builder()
        .roleArn(config.roleArn(registryRole(principal)))
        .roleSessionName("test")
        .externalId(externalId)
        .tags(Tag.builder().key("mesh").value(config.meshName()).build())
        .build();
  }

  private EmulatedClients administrator(String account) {
    return EmulatedClients.administrator(aws, account);
  }

  /** A process of one role, which reaches the registry with its registry role. */
  private final class Credentials implements PrincipalCredentials {
    private final Principal self;
    private final AwsClients clients;

    Credentials(Principal self, AwsClients clients) {
      this.self = self;
      this.clients = clients;
    }

    @Override
    public Principal self() {
      return self;
    }

    @Override
    public Ports as(Principal principal) {
      throw Failure.of(MeshAction.of(Verb.ACT, principal.toString()))
          .because("the process is " + self)
          .fix("Open the mesh as " + principal + ".")
          .accessDenied(ErrorCode.NOT_THIS_PRINCIPAL, "a process of " + principal, List.of());
    }

    Ports ports() {
      AwsCredentialsProvider own = AwsLocal.role(self.account(), self.role());
      StsRoles roles =
          new StsRoles(config.externalId(config.registryExternalId()), clients.sts(own));
      AwsCredentialsProvider registry = clients.keep(roles.assume(registryRole(self)));
      return new Ports(
          DynamoRegistry.over(
              clients.dynamoDb(registry),
              config.table(),
              config.tableArn(GOVERNANCE),
              self.toString()),
          new S3Files(
              clients.s3(own),
              self.toString(),
              new S3Connection(config.region(), config.endpoint())),
          IamAccounts::withoutCatalogs);
    }

    @Override
    public void close() {
      clients.close();
    }
  }

  /** A registry without a time, so that tests may set the clock. */
  private record WithoutTime(Registry registry) implements Registry {
    @Override
    public Optional<Document> read(Key key) {
      return registry.read(key);
    }

    @Override
    public Page list(String partition, String sortPrefix, @Nullable String cursor) {
      return registry.list(partition, sortPrefix, cursor);
    }

    @Override
    public Outcome commit(Transaction transaction) {
      return registry.commit(transaction);
    }

    @Override
    public Outcome resolve(String partition, String attemptId) {
      return registry.resolve(partition, attemptId);
    }

    @Override
    public void close() {
      registry.close();
    }
  }

  private static Registry withoutCatalogs(String catalog) {
    throw new IllegalStateException("A central mesh has no catalog " + catalog);
  }
}
