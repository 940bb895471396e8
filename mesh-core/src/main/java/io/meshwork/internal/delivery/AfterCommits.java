package io.meshwork.internal.delivery;

import io.meshwork.internal.session.ClientSession;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
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
final class AfterCommits {
  private static final Logger LOG = LoggerFactory.getLogger(AfterCommits.class);

  private final ClientSession session;
  private final NoticeDelivery delivery;
  private final Executor executor;
  private final Map<String, Queue> queues = new TreeMap<>();

  /** Creates a delivery on this executor, which the caller shuts down. */
  AfterCommits(ClientSession session, NoticeDelivery delivery, Executor executor) {
    this.session = session;
    this.delivery = delivery;
    this.executor = executor;
    delivery.names().forEach(name -> queues.put(name, new Queue(name)));
  }

  /** Schedules the delivery for a log after a commit. Returns immediately, and never throws. */
  void committed(String partition) {
    CommittedLog log = new CommittedLog(partition);
    queues.values().forEach(queue -> queue.add(log));
  }

  /** A log after a commit. It reads once, for all notifiers, whether this process delivers it. */
  private final class CommittedLog {
    private final String partition;
    private @Nullable Boolean maintained;

    CommittedLog(String partition) {
      this.partition = partition;
    }

    /**
     * True if this process maintains the domain of the log.
     *
     * @throws io.meshwork.error.MeshException if the registry cannot be read; the next call reads
     *     it again
     */
    synchronized boolean isMaintained() {
      Boolean cached = maintained;
      if (cached == null) {
        cached = session.maintainedDomains().includes(partition);
        maintained = cached;
      }
      return cached;
    }
  }

  private final class Queue implements Runnable {
    private final String notifier;
    private final Map<String, CommittedLog> logs = new LinkedHashMap<>();
    private boolean running;

    Queue(String notifier) {
      this.notifier = notifier;
    }

    void add(CommittedLog log) {
      synchronized (this) {
        logs.put(log.partition, log);
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
      CommittedLog log = next();
      while (log != null) {
        if (session.closedAt().get().isPresent()) {
          stop();
          return;
        }
        try {
          delivery.runAfterCommit(notifier, log.partition, log::isMaintained, session.deadline());
        } catch (RuntimeException | Error e) {
          stopAfter(e);
          return;
        }
        log = next();
      }
    }

    private synchronized @Nullable CommittedLog next() {
      Iterator<CommittedLog> waiting = logs.values().iterator();
      if (!waiting.hasNext()) {
        running = false;
        return null;
      }
      CommittedLog log = waiting.next();
      waiting.remove();
      return log;
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
