package io.meshwork.internal.mirror;

import io.meshwork.error.BackendException;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.operation.Plan;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run of the mirrors found and did. Immutable.
 *
 * @param due what was due when it began
 * @param report what was done, also by catalogs whose mirrors ended early
 * @param failures why the mirrors of a catalog ended early, by its name
 */
public record OperatedMirrors(
    List<Plan.Step> due, Mirrors.Report report, Map<String, BackendException> failures) {
  public OperatedMirrors {
    due = List.copyOf(due);
    failures = new TreeMap<>(failures);
  }
}
