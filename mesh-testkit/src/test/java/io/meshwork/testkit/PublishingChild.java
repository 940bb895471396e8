package io.meshwork.testkit;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Transaction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.jspecify.annotations.Nullable;

/**
 * A process that publishes to a folder under keys of its own, and says on its output what it is
 * about to do and what was committed, so that another one can end it anywhere. {@link #main} is its
 * program.
 */
final class PublishingChild {
  static final String EVENTS = "lab/events";
  static final int ROWS = 120;
  static final int PARTS = 2;

  private PublishingChild() {}

  /** One row; it knows which publish it belongs to. */
  record Event(String publish, int part, long number) {}

  /** Makes the product that the children publish to. */
  static void define(Mesh mesh) {
    MeshClient lab = client(mesh);
    lab.registerDomain("lab").ownedBy("lab@example.org").commit();
    lab.defineProduct(EVENTS)
        .contract(Contract.of(Event.class))
        .partitionedBy(Partition.by("part"))
        .commit();
  }

  static MeshClient client(Mesh mesh) {
    return mesh.actingAs(Principal.of("lab", "etl"));
  }

  static List<String> keys(String name, int count) {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      keys.add(name + "-" + i);
    }
    return keys;
  }

  static List<Event> events(String key) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      events.add(new Event(key, i % PARTS, i));
    }
    return events;
  }

  static Process start(Path folder, String name, int publishes, ProcessBuilder.Redirect output)
      throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            PublishingChild.class.getName(),
            folder.toString(),
            name,
            Integer.toString(publishes))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .redirectOutput(output)
        .start();
  }

  /** The child: folder, name, number of publishes. */
  public static void main(String[] arguments) throws IOException {
    try (Mesh mesh =
        LocalMesh.in(Path.of(arguments[0]))
            .throughRegistry(Talking::new)
            .throughFiles(TalkingFiles::new)
            .open()) {
      for (String key : keys(arguments[1], Integer.parseInt(arguments[2]))) {
        client(mesh).publish(EVENTS).records(events(key)).idempotencyKey(key).commit();
        System.out.println("published " + key);
      }
    }
  }

  /** Says when it commits. */
  private record Talking(Registry real) implements Registry {
    @Override
    public Optional<Document> read(Key key) {
      return real.read(key);
    }

    @Override
    public Page list(String partition, String sortPrefix, @Nullable String cursor) {
      return real.list(partition, sortPrefix, cursor);
    }

    @Override
    public Outcome commit(Transaction transaction) {
      System.out.println("commit");
      Outcome outcome = real.commit(transaction);
      System.out.println("answered " + outcome.status());
      return outcome;
    }

    @Override
    public Outcome resolve(String partition, String attemptId) {
      return real.resolve(partition, attemptId);
    }

    @Override
    public void close() {
      real.close();
    }
  }

  /** Says which file it writes or deletes. */
  private static final class TalkingFiles implements FileIO {
    private static final long serialVersionUID = 1L;

    private final FileIO real;

    TalkingFiles(FileIO real) {
      this.real = real;
    }

    @Override
    public InputFile newInputFile(String location) {
      return real.newInputFile(location);
    }

    @Override
    public OutputFile newOutputFile(String location) {
      System.out.println("write");
      return real.newOutputFile(location);
    }

    @Override
    public void deleteFile(String location) {
      System.out.println("delete");
      real.deleteFile(location);
    }

    @Override
    public Map<String, String> properties() {
      return real.properties();
    }

    @Override
    public void close() {
      real.close();
    }
  }
}
