package io.meshwork.examples.etl;

import static io.meshwork.contract.Partition.day;
import static io.meshwork.contract.Rule.between;
import static io.meshwork.contract.Rule.inSet;
import static io.meshwork.contract.Rule.matches;
import static io.meshwork.contract.Rule.unique;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.cli.ExitCode;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.error.MeshException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;

/**
 * The producer: publishes the orders of one day exactly once, even if it runs again. Bad rows go to
 * the quarantine; if there are too many, nothing is published.
 */
public final class DailyOrders {
  /** The published product. */
  public static final String PRODUCT = "commerce/orders";

  /** The contract of the product. */
  public static final Contract CONTRACT =
      Contract.of(Order.class)
          .require(
              unique("orderId"),
              matches("orderId", "o-[0-9]+"),
              matches("country", "[A-Z]{2}"),
              inSet("status", "OPEN", "PAID", "CANCELLED"),
              between("amount", 0, 100_000))
          .onViolation(OnViolation.QUARANTINE)
          .maxQuarantineShare(20);

  private final MeshClient commerce;

  /** Creates a job with this client, which must act for the domain {@code commerce}. */
  public DailyOrders(MeshClient commerce) {
    this.commerce = commerce;
  }

  /** Defines the product; does nothing if it is there. */
  public void define() {
    commerce
        .defineProduct(PRODUCT)
        .description("Orders of the shop, as of the end of each day")
        .contract(CONTRACT)
        .partitionBy(day("placedAt"))
        .openToMesh()
        .commit();
  }

  /** Publishes the orders of a day from the shop's file. */
  public PublishReceipt publish(LocalDate day, Path file) throws IOException {
    return publish(day, OrdersFile.read(file));
  }

  /** Publishes the orders of a day. */
  public PublishReceipt publish(LocalDate day, List<Order> orders) {
    return commerce.publish(PRODUCT).records(orders).idempotencyKey("orders-" + day).commit();
  }

  /** Runs on a mesh in a folder: {@code FOLDER DAY FILE}. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 3 || arguments[0].startsWith("-")) {
      System.err.println("Usage: daily-orders FOLDER DAY FILE");
      System.exit(ExitCode.WRONG_REQUEST);
    }
    try (Mesh mesh = LocalMesh.open(Path.of(arguments[0]))) {
      MeshClient commerce = mesh.clientAs(Principal.of("commerce", "etl"));
      commerce.registerDomain("commerce").owner("orders@example.org").commit();
      DailyOrders job = new DailyOrders(commerce);
      job.define();
      System.out.println(job.publish(LocalDate.parse(arguments[1]), Path.of(arguments[2])));
    } catch (MeshException e) {
      System.err.println(e.getMessage());
      System.exit(ExitCode.of(e));
    }
  }
}
