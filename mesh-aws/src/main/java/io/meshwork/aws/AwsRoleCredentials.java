package io.meshwork.aws;

import io.meshwork.PrincipalCredentials;
import io.meshwork.aws.internal.AwsFailure;
import io.meshwork.aws.internal.MirrorProvider;
import io.meshwork.aws.internal.OperationsModule;
import io.meshwork.aws.internal.RoleSessions;
import io.meshwork.aws.internal.ServiceClient;
import io.meshwork.aws.internal.s3.S3Failure;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.metrics.MetricsBackend;
import io.meshwork.internal.metrics.MetricsSink;
import io.meshwork.internal.mirror.ChangeQueue;
import io.meshwork.internal.mirror.Mirror;
import io.meshwork.internal.mirror.MirrorBackend;
import io.meshwork.internal.mirror.MirroredCatalog;
import io.meshwork.internal.rights.RightsMirror;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.meter.Meters;
import io.meshwork.product.Principal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** Acts as roles of IAM: as the role that STS confirms, and as roles that it may assume. */
final class AwsRoleCredentials
    implements PrincipalCredentials, MirrorBackend, MetricsBackend, RoleSessions {
  /** For the limits of the call that returns the account of the process. */
  static final String UNKNOWN_ACCOUNT = "self";

  private final AwsConfig config;
  private final AwsClients clients;
  private final AwsTimeouts timeouts;
  private final StsRoles roles;
  private final Principal self;
  private final AwsCredentialsProvider credentials;
  private final @Nullable Function<Principal, RoleSession> sessions;
  private final PrincipalClients own;
  private final MirrorProvider mirrors = AbsentMirrors.orPresent();
  private final Map<RoleClient, SdkAutoCloseable> serviceClients = new ConcurrentHashMap<>();
  private final Map<Principal, LakeFormationClient> lakeFormationClients =
      new ConcurrentHashMap<>();

  private final Map<Principal, S3Client> s3Clients = new ConcurrentHashMap<>();

  /** A client of a service that a role uses. */
  private record RoleClient(Principal role, Class<?> type) {}

  private AwsRoleCredentials(
      AwsConfig config,
      AwsClients clients,
      AwsTimeouts timeouts,
      StsRoles roles,
      Principal self,
      AwsCredentialsProvider credentials,
      @Nullable Function<Principal, RoleSession> sessions) {
    this.config = config;
    this.clients = clients;
    this.timeouts = timeouts;
    this.roles = roles;
    this.self = self;
    this.credentials = credentials;
    this.sessions = sessions;
    this.own = of(self, credentials);
  }

  /**
   * As {@link #of(AwsConfig, AwsCredentialsProvider, ControlPlane, AwsTimeouts)}, with defaults.
   */
  static AwsRoleCredentials of(AwsConfig config, AwsCredentialsProvider credentials) {
    return of(
        config,
        credentials,
        new ControlPlane(MeshRuntime.systemClock(), Meters.none()),
        AwsTimeouts.STANDARD);
  }

  /**
   * Asks STS who this process is.
   *
   * @throws AccessDeniedException NOT_THIS_PRINCIPAL if it is not a role
   */
  static AwsRoleCredentials of(
      AwsConfig config,
      AwsCredentialsProvider credentials,
      ControlPlane controlPlane,
      AwsTimeouts timeouts) {
    AwsClients clients = new AwsClients(config, controlPlane, timeouts);
    if (credentials instanceof SdkAutoCloseable closeable) {
      clients.keep(closeable);
    }
    try {
      checkFound(config, credentials);
      Principal self = new StsRoles(config, clients.sts(UNKNOWN_ACCOUNT, credentials)).self();
      StsRoles roles = new StsRoles(config, clients.sts(self.account(), credentials));
      return new AwsRoleCredentials(config, clients, timeouts, roles, self, credentials, null);
    } catch (RuntimeException e) {
      clients.close();
      throw e;
    }
  }

  /** The first request reports other failures of the credentials, and names its service. */
  private static void checkFound(AwsConfig config, AwsCredentialsProvider credentials) {
    try {
      credentials.resolveCredentials();
    } catch (AbortedException e) {
      throw StsRoles.failed(Failure.of(opening(config)).cause(e), e);
    } catch (SdkClientException e) {
      if (!AwsFailure.isLostConnection(e)) {
        throw Failure.of(opening(config))
            .because("the AWS SDK found no credentials of this process")
            .fix(
                "No provider gave credentials; the cause lists why. If a profile is set, sign in,"
                    + " or allow its role to be assumed. Otherwise, set AWS_PROFILE to a profile"
                    + " with a role, or run the process where it has a role, such as on EC2, ECS,"
                    + " EKS, or Lambda.")
            .cause(e)
            .lasting(ErrorCode.BACKEND_FAILED);
      }
    }
  }

  private static MeshAction opening(AwsConfig config) {
    return MeshAction.of(Verb.OPEN, "the " + config);
  }

  @Override
  public Principal self() {
    return self;
  }

  @Override
  public boolean isGovernance() {
    return self.account().equals(config.account());
  }

  @Override
  public boolean isAccount(String name) {
    return AwsConfig.isAccount(name);
  }

  /**
   * Returns the ports of a role of any account.
   *
   * @throws AccessDeniedException NOT_THIS_PRINCIPAL if it is not a role of an AWS account, or STS
   *     denies it
   */
  @Override
  public Ports as(Principal principal) {
    if (!isAccount(principal.account())) {
      throw Failure.of(MeshAction.of(Verb.ACT, principal + " on AWS"))
          .because("'" + principal.account() + "' is not an AWS account")
          .fix("Use the 12 digits of an account and the name of a role.")
          .accessDenied(ErrorCode.NOT_THIS_PRINCIPAL, "a role of an AWS account", List.of());
    }
    return principal.equals(self)
        ? own.ports()
        : of(principal, clients.keep(roles.assume(principal))).ports();
  }

  /**
   * Returns what a process of a role can do, with its own clients.
   *
   * @return credentials, to be closed before these
   * @throws AccessDeniedException NOT_THIS_PRINCIPAL if STS does not let this process assume it
   */
  AwsRoleCredentials process(Principal role) {
    return of(
        config,
        roles.assumeAsProcess(role),
        new ControlPlane(clients.clock(), Meters.none()),
        timeouts);
  }

  /** Returns the same credentials with separate clients, which a mesh closes. */
  AwsRoleCredentials separate() {
    return separate(sessions);
  }

  /**
   * Returns the same credentials with separate clients, and with sessions that another process
   * opens.
   *
   * @param opened opens the session of a role; null if these credentials do
   */
  AwsRoleCredentials separate(@Nullable Function<Principal, RoleSession> opened) {
    AwsClients others = clients.separate();
    return new AwsRoleCredentials(
        config,
        others,
        timeouts,
        new StsRoles(config, others.sts(self.account(), credentials)),
        self,
        credentials,
        opened);
  }

  /** Lake Formation knows a trusted engine by a session of the principal with a tag. */
  private PrincipalClients of(Principal principal, AwsCredentialsProvider session) {
    return new PrincipalClients(
        config,
        clients,
        timeouts,
        principal,
        session,
        () ->
            config
                .trustedEngine()
                .<AwsCredentialsProvider>map(
                    value -> clients.keep(roles.assumeAsEngine(principal, value)))
                .orElse(session));
  }

  /** Returns the account of the table with the registry of a catalog. */
  @Override
  public String account(String catalog) {
    return own.account(catalog);
  }

  @Override
  public List<Mirror> mirrors(MirroredCatalog catalog) {
    return mirrors.mirrors(
        catalog,
        config.mirrors(),
        config.contractMirrors(),
        config.openData(),
        this,
        () ->
            catalog.session().catalog().catalogs().stream()
                .map(this::account)
                .collect(Collectors.toSet()));
  }

  @Override
  public ChangeQueue changes() {
    return OperationsModule.events("changes by SQS")
        .changes(config.meshName(), config.names(), this, self);
  }

  @Override
  public Optional<RightsMirror> rights() {
    return config.mirrors().lakeFormation()
        ? Optional.of(mirrors.rights(config.mirrors(), this::account))
        : Optional.empty();
  }

  @Override
  public Optional<MetricsSink> metrics() {
    return config.usesCloudWatch()
        ? Optional.of(OperationsModule.metrics().sink(config.metrics(), this, self))
        : Optional.empty();
  }

  @Override
  public <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C extends SdkAutoCloseable>
      C client(Principal principal, ServiceClient<B, C> service) {
    return service
        .type()
        .cast(
            serviceClients.computeIfAbsent(
                new RoleClient(principal, service.type()),
                opened -> clients.open(service, principal.account(), credentialsOf(principal))));
  }

  @Override
  public LakeFormationClient lakeFormation(Principal principal) {
    return lakeFormationClients.computeIfAbsent(
        principal, role -> clients.lakeFormation(role.account(), credentialsOf(role)));
  }

  @Override
  public S3Client s3(Principal principal) {
    return s3Clients.computeIfAbsent(
        principal, role -> clients.s3Administration(role.account(), credentialsOf(role)));
  }

  @Override
  public RoleSession session(Principal principal) {
    if (sessions != null) {
      return sessions.apply(principal);
    }
    AwsClients session = clients.separate();
    try {
      return new OpenedSession(session, principal.account(), credentialsOf(principal, session));
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  private AwsCredentialsProvider credentialsOf(Principal role) {
    return credentialsOf(role, clients);
  }

  private AwsCredentialsProvider credentialsOf(Principal role, AwsClients keeping) {
    return role.equals(self) ? credentials : keeping.keep(roles.assume(role));
  }

  /** Returns the clients of this process. */
  PrincipalClients own() {
    return own;
  }

  /** Returns a client of S3 for administrative requests of this process. */
  S3Client s3() {
    return clients.s3Administration(self.account(), credentials);
  }

  /** Returns a client for administrative requests of this process, in its account. */
  DynamoDbClient dynamoDb() {
    return clients.dynamoDbAdministration(self.account(), credentials);
  }

  /** Lists the deleted files of the bucket of the account of this process. */
  DeletedFiles deletedFiles() {
    S3Failure failure = new S3Failure(self.toString(), Region.of(config.region()));
    return DeletedFiles.of(clients.s3(credentials), failure, config.bucketIn(self.account()));
  }

  @Override
  public void close() {
    clients.close();
  }
}
