package io.meshwork.internal.conformance.process.names;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import io.meshwork.contract.Contract;
import io.meshwork.contract.OnViolation;
import io.meshwork.contract.Partition;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What each machine must do, as the main class of a child process: prints lines that are the same
 * on all of them.
 */
public final class MachineScenario {
  private static final String ORDERS = "commerce/orders";
  private static final List<String> CITIES =
      List.of(
          "DE", "de", "De", "a*b", "U.S.", "St...", "con", "x ", "q?", "Z\u00fcrich", "..", ".");

  private MachineScenario() {}

  public record CityOrder(String id, String city, double amount) {}

  /**
   * Runs all steps.
   *
   * @param arguments a folder, the folder of a lake, and {@code plain} if {@code java.io.File} and
   *     SQLite find what the paths say, or {@code examined} if only the mesh that is there is read
   */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    Path lake = Path.of(arguments[1]);
    if (arguments.length > 2 && arguments[2].equals("examined")) {
      examine(folder);
      return;
    }
    boolean isPlain = arguments.length > 2;
    Path mesh = folder.resolve("mesh");
    Instant[] now = {Instant.parse("2026-03-29T00:30:00Z")};
    try (Mesh open = open(mesh, lake, () -> now[0])) {
      define(open);
      publish(open, CITIES);
      for (String city : CITIES) {
        publish(open, List.of(city));
      }
      System.out.println("rows " + count(open, ORDERS) + ", " + open.doctor().problems());
      now[0] = now[0].plus(Duration.ofDays(9));
      commerce(open).erase(ORDERS).where("city = 'de'").because("A request").withProof().commit();
      open.maintain().commit();
      System.out.println("left " + count(open, ORDERS) + ", " + open.doctor().problems());
      if (isPlain) {
        publishFiles(open, lake);
      }
      System.out.println("backup " + LocalMesh.backUp(mesh, folder.resolve("backup")).damage());
      onboard(open, lake);
    }
    readAgain(folder.resolve("backup"), lake);
    if (isPlain) {
      copy(mesh, folder.resolve("copy"));
      readAgain(folder.resolve("copy"), lake);
    }
    System.out.println("done " + Clock.fixed(now[0], ZoneOffset.UTC).instant());
  }

  /** Publishes rows in a folder for each city, in a new mesh. */
  public static void publishIn(Path mesh, List<String> cities) {
    try (Mesh open = LocalMesh.builder(mesh).open()) {
      define(open);
      publish(open, cities);
    }
  }

  private static void examine(Path folder) {
    Path backup = folder.resolve("backup");
    try (Mesh open = LocalMesh.builder(folder.resolve("mesh")).open()) {
      System.out.println("rows " + count(open, ORDERS) + ", " + codes(open.doctor().problems()));
    }
    System.out.println(
        "backup " + codes(LocalMesh.backUp(folder.resolve("mesh"), backup).damage()));
    try (Mesh open = LocalMesh.builder(backup).open()) {
      System.out.println("again " + count(open, ORDERS));
    }
  }

  private static List<FindingCode> codes(List<Finding> findings) {
    return findings.stream().map(Finding::code).toList();
  }

  private static void define(Mesh mesh) {
    commerce(mesh).registerDomain("commerce").owner("o@example.org").commit();
    commerce(mesh)
        .defineProduct(ORDERS)
        .contract(
            Contract.of(CityOrder.class)
                .onViolation(OnViolation.QUARANTINE)
                .maxQuarantineShare(100))
        .partitionBy(Partition.identity("city"))
        .commit();
  }

  private static Mesh open(Path mesh, Path lake, InstantSource clock) {
    return LocalMesh.builder(mesh, Map.of("lake", lake)).clock(clock).open();
  }

  private static MeshClient commerce(Mesh mesh) {
    return mesh.clientAs(Principal.of("commerce", "etl"));
  }

  private static void publish(Mesh mesh, List<String> cities) {
    List<CityOrder> orders = new ArrayList<>();
    cities.forEach(city -> orders.add(new CityOrder(city, city, 1.5)));
    commerce(mesh).publish(ORDERS).records(orders).commit();
  }

  /** The files of the lake have each compression. */
  private static void publishFiles(Mesh mesh, Path lake) throws IOException {
    try (Stream<Path> files = Files.list(lake)) {
      Path[] parquet = files.sorted().toArray(Path[]::new);
      commerce(mesh)
          .defineProduct("commerce/copied")
          .contract(Contract.fromParquet(parquet[0]))
          .commit();
      commerce(mesh).publish("commerce/copied").files(parquet).commit();
      System.out.println("files " + count(mesh, "commerce/copied"));
    }
  }

  private static void onboard(Mesh mesh, Path lake) {
    String path = lake.toString().replace('\\', '/');
    String uri = path.startsWith("/") ? "file://" + path : "file:///" + path;
    commerce(mesh).onboard("commerce/lake").from(uri).commit();
    System.out.println("lake " + count(mesh, "commerce/lake"));
  }

  private static long count(Mesh mesh, String product) {
    try (Rows<Map<String, Object>> rows = commerce(mesh).read(product).asMaps().rows()) {
      return rows.stream().count();
    }
  }

  private static void readAgain(Path folder, Path lake) {
    try (Mesh mesh = open(folder, lake, InstantSource.system())) {
      System.out.println("again " + count(mesh, ORDERS) + ", " + mesh.doctor().problems());
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.sorted().toList()) {
        Files.copy(file, to.resolve(from.relativize(file).toString()));
      }
    }
  }
}
