package io.meshwork.internal.ledger;

import io.meshwork.registry.Registry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The place of a change in the order in which this process tries changes of one partition: changes
 * that conflict with each other, such as publishes, and all once one of them lost to another. The
 * one that has waited longest is next. Each try reads the partition again, so that many at a time
 * would only slow the committing one. Changes of other processes are not in the order: a change
 * that ends hands the turn of its process to the next one, which has little to read that others
 * wrote, and lets another process go after some. The order is thread-safe; a place is used by one
 * thread.
 */
final class CommitTurn {
  /** How many changes of one process follow its first one while other processes wait. */
  private static final int MOST_IN_SUCCESSION = 7;

  private static final Map<String, List<CommitTurn>> WAITING = new HashMap<>();

  private final Supplier<String> name;
  private final Thread thread;
  private final CountDownLatch next = new CountDownLatch(1);
  private boolean lost;
  private boolean waits;
  private Runnable endOfProcess = Registry.NO_TURN;
  private int succession;
  private @Nullable String partition;

  /**
   * The place of one change, which it has not taken yet.
   *
   * @param name the name of the partition with its mesh's; called once if the place is taken, or
   *     another change may wait
   * @param thread the thread that makes the change
   */
  CommitTurn(Supplier<String> name, Thread thread) {
    this.name = name;
    this.thread = thread;
  }

  /**
   * Returns true if a change of this process waits for this partition: one that lost, or that is
   * behind another one.
   */
  boolean anyWaits() {
    synchronized (WAITING) {
      if (WAITING.isEmpty()) {
        return false;
      }
    }
    String waitingFor = partition();
    synchronized (WAITING) {
      List<CommitTurn> order = WAITING.get(waitingFor);
      return order != null && (order.size() > 1 || order.get(0).lost);
    }
  }

  /** Takes the last place, if it has none, and is one that waits. */
  void joinAfterLoss() {
    synchronized (WAITING) {
      lost = true;
    }
    join();
  }

  /** Takes the last place, if it has none. */
  void join() {
    String waitingFor = partition();
    synchronized (WAITING) {
      List<CommitTurn> order = WAITING.computeIfAbsent(waitingFor, none -> new ArrayList<>());
      if (!order.contains(this)) {
        order.add(this);
      }
      order.get(0).next.countDown();
    }
  }

  /**
   * Waits until it is next, or gave up its place. A change does not wait for another change that
   * the same thread is making.
   *
   * @param longestTurn how long it waits for the one whose turn it is, which then goes last,
   *     because it may hang
   * @return false if there is no time to wait
   */
  boolean await(Supplier<Duration> longestTurn) throws InterruptedException {
    setWaits(true);
    try {
      return awaitNext(longestTurn);
    } finally {
      setWaits(false);
    }
  }

  private void setWaits(boolean now) {
    synchronized (WAITING) {
      waits = now;
    }
  }

  private boolean awaitNext(Supplier<Duration> longestTurn) throws InterruptedException {
    while (true) {
      CommitTurn before = first();
      if (before != null && before != this && before.thread == thread) {
        return false;
      }
      Duration atMost = longestTurn.get();
      if (next.await(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
        return true;
      }
      if (atMost.isZero() || before == null) {
        return false;
      }
      putLast(before);
    }
  }

  /** Lets the next one go before the first one, which takes too long. */
  private void putLast(CommitTurn hanging) {
    synchronized (WAITING) {
      List<CommitTurn> order = WAITING.get(partition());
      if (order != null && order.get(0) == hanging) {
        order.add(order.remove(0));
        order.get(0).next.countDown();
      }
    }
  }

  private @Nullable CommitTurn first() {
    synchronized (WAITING) {
      List<CommitTurn> order = WAITING.get(partition());
      return order == null ? null : order.get(0);
    }
  }

  /** Returns true if the change before it handed over the turn of the process. */
  boolean hasTurnOfProcess() {
    synchronized (WAITING) {
      return endOfProcess != Registry.NO_TURN;
    }
  }

  /** Holds the turn of the process for one try. */
  void keep(Runnable end) {
    synchronized (WAITING) {
      endOfProcess = end;
      succession = 0;
    }
  }

  /** Lets another process go, if it has the turn of this one. */
  void endTurnOfProcess() {
    Runnable end;
    synchronized (WAITING) {
      end = endOfProcess;
      endOfProcess = Registry.NO_TURN;
    }
    end.run();
  }

  /** Gives up the place, and hands the turn of the process to the next change if that waits. */
  void leave() {
    synchronized (WAITING) {
      List<CommitTurn> order = WAITING.get(partition);
      if (order != null && order.remove(this)) {
        next.countDown();
        if (order.isEmpty()) {
          WAITING.remove(partition);
        } else {
          handTurnOfProcessTo(order.get(0));
          order.get(0).next.countDown();
        }
      }
    }
    endTurnOfProcess();
  }

  private void handTurnOfProcessTo(CommitTurn following) {
    if (following.waits && succession < MOST_IN_SUCCESSION && hasTurnOfProcess()) {
      following.endOfProcess = endOfProcess;
      following.succession = succession + 1;
      endOfProcess = Registry.NO_TURN;
    }
  }

  private String partition() {
    String meshId = partition;
    if (meshId == null) {
      meshId = name.get();
      partition = meshId;
    }
    return meshId;
  }
}
