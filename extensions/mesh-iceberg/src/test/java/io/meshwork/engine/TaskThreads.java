package io.meshwork.engine;

import io.meshwork.publish.PublishReceipt;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.iceberg.catalog.TableIdentifier;

/** An engine that runs each task in a thread, and serializes what a task gets and returns. */
final class TaskThreads implements AutoCloseable {
  private final ExecutorService threads = Executors.newFixedThreadPool(2);
  private final MeshCatalog catalog;

  TaskThreads(MeshCatalog catalog) {
    this.catalog = catalog;
  }

  /** Publishes rows that are cut into contiguous slices, one for each task. */
  PublishReceipt publish(
      String product,
      int major,
      List<Map<String, Object>> rows,
      int tasks,
      Map<String, String> options,
      EnginePublish.Additions additions) {
    EnginePublish publish =
        catalog.publish(
            TableIdentifier.of(
                "mobility", product.substring(product.indexOf('/') + 1) + "_v" + major),
            options,
            additions);
    byte[] settings = bytes(publish.settings());
    List<Integer> partitions = IntStream.range(0, tasks).boxed().toList();
    List<Serializable> results =
        run(
            partitions,
            partition -> {
              int from = rows.size() * partition / tasks;
              int to = rows.size() * (partition + 1) / tasks;
              try (EnginePublish.Task task =
                  EnginePublish.task(object(settings), partition, 100 + partition)) {
                rows.subList(from, to).forEach(task::add);
                return task.finish();
              }
            });
    return publish.commit(
        results,
        work ->
            run(
                IntStream.range(0, work.size()).boxed().toList(),
                i -> EnginePublish.run(sent(work.get(i)), 1_000 + i)));
  }

  @Override
  public void close() {
    threads.shutdown();
  }

  private List<Serializable> run(List<Integer> all, IntFunction<Serializable> work) {
    List<Future<Serializable>> running =
        all.stream().map(number -> threads.submit(() -> sent(work.apply(number)))).toList();
    List<Serializable> results = new ArrayList<>();
    for (Future<Serializable> each : running) {
      try {
        results.add(each.get());
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException failure) {
          throw failure;
        }
        throw new AssertionError(e);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    return results;
  }

  static <T extends Serializable> T sent(T object) {
    return object(bytes(object));
  }

  private static byte[] bytes(Serializable object) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }

  @SuppressWarnings("unchecked")
  private static <T extends Serializable> T object(byte[] bytes) {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return (T) in.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }
}
