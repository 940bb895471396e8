package io.meshwork.aws;

import io.meshwork.PrincipalCredentials;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** Acts as roles of IAM: as the one that STS confirms, and as those that it may assume. */
final class AwsRoleCredentials implements PrincipalCredentials {
  private final AwsConfig config;
  private final AwsClients clients;
  private final StsRoles roles;
  private final Principal self;
  private final AwsCredentialsProvider credentials;

  private AwsRoleCredentials(
      AwsConfig config,
      AwsClients clients,
      StsRoles roles,
      Principal self,
      AwsCredentialsProvider credentials) {
    this.config = config;
    this.clients = clients;
    this.roles = roles;
    this.self = self;
    this.credentials = credentials;
  }

  /**
   * Asks STS who this process is.
   *
   * @throws AccessDeniedException NOT_THIS_PRINCIPAL if it is not a role in the account of the mesh
   */
  static AwsRoleCredentials of(AwsConfig config, AwsCredentialsProvider credentials) {
    String account = config.account();
    AwsClients clients = new AwsClients(config);
    if (credentials instanceof SdkAutoCloseable closeable) {
      clients.keep(closeable);
    }
    try {
      StsRoles roles = new StsRoles(config, clients.sts(credentials));
      Principal self = roles.self();
      if (!self.account().equals(account)) {
        throw elsewhere(MeshAction.of(Verb.OPEN, "the " + config), self, account);
      }
      return new AwsRoleCredentials(config, clients, roles, self, credentials);
    } catch (RuntimeException e) {
      clients.close();
      throw e;
    }
  }

  @Override
  public Principal self() {
    return self;
  }

  @Override
  public Ports as(Principal principal) {
    if (!principal.account().equals(config.account())) {
      throw elsewhere(MeshAction.of(Verb.ACT, principal + " on AWS"), principal, config.account());
    }
    return ports(
        principal, principal.equals(self) ? credentials : clients.keep(roles.assume(principal)));
  }

  /** Creates the bucket and the table. */
  void makeStores() {
    new S3Bucket(clients.s3(credentials), config, self.toString()).ensure();
    DynamoTable.ensureProtected(
        clients.dynamoDb(credentials), config.table(), config.kmsKey(), self.toString());
  }

  /** Lists the deleted files of the bucket. */
  DeletedFiles deletedFiles() {
    S3Failure failure = new S3Failure(self.toString(), Region.of(config.region()));
    return DeletedFiles.of(clients.s3(credentials), failure, config.bucket());
  }

  @Override
  public void close() {
    clients.close();
  }

  private Ports ports(Principal principal, AwsCredentialsProvider provider) {
    String caller = principal.toString();
    return new Ports(
        DynamoRegistry.over(clients.dynamoDb(provider), config.table(), caller),
        new S3Files(
            clients.s3(provider), caller, new S3Connection(config.region(), config.endpoint())),
        AwsRoleCredentials::withoutCatalogs);
  }

  private static Registry withoutCatalogs(String catalog) {
    throw Failure.of(MeshAction.of(Verb.OPEN, "the catalog '" + catalog + "'"))
        .because("a mesh on AWS has one catalog")
        .fix("Use a central topology.")
        .invalidRequest(ErrorCode.CONFIG_INVALID);
  }

  private static AccessDeniedException elsewhere(
      MeshAction action, Principal principal, String account) {
    return Failure.of(action)
        .because(
            principal
                + " is in another account, and all principals of the mesh are roles in the account "
                + account)
        .fix("Use a role in the account of the mesh.")
        .accessDenied(ErrorCode.NOT_THIS_PRINCIPAL, "a role in the account " + account, List.of());
  }
}
