package io.meshwork.aws.internal.event;

import io.meshwork.aws.internal.EventProvider;
import io.meshwork.aws.internal.ResourceNames;
import io.meshwork.aws.internal.RoleSessions;
import io.meshwork.internal.mirror.ChangeQueue;
import io.meshwork.notice.Notifier;
import io.meshwork.product.Principal;

/**
 * The notifier and the queue of this module, which mesh-aws finds by {@code ServiceLoader}.
 * Stateless.
 */
public final class EventBridgeProvider implements EventProvider {
  /** Creates it. {@code ServiceLoader} calls this. */
  public EventBridgeProvider() {}

  @Override
  public Notifier notifier(String mesh, ResourceNames names, OwnClients clients) {
    return new EventBridgeNotifier(mesh, names, clients);
  }

  @Override
  public ChangeQueue changes(String mesh, ResourceNames names, RoleSessions roles, Principal self) {
    return new SqsChangeQueue(mesh, names, roles, self);
  }
}
