package io.meshwork.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Read;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.internal.conformance.fixture.WatchedLogs;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry;
import io.meshwork.topology.Topology;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Meshes with several catalogs, and the shared methods of their suites. Each suite extends it. */
abstract class TopologyFixture {
  static final String SALES = "commerce/sales";

  final WatchedLogs logs = new WatchedLogs();

  /** A row of the shared product. */
  record Sale(long id, String country, long cents) {
    static List<Sale> range(long from, long to) {
      return LongStream.range(from, to)
          .mapToObj(id -> new Sale(id, id % 2 == 0 ? "SE" : "DE", 100 * id))
          .toList();
    }
  }

  private @Nullable TopologyConformance conformance;

  @SuppressWarnings("NullAway.Init") // JUnit creates it before each test
  @TempDir
  private Path meshFolders;

  private int meshes;

  /** A suite in the test class of a backend runs on that backend. */
  @RegisterExtension
  final BeforeEachCallback findConformance =
      test ->
          conformance =
              test.getRequiredTestInstances().findInstance(TopologyConformance.class).orElse(null);

  /** Returns the test of the backend in which this suite is nested. */
  final TopologyConformance conformance() {
    return Objects.requireNonNull(conformance, "this suite is not nested in a test of a backend");
  }

  /** Returns those of some topologies that the backend supports; aborts a test without one. */
  List<Topology> supported(List<Topology> topologies) {
    List<Topology> supported = topologies.stream().filter(conformance()::supports).toList();
    assumeTrue(!supported.isEmpty(), () -> "the backend supports none of " + topologies);
    return supported;
  }

  Mesh.Builder mesh() {
    try {
      return conformance()
          .backend()
          .newMesh(Files.createDirectory(meshFolders.resolve("mesh-" + ++meshes)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** After each test, all log entries are valid against the schema of events. */
  @AfterEach
  void everyEntryOfEveryLogFollowsTheSchema() {
    assertThat(logs.faults()).as("entries of logs against docs/schemas/event-1.json").isEmpty();
  }

  VirtualWorld world(Topology shape) {
    return world(shape, logs::watching);
  }

  VirtualWorld world(Topology shape, UnaryOperator<Registry> watching) {
    supported(List.of(shape));
    return VirtualWorld.in(mesh(), shape, watching);
  }

  static <T> List<T> all(Read<T> read) {
    try (Rows<T> rows = read.rows()) {
      return rows.stream().toList();
    }
  }

  static void define(VirtualWorld world, String product) {
    MeshClient steward = world.as(ProductName.of(product).domain(), "steward");
    steward.defineProduct(product).contract(Contract.of(Sale.class)).commit();
    publish(world, product, 0, 4);
  }

  static void publish(VirtualWorld world, String product, long from, long to) {
    world
        .as(ProductName.of(product).domain(), "producer")
        .publish(product)
        .records(Sale.range(from, to))
        .commit();
  }

  /** As governance, admits a domain to the catalog of a product that it does not see. */
  static void admit(VirtualWorld world, String product, String consumer) {
    String owner = ProductName.of(product).domain();
    if (!world.topology().sees(consumer, owner)) {
      world.governance().governance().admit(consumer, world.topology().catalogOf(owner)).commit();
    }
  }

  /**
   * Admits a consumer, grants the access that it needs, and creates a link in topologies that
   * require it.
   */
  static void share(VirtualWorld world, String product, String consumer) {
    String owner = ProductName.of(product).domain();
    admit(world, product, consumer);
    world
        .as(owner, "steward")
        .grant(product)
        .to(world.account(consumer).role("analyst"))
        .because("Month end")
        .commit();
    if (!world.topology().sees(consumer, owner)) {
      world.as(consumer, "analyst").linkResource(product).database(consumer + "_db").commit();
    }
  }
}
