package io.meshwork.aws;

import io.meshwork.aws.internal.EventProvider;
import io.meshwork.aws.internal.MetricsProvider;
import io.meshwork.aws.internal.ServiceClient;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.notice.Notifier;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Clients with the credentials of this process. Each account has its own limits, so that one whose
 * service is slow or overloaded does not delay another. Thread-safe.
 */
final class OwnServiceClients implements EventProvider.OwnClients {
  private final AwsClients clients;
  private final AwsCredentialsProvider credentials;
  private final Map<AccountClient, SdkAutoCloseable> open = new ConcurrentHashMap<>();

  private record AccountClient(String account, Class<?> type) {}

  private OwnServiceClients(AwsClients clients, AwsCredentialsProvider credentials) {
    this.clients = clients;
    this.credentials = credentials;
  }

  /** Returns the notifier of the module that is on the class path. */
  static Notifier notifier(
      AwsConfig config, AwsClients clients, AwsCredentialsProvider credentials) {
    return events("notices by EventBridge")
        .notifier(config.meshName(), config.names(), new OwnServiceClients(clients, credentials));
  }

  /** Returns the metrics of the module that is on the class path. */
  static MetricsProvider metrics() {
    return provider(MetricsProvider.class, MeshAction.of(Verb.WRITE, "metrics to CloudWatch"));
  }

  /**
   * Returns the events of the module that is on the class path.
   *
   * @param delivered what it delivers
   */
  static EventProvider events(String delivered) {
    return provider(EventProvider.class, MeshAction.of(Verb.DELIVER, delivered));
  }

  private static <P> P provider(Class<P> type, MeshAction action) {
    return ServiceLoader.load(type, type.getClassLoader())
        .findFirst()
        .orElseThrow(
            () ->
                Failure.of(action)
                    .because("the jar of mesh-aws-operations is not on the class path")
                    .state("Nothing was sent.")
                    .fix(
                        "Add the dependency io.meshwork:mesh-aws-operations, with the version of"
                            + " mesh-bom.")
                    .invalidRequest(ErrorCode.CONFIG_INVALID));
  }

  @Override
  public <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C extends SdkAutoCloseable>
      C client(String account, ServiceClient<B, C> service) {
    return service
        .type()
        .cast(
            open.computeIfAbsent(
                new AccountClient(account, service.type()),
                opened -> clients.open(service, account, credentials)));
  }
}
