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
 * Delivers after commits, on the executor that the mesh was given: one task a notifier at a time,
 * so that one which hangs holds up no other and no publish. Thread-safe.
 */
public final class AfterCommits {
  private static final Logger LOG = LoggerFactory.getLogger(AfterCommits.class);

  private final ClientSession session;
  private final NoticeDelivery delivery;
  private final Executor executor;
  private final Map<String, Queue> queues = new TreeMap<>();

  /** Delivers on this executor, which stays the caller's. */
  public AfterCommits(ClientSession session, NoticeDelivery delivery, Executor executor) {
    this.session = session;
    this.delivery = delivery;
    this.executor = executor;
    delivery.names().forEach(name -> queues.put(name, new Queue(name)));
  }

  /** Something was committed to this log. Returns at once, and never throws. */
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
        stop(); // the next commit or maintenance delivers it
      } catch (RuntimeException | Error e) {
        gaveUp(e);
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
          delivery.run(notifier, partition, session.deadline());
        } catch (RuntimeException | Error e) {
          gaveUp(e);
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

    /** The executor may run in the thread that commits, and what was committed stays so. */
    private void gaveUp(Throwable because) {
      stop();
      LOG.error(
          "Notices could not be delivered to notifier '{}' after a commit. The next commit or"
              + " maintenance goes on",
          notifier,
          because);
    }

    private synchronized void stop() {
      running = false;
    }
  }
}
