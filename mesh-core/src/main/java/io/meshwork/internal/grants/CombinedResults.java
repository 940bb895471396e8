package io.meshwork.internal.grants;

import io.meshwork.access.AccessClient.AccessOperation;
import io.meshwork.access.AccessPlan;
import io.meshwork.internal.runtime.ArgumentChecks;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The results of several changes. Immutable.
 *
 * @param operations the changes
 * @param results the result of each change, in the same order
 */
record CombinedResults(List<AccessOperation<?>> operations, List<Object> results)
    implements AccessPlan.Results {
  CombinedResults {
    operations = List.copyOf(operations);
    results = List.copyOf(results);
  }

  /** Returns each change with its result, one per line. */
  @Override
  public String toString() {
    return IntStream.range(0, operations.size())
        .mapToObj(i -> operations.get(i) + ": " + results.get(i))
        .collect(Collectors.joining("\n"));
  }

  @Override
  @SuppressWarnings("unchecked") // Each operation's change has a result of the operation's type.
  public <R> R of(AccessOperation<R> change) {
    for (int i = 0; i < operations.size(); i++) {
      if (operations.get(i) == change) {
        return (R) results.get(i);
      }
    }
    throw ArgumentChecks.refused(
        "change", "is not one of the changes", "Name one that was given to plan(..).");
  }
}
