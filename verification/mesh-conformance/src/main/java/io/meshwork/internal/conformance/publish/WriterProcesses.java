package io.meshwork.internal.conformance.publish;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.internal.conformance.fixture.Order;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Processes whose writers publish to one product at the same time. */
final class WriterProcesses {
  static final String ORDERS = "commerce/orders";

  /**
   * What the writers of all processes publish to before they are measured, one after the other. The
   * first publish to a product runs code that the thousandth to another does not, for which the JVM
   * compiles again what it had compiled for the others.
   */
  static final List<String> WARM_UP =
      IntStream.range(0, 10).mapToObj(number -> "commerce/warm_up_" + number).toList();

  private final Path folder;
  private final List<String> options;
  private final int warmUp;

  /**
   * Processes on a mesh whose products are defined.
   *
   * @param options those of each process's JVM
   * @param warmUp how many publishes each process makes before, to the products for this
   */
  WriterProcesses(Path folder, List<String> options, int warmUp) {
    this.folder = folder;
    this.options = options;
    this.warmUp = warmUp;
  }

  /** Creates a mesh in an empty folder with the products, which have no rows. */
  static void define(Path folder, boolean hasKey) {
    Contract orders = Contract.of(Order.class);
    Contract contract = hasKey ? orders.primaryKey("id") : orders;
    try (Mesh mesh = LocalMesh.open(folder)) {
      MeshClient etl = mesh.clientAs(Principal.of("commerce", "etl"));
      etl.registerDomain("commerce").owner("shop@example.org").commit();
      etl.defineProduct(ORDERS).contract(contract).commit();
      for (String product : WARM_UP) {
        etl.defineProduct(product).contract(contract).commit();
      }
    }
  }

  /** When a publish began and ended, by a clock that the processes of a machine share. */
  record Span(long start, long end) {
    double seconds() {
      return (end - start) / 1e9;
    }

    /** Returns how many others ended meanwhile. */
    long meanwhile(List<Span> all) {
      return all.stream().filter(other -> other.end > start && other.end < end).count();
    }

    @Override
    public String toString() {
      return start + " " + end;
    }

    private static Span parse(String line) {
      String[] numbers = line.split(" ", 2);
      return new Span(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
    }
  }

  /**
   * Publishes rows, one each time.
   *
   * @param writers those of each process
   * @param publishes those of each writer
   * @param meshes how many meshes the writers of a process share
   * @return when each publish began and ended
   * @throws IllegalStateException if one failed
   */
  List<Span> run(int processes, int writers, int publishes, int meshes)
      throws IOException, InterruptedException {
    List<Process> all = new ArrayList<>();
    try {
      for (int i = 0; i < processes; i++) {
        all.add(start(i * writers, writers, publishes, meshes));
      }
      List<BufferedReader> outputs =
          all.stream().map(process -> process.inputReader(StandardCharsets.UTF_8)).toList();
      for (BufferedReader output : outputs) {
        output.readLine(); // it is ready
      }
      for (Process process : all) {
        process.getOutputStream().close();
      }
      List<Span> spans = new ArrayList<>();
      for (int i = 0; i < processes; i++) {
        outputs.get(i).lines().map(Span::parse).forEach(spans::add);
        if (all.get(i).waitFor() != 0) {
          throw new IllegalStateException("a publish of process " + i + " failed");
        }
      }
      return spans;
    } finally {
      all.forEach(Process::destroyForcibly);
    }
  }

  private Process start(int first, int writers, int publishes, int meshes) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(WriterProgram.class.getName());
    command.add(folder.toString());
    for (int number : new int[] {first, writers, publishes, warmUp, meshes}) {
      command.add(String.valueOf(number));
    }
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
