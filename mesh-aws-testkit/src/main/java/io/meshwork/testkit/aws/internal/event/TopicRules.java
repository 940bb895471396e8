package io.meshwork.testkit.aws.internal.event;

import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.AwsPermissions;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.AwsRequest;
import io.meshwork.testkit.aws.internal.access.IamAction;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import io.meshwork.testkit.aws.internal.access.ServiceRules;
import io.meshwork.testkit.aws.internal.event.EventState.Topic;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Topics of SNS with subscriptions of mail, which count as confirmed. Only rules of EventBridge and
 * alarms of CloudWatch send, if the policy of the topic lets them. No server gets these requests.
 */
public final class TopicRules implements ServiceRules {
  private static final String TOPIC = "TopicArn";
  private static final String SUBSCRIPTION = "SubscriptionArn";
  private static final String KEY = "KmsMasterKeyId";

  private static final Map<String, Set<String>> PARAMETERS =
      Map.of(
          "CreateTopic",
          Set.of("Name", "Attributes.entry.1.key", "Attributes.entry.1.value"),
          "DeleteTopic",
          Set.of(TOPIC),
          "GetTopicAttributes",
          Set.of(TOPIC),
          "SetTopicAttributes",
          Set.of(TOPIC, "AttributeName", "AttributeValue"),
          "ListTagsForResource",
          Set.of("ResourceArn"),
          "ListSubscriptionsByTopic",
          Set.of(TOPIC),
          "Subscribe",
          Set.of(TOPIC, "Protocol", "Endpoint", "ReturnSubscriptionArn"),
          "GetSubscriptionAttributes",
          Set.of(SUBSCRIPTION),
          "Unsubscribe",
          Set.of(SUBSCRIPTION));

  private final EventState state;
  private final AwsPermissions permissions;

  public TopicRules(EventState state, AwsPermissions permissions) {
    this.state = state;
    this.permissions = permissions;
  }

  @Override
  public AwsReply ownReply(AwsRequest request, AwsIdentity caller) throws IOException {
    String operation = request.operation();
    Map<String, String> form = new TreeMap<>(request.form());
    form.keySet().removeAll(Set.of("Action", "Version"));
    Set<String> parameters = PARAMETERS.get(operation);
    if (parameters == null || !parameters.containsAll(form.keySet())) {
      throw new NotEmulatedException("sns:" + operation + " with " + form.keySet());
    }
    String own = "arn:aws:sns:" + request.scope().region() + ":" + caller.account() + ":";
    String arn =
        form.containsKey("Name")
            ? own + form.get("Name")
            : String.join("", form.getOrDefault(TOPIC, ""), form.getOrDefault("ResourceArn", ""))
                + form.getOrDefault(SUBSCRIPTION, "");
    if (!arn.startsWith(own)) {
      throw new NotEmulatedException("Topics of other accounts.");
    }
    // IAM has no resource for a subscription.
    String resource = form.containsKey(SUBSCRIPTION) ? null : arn;
    String denial = permissions.denial(caller, IamAction.of("sns:" + operation, resource));
    if (denial != null) {
      return AwsReply.error("sns", 403, "AuthorizationError", denial);
    }
    synchronized (state) {
      return AwsReply.xml(
          200,
          "<%1$sResponse><%1$sResult>%2$s</%1$sResult></%1$sResponse>"
              .formatted(operation, result(operation, arn, form)));
    }
  }

  private String result(String operation, String arn, Map<String, String> form) {
    if (operation.equals("CreateTopic")) {
      String key = encryption(form);
      state.topics().computeIfAbsent(arn, absent -> new Topic(key));
      return "<TopicArn>" + arn + "</TopicArn>";
    }
    if (operation.equals("DeleteTopic")) {
      state.topics().remove(arn);
      return "";
    }
    if (operation.equals("Unsubscribe")) {
      state.topics().values().forEach(topic -> topic.addresses().remove(arn));
      return "";
    }
    if (operation.equals("GetSubscriptionAttributes")) {
      String address =
          state.topics().values().stream()
              .map(topic -> topic.addresses().get(arn))
              .filter(Objects::nonNull)
              .findFirst()
              .orElseThrow(() -> new AwsErrorException("NotFound", "Subscription does not exist"));
      return attributes(
          Map.of(
              TOPIC,
              arn.substring(0, arn.lastIndexOf(':')),
              "Protocol",
              "email",
              "Endpoint",
              address));
    }
    Topic topic = state.topics().get(arn);
    if (topic == null) {
      throw new AwsErrorException("NotFound", "Topic does not exist");
    }
    return switch (operation) {
      case "SetTopicAttributes" -> {
        String value = form.getOrDefault("AttributeValue", "");
        switch (form.getOrDefault("AttributeName", "")) {
          case "Policy" -> topic.setPolicy(value);
          case KEY -> topic.setKey(requireKey(value));
          default -> throw new NotEmulatedException("The attribute " + form.get("AttributeName"));
        }
        yield "";
      }
      case "GetTopicAttributes" ->
          attributes(Map.of(TOPIC, arn, "Policy", topic.policyText(), KEY, topic.key()));
      case "Subscribe" -> {
        String address = form.getOrDefault("Endpoint", "");
        if (!"email".equals(form.get("Protocol")) || !address.contains("@")) {
          throw new NotEmulatedException("Subscriptions other than of mail.");
        }
        String subscription = arn + ":" + Integer.toHexString(address.hashCode());
        topic.addresses().put(subscription, address);
        yield "<SubscriptionArn>" + subscription + "</SubscriptionArn>";
      }
      case "ListSubscriptionsByTopic" -> {
        StringBuilder members = new StringBuilder("<Subscriptions>");
        topic
            .addresses()
            .forEach(
                (subscription, address) ->
                    members
                        .append("<member><SubscriptionArn>")
                        .append(subscription)
                        .append("</SubscriptionArn><Endpoint>")
                        .append(AwsReply.escaped(address))
                        .append("</Endpoint></member>"));
        yield members.append("</Subscriptions>").toString();
      }
      default -> "";
    };
  }

  /** Returns the attributes that have a value, as SNS writes them. */
  private static String attributes(Map<String, String> attributes) {
    StringBuilder entries = new StringBuilder("<Attributes>");
    new TreeMap<>(attributes)
        .forEach(
            (name, value) -> {
              if (!value.isEmpty()) {
                entries
                    .append("<entry><key>")
                    .append(name)
                    .append("</key><value>")
                    .append(AwsReply.escaped(value))
                    .append("</value></entry>");
              }
            });
    return entries.append("</Attributes>").toString();
  }

  /** Returns the key of a new topic. SNS's own key does not let EventBridge encrypt. */
  private static String encryption(Map<String, String> form) {
    String attribute = form.getOrDefault("Attributes.entry.1.key", KEY);
    if (!attribute.equals(KEY)) {
      throw new NotEmulatedException("The attribute " + attribute + " of a topic.");
    }
    return requireKey(form.getOrDefault("Attributes.entry.1.value", ""));
  }

  private static String requireKey(String key) {
    if (key.endsWith("alias/aws/sns")) {
      throw new NotEmulatedException("The key " + key + " of a topic.");
    }
    return key;
  }

  @Override
  public AwsReply reply(AwsRequest request, AwsIdentity caller, AwsReply reply) {
    return reply;
  }
}
