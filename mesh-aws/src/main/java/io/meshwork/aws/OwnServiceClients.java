package io.meshwork.aws;

import io.meshwork.aws.internal.EventProvider;
import io.meshwork.aws.internal.ServiceClient;
import java.util.Map;
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

  OwnServiceClients(AwsClients clients, AwsCredentialsProvider credentials) {
    this.clients = clients;
    this.credentials = credentials;
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
