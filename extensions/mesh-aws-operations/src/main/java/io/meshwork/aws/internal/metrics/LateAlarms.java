package io.meshwork.aws.internal.metrics;

import io.meshwork.aws.internal.MetricsProvider.MetricsSettings;
import io.meshwork.aws.internal.ResourceNames;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.metrics.MetricPoint.Name;
import io.meshwork.internal.metrics.MetricSubject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.model.AlarmType;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;
import software.amazon.awssdk.services.cloudwatch.model.PutMetricAlarmRequest;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;

/**
 * The alarms of late domains and products in the account of this process. Each compares whether
 * anything is late in the last half hour. About an hour after the last report it is on, because the
 * process that reports may have died: CloudWatch also counts older points, before missing ones.
 * Where the account has mail, each notifies its topic.
 */
final class LateAlarms {
  private static final String CHANGED = "Some alarms may be changed.";

  /** Runs are 15 minutes apart; one that begins late causes none. */
  private static final int PERIOD = (int) Duration.ofMinutes(15).toSeconds();

  private static final int PERIODS = 2;
  private static final String MISSING = "breaching";

  /** Names of meshes, domains, and products have no dot, so that no two alarms share a name. */
  private static final String SUFFIX = ".late";

  /** The most actions that CloudWatch accepts for a state of an alarm. */
  private static final int MAX_ACTIONS = 5;

  /** The most names that a request to delete alarms accepts. */
  private static final int MAX_DELETED = 100;

  private final MetricsSettings settings;
  private final AccountCalls calls;

  LateAlarms(MetricsSettings settings, AccountCalls calls) {
    this.settings = settings;
    this.calls = calls;
  }

  /**
   * Creates the alarms of subjects, and removes others of their domains. Who gets mail stays
   * unchanged while that is not known.
   *
   * @param changed called after each change with how many alarms it changed
   * @throws MeshException if it ended early, or, after all changes, if it is not known who gets
   *     mail
   */
  void keep(Collection<String> domains, Collection<MetricSubject> subjects, IntConsumer changed) {
    Map<String, MetricAlarm> present = present();
    UnaryOperator<List<String>> actions = UnaryOperator.identity();
    MeshException unknown = null;
    try {
      boolean mailed = calls.hasRule(settings, ResourceNames.mail(settings.mesh()));
      actions = before -> actions(before, mailed);
    } catch (MeshException e) {
      if (e.errorCode() == ErrorCode.INTERRUPTED) {
        throw e;
      }
      unknown = e;
    }
    Set<String> wanted = new HashSet<>();
    for (MetricSubject subject : subjects) {
      String name = name(subject);
      wanted.add(name);
      MetricAlarm alarm = present.get(name);
      if (alarm == null || !isAsWanted(alarm, subject, actions)) {
        put(name, subject, alarm, actions);
        changed.accept(1);
      }
    }
    List<String> obsolete =
        present.values().stream()
            .filter(alarm -> !wanted.contains(alarm.alarmName()) && isOf(alarm, domains))
            .map(MetricAlarm::alarmName)
            .toList();
    for (int from = 0; from < obsolete.size(); from += MAX_DELETED) {
      List<String> some = obsolete.subList(from, Math.min(obsolete.size(), from + MAX_DELETED));
      delete(some);
      changed.accept(some.size());
    }
    if (unknown != null) {
      throw unknown;
    }
  }

  private String prefix() {
    return "mesh-" + settings.mesh() + ".";
  }

  private String name(MetricSubject subject) {
    return prefix()
        + subject.domain()
        + subject
            .product()
            .map(version -> "." + version.product().product() + ".v" + version.major())
            .orElse("")
        + SUFFIX;
  }

  private String arn(String name) {
    return settings.names().alarm(calls.self().account(), name);
  }

  private Map<String, MetricAlarm> present() {
    List<MetricAlarm> present =
        calls.send(
            MeshAction.of(Verb.LIST, "the alarms of the mesh"),
            "cloudwatch:DescribeAlarms",
            arn("*"),
            AccountCalls.UNCHANGED,
            client ->
                client
                    .describeAlarmsPaginator(
                        list -> list.alarmNamePrefix(prefix()).alarmTypes(AlarmType.METRIC_ALARM))
                    .stream()
                    .flatMap(page -> page.metricAlarms().stream())
                    .toList());
    return present.stream()
        .collect(
            Collectors.toMap(
                MetricAlarm::alarmName, alarm -> alarm, (one, other) -> other, TreeMap::new));
  }

  /** Returns true if it is an alarm of ours that is on one of the domains or its products. */
  private boolean isOf(MetricAlarm alarm, Collection<String> domains) {
    return settings.namespace().equals(alarm.namespace())
        && Name.PRODUCTS_LATE.toString().equals(alarm.metricName())
        && alarm.alarmName().endsWith(SUFFIX)
        && alarm.dimensions().stream()
            .anyMatch(each -> each.name().equals("Domain") && domains.contains(each.value()));
  }

  /** Compares what the mesh sets; the description and other actions are left to others. */
  private boolean isAsWanted(
      MetricAlarm alarm, MetricSubject subject, UnaryOperator<List<String>> actions) {
    return settings.namespace().equals(alarm.namespace())
        && Name.PRODUCTS_LATE.toString().equals(alarm.metricName())
        && Set.copyOf(CloudWatchSink.dimensions(subject)).equals(Set.copyOf(alarm.dimensions()))
        && alarm.statistic() == Statistic.MAXIMUM
        && alarm.period() == PERIOD
        && alarm.evaluationPeriods() == PERIODS
        && Optional.ofNullable(alarm.datapointsToAlarm()).orElse(PERIODS) == PERIODS
        && alarm.threshold() == 0
        && alarm.comparisonOperator() == ComparisonOperator.GREATER_THAN_THRESHOLD
        && MISSING.equals(alarm.treatMissingData())
        && alarm.alarmActions().equals(actions.apply(alarm.alarmActions()))
        && alarm.okActions().equals(actions.apply(alarm.okActions()));
  }

  /** Adds the topic of mail if CloudWatch accepts one more action; without mail, removes it. */
  private List<String> actions(List<String> before, boolean mailed) {
    String topic =
        settings.names().topic(calls.self().account(), ResourceNames.mail(settings.mesh()));
    List<String> actions = new ArrayList<>(before);
    if (!mailed) {
      actions.removeIf(topic::equals);
    } else if (!actions.contains(topic) && actions.size() < MAX_ACTIONS) {
      actions.add(topic);
    }
    return actions;
  }

  private void put(
      String name,
      MetricSubject subject,
      @Nullable MetricAlarm before,
      UnaryOperator<List<String>> actions) {
    PutMetricAlarmRequest.Builder alarm =
        PutMetricAlarmRequest.builder()
            .alarmName(name)
            .namespace(settings.namespace())
            .metricName(Name.PRODUCTS_LATE.toString())
            .dimensions(CloudWatchSink.dimensions(subject))
            .statistic(Statistic.MAXIMUM)
            .period(PERIOD)
            .evaluationPeriods(PERIODS)
            .datapointsToAlarm(PERIODS)
            .threshold(0.0)
            .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD)
            .treatMissingData(MISSING)
            .alarmActions(actions.apply(before == null ? List.of() : before.alarmActions()))
            .okActions(actions.apply(before == null ? List.of() : before.okActions()));
    if (before == null) {
      alarm.alarmDescription(
          "Late data, or 'mesh operate' does not run. See 'mesh health --check'.");
    } else {
      alarm
          .alarmDescription(before.alarmDescription())
          .actionsEnabled(before.actionsEnabled())
          .insufficientDataActions(before.insufficientDataActions());
    }
    calls.send(
        MeshAction.of(Verb.UPDATE, "the alarm " + name),
        "cloudwatch:PutMetricAlarm",
        arn(name),
        CHANGED,
        client -> client.putMetricAlarm(alarm.build()));
  }

  private void delete(List<String> names) {
    calls.send(
        MeshAction.of(Verb.DELETE, names.size() + " alarms"),
        "cloudwatch:DeleteAlarms",
        arn(names.get(0)),
        CHANGED,
        client -> client.deleteAlarms(delete -> delete.alarmNames(names)));
  }
}
