package io.meshwork.internal.conformance.process;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Batch;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.nio.file.Path;

/**
 * An application that uses a mesh. {@link ClassLoadersTest} starts it in a separate class loader.
 */
public final class MeshOfLoader {
  private MeshOfLoader() {}

  /** Opens a mesh in a folder, uses it, closes it, and returns the rows that it read. */
  public static long run(String folder) {
    try (Mesh mesh = LocalMesh.open(Path.of(folder))) {
      MeshClient shop = mesh.clientAs(Principal.of("commerce", "etl"));
      shop.registerDomain("commerce").owner("shop@example.org").commit();
      shop.defineProduct("commerce/orders").contract(Contract.of(Order.class)).commit();
      shop.publish("commerce/orders").records(Order.range(0, 100)).commit();
      shop.erase("commerce/orders").where("id < 10").because("asked to").commit();
      try (Batch<Order> batch =
          shop.subscribe("commerce/orders")
              .name("copy")
              .purpose("A copy")
              .as(Order.class)
              .commit()
              .poll()) {
        batch.ack();
      }
      mesh.maintain().commit();
      if (!mesh.doctor().problems().isEmpty()) {
        return -1;
      }
      try (Rows<Order> rows = shop.read("commerce/orders").as(Order.class).rows()) {
        return rows.stream().count();
      }
    }
  }
}
