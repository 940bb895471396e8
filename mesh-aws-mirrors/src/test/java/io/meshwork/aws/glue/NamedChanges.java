package io.meshwork.aws.glue;

import io.meshwork.aws.internal.EventProvider;
import io.meshwork.aws.internal.ResourceNames;
import io.meshwork.aws.internal.RoleSessions;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.mirror.ChangeQueue;
import io.meshwork.notice.Notifier;
import io.meshwork.product.Principal;
import java.time.Duration;
import java.util.List;

/** Changes whose messages are the type of an event, a space, and its subject, without a queue. */
public final class NamedChanges implements EventProvider {
  /** Creates it. {@code ServiceLoader} calls this. */
  public NamedChanges() {}

  @Override
  public Notifier notifier(String mesh, ResourceNames names, OwnClients clients) {
    throw new IllegalStateException("these tests send no events");
  }

  @Override
  public ChangeQueue changes(String mesh, ResourceNames names, RoleSessions roles, Principal self) {
    return new ChangeQueue() {
      @Override
      public List<Change> receive(Duration wait) {
        return List.of();
      }

      @Override
      public Change change(String receipt, String body) {
        int space = body.indexOf(' ');
        return new Change(
            receipt, MeshEvent.Type.of(body.substring(0, space)), body.substring(space + 1));
      }

      @Override
      public void remove(List<Change> changes) {}
    };
  }
}
