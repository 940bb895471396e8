package io.meshwork.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.aws.AccountResource.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;

/**
 * How notices come to an account: an event bus, to which other accounts send, a rule, and a queue,
 * from which programs of the account read.
 *
 * @param config the mesh
 * @param account the account that receives
 */
record AccountNotices(AwsConfig config, String account) {
  private static final int RETENTION_SECONDS = 14 * 24 * 60 * 60;
  private static final int RECEIVES = 5;
  private static final String BUS = "NoticeBus";
  private static final String QUEUE = "NoticeQueue";
  private static final String DEAD_LETTERS = "NoticeDeadLetters";

  /** Returns the resources of the account. */
  List<AccountResource> resources(List<String> senders) {
    ObjectNode bus = AccountResource.node().put("Name", config.table());
    busPolicy(senders).ifPresent(policy -> bus.set("Policy", PolicyDocument.parsed(policy)));
    ObjectNode protectedBy = AccountResource.node();
    protectedBy.putArray("Queues").add(url(queueName()));
    protectedBy.set("PolicyDocument", PolicyDocument.parsed(queuePolicy()));
    return List.of(
        AccountResource.deleted(BUS, Type.EVENT_BUS, List.of(), bus),
        AccountResource.deleted(
            DEAD_LETTERS, Type.QUEUE, List.of(), queueProperties(deadLettersName())),
        AccountResource.deleted(QUEUE, Type.QUEUE, List.of(), queueWithDeadLetters()),
        AccountResource.deleted(
            "NoticeQueuePolicy", Type.QUEUE_POLICY, List.of(QUEUE), protectedBy),
        AccountResource.deleted("NoticeRule", Type.RULE, List.of(BUS, QUEUE), rule()));
  }

  private ObjectNode queueProperties(String name) {
    return AccountResource.node()
        .put("QueueName", name)
        .put("MessageRetentionPeriod", RETENTION_SECONDS)
        .put("SqsManagedSseEnabled", true);
  }

  private ObjectNode queueWithDeadLetters() {
    ObjectNode queue = queueProperties(queueName());
    ObjectNode redrive = queue.putObject("RedrivePolicy").put("maxReceiveCount", RECEIVES);
    // A reference, by which cfn-lint finds that both are queues of the same kind.
    redrive.putObject("deadLetterTargetArn").putArray("Fn::GetAtt").add(DEAD_LETTERS).add("Arn");
    return queue;
  }

  private ObjectNode rule() {
    ObjectNode rule =
        AccountResource.node()
            .put("Name", queueName())
            .put("EventBusName", config.table())
            .put("State", "ENABLED");
    ObjectNode pattern = rule.putObject("EventPattern");
    pattern.putArray("source").add(source());
    pattern.putArray("detail-type").addObject().put("prefix", "notice.");
    rule.set(
        "Targets",
        AccountResource.list(
            AccountResource.node().put("Id", "notices").put("Arn", queueArn(queueName()))));
    return rule;
  }

  /**
   * Returns who may send to the bus from other accounts; empty if no account may.
   *
   * @param senders the accounts, unless all of the organization may
   */
  Optional<String> busPolicy(List<String> senders) {
    PolicyStatement send =
        PolicyStatement.allow("SendNotices").actions("events:PutEvents").on(busArn(account));
    Optional<String> organization = config.organizationId();
    if (organization.isPresent()) {
      send.toAll().when("StringEquals", "aws:PrincipalOrgID", organization.get());
    } else if (senders.isEmpty()) {
      return Optional.empty();
    } else {
      send.to(new TreeSet<>(senders).stream().map(config::accountArn).toList());
    }
    return Optional.of(
        PolicyDocument.EVENT_BUS.text(
            List.of(send.when("StringEquals", "events:source", source()))));
  }

  /** Returns the policy of the queue: the rule may send. */
  String queuePolicy() {
    return PolicyDocument.EVENT_BUS.text(
        List.of(
            PolicyStatement.allow("ReceiveNotices")
                .toServices("events" + TrustPolicies.SERVICE)
                .actions("sqs:SendMessage")
                .on(queueArn(queueName()))
                .when("ArnEquals", "aws:SourceArn", ruleArn())));
  }

  /** Returns what roles of these kinds do with notices; empty if nothing. */
  List<PolicyStatement> ofRole(List<AwsRoleKind> kinds) {
    List<PolicyStatement> statements = new ArrayList<>();
    if (kinds.stream().anyMatch(kind -> kind.type() == AwsRoleKind.Type.MAINTENANCE)) {
      statements.add(
          PolicyStatement.allow("SendNotices").actions("events:PutEvents").on(busArn("*")));
      statements.add(
          PolicyStatement.allow("FindBus").actions("events:DescribeEventBus").on(busArn("*")));
    }
    if (kinds.stream().anyMatch(kind -> kind.type() == AwsRoleKind.Type.CONSUMER)) {
      statements.add(
          PolicyStatement.allow("ReadNotices")
              .actions("sqs:GetQueueUrl", "sqs:ReceiveMessage", "sqs:DeleteMessage")
              .on(queueArn(queueName())));
    }
    return statements;
  }

  /** Returns what the deployer needs for the resources. */
  List<PolicyStatement> ofDeployer() {
    return List.of(
        PolicyStatement.allow("MakeBus")
            .actions(
                "events:CreateEventBus",
                "events:DescribeEventBus",
                "events:DeleteEventBus",
                "events:ListTagsForResource",
                "events:PutPermission",
                "events:RemovePermission")
            .on(busArn(account)),
        PolicyStatement.allow("MakeRule")
            .actions(
                "events:PutRule",
                "events:DescribeRule",
                "events:DeleteRule",
                "events:PutTargets",
                "events:RemoveTargets",
                "events:ListTargetsByRule")
            .on(ruleArn()),
        PolicyStatement.allow("MakeQueues")
            .actions(
                "sqs:CreateQueue",
                "sqs:DeleteQueue",
                "sqs:GetQueueUrl",
                "sqs:ListQueueTags",
                "sqs:GetQueueAttributes",
                "sqs:SetQueueAttributes")
            .on(queueArn(queueName()), queueArn(deadLettersName())));
  }

  private String source() {
    return "meshwork." + config.meshName();
  }

  private String queueName() {
    return config.table() + "-notices";
  }

  private String deadLettersName() {
    return queueName() + "-dead";
  }

  private String busArn(String of) {
    return config.names().eventBus(of, config.meshName());
  }

  private String ruleArn() {
    return "arn:%s:events:%s:%s:rule/%s/%s"
        .formatted(config.partition(), config.region(), account, config.table(), queueName());
  }

  private String queueArn(String name) {
    return "arn:%s:sqs:%s:%s:%s".formatted(config.partition(), config.region(), account, name);
  }

  private String url(String name) {
    return "https://sqs.%s.%s/%s/%s"
        .formatted(
            config.region(),
            PartitionMetadata.of(Region.of(config.region())).dnsSuffix(),
            account,
            name);
  }
}
