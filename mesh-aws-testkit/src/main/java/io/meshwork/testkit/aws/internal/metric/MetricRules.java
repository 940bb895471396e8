package io.meshwork.testkit.aws.internal.metric;

import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.AwsPermissions;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.AwsRequest;
import io.meshwork.testkit.aws.internal.access.IamAction;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import io.meshwork.testkit.aws.internal.access.ServiceRules;
import io.meshwork.testkit.aws.internal.metric.MetricState.AccountMetrics;
import io.meshwork.testkit.aws.internal.metric.MetricState.MetricName;
import io.meshwork.testkit.aws.internal.metric.MetricState.MetricValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;

/**
 * CloudWatch, by its query protocol. The server gets none of these requests: it accepts what AWS
 * rejects, and never evaluates an alarm.
 */
public final class MetricRules implements ServiceRules {
  private static final int MAX_DATA = 1_000;
  private static final int MAX_BYTES = 1_000_000;
  private static final int MAX_NAMES = 100;
  private static final int PAGE = 50;
  private static final int DAY = 86_400;
  private static final Pattern DASHBOARD = Pattern.compile("[A-Za-z0-9_-]{1,255}");
  private static final Pattern ALARM = Pattern.compile("[ -~]{1,255}");

  /** The parameters that are emulated, without numbers of members. */
  private static final Map<String, Set<String>> PARAMETERS =
      Map.of(
          "PutMetricData",
          Set.of(
              "Namespace",
              "MetricData.MetricName",
              "MetricData.Dimensions.Name",
              "MetricData.Dimensions.Value",
              "MetricData.Timestamp",
              "MetricData.Value",
              "MetricData.StatisticValues.SampleCount",
              "MetricData.StatisticValues.Sum",
              "MetricData.StatisticValues.Minimum",
              "MetricData.StatisticValues.Maximum",
              "MetricData.Unit"),
          "PutMetricAlarm",
          Set.of(
              "AlarmName",
              "AlarmDescription",
              "ActionsEnabled",
              "AlarmActions",
              "OKActions",
              "InsufficientDataActions",
              "Namespace",
              "MetricName",
              "Dimensions.Name",
              "Dimensions.Value",
              "Statistic",
              "Period",
              "EvaluationPeriods",
              "DatapointsToAlarm",
              "Threshold",
              "ComparisonOperator",
              "TreatMissingData"),
          "DescribeAlarms",
          Set.of("AlarmNamePrefix", "AlarmTypes", "NextToken"),
          "DeleteAlarms",
          Set.of("AlarmNames"),
          "GetMetricStatistics",
          Set.of(
              "Namespace",
              "MetricName",
              "Dimensions.Name",
              "Dimensions.Value",
              "StartTime",
              "EndTime",
              "Period",
              "Statistics"),
          "GetDashboard",
          Set.of("DashboardName"),
          "PutDashboard",
          Set.of("DashboardName", "DashboardBody"));

  private final MetricState state;
  private final AwsPermissions permissions;

  public MetricRules(MetricState state, AwsPermissions permissions) {
    this.state = state;
    this.permissions = permissions;
  }

  @Override
  public AwsReply ownReply(AwsRequest request, AwsIdentity caller) throws IOException {
    String operation = request.operation();
    Map<String, String> form = new TreeMap<>(request.form());
    form.remove("Action");
    form.remove("Version");
    Set<String> parameters = PARAMETERS.get(operation);
    if (parameters == null) {
      throw new NotEmulatedException("cloudwatch:" + operation + " is not emulated.");
    }
    for (String parameter : form.keySet()) {
      if (!parameters.contains(parameter.replaceAll("\\.member\\.[0-9]+", ""))) {
        throw new NotEmulatedException(
            "The parameter " + parameter + " of cloudwatch:" + operation);
      }
    }
    synchronized (state) {
      String result = result(operation, form, caller, request.scope().region());
      return AwsReply.xml(
          200,
          "<%1$sResponse xmlns=\"http://monitoring.amazonaws.com/doc/2010-08-01/\"><%1$sResult>%2$s"
                  .formatted(operation, result)
              + "</%1$sResult></%1$sResponse>".formatted(operation));
    }
  }

  @Override
  public AwsReply reply(AwsRequest request, AwsIdentity caller, AwsReply reply) {
    return reply;
  }

  private String result(
      String operation, Map<String, String> form, AwsIdentity caller, String region) {
    AccountMetrics own = state.of(caller.account());
    String alarm = "arn:aws:cloudwatch:" + region + ":" + caller.account() + ":alarm:";
    switch (operation) {
      case "PutMetricData" -> {
        check(
            caller,
            IamAction.of("cloudwatch:PutMetricData", "*")
                .with("cloudwatch:namespace", form.get("Namespace")));
        putMetricData(caller.account(), form);
        return "";
      }
      case "GetMetricStatistics" -> {
        check(caller, IamAction.of("cloudwatch:GetMetricStatistics", "*"));
        return statistics(own, form);
      }
      case "PutMetricAlarm" -> {
        String name = form.getOrDefault("AlarmName", "");
        check(caller, IamAction.of("cloudwatch:PutMetricAlarm", alarm + name));
        checkAlarm(form);
        own.alarms.put(name, form);
        return "";
      }
      case "DescribeAlarms" -> {
        check(caller, IamAction.of("cloudwatch:DescribeAlarms", alarm + "*"));
        return alarms(own, form, alarm);
      }
      case "DeleteAlarms" -> {
        List<String> names = MetricForm.list(form, "AlarmNames");
        names.forEach(name -> check(caller, IamAction.of("cloudwatch:DeleteAlarms", alarm + name)));
        if (names.size() > MAX_NAMES) {
          throw MetricForm.invalid("At most 100 alarms are deleted at once.");
        }
        if (!own.alarms.keySet().containsAll(names)) {
          throw new AwsErrorException("ResourceNotFound", "An alarm does not exist.");
        }
        own.alarms.keySet().removeAll(names);
        return "";
      }
      default -> {
        return dashboard(operation, form, caller, own);
      }
    }
  }

  private void check(AwsIdentity caller, IamAction action) {
    String denial = permissions.denial(caller, action);
    if (denial != null) {
      throw new AwsErrorException("AccessDenied", denial);
    }
  }

  private void putMetricData(String account, Map<String, String> form) {
    int bytes =
        form.entrySet().stream()
            .mapToInt(
                each ->
                    (each.getKey() + each.getValue()).getBytes(StandardCharsets.UTF_8).length + 2)
            .sum();
    if (bytes > MAX_BYTES || form.containsKey("MetricData.member." + (MAX_DATA + 1) + ".Unit")) {
      throw new AwsErrorException(
          "InvalidParameterValue",
          "The collection MetricData must not have a size greater than 1000, or the request is"
              + " larger than 1 MB.");
    }
    Map<Integer, MetricName> names = new LinkedHashMap<>();
    List<MetricValue> values = new ArrayList<>();
    for (int i = 1; form.containsKey("MetricData.member." + i + ".MetricName"); i++) {
      String prefix = "MetricData.member." + i + ".";
      names.put(i, MetricForm.metric(form, prefix));
      values.add(MetricForm.value(form, prefix, state.now()));
    }
    if (names.isEmpty()) {
      throw new AwsErrorException("MissingParameter", "The parameter MetricData is required.");
    }
    names.forEach((number, name) -> state.add(account, name, values.get(number - 1)));
  }

  private static void checkAlarm(Map<String, String> alarm) {
    MetricForm.metric(alarm, "");
    int period = number(alarm, "Period");
    int periods = number(alarm, "EvaluationPeriods");
    if (!ALARM.matcher(alarm.getOrDefault("AlarmName", "")).matches()
        || period < 60
        || period % 60 != 0
        || period * periods > DAY
        || number(alarm, "DatapointsToAlarm") > periods
        || MetricForm.list(alarm, "AlarmActions").size() > 5) {
      throw MetricForm.invalid("The alarm is not valid.");
    }
    if (!alarm.getOrDefault("TreatMissingData", "").equals("breaching")
        || !alarm.getOrDefault("ComparisonOperator", "").equals("GreaterThanThreshold")
        || !alarm.getOrDefault("Statistic", "").equals("Maximum")
        || !alarm.containsKey("Threshold")) {
      throw new NotEmulatedException("Alarms other than on a maximum, with missing data breaching");
    }
  }

  private static int number(Map<String, String> form, String name) {
    try {
      int number = Integer.parseInt(form.getOrDefault(name, ""));
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Answered below.
    }
    throw MetricForm.invalid("The parameter " + name + " is not valid.");
  }

  private String alarms(AccountMetrics own, Map<String, String> form, String arn) {
    String prefix = form.getOrDefault("AlarmNamePrefix", "");
    String after = form.getOrDefault("NextToken", "");
    List<String> names =
        own.alarms.keySet().stream()
            .filter(name -> name.startsWith(prefix) && name.compareTo(after) > 0)
            .toList();
    StringBuilder xml = new StringBuilder("<MetricAlarms>");
    for (String name : names.stream().limit(PAGE).toList()) {
      Map<String, String> alarm = own.alarms.getOrDefault(name, Map.of());
      xml.append("<member>").append(element("AlarmArn", arn + name));
      xml.append(element("StateValue", AlarmState.of(alarm, own.metrics, state.now())));
      alarm.forEach(
          (key, value) -> xml.append(key.contains(".member.") ? "" : element(key, value)));
      for (String list : List.of("AlarmActions", "OKActions", "InsufficientDataActions")) {
        xml.append('<').append(list).append('>');
        MetricForm.list(alarm, list).forEach(each -> xml.append(element("member", each)));
        xml.append("</").append(list).append('>');
      }
      xml.append("<Dimensions>");
      MetricForm.metric(alarm, "")
          .dimensions()
          .forEach(
              (key, value) ->
                  xml.append("<member>")
                      .append(element("Name", key))
                      .append(element("Value", value))
                      .append("</member>"));
      xml.append("</Dimensions></member>");
    }
    xml.append("</MetricAlarms>");
    return names.size() > PAGE
        ? xml.append(element("NextToken", names.get(PAGE - 1))).toString()
        : xml.toString();
  }

  private static String statistics(AccountMetrics own, Map<String, String> form) {
    Instant start = Instant.parse(form.getOrDefault("StartTime", ""));
    Instant end = Instant.parse(form.getOrDefault("EndTime", ""));
    Duration period = Duration.ofSeconds(number(form, "Period"));
    StringBuilder xml = new StringBuilder("<Datapoints>");
    for (Instant from = start; from.isBefore(end); from = from.plus(period)) {
      Instant first = from;
      List<MetricValue> values =
          own.metrics.getOrDefault(MetricForm.metric(form, ""), List.of()).stream()
              .filter(each -> !each.at().isBefore(first) && each.at().isBefore(first.plus(period)))
              .toList();
      if (!values.isEmpty()) {
        xml.append("<member>")
            .append(element("Timestamp", first.toString()))
            .append(element("SampleCount", sum(values, MetricValue::samples)))
            .append(element("Sum", sum(values, MetricValue::sum)))
            .append(
                element(
                    "Minimum",
                    values.stream().mapToDouble(MetricValue::least).min().getAsDouble() + ""))
            .append(
                element(
                    "Maximum",
                    values.stream().mapToDouble(MetricValue::greatest).max().getAsDouble() + ""))
            .append("</member>");
      }
    }
    return xml.append("</Datapoints>").toString();
  }

  private static String sum(List<MetricValue> values, ToDoubleFunction<MetricValue> part) {
    return Double.toString(values.stream().mapToDouble(part).sum());
  }

  private String dashboard(
      String operation, Map<String, String> form, AwsIdentity caller, AccountMetrics own) {
    String name = form.getOrDefault("DashboardName", "");
    check(
        caller,
        IamAction.of(
            "cloudwatch:" + operation,
            "arn:aws:cloudwatch::" + caller.account() + ":dashboard/" + name));
    if (!DASHBOARD.matcher(name).matches()) {
      throw MetricForm.invalid("The name of the dashboard is not valid.");
    }
    if (operation.equals("PutDashboard")) {
      String body = form.getOrDefault("DashboardBody", "");
      DashboardCheck.check(body);
      own.dashboards.put(name, body);
      return "<DashboardValidationMessages/>";
    }
    String body = own.dashboards.get(name);
    if (body == null) {
      throw new AwsErrorException("ResourceNotFound", "Dashboard " + name + " does not exist");
    }
    return element("DashboardName", name) + element("DashboardBody", body);
  }

  private static String element(String name, String text) {
    return "<" + name + ">" + AwsReply.escaped(text) + "</" + name + ">";
  }
}
