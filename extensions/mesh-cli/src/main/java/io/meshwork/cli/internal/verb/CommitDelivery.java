package io.meshwork.cli.internal.verb;

import io.meshwork.Mesh;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.notice.Notifier;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Sends the events and notices of what one command commits by EventBridge, as the function of AWS
 * Lambda does with the same variable. What cannot be sent in time, the next delivery sends. Used by
 * one thread.
 */
final class CommitDelivery {
  private static final String VARIABLE = "MESH_NOTIFIER";

  /** Also sends the requests of the mesh, which wait for their replies. */
  private static final int WORKERS = 8;

  /** How long the command waits for EventBridge after its commit. */
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final ExecutorService workers =
      Executors.newFixedThreadPool(WORKERS, CommitDelivery::worker);

  private CommitDelivery() {}

  /**
   * Returns the delivery that a variable asks for; empty if it is not set.
   *
   * @param variables the environment
   */
  static Optional<CommitDelivery> of(Map<String, String> variables) {
    String target = variables.getOrDefault(VARIABLE, "");
    if (target.isEmpty()) {
      return Optional.empty();
    }
    if (!target.equals(MeshLocation.EVENT_BRIDGE)) {
      throw new UsageException("Set MESH_NOTIFIER to eventbridge, or remove it to send nothing.");
    }
    return Optional.of(new CommitDelivery());
  }

  private static Thread worker(Runnable work) {
    Thread thread = new Thread(work, "mesh-worker");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Opens a mesh whose commits are sent.
   *
   * @throws UsageException if it is not on AWS
   */
  Mesh open(MeshLocation location) {
    Notifier notifier =
        location.eventBridge(
            "MESH_NOTIFIER=eventbridge is for a mesh on AWS; remove it for a folder.");
    try {
      return location.open(
          builder -> builder.executor(workers).notifier(MeshLocation.EVENT_BRIDGE, notifier));
    } catch (RuntimeException e) {
      workers.shutdown();
      throw e;
    }
  }

  /** Waits until what was committed is sent, or failed, but not long. */
  @SuppressWarnings("ReturnValueIgnored") // what is late is sent by the next delivery
  void end() {
    workers.shutdown();
    try {
      workers.awaitTermination(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
