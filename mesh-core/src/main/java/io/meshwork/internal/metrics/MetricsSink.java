package io.meshwork.internal.metrics;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.function.IntConsumer;

/** A monitoring service that shows what operating runs report. Used by one thread. */
public interface MetricsSink {
  /** Returns the name of the service, for people, such as {@code CloudWatch}. */
  String name();

  /** Returns true if products that promise freshness have metrics and an alarm of their own. */
  boolean hasProducts();

  /** Returns how many points a call of {@link #send} has at most. */
  int maxPoints();

  /** Returns how old a point may be. */
  Duration maxAge();

  /**
   * Sends points. If this fails, the service may have some of them.
   *
   * @param points at most {@link #maxPoints}
   * @throws io.meshwork.error.MeshException if the service denies it, or does not answer
   */
  void send(List<MetricPoint> points);

  /**
   * Makes an alarm for each subject, which is on if it is late, and if no run reports whether it
   * is. Corrects alarms that differ, and removes alarms of other subjects of these domains.
   * Settings that others added, such as whom an alarm notifies, stay.
   *
   * @param changed called with how many alarms were created, corrected, or removed, also if it
   *     fails
   * @throws io.meshwork.error.MeshException as {@link #send}
   */
  void watch(Collection<String> domains, Collection<MetricSubject> subjects, IntConsumer changed);

  /**
   * Shows all domains on one dashboard, and corrects one that differs.
   *
   * @param accounts the account that reports for a domain, by its name
   * @return 1 if the dashboard was created or corrected, otherwise 0
   * @throws io.meshwork.error.MeshException as {@link #send}
   */
  int show(SortedMap<String, String> accounts);
}
