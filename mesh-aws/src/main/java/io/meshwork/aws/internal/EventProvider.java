package io.meshwork.aws.internal;

import io.meshwork.internal.mirror.ChangeQueue;
import io.meshwork.notice.Notifier;
import io.meshwork.product.Principal;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Events and notices by EventBridge, and the queue of changes in SQS, which the module
 * mesh-aws-operations provides. Found by {@code ServiceLoader}.
 */
public interface EventProvider {
  /** Opens clients with the credentials of this process. Thread-safe. */
  interface OwnClients {
    /**
     * Opens a client, once for each account and service.
     *
     * @param account the account of the resources, for which the calls are limited
     */
    <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C extends SdkAutoCloseable>
        C client(String account, ServiceClient<B, C> service);
  }

  /**
   * Returns the notifier of a mesh.
   *
   * @param mesh its name
   */
  Notifier notifier(String mesh, ResourceNames names, OwnClients clients);

  /**
   * Returns the queue that says what changed in a mesh.
   *
   * @param mesh its name
   * @param self the role of this process, in whose account the queue is
   */
  ChangeQueue changes(String mesh, ResourceNames names, RoleSessions roles, Principal self);
}
