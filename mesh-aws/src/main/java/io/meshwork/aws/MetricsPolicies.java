package io.meshwork.aws;

import io.meshwork.aws.AwsRoleKind.Type;
import io.meshwork.aws.internal.ResourceNames;
import java.util.ArrayList;
import java.util.List;

/**
 * The statements about CloudWatch, which has the metrics and alarms of a domain in its account, and
 * the dashboard in the account of the mesh.
 *
 * @param config the mesh
 * @param account the account of the role
 */
record MetricsPolicies(AwsConfig config, String account) {
  /** Returns what roles of these kinds do; empty if nothing. */
  List<PolicyStatement> ofRole(List<AwsRoleKind> kinds) {
    List<PolicyStatement> statements = new ArrayList<>();
    if (kinds.stream().anyMatch(kind -> kind.type() == Type.MAINTENANCE)) {
      statements.add(
          PolicyStatement.allow("SendMetrics")
              .actions("cloudwatch:PutMetricData")
              .on("*")
              .when("StringEquals", "cloudwatch:namespace", config.metrics().namespace()));
      statements.add(
          PolicyStatement.allow("FindAlarms")
              .actions("cloudwatch:DescribeAlarms")
              .on(config.names().alarm(account, "*")));
      statements.add(
          PolicyStatement.allow("MakeAlarms")
              .actions("cloudwatch:PutMetricAlarm", "cloudwatch:DeleteAlarms")
              .on(config.names().alarm(account, alarms(config))));
      statements.add(
          PolicyStatement.allow("FindMail")
              .actions("events:DescribeRule")
              .on(AccountNotices.ruleArn(config, account, ResourceNames.mail(config.meshName()))));
    }
    if (kinds.stream().anyMatch(kind -> kind.type().maintainsMesh())) {
      statements.add(
          PolicyStatement.allow("ShowDashboard")
              .actions("cloudwatch:GetDashboard", "cloudwatch:PutDashboard")
              .on(config.names().dashboard(config.account(), config.table())));
    }
    return statements;
  }

  /** Returns the names of the alarms of a mesh. */
  static String alarms(AwsConfig config) {
    return config.table() + ".*";
  }
}
