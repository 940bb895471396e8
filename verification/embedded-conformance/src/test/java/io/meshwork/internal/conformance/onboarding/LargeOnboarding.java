package io.meshwork.internal.conformance.onboarding;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.error.AlreadyExistsException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.publish.PublishReceipt;
import java.nio.file.Path;
import java.util.Map;

/**
 * A process that onboards a folder in commits of so many files. It prints how many files are
 * registered after each commit, and at its end the rows of the product and of its last receipt. Its
 * heap is a parameter of the test.
 */
public final class LargeOnboarding {
  private static final String PRODUCT = "plant/readings";

  private LargeOnboarding() {}

  /** Arguments: the folder of the mesh, that of the files, and the files of one commit. */
  public static void main(String[] arguments) {
    Path files = Path.of(arguments[1]);
    try (Mesh mesh =
        LocalMesh.builder(Path.of(arguments[0]), Map.of("lake", files.getParent())).open()) {
      MeshClient plant = mesh.clientAs(Principal.of("plant", "etl"));
      try {
        plant.registerDomain("plant").owner("plant@example.org").commit();
      } catch (AlreadyExistsException e) {
        // by the process that was killed
      }
      PublishReceipt receipt =
          plant
              .onboard(PRODUCT)
              .from(files)
              .filesPerCommit(Integer.parseInt(arguments[2]))
              .onProgress(
                  (phase, done, total) -> {
                    if (phase.equals("files")) {
                      System.out.println("files " + done);
                    }
                  })
              .commit();
      System.out.println(
          plant.read(PRODUCT).snapshots().get(0).rows().orElseThrow()
              + " "
              + receipt.rowsAccepted());
    }
  }
}
