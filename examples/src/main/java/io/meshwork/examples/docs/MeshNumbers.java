package io.meshwork.examples.docs;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.OnViolation;
import io.meshwork.local.LocalMesh;
import io.meshwork.micrometer.MicrometerMeters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;

/** The meters of a mesh, in a Micrometer registry. */
public final class MeshNumbers {
  private MeshNumbers() {}

  /** Runs in the folder of the argument. */
  public static void main(String[] arguments) {
    Path folder = Folder.of(arguments);
    // tag::meters[]
    MeterRegistry registry = new SimpleMeterRegistry(); // or the one of Prometheus, CloudWatch, …
    try (Mesh mesh = LocalMesh.builder(folder).meters(MicrometerMeters.over(registry)).open()) {
      MeshClient commerce = Orders.define(mesh, OnViolation.QUARANTINE);
      commerce.publish("commerce/orders").records(Orders.WITH_A_BAD_ROW).commit();
      System.out.println(
          registry.get("meshwork.records_processed").tag("product", "orders").counter().count());
      System.out.println(registry.get("meshwork.quality_score").gauge().value());
    }
    // end::meters[]
  }
}
