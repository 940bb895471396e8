package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.OnViolation;
import io.meshwork.event.MeshEvent;
import io.meshwork.local.LocalMesh;
import io.meshwork.notice.Notifier;
import java.nio.file.Path;

/** Events of a product, and notices in an outbox and on the console. */
public final class EventsAndNotices {
  private EventsAndNotices() {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    Path folder = Folder.of(arguments);
    // tag::notifying[]
    try (Mesh mesh =
        LocalMesh.builder(folder.resolve("mesh"))
            .notifier("outbox", Notifier.toOutbox(folder.resolve("outbox")))
            .notifier("console", notice -> System.out.println(notice.id() + " to " + notice.to()))
            .open()) {
      // end::notifying[]
      MeshClient commerce = Orders.define(mesh, OnViolation.QUARANTINE);
      commerce
          .subscribe("commerce/orders")
          .name("revenue")
          .purpose("Revenue by day")
          .contact("revenue@example.org")
          .commit();
      commerce.publish("commerce/orders").records(Orders.WITH_A_BAD_ROW).commit();
      // tag::deliver[]
      System.out.println(mesh.deliverNotices());
      // end::deliver[]
      // tag::events[]
      long position = 1; // stored by the caller, such as in a file
      for (MeshEvent event : commerce.events("commerce/orders").after(position).list()) {
        if (event.type() == MeshEvent.Type.PRODUCT_PUBLISHED) {
          System.out.println(
              event.id()
                  + " "
                  + event.typeName()
                  + ": "
                  + event.details().get("rowsAccepted")
                  + " added, "
                  + event.details().get("rowsQuarantined")
                  + " quarantined");
        }
        position = event.sequence();
      }
      // end::events[]
    }
  }
}
