package io.meshwork.internal.open;

import static java.util.stream.Collectors.joining;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Counts the operations of one mesh that were started and never committed, by principal and action.
 * Holds at most about 1,000 names, and none of a committed operation. Thread-safe.
 */
public final class OpenOperations {
  private static final int MAX_LISTED = 10;
  private static final int MAX_NAMES = 1_000;
  private static final UncommittedOperation OTHERS =
      new UncommittedOperation("anybody", "other operations");

  private final Map<UncommittedOperation, Long> counts = new ConcurrentHashMap<>();

  /**
   * An operation that was started and never committed.
   *
   * @param by the principal, as account and role
   * @param what the action, such as {@code publish to commerce/orders}
   */
  public record UncommittedOperation(String by, String what) {
    @Override
    public String toString() {
      return what + " by " + by;
    }
  }

  /** Returns a new operation, which does not count before {@link OpenOperation#begin()}. */
  public OpenOperation operation(String by, String what) {
    return operation(by, what, () -> () -> {});
  }

  /**
   * Returns a new operation, which does not count before {@link OpenOperation#begin()}.
   *
   * @param onBegin is called when the operation begins; its result is run when the operation is
   *     settled. Neither may throw.
   */
  public OpenOperation operation(String by, String what, Supplier<Runnable> onBegin) {
    return new OpenOperation(this, by, what, onBegin);
  }

  /** Returns the distinct open operations. */
  public List<UncommittedOperation> open() {
    return counts.keySet().stream()
        .sorted(
            Comparator.comparing(UncommittedOperation::what)
                .thenComparing(UncommittedOperation::by))
        .toList();
  }

  /**
   * Returns a log message for closing the mesh: the number of open operations, and some of their
   * names.
   */
  public String summary() {
    List<UncommittedOperation> open = open();
    return counts.values().stream().mapToLong(Long::longValue).sum()
        + " operations were created and never committed, so they had no effect: "
        + open.stream().limit(MAX_LISTED).map(UncommittedOperation::toString).collect(joining("; "))
        + (open.size() > MAX_LISTED ? "; and " + (open.size() - MAX_LISTED) + " more" : "")
        + ". Call commit() on each.";
  }

  /** Counts one operation and returns the name under which it is counted. */
  UncommittedOperation count(UncommittedOperation wanted) {
    UncommittedOperation name =
        counts.size() < MAX_NAMES || counts.containsKey(wanted) ? wanted : OTHERS;
    counts.merge(name, 1L, Long::sum);
    return name;
  }

  void uncount(UncommittedOperation name) {
    counts.computeIfPresent(name, (same, count) -> count == 1 ? null : count - 1);
  }
}
