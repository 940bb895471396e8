package io.meshwork.internal.grants;

import io.meshwork.access.AccessOperation;
import io.meshwork.access.AccessPlan;
import io.meshwork.internal.runtime.ArgumentChecks;
import java.util.List;

/**
 * The results of several changes.
 *
 * @param operations the changes
 * @param results of each change its result, in the same order
 */
record CombinedResults(List<AccessOperation<?>> operations, List<Object> results)
    implements AccessPlan.Results {
  CombinedResults {
    operations = List.copyOf(operations);
    results = List.copyOf(results);
  }

  @Override
  @SuppressWarnings("unchecked") // Each operation's change gives a result of the operation's type.
  public <R> R of(AccessOperation<R> change) {
    for (int i = 0; i < operations.size(); i++) {
      if (operations.get(i) == change) {
        return (R) results.get(i);
      }
    }
    throw ArgumentChecks.refused(
        "change", "was not among the changes", "Name one that was given to whatIf(..).");
  }
}
