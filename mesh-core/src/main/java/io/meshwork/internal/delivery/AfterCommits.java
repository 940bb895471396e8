package io.meshwork.internal.delivery;

import io.meshwork.internal.session.ClientSession;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers notices after commits, on the mesh's executor: one task at a time for each notifier, so
 * that a notifier that blocks delays neither the others nor a publish. Thread-safe.
 */
public final class AfterCommits {
  private static final Logger LOG = LoggerFactory.getLogger(AfterCommits.class);

  private final ClientSession session;
  private final NoticeDelivery delivery;
  private final Executor executor;
  private final Map<String, Queue> queues = new TreeMap<>();

  /** Creates a delivery on this executor, which the caller shuts down. */
  public AfterCommits(ClientSession session, NoticeDelivery delivery, Executor executor) {
    this.session = session;
    this.delivery = delivery;
    this.executor = executor;
    delivery.names().forEach(name -> queues.put(name, new Queue(name)));
  }

  /** Schedules the delivery for a log after a commit. Returns immediately, and never throws. */
  public void committed(String partition) {
    queues.values().forEach(queue -> queue.add(partition));
  }

  private final class Queue implements Runnable {
    private final String notifier;
    private final Set<String> partitions = new LinkedHashSet<>();
    private boolean running;

    Queue(String notifier) {
      this.notifier = notifier;
    }

    void add(String partition) {
      synchronized (this) {
        partitions.add(partition);
        if (running) {
          return;
        }
        running = true;
      }
      try {
        executor.execute(this);
      } catch (RejectedExecutionException e) {
        stop(); // the next commit or maintenance retries
      } catch (RuntimeException | Error e) {
        stopAfter(e);
      }
    }

    @Override
    public void run() {
      String partition = next();
      while (partition != null) {
        if (session.closedAt().get().isPresent()) {
          stop();
          return;
        }
        try {
          delivery.runAfterCommit(notifier, partition, session.deadline());
        } catch (RuntimeException | Error e) {
          stopAfter(e);
          return;
        }
        partition = next();
      }
    }

    private synchronized @Nullable String next() {
      if (partitions.isEmpty()) {
        running = false;
        return null;
      }
      String partition = partitions.iterator().next();
      partitions.remove(partition);
      return partition;
    }

    /** Never throws: the executor may run in the thread that committed. */
    private void stopAfter(Throwable failure) {
      stop();
      LOG.error(
          "Cannot deliver notices to notifier '{}' after a commit. The next commit or maintenance"
              + " retries",
          notifier,
          failure);
    }

    private synchronized void stop() {
      running = false;
    }
  }
}
