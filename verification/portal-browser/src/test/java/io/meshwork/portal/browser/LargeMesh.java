package io.meshwork.portal.browser;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.product.Snapshot;
import io.meshwork.publish.Publish;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/** A mesh of 300 products in 12 domains, each of which derives a product from the one before. */
final class LargeMesh implements AutoCloseable {
  static final int DOMAINS = 12;
  static final int PRODUCTS_OF_A_DOMAIN = 25;
  static final String DERIVED = "domain_07/product_00";

  private static final Principal VISITOR = Principal.of("visitor", "viewer");

  private final Mesh mesh;

  record Reading(String stationId, LocalDate day, double level, String quality) {}

  private LargeMesh(Mesh mesh) {
    this.mesh = mesh;
  }

  static LargeMesh in(Path folder) {
    LargeMesh large = new LargeMesh(LocalMesh.builder(folder).open());
    for (int domain = 0; domain < DOMAINS; domain++) {
      large.addDomain(domain);
    }
    return large;
  }

  private void addDomain(int number) {
    MeshClient owner = client(number);
    owner
        .registerDomain(name(number))
        .description("Readings of region " + number)
        .owner("region-" + number + "@example.org")
        .commit();
    for (int product = 0; product < PRODUCTS_OF_A_DOMAIN; product++) {
      owner
          .defineProduct(product(number, product))
          .contract(
              Contract.of(Reading.class)
                  .description("Water levels of river " + product + " in region " + number)
                  .describeColumns(
                      Map.of(
                          "stationId",
                          "Number of the station " + number + "-" + product,
                          "level",
                          "Level in metres above the zero point of the station"))
                  .primaryKey("stationId", "day")
                  .freshWithin(Duration.ofHours(26)))
          .openToMesh()
          .commit();
    }
    Publish<Reading> publish =
        owner
            .publish(product(number, 0))
            .records(List.of(new Reading("s-1", LocalDate.EPOCH, 1.5, "measured")));
    if (number > 0) {
      Snapshot before = owner.read(product(number - 1, 0)).snapshots().get(0);
      publish.derivedFrom(before, "stationId=stationId", "level=level");
    }
    publish.commit();
  }

  private static String name(int domain) {
    return "domain_%02d".formatted(domain);
  }

  private static String product(int domain, int product) {
    return "%s/product_%02d".formatted(name(domain), product);
  }

  private MeshClient client(int domain) {
    return mesh.clientAs(Principal.of(name(domain), "etl"));
  }

  /** Returns the client of a viewer that acts for no domain. */
  MeshClient visitor() {
    return mesh.clientAs(VISITOR);
  }

  @Override
  public void close() {
    mesh.close();
  }
}
