package io.meshwork.testkit.aws.internal.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.AwsPermissions;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.AwsRequest;
import io.meshwork.testkit.aws.internal.access.AwsServerClient;
import io.meshwork.testkit.aws.internal.access.IamAction;
import io.meshwork.testkit.aws.internal.access.IamPolicy;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import io.meshwork.testkit.aws.internal.access.ServiceRules;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Queues of SQS. Messages, their visibility, and dead letters come from the server; rights are
 * decided here: of roles in their own account, and of EventBridge by the policy of the queue.
 */
public final class QueueRules implements ServiceRules {
  private static final Set<String> EMULATED =
      Set.of(
          "CreateQueue",
          "DeleteQueue",
          "GetQueueUrl",
          "ListQueueTags",
          "GetQueueAttributes",
          "SetQueueAttributes",
          "ReceiveMessage",
          "DeleteMessage",
          "DeleteMessageBatch",
          "ChangeMessageVisibility");

  private final AwsServerClient servers;
  private final AwsPermissions permissions;

  public QueueRules(AwsServerClient servers, AwsPermissions permissions) {
    this.servers = servers;
    this.permissions = permissions;
  }

  @Override
  public @Nullable AwsReply ownReply(AwsRequest request, AwsIdentity caller) throws IOException {
    String operation = request.operation();
    if (!EMULATED.contains(operation)) {
      throw new NotEmulatedException("sqs:" + operation + " is not emulated.");
    }
    JsonNode body = AwsReply.JSON.readTree(request.body().text());
    String url = body.path("QueueUrl").asText("");
    String[] parts = url.split("/", -1);
    if (!url.isEmpty() && !parts[parts.length - 2].equals(caller.account())) {
      throw new NotEmulatedException("Queues of other accounts are not emulated.");
    }
    String name = url.isEmpty() ? body.path("QueueName").asText() : parts[parts.length - 1];
    String arn = arn(request.scope().region(), caller.account(), name);
    String denial = permissions.denial(caller, IamAction.of(permission(operation), arn));
    return denial == null ? null : AwsReply.error("sqs", 403, "AccessDeniedException", denial);
  }

  @Override
  public AwsReply reply(AwsRequest request, AwsIdentity caller, AwsReply reply) {
    return reply;
  }

  /** A batch needs the permission of its single operation. */
  private static String permission(String operation) {
    return "sqs:" + operation.replace("Batch", "");
  }

  static String arn(String region, String account, String name) {
    return "arn:aws:sqs:" + region + ":" + account + ":" + name;
  }

  /** Sends a message as a rule of EventBridge; it is lost if the queue does not let it. */
  void send(String queueArn, String ruleArn, String message) throws IOException {
    String[] parts = queueArn.split(":", -1);
    String region = parts[3];
    String account = parts[4];
    try {
      String url =
          call(account, region, "GetQueueUrl", body().put("QueueName", parts[5]))
              .path("QueueUrl")
              .asText();
      ObjectNode request = body().put("QueueUrl", url);
      request.putArray("AttributeNames").add("Policy");
      String policy =
          call(account, region, "GetQueueAttributes", request)
              .path("Attributes")
              .path("Policy")
              .asText("");
      IamAction action = IamAction.of("sqs:SendMessage", queueArn).with("aws:SourceArn", ruleArn);
      if (!policy.isEmpty() && IamPolicy.ofResource(policy).allowsService(action)) {
        call(
            account,
            region,
            "SendMessage",
            body().put("QueueUrl", url).put("MessageBody", message));
      }
    } catch (AwsErrorException e) {
      // As on AWS, a missing queue is not reported to the sender.
    }
  }

  private static ObjectNode body() {
    return AwsReply.JSON.createObjectNode();
  }

  private JsonNode call(String account, String region, String operation, ObjectNode body)
      throws IOException {
    return servers.json("sqs", "AmazonSQS." + operation, account, region, body);
  }
}
