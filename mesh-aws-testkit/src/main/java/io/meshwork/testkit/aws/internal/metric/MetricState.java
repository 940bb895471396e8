package io.meshwork.testkit.aws.internal.metric;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What CloudWatch stores. Used under its own lock. */
public final class MetricState {
  private final Map<String, AccountMetrics> accounts = new HashMap<>();
  private InstantSource clock = Clock.systemUTC();

  /** What an account has. */
  static final class AccountMetrics {
    final Map<MetricName, List<MetricValue>> metrics = new HashMap<>();
    final Map<String, Map<String, String>> alarms = new TreeMap<>();
    final Map<String, String> states = new HashMap<>();
    final Map<String, String> dashboards = new TreeMap<>();
  }

  /**
   * What a metric is known by.
   *
   * @param dimensions the values by name
   */
  record MetricName(String namespace, String name, Map<String, String> dimensions) {
    MetricName {
      dimensions = Map.copyOf(dimensions);
    }
  }

  /** Values at a time. */
  record MetricValue(Instant at, double samples, double sum, double least, double greatest) {}

  /** Sets by which clock points are old and alarms are evaluated. */
  public synchronized void clock(InstantSource source) {
    clock = source;
  }

  /** Who is notified of an alarm. */
  public interface AlarmTarget {
    void send(String topicArn, String alarmArn, String text);
  }

  /** Returns the state of each alarm of an account, by its name, and notifies of changed ones. */
  public synchronized Map<String, String> alarms(
      String account, String region, AlarmTarget target) {
    Map<String, String> states = new TreeMap<>();
    AccountMetrics own = of(account);
    own.states.keySet().retainAll(own.alarms.keySet());
    own.alarms.forEach(
        (name, alarm) -> {
          String state = AlarmState.of(alarm, own.metrics, clock.instant());
          states.put(name, state);
          if (!state.equals(own.states.put(name, state))
              && !"false".equals(alarm.get("ActionsEnabled"))) {
            String arn = "arn:aws:cloudwatch:" + region + ":" + account + ":alarm:" + name;
            MetricForm.list(alarm, state.equals("OK") ? "OKActions" : "AlarmActions")
                .forEach(action -> target.send(action, arn, state + ": " + name));
          }
        });
    return states;
  }

  Instant now() {
    return clock.instant();
  }

  AccountMetrics of(String account) {
    return accounts.computeIfAbsent(account, first -> new AccountMetrics());
  }

  void add(String account, MetricName metric, MetricValue value) {
    of(account).metrics.computeIfAbsent(metric, first -> new ArrayList<>()).add(value);
  }
}
