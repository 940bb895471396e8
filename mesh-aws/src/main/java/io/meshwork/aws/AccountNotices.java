package io.meshwork.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.aws.AccountResource.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * How events and notices come to an account: an event bus, to which other accounts send, a rule,
 * and a queue, from which programs of the account read notices. Further rules tell the {@linkplain
 * AccountChanges mirrors} and {@linkplain AccountMail people}.
 *
 * @param config the mesh
 * @param account the account that receives
 * @param senders the other accounts that may send, unless all of the organization may
 * @param addresses to whom mail is sent
 */
record AccountNotices(
    AwsConfig config, String account, List<String> senders, List<String> addresses) {
  /** The service whose rules send to queues and topics. */
  static final String EVENTS = "events" + TrustPolicies.SERVICE;

  /** How the types of details of notices begin. */
  static final String NOTICE = "notice.";

  private static final int RETENTION_SECONDS = 14 * 24 * 60 * 60;
  private static final int RECEIVES = 5;

  /** The logical ID of the bus. */
  static final String BUS = "NoticeBus";

  private static final String QUEUE = "NoticeQueue";
  private static final String DEAD_LETTERS = "NoticeDeadLetters";

  AccountNotices {
    senders = List.copyOf(senders);
    addresses = List.copyOf(addresses);
  }

  /** Returns what receives nothing, to print the permissions of roles. */
  static AccountNotices of(AwsConfig config, String account) {
    return new AccountNotices(config, account, List.of(), List.of());
  }

  AccountChanges changes() {
    return new AccountChanges(config, account);
  }

  AccountMail mail() {
    return new AccountMail(config, account, addresses);
  }

  List<AccountResource> resources() {
    ObjectNode bus = AccountResource.node().put("Name", config.table());
    busPolicy().ifPresent(policy -> bus.set("Policy", PolicyDocument.parsed(policy)));
    ObjectNode protectedBy = AccountResource.node();
    protectedBy.putArray("Queues").add(url(queueName()));
    protectedBy.set("PolicyDocument", PolicyDocument.parsed(queuePolicy()));
    List<AccountResource> resources = new ArrayList<>();
    resources.add(AccountResource.deletedWithStack(BUS, Type.EVENT_BUS, List.of(), bus));
    resources.add(
        AccountResource.deletedWithStack(
            DEAD_LETTERS, Type.QUEUE, List.of(), queueProperties(deadLettersName())));
    resources.add(
        AccountResource.deletedWithStack(QUEUE, Type.QUEUE, List.of(), queueWithDeadLetters()));
    resources.add(
        AccountResource.deletedWithStack(
            "NoticeQueuePolicy", Type.QUEUE_POLICY, List.of(QUEUE), protectedBy));
    resources.add(
        AccountResource.deletedWithStack("NoticeRule", Type.RULE, List.of(BUS, QUEUE), rule()));
    resources.addAll(changes().resources());
    resources.addAll(mail().resources());
    return resources;
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
    ObjectNode rule = rule(config, queueName());
    pattern(rule).addObject().put("prefix", NOTICE);
    rule.set(
        "Targets",
        AccountResource.list(
            AccountResource.node().put("Id", "notices").put("Arn", queueArn(queueName()))));
    return rule;
  }

  /** Returns a rule of the bus for what the mesh sends, without targets. */
  static ObjectNode rule(AwsConfig config, String name) {
    ObjectNode rule =
        AccountResource.node()
            .put("Name", name)
            .put("EventBusName", config.table())
            .put("State", "ENABLED");
    rule.putObject("EventPattern").putArray("source").add(source(config));
    return rule;
  }

  /** Returns the types of details that a rule accepts, to be added to. */
  static ArrayNode pattern(ObjectNode rule) {
    return rule.withObject("EventPattern").putArray("detail-type");
  }

  /** Returns who may send to the bus from other accounts; empty if no account may. */
  Optional<String> busPolicy() {
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
            List.of(send.when("StringEquals", "events:source", source(config)))));
  }

  /** Returns the policy of the queue: the rule may send. */
  String queuePolicy() {
    return queuePolicy("ReceiveNotices", queueArn(queueName()), ruleArn(queueName()));
  }

  /** Returns the policy of a queue to which a rule may send. */
  static String queuePolicy(String name, String queue, String rule) {
    return PolicyDocument.EVENT_BUS.text(
        List.of(
            PolicyStatement.allow(name)
                .toServices(EVENTS)
                .actions("sqs:SendMessage")
                .on(queue)
                .when("ArnEquals", "aws:SourceArn", rule)));
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
    List<String> rules = new ArrayList<>(List.of(ruleArn(queueName())));
    rules.add(ruleArn(changes().name()));
    List<String> queues =
        new ArrayList<>(List.of(queueArn(queueName()), queueArn(deadLettersName())));
    changes().queue().ifPresent(queues::add);
    if (!addresses.isEmpty()) {
      rules.add(ruleArn(mail().name()));
    }
    List<PolicyStatement> statements = new ArrayList<>();
    statements.add(
        PolicyStatement.allow("MakeBus")
            .actions(
                "events:CreateEventBus",
                "events:DescribeEventBus",
                "events:DeleteEventBus",
                "events:ListTagsForResource",
                "events:PutPermission",
                "events:RemovePermission")
            .on(busArn(account)));
    statements.add(
        PolicyStatement.allow("MakeRule")
            .actions(
                "events:PutRule",
                "events:DescribeRule",
                "events:DeleteRule",
                "events:PutTargets",
                "events:RemoveTargets",
                "events:ListTargetsByRule")
            .on(rules));
    statements.add(
        PolicyStatement.allow("MakeQueues")
            .actions(
                "sqs:CreateQueue",
                "sqs:DeleteQueue",
                "sqs:GetQueueUrl",
                "sqs:ListQueueTags",
                "sqs:GetQueueAttributes",
                "sqs:SetQueueAttributes")
            .on(queues));
    changes().ofDeployer().forEach(statements::add);
    mail().ofDeployer().forEach(statements::add);
    return statements;
  }

  private static String source(AwsConfig config) {
    return "meshwork." + config.meshName();
  }

  private String queueName() {
    return config.table() + "-notices";
  }

  private String deadLettersName() {
    return queueName() + "-dead";
  }

  private String busArn(String account) {
    return config.names().eventBus(account, config.meshName());
  }

  private String ruleArn(String name) {
    return ruleArn(config, account, name);
  }

  /** Returns the ARN of a rule of the bus. */
  static String ruleArn(AwsConfig config, String account, String name) {
    return config.names().rule(account, config.meshName(), name);
  }

  private String queueArn(String name) {
    return queueArn(config, account, name);
  }

  static String queueArn(AwsConfig config, String account, String name) {
    return "arn:%s:sqs:%s:%s:%s".formatted(config.partition(), config.region(), account, name);
  }

  private String url(String name) {
    return config.names().queueUrl(account, name);
  }
}
