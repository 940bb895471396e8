package io.meshwork.testkit.aws.internal.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.stack.StackTemplate.StackResource;
import java.io.IOException;
import java.util.Map;

/**
 * Creates buses, rules, queues, and topics of stacks, as {@link StackChanges} creates other
 * resources.
 *
 * @param calls sends the requests
 * @param template the template of the resources
 */
record EventStackChanges(FrontCalls calls, StackTemplate template) {
  private static final String POLICY = "Policy";
  private static final String EVENT_BUS = "EventBusName";
  private static final String REDRIVE = "RedrivePolicy";
  private static final String DEAD_LETTERS = "deadLetterTargetArn";

  void create(StackResource resource) throws IOException {
    JsonNode properties = resource.properties();
    switch (resource.type()) {
      case StackTemplate.EVENT_BUS -> {
        events("CreateEventBus", body("Name", properties.path("Name")));
        putPermission(properties);
        read(properties);
      }
      case StackTemplate.RULE -> putRule(properties);
      case StackTemplate.QUEUE -> {
        ObjectNode queue = body("QueueName", properties.path("QueueName"));
        queue.set("Attributes", attributes(properties));
        sqs("CreateQueue", queue);
        ObjectNode named = body("QueueUrl", url(properties));
        sqs("GetQueueAttributes", all(named.deepCopy()));
        sqs("ListQueueTags", named);
      }
      case StackTemplate.QUEUE_POLICY -> setPolicy(properties);
      default -> new TopicStackChanges(calls).create(resource);
    }
  }

  void change(StackResource before, StackResource after) throws IOException {
    JsonNode properties = after.properties();
    switch (after.type()) {
      case StackTemplate.EVENT_BUS -> {
        StackChanges.requireSame("Name", before, after);
        putPermission(properties);
        read(properties);
      }
      case StackTemplate.RULE -> {
        StackChanges.requireSame("Name", before, after);
        StackChanges.requireSame("Targets", before, after);
        putRule(properties);
      }
      case StackTemplate.QUEUE -> {
        StackChanges.requireSame("QueueName", before, after);
        ObjectNode queue = body("QueueUrl", url(properties));
        queue.set("Attributes", attributes(properties));
        sqs("SetQueueAttributes", queue);
      }
      case StackTemplate.QUEUE_POLICY -> {
        StackChanges.requireSame("Queues", before, after);
        setPolicy(properties);
      }
      default -> new TopicStackChanges(calls).change(before, after);
    }
  }

  void delete(StackResource resource) throws IOException {
    JsonNode properties = resource.properties();
    switch (resource.type()) {
      case StackTemplate.EVENT_BUS ->
          events("DeleteEventBus", body("Name", properties.path("Name")));
      case StackTemplate.RULE -> {
        ObjectNode rule = body(EVENT_BUS, properties.path(EVENT_BUS));
        ObjectNode targets = rule.deepCopy();
        targets.set("Rule", properties.path("Name"));
        properties.path("Targets").forEach(t -> targets.withArray("Ids").add(t.path("Id")));
        events("RemoveTargets", targets);
        events("DeleteRule", rule.set("Name", properties.path("Name")));
      }
      case StackTemplate.QUEUE -> sqs("DeleteQueue", body("QueueUrl", url(properties)));
      case StackTemplate.QUEUE_POLICY -> {
        ObjectNode queue = body("QueueUrl", properties.path("Queues").path(0));
        queue.putObject("Attributes").put(POLICY, "");
        sqs("SetQueueAttributes", queue);
      }
      default -> new TopicStackChanges(calls).delete(resource);
    }
  }

  private void putPermission(JsonNode properties) throws IOException {
    ObjectNode bus = body(EVENT_BUS, properties.path("Name"));
    if (properties.has(POLICY)) {
      events("PutPermission", bus.put(POLICY, properties.path(POLICY).toString()));
    } else {
      events("RemovePermission", bus.put("RemoveAllPermissions", true));
    }
  }

  private void read(JsonNode properties) throws IOException {
    JsonNode bus = events("DescribeEventBus", body("Name", properties.path("Name")));
    events("ListTagsForResource", body("ResourceARN", bus.path("Arn")));
  }

  private void putRule(JsonNode properties) throws IOException {
    ObjectNode rule = body("Name", properties.path("Name"));
    rule.set(EVENT_BUS, properties.path(EVENT_BUS));
    ObjectNode named = rule.deepCopy();
    rule.put("EventPattern", properties.path("EventPattern").toString());
    rule.set("State", properties.path("State"));
    events("PutRule", rule);
    ObjectNode targets = body("Rule", properties.path("Name"));
    targets.set(EVENT_BUS, properties.path(EVENT_BUS));
    ObjectNode read = targets.deepCopy();
    targets.set("Targets", properties.path("Targets"));
    events("PutTargets", targets);
    events("DescribeRule", named);
    events("ListTargetsByRule", read);
  }

  private void setPolicy(JsonNode properties) throws IOException {
    ObjectNode queue = body("QueueUrl", properties.path("Queues").path(0));
    queue.putObject("Attributes").put(POLICY, properties.path("PolicyDocument").toString());
    sqs("SetQueueAttributes", queue);
  }

  /** Returns the attributes of a queue, all of which are strings. */
  private ObjectNode attributes(JsonNode properties) throws IOException {
    ObjectNode attributes = AwsReply.JSON.createObjectNode();
    for (Map.Entry<String, JsonNode> property : properties.properties()) {
      JsonNode value = property.getValue();
      if (property.getKey().equals(REDRIVE)) {
        ObjectNode redrive = value.deepCopy();
        redrive.set(DEAD_LETTERS, queueArn(value.path(DEAD_LETTERS)));
        attributes.put(REDRIVE, redrive.toString());
      } else if (!property.getKey().equals("QueueName")) {
        attributes.put(property.getKey(), value.asText());
      }
    }
    return attributes;
  }

  /** Returns the ARN of a queue of the template. */
  private JsonNode queueArn(JsonNode reference) throws IOException {
    JsonNode argument = reference.path(StackTemplate.GET_ATTRIBUTE);
    StackResource queue = template.resources().get(argument.path(0).asText());
    if (queue == null || !argument.path(1).asText().equals("Arn")) {
      throw StackTemplate.invalid("Template error: " + reference + " is not valid");
    }
    ObjectNode named = body("QueueUrl", url(queue.properties()));
    return sqs("GetQueueAttributes", all(named)).path("Attributes").path("QueueArn");
  }

  private JsonNode url(JsonNode properties) throws IOException {
    return sqs("GetQueueUrl", body("QueueName", properties.path("QueueName"))).path("QueueUrl");
  }

  private static ObjectNode all(ObjectNode queue) {
    queue.putArray("AttributeNames").add("All");
    return queue;
  }

  private static ObjectNode body(String name, JsonNode value) {
    return AwsReply.JSON.createObjectNode().set(name, value);
  }

  private JsonNode events(String operation, JsonNode request) throws IOException {
    return calls.json("events", "AWSEvents." + operation, request);
  }

  private JsonNode sqs(String operation, JsonNode request) throws IOException {
    return calls.json("sqs", "AmazonSQS." + operation, request);
  }
}
