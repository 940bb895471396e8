package io.meshwork.internal.conformance.publish;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.internal.conformance.publish.WriterProcesses.Span;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Writers of one process, which share its mesh or have one each, of the same folder. */
final class WriterProgram {
  private WriterProgram() {}

  /**
   * Arguments: the folder, the number of the first writer, how many writers, how many publishes of
   * one row each, how many to other products before, and how many meshes they share. Prints a line
   * when all meshes are open, and begins once its input ends. Then prints a line for each publish.
   * Fails if one fails.
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    int first = Integer.parseInt(arguments[1]);
    int writers = Integer.parseInt(arguments[2]);
    int publishes = Integer.parseInt(arguments[3]);
    List<Mesh> meshes = new ArrayList<>();
    ExecutorService executor = Executors.newFixedThreadPool(writers);
    try {
      warmUp(executor, folder, first, writers, Integer.parseInt(arguments[4]));
      for (int i = 0; i < Integer.parseInt(arguments[5]); i++) {
        meshes.add(LocalMesh.open(folder));
      }
      List<Callable<List<Span>>> all = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        Mesh mesh = meshes.get(i % meshes.size());
        long from = (long) (first + i) * publishes;
        all.add(() -> publish(mesh, WriterProcesses.ORDERS, from, from + publishes));
      }
      System.out.println("ready");
      awaitEndOfInput();
      for (Future<List<Span>> done : executor.invokeAll(all)) {
        done.get().forEach(System.out::println);
      }
    } finally {
      executor.shutdownNow();
      meshes.forEach(Mesh::close);
    }
  }

  private static void awaitEndOfInput() throws IOException {
    while (System.in.read() >= 0) {
      // only its end counts
    }
  }

  /**
   * Publishes to products that the writers of all processes share, so that classes are loaded and
   * compiled, also those for changes beside each other.
   */
  private static void warmUp(
      ExecutorService executor, Path folder, int first, int writers, int publishes)
      throws Exception {
    int each = publishes / writers / WriterProcesses.WARM_UP.size();
    for (String product : WriterProcesses.WARM_UP) {
      try (Mesh mesh = LocalMesh.open(folder)) {
        List<Callable<List<Span>>> all = new ArrayList<>();
        for (int i = 0; i < writers; i++) {
          long from = (long) (first + i) * each;
          all.add(() -> publish(mesh, product, from, from + each));
        }
        for (Future<List<Span>> done : executor.invokeAll(all)) {
          done.get();
        }
      }
    }
  }

  private static List<Span> publish(Mesh mesh, String product, long from, long to) {
    List<Span> spans = new ArrayList<>();
    for (long id = from; id < to; id++) {
      long start = System.nanoTime();
      etl(mesh).publish(product).records(Order.range(id, id + 1)).commit();
      spans.add(new Span(start, System.nanoTime()));
    }
    return spans;
  }

  private static MeshClient etl(Mesh mesh) {
    return mesh.clientAs(Principal.of("commerce", "etl"));
  }
}
