package io.meshwork.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.aws.AccountResource.Type;
import io.meshwork.aws.internal.ResourceNames;
import io.meshwork.internal.runtime.Sha256;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How people of an account get mail about what waits for them: late products and rollouts.
 *
 * @param config the mesh
 * @param account an account with a bus
 * @param addresses to whom mail is sent; without any, the account gets nothing
 */
record AccountMail(AwsConfig config, String account, List<String> addresses) {
  private static final int NAME_DIGITS = 16;
  private static final String TOPIC = "MailTopic";

  /** The service whose alarms send to topics. */
  private static final String ALARMS = "cloudwatch" + TrustPolicies.SERVICE;

  /** With {@code LATE} also {@code LATENESS_ESCALATED}. */
  private static final List<String> KINDS = List.of("LATE", "ROLLOUT_");

  private static final String TEXT =
      "\"<subject>. This is the notice <id> of the mesh <mesh>, to <to>.\"";

  AccountMail {
    addresses = List.copyOf(addresses);
  }

  List<AccountResource> resources() {
    if (addresses.isEmpty()) {
      return List.of();
    }
    List<AccountResource> resources = new ArrayList<>();
    ObjectNode topic = AccountResource.node().put("TopicName", name());
    Optional.ofNullable(config.kmsKey()).ifPresent(key -> topic.put("KmsMasterKeyId", key));
    resources.add(AccountResource.deletedWithStack(TOPIC, Type.TOPIC, List.of(), topic));
    ObjectNode protectedBy = AccountResource.node();
    protectedBy.putArray("Topics").add(arn());
    protectedBy.set("PolicyDocument", PolicyDocument.parsed(policy()));
    resources.add(
        AccountResource.deletedWithStack(
            "MailTopicPolicy", Type.TOPIC_POLICY, List.of(TOPIC), protectedBy));
    for (String address : addresses) {
      resources.add(
          AccountResource.deletedWithStack(
              "MailTo" + Sha256.hex(address).substring(0, NAME_DIGITS),
              Type.SUBSCRIPTION,
              List.of(TOPIC),
              AccountResource.node()
                  .put("TopicArn", arn())
                  .put("Protocol", "email")
                  .put("Endpoint", address)));
    }
    resources.add(
        AccountResource.deletedWithStack(
            "MailRule", Type.RULE, List.of(AccountNotices.BUS, TOPIC), rule()));
    return resources;
  }

  private ObjectNode rule() {
    ObjectNode rule = AccountNotices.rule(config, name());
    ArrayNode types = AccountNotices.pattern(rule);
    KINDS.forEach(kind -> types.addObject().put("prefix", AccountNotices.NOTICE + kind));
    ObjectNode target = AccountResource.node().put("Id", "mail").put("Arn", arn());
    ObjectNode text = target.putObject("InputTransformer");
    ObjectNode paths = text.putObject("InputPathsMap");
    for (String field : List.of("id", "mesh", "subject", "to")) {
      paths.put(field, "$.detail." + field);
    }
    text.put("InputTemplate", TEXT);
    rule.set("Targets", AccountResource.list(target));
    return rule;
  }

  /** Returns the policy of the topic: the rule may send, and the alarms of late data. */
  String policy() {
    List<PolicyStatement> statements = new ArrayList<>();
    statements.add(
        send("SendMail", AccountNotices.EVENTS)
            .when("ArnEquals", "aws:SourceArn", AccountNotices.ruleArn(config, account, name())));
    if (config.usesCloudWatch()) {
      statements.add(
          send("SendAlarms", ALARMS)
              .when(
                  "ArnLike",
                  "aws:SourceArn",
                  config.names().alarm(account, MetricsPolicies.alarms(config))));
    }
    return PolicyDocument.EVENT_BUS.text(statements);
  }

  private PolicyStatement send(String id, String service) {
    return PolicyStatement.allow(id).toServices(service).actions("sns:Publish").on(arn());
  }

  /** Returns what the deployer needs besides the rule. */
  Stream<PolicyStatement> ofDeployer() {
    return addresses.isEmpty()
        ? Stream.empty()
        : Stream.of(
            PolicyStatement.allow("MakeTopic")
                .actions(
                    "sns:CreateTopic",
                    "sns:DeleteTopic",
                    "sns:GetTopicAttributes",
                    "sns:SetTopicAttributes",
                    "sns:ListTagsForResource",
                    "sns:ListSubscriptionsByTopic",
                    "sns:Subscribe")
                .on(arn()),
            // IAM has no resource for a subscription.
            PolicyStatement.allow("MakeSubscriptions")
                .actions("sns:GetSubscriptionAttributes", "sns:Unsubscribe")
                .on("*"));
  }

  /** Returns the name of the topic and of its rule. */
  String name() {
    return ResourceNames.mail(config.meshName());
  }

  private String arn() {
    return config.names().topic(account, name());
  }
}
