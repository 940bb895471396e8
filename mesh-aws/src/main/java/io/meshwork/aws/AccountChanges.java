package io.meshwork.aws;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.aws.AccountResource.Type;
import io.meshwork.aws.internal.ResourceNames;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.mirror.MirrorTrigger;
import io.meshwork.product.Principal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How the mirrors learn at once what they have to show: the bus of each account sends the events of
 * changes to the bus of the mesh's account, and this one to a queue.
 *
 * @param config the mesh
 * @param account an account with a bus
 */
record AccountChanges(AwsConfig config, String account) {
  /** The role as which EventBridge sends to the account of the mesh. */
  static final String SENDER = "mesh-events";

  private static final String SENDER_ROLE = "MeshEventsRole";
  private static final String QUEUE = "ChangeQueue";

  /** Runs of all mirrors every 15 minutes show what was missed, so older messages are useless. */
  private static final int RETENTION_SECONDS = 60 * 60;

  /** As long as a function of AWS Lambda may take, which reads no queue with less. */
  private static final int HIDDEN_SECONDS = 15 * 60;

  private static final String ROLLOUTS = "rollout.";

  /** Returns the resources of the account, without the role. */
  List<AccountResource> resources() {
    List<AccountResource> resources = new ArrayList<>();
    queue()
        .ifPresent(
            arn -> {
              resources.add(
                  AccountResource.deletedWithStack(
                      QUEUE,
                      Type.QUEUE,
                      List.of(),
                      AccountResource.node()
                          .put("QueueName", name())
                          .put("MessageRetentionPeriod", RETENTION_SECONDS)
                          .put("VisibilityTimeout", HIDDEN_SECONDS)
                          .put("SqsManagedSseEnabled", true)));
              ObjectNode protectedBy = AccountResource.node();
              protectedBy.putArray("Queues").add(config.names().queueUrl(account, name()));
              protectedBy.set("PolicyDocument", PolicyDocument.parsed(queuePolicy(arn)));
              resources.add(
                  AccountResource.deletedWithStack(
                      "ChangeQueuePolicy", Type.QUEUE_POLICY, List.of(QUEUE), protectedBy));
            });
    ObjectNode rule = AccountNotices.rule(config, name());
    ArrayNode types = AccountNotices.pattern(rule);
    Arrays.stream(MeshEvent.Type.values())
        .filter(type -> type != MeshEvent.Type.UNKNOWN && !type.text().startsWith(ROLLOUTS))
        .filter(type -> MirrorTrigger.of(type) != MirrorTrigger.NOTHING)
        .forEach(type -> types.add(type.text()));
    types.addObject().put("prefix", ROLLOUTS);
    rule.set("Targets", AccountResource.list(target()));
    resources.add(
        AccountResource.deletedWithStack(
            "ChangeRule",
            Type.RULE,
            List.of(AccountNotices.BUS, isOfMesh() ? QUEUE : SENDER_ROLE),
            rule));
    return resources;
  }

  private ObjectNode target() {
    ObjectNode target = AccountResource.node().put("Id", "changes");
    return queue()
        .map(arn -> target.put("Arn", arn))
        .orElseGet(() -> target.put("Arn", busOfMesh()).put("RoleArn", sender()));
  }

  /** Returns the role as which EventBridge sends to the account of the mesh, if this is another. */
  Optional<AccountRole> role() {
    return isOfMesh()
        ? Optional.empty()
        : Optional.of(
            new AccountRole(
                Principal.of(account, SENDER),
                new TrustPolicies(config).ofProcesses(List.of(AccountNotices.EVENTS)),
                Map.of(
                    "changes",
                    PolicyDocument.IDENTITY.text(
                        List.of(
                            PolicyStatement.allow("SendChanges")
                                .actions("events:PutEvents")
                                .on(busOfMesh())))),
                List.of()));
  }

  /** Returns the policy of the queue; empty in an account that has none. */
  Optional<String> queuePolicy() {
    return queue().map(this::queuePolicy);
  }

  private String queuePolicy(String arn) {
    return AccountNotices.queuePolicy(
        "ReceiveChanges", arn, AccountNotices.ruleArn(config, account, name()));
  }

  /**
   * Returns what the process that runs the mirrors needs, and an event source mapping of Lambda,
   * which reads the queue as the role of its function; empty in an account without a queue.
   */
  Optional<String> ofOperator() {
    return queue()
        .map(
            arn ->
                PolicyDocument.IDENTITY.text(
                    List.of(
                        PolicyStatement.allow("ReadChanges")
                            .actions(
                                "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
                            .on(arn))));
  }

  /** Returns what the deployer needs besides rules and queues. */
  Stream<PolicyStatement> ofDeployer() {
    return isOfMesh()
        ? Stream.empty()
        : Stream.of(
            PolicyStatement.allow("UseSender")
                .actions("iam:PassRole")
                .on(sender())
                .when("StringEquals", "iam:PassedToService", AccountNotices.EVENTS));
  }

  /** Returns the name of the rule and of the queue. */
  String name() {
    return ResourceNames.changeQueue(config.meshName());
  }

  /** Returns the ARN of the queue; empty in an account that has none. */
  Optional<String> queue() {
    return isOfMesh()
        ? Optional.of(AccountNotices.queueArn(config, account, name()))
        : Optional.empty();
  }

  private boolean isOfMesh() {
    return account.equals(config.account());
  }

  private String sender() {
    return config.roleArn(account, SENDER);
  }

  private String busOfMesh() {
    return config.names().eventBus(config.account(), config.meshName());
  }
}
