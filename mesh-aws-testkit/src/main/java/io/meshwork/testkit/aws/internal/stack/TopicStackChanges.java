package io.meshwork.testkit.aws.internal.stack;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import io.meshwork.testkit.aws.internal.stack.StackTemplate.StackResource;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Creates topics of stacks with their policies and subscriptions, as {@link StackChanges} creates
 * other resources.
 *
 * @param calls sends the requests
 */
record TopicStackChanges(FrontCalls calls) {
  private static final String TOPIC = "TopicArn";
  private static final String KEY = "KmsMasterKeyId";
  private static final Pattern SUBSCRIPTION =
      Pattern.compile("<SubscriptionArn>([^<]*)</SubscriptionArn>");
  private static final Pattern ARN = Pattern.compile("<TopicArn>([^<]*)</TopicArn>");

  void create(StackResource resource) throws IOException {
    JsonNode properties = resource.properties();
    switch (resource.type()) {
      case StackTemplate.TOPIC -> {
        String arn = topic(properties);
        sns("GetTopicAttributes", Map.of(TOPIC, arn));
        sns("ListTagsForResource", Map.of("ResourceArn", arn));
        sns("ListSubscriptionsByTopic", Map.of(TOPIC, arn));
      }
      case StackTemplate.TOPIC_POLICY ->
          setPolicy(properties, properties.path("PolicyDocument").toString());
      case StackTemplate.SUBSCRIPTION -> {
        Matcher subscription =
            SUBSCRIPTION.matcher(
                sns(
                    "Subscribe",
                    Map.of(
                        TOPIC,
                        properties.path(TOPIC).asText(),
                        "Protocol",
                        properties.path("Protocol").asText(),
                        "Endpoint",
                        properties.path("Endpoint").asText(),
                        "ReturnSubscriptionArn",
                        "true")));
        if (subscription.find()) {
          readSubscription(resource, subscription.group(1));
        }
      }
      default -> throw new NotEmulatedException("Creating " + resource.type());
    }
  }

  void change(StackResource before, StackResource after) throws IOException {
    switch (after.type()) {
      case StackTemplate.TOPIC_POLICY -> {
        StackChanges.requireSame("Topics", before, after);
        create(after);
      }
      case StackTemplate.TOPIC -> {
        StackChanges.requireSame("TopicName", before, after);
        String arn = topic(before.properties());
        String key = after.properties().path(KEY).asText("");
        setAttribute(arn, KEY, key);
        sns("GetTopicAttributes", Map.of(TOPIC, arn));
      }
      default -> throw new NotEmulatedException("Changes of " + after.type());
    }
  }

  void delete(StackResource resource) throws IOException {
    JsonNode properties = resource.properties();
    switch (resource.type()) {
      case StackTemplate.TOPIC -> sns("DeleteTopic", Map.of(TOPIC, topic(properties)));
      case StackTemplate.TOPIC_POLICY -> setPolicy(properties, "");
      case StackTemplate.SUBSCRIPTION -> {
        String topic = properties.path(TOPIC).asText();
        Matcher subscription =
            Pattern.compile(
                    "<SubscriptionArn>([^<]*)</SubscriptionArn><Endpoint>"
                        + Pattern.quote(AwsReply.escaped(properties.path("Endpoint").asText()))
                        + "<")
                .matcher(sns("ListSubscriptionsByTopic", Map.of(TOPIC, topic)));
        if (subscription.find()) {
          readSubscription(resource, subscription.group(1));
          sns("Unsubscribe", Map.of("SubscriptionArn", subscription.group(1)));
        }
      }
      default -> throw new NotEmulatedException("Deletion of " + resource.type());
    }
  }

  private void readSubscription(StackResource subscription, String arn) throws IOException {
    sns("GetTopicAttributes", Map.of(TOPIC, subscription.properties().path(TOPIC).asText()));
    sns("GetSubscriptionAttributes", Map.of("SubscriptionArn", arn));
  }

  /** Returns the ARN of a topic, which is created if it does not exist. */
  private String topic(JsonNode properties) throws IOException {
    Map<String, String> form = new TreeMap<>();
    form.put("Name", properties.path("TopicName").asText());
    if (properties.has(KEY)) {
      form.put("Attributes.entry.1.key", KEY);
      form.put("Attributes.entry.1.value", properties.path(KEY).asText());
    }
    Matcher arn = ARN.matcher(sns("CreateTopic", form));
    return arn.find() ? arn.group(1) : "";
  }

  private void setPolicy(JsonNode properties, String policy) throws IOException {
    setAttribute(properties.path("Topics").path(0).asText(), "Policy", policy);
  }

  private void setAttribute(String topic, String name, String value) throws IOException {
    sns("SetTopicAttributes", Map.of(TOPIC, topic, "AttributeName", name, "AttributeValue", value));
  }

  private String sns(String action, Map<String, String> form) throws IOException {
    return calls.form("sns", action, form);
  }
}
