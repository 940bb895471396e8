package io.meshwork.aws;

import io.meshwork.PrincipalCredentials.Ports;
import io.meshwork.aws.RegistrySessions.RegistrySession;
import io.meshwork.aws.internal.dynamo.DynamoRegistry;
import io.meshwork.aws.internal.dynamo.RegistryCaller;
import io.meshwork.aws.internal.s3.LakeFormationFiles;
import io.meshwork.aws.internal.s3.S3Files;
import io.meshwork.aws.internal.s3.VendedCredentials;
import io.meshwork.aws.internal.s3.VendedCredentials.VendedTable;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.topology.Topology;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.lakeformation.LakeFormationClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The clients of one principal. Files, and tables in the account of the principal, are used with
 * its own credentials; tables in other accounts with credentials of its registry roles. Each client
 * is opened once for an account and a region, and closed with the clients of the mesh. Thread-safe.
 */
final class PrincipalClients {
  private final AwsConfig config;
  private final AwsClients clients;
  private final AwsTimeouts timeouts;
  private final Principal principal;
  private final AwsCredentialsProvider credentials;
  private final Supplier<AwsCredentialsProvider> engine;
  private final Map<String, RegistrySession> sessions = new ConcurrentHashMap<>();
  private final Map<ClientPlace, DynamoDbClient> opened = new ConcurrentHashMap<>();

  private @Nullable LakeFormationClient lakeFormation;

  /** Where a client sends its requests. */
  private record ClientPlace(String account, String region) {}

  /**
   * Creates clients.
   *
   * @param credentials the principal's credentials
   * @param engine returns the credentials with which Lake Formation is asked, at its first request
   */
  PrincipalClients(
      AwsConfig config,
      AwsClients clients,
      AwsTimeouts timeouts,
      Principal principal,
      AwsCredentialsProvider credentials,
      Supplier<AwsCredentialsProvider> engine) {
    this.config = config;
    this.clients = clients;
    this.timeouts = timeouts;
    this.principal = principal;
    this.credentials = credentials;
    this.engine = engine;
  }

  Ports ports() {
    Registry directory = registry(TablePlace.ofDirectory(config));
    return new Ports(
        directory, files(), catalog -> registry(TablePlace.require(directory, catalog)));
  }

  /**
   * Returns the registry in a table.
   *
   * @throws io.meshwork.error.BackendException if the principal has no role in its account
   */
  Registry registry(TablePlace place) {
    DynamoDbClient client =
        opened.computeIfAbsent(
            new ClientPlace(place.account(), place.region()),
            where -> clients.dynamoDb(place.region(), credentials(place.account())));
    return DynamoRegistry.over(
        client,
        place.table(),
        config.tableArn(place.account()),
        caller(place.account()),
        timeouts.registry());
  }

  private S3Files files() {
    S3Client client = clients.s3(principal.account(), credentials);
    String caller = principal.toString();
    S3Connection connection =
        new S3Connection(
            config.region(), config.endpoint(), config.encryption(principal.account()));
    return config.usesLakeFormation()
        ? new LakeFormationFiles(
            client,
            caller,
            connection,
            config.trustedEngine().isPresent(),
            (catalog, table) -> vended(account(catalog), table, connection))
        : new S3Files(client, caller, connection);
  }

  /** Returns the account of the table with the registry of a catalog. */
  String account(String catalog) {
    return catalog.equals(Topology.CENTRAL)
        ? config.account()
        : TablePlace.require(registry(TablePlace.ofDirectory(config)), catalog).account();
  }

  private synchronized LakeFormationClient lakeFormation() {
    LakeFormationClient client = lakeFormation;
    if (client == null) {
      client = clients.lakeFormation(principal.account(), engine.get());
      lakeFormation = client;
    }
    return client;
  }

  /** Returns the files of a table in the data catalog of an account. */
  private S3Files vended(String account, TableName table, S3Connection connection) {
    String name = table.namespace() + "." + table.table();
    VendedCredentials vended =
        new VendedCredentials(
            this::lakeFormation,
            principal,
            new VendedTable(
                config.names().glue(account, "table/" + table.namespace() + "/" + table.table()),
                name),
            config.trustedEngine(),
            clients.clock());
    return new S3Files(
        clients.s3(vended),
        principal + ", with the credentials of Lake Formation for " + name,
        new VendedConnection(connection, vended));
  }

  private AwsCredentialsProvider credentials(String account) {
    return isOwn(account) ? credentials : session(account);
  }

  private RegistryCaller caller(String account) {
    return isOwn(account) ? RegistryCaller.named(principal.toString()) : session(account);
  }

  private boolean isOwn(String account) {
    return account.equals(principal.account());
  }

  private RegistrySession session(String account) {
    return sessions.computeIfAbsent(
        account,
        connected -> {
          RegistrySession session =
              new RegistrySessions(config, clients.sts(principal.account(), credentials), principal)
                  .assume(connected);
          clients.keep(session);
          return session;
        });
  }
}
