package io.meshwork.internal.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The place of a change in the order in which this process tries changes of one partition, once one
 * of them lost to another: the one that has waited longest is next. Each try reads the partition
 * again, so that many at a time would only slow the one that commits. Changes of other processes
 * are not in the order. The order is thread-safe; a place is used by one thread.
 */
final class CommitTurn {
  private static final Map<String, List<CommitTurn>> WAITING = new HashMap<>();

  private final Supplier<String> name;
  private @Nullable String partition;

  /**
   * The place of one change, which it has not taken yet.
   *
   * @param name the name of the partition with that of its mesh; called once if another change
   *     waits, or this one has to
   */
  CommitTurn(Supplier<String> name) {
    this.name = name;
  }

  /** Returns true if a change of this process waits for this partition. */
  boolean anyWaits() {
    synchronized (WAITING) {
      if (WAITING.isEmpty()) {
        return false;
      }
    }
    String waitingFor = partition();
    synchronized (WAITING) {
      return WAITING.containsKey(waitingFor);
    }
  }

  /** Takes the last place, if it has none. */
  void join() {
    String waitingFor = partition();
    synchronized (WAITING) {
      List<CommitTurn> order = WAITING.computeIfAbsent(waitingFor, none -> new ArrayList<>());
      if (!order.contains(this)) {
        order.add(this);
      }
    }
  }

  /** Returns how many are before this one: 0 if it is next, or has no place. */
  int before() {
    synchronized (WAITING) {
      return Math.max(0, WAITING.getOrDefault(partition, List.of()).indexOf(this));
    }
  }

  /** Gives up the place. */
  void leave() {
    synchronized (WAITING) {
      List<CommitTurn> order = WAITING.get(partition);
      if (order != null && order.remove(this) && order.isEmpty()) {
        WAITING.remove(partition);
      }
    }
  }

  private String partition() {
    String known = partition;
    if (known == null) {
      known = name.get();
      partition = known;
    }
    return known;
  }
}
