package io.meshwork.internal.maintenance;

import io.meshwork.error.Finding;
import io.meshwork.maintenance.Maintain.Report;
import io.meshwork.maintenance.Maintain.Report.Work;
import io.meshwork.operation.Plan;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts the work of one maintenance run. Not thread-safe. */
public final class MaintenanceTally {
  private final TreeMap<String, Map<Work, Long>> done = new TreeMap<>();
  private final List<Plan.Step> due = new ArrayList<>();
  private final List<Finding> remaining = new ArrayList<>();

  /** Counts work on a subject, such as a table. */
  public void add(String subject, Work kind, long count) {
    if (count > 0) {
      done.computeIfAbsent(subject, absent -> new EnumMap<>(Work.class))
          .merge(kind, count, Long::sum);
    }
  }

  /** Takes what is due in a queue, and what is skipped. */
  public void take(MaintenanceQueue queue) {
    queue.steps().forEach(this::due);
    queue.left().forEach(this::skip);
  }

  void due(Plan.Step step) {
    due.add(step);
  }

  /** Adds what was left, and why. */
  public void skip(Finding finding) {
    MaintenanceQueue.skip(finding, remaining);
  }

  public Report report() {
    return new Report(due, done, remaining);
  }
}
