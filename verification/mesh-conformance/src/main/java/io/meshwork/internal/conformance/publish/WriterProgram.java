package io.meshwork.internal.conformance.publish;

import io.meshwork.Mesh;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Writers of one process, each with a mesh of the same folder. */
final class WriterProgram {
  private WriterProgram() {}

  /**
   * Arguments: the folder, the product, the number of the first writer, how many writers, and how
   * many publishes of one row each. Prints a line when all meshes are open, and begins once it can
   * read one. Fails if a publish fails.
   */
  public static void main(String[] arguments) throws Exception {
    int first = Integer.parseInt(arguments[2]);
    int writers = Integer.parseInt(arguments[3]);
    int publishes = Integer.parseInt(arguments[4]);
    List<Mesh> meshes = new ArrayList<>();
    ExecutorService executor = Executors.newFixedThreadPool(writers);
    try {
      List<Callable<Void>> all = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        Mesh mesh = LocalMesh.open(Path.of(arguments[0]));
        meshes.add(mesh);
        long from = (long) (first + i) * publishes;
        all.add(() -> publish(mesh, arguments[1], from, from + publishes));
      }
      System.out.println("ready");
      System.in.read();
      for (Future<Void> done : executor.invokeAll(all)) {
        done.get();
      }
    } finally {
      executor.shutdownNow();
      meshes.forEach(Mesh::close);
    }
  }

  private static Void publish(Mesh mesh, String product, long from, long to) {
    for (long id = from; id < to; id++) {
      mesh.clientAs(Principal.of("commerce", "etl"))
          .publish(product)
          .records(Order.range(id, id + 1))
          .commit();
    }
    return null;
  }
}
