package io.meshwork.internal.testkit;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.product.Principal;

/** A mesh of two domains: commerce has orders, and finance derives revenue from them. */
public record SampleMesh(Mesh mesh, MeshClient commerce, MeshClient finance)
    implements AutoCloseable {
  public static final String ORDERS = "commerce/orders";
  public static final String REVENUE = "finance/revenue";
  public static final Principal SHOP = Principal.of("commerce", "etl");
  public static final Principal ANALYST = Principal.of("finance", "analyst");

  /** A row of orders. */
  public record Order(String orderId, double amount, String country) {}

  /** Registers both domains in a new mesh. */
  public static SampleMesh open(Mesh.Builder builder) {
    Mesh mesh = builder.open();
    MeshClient commerce = mesh.clientAs(SHOP);
    MeshClient finance = mesh.clientAs(ANALYST);
    commerce
        .registerDomain("commerce")
        .description("Sales of the shop")
        .owner("orders@example.org")
        .commit();
    finance.registerDomain("finance").owner("finance@example.org").commit();
    return new SampleMesh(mesh, commerce, finance);
  }

  @Override
  public void close() {
    mesh.close();
  }
}
