package io.meshwork.testkit.aws.internal.event;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.AwsPermissions;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.AwsRequest;
import io.meshwork.testkit.aws.internal.access.IamAction;
import io.meshwork.testkit.aws.internal.access.IamPolicy;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import io.meshwork.testkit.aws.internal.access.ServiceRules;
import io.meshwork.testkit.aws.internal.event.EventState.EventBus;
import io.meshwork.testkit.aws.internal.event.EventState.EventRule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * EventBridge: buses with a policy, and rules that send to queues and topics of the same account,
 * and to buses of others. The server gets none of these requests: it looks for the bus of another
 * account in the caller's.
 */
public final class EventRules implements ServiceRules {
  private static final int MAX_BYTES = 262_144;
  private static final int MAX_ENTRIES = 10;
  private static final int TIME_BYTES = 14;
  private static final Pattern BUS =
      Pattern.compile("arn:aws:events:([a-z0-9-]+):([0-9]{12}):event-bus/([^/]+)");
  private static final Map<String, Set<String>> PARAMETERS =
      Map.ofEntries(
          Map.entry("CreateEventBus", Set.of("Name")),
          Map.entry("DescribeEventBus", Set.of("Name")),
          Map.entry("DeleteEventBus", Set.of("Name")),
          Map.entry("ListTagsForResource", Set.of("ResourceARN")),
          Map.entry("PutPermission", Set.of("EventBusName", "Policy")),
          Map.entry("RemovePermission", Set.of("EventBusName", "RemoveAllPermissions")),
          Map.entry("PutRule", Set.of("Name", "EventBusName", "EventPattern", "State")),
          Map.entry("DescribeRule", Set.of("Name", "EventBusName")),
          Map.entry("ListRules", Set.of("EventBusName")),
          Map.entry("DeleteRule", Set.of("Name", "EventBusName")),
          Map.entry("PutTargets", Set.of("Rule", "EventBusName", "Targets")),
          Map.entry("ListTargetsByRule", Set.of("Rule", "EventBusName")),
          Map.entry("RemoveTargets", Set.of("Rule", "EventBusName", "Ids")),
          Map.entry("PutEvents", Set.of("Entries")));

  private final EventState state;
  private final QueueRules queues;
  private final AwsPermissions permissions;

  public EventRules(EventState state, QueueRules queues, AwsPermissions permissions) {
    this.state = state;
    this.queues = queues;
    this.permissions = permissions;
  }

  /** A bus as a request names it. */
  private record BusName(String region, String account, String name) {
    String arn() {
      return "arn:aws:events:" + region + ":" + account + ":event-bus/" + name;
    }

    String ruleArn(String rule) {
      return "arn:aws:events:" + region + ":" + account + ":rule/" + name + "/" + rule;
    }
  }

  @Override
  public AwsReply ownReply(AwsRequest request, AwsIdentity caller) throws IOException {
    String operation = request.operation();
    JsonNode body = AwsReply.JSON.readTree(request.body().text());
    Set<String> parameters = PARAMETERS.get(operation);
    if (parameters == null) {
      throw new NotEmulatedException("events:" + operation + " is not emulated.");
    }
    for (Map.Entry<String, JsonNode> parameter : body.properties()) {
      if (!parameters.contains(parameter.getKey())) {
        throw new NotEmulatedException(
            "The parameter " + parameter.getKey() + " of events:" + operation);
      }
    }
    String region = request.scope().region();
    synchronized (state) {
      return AwsReply.json(
          (operation.equals("PutEvents")
                  ? putEvents(caller, region, body.path("Entries"))
                  : change(operation, caller, region, body))
              .toString());
    }
  }

  @Override
  public AwsReply reply(AwsRequest request, AwsIdentity caller, AwsReply reply) {
    return reply;
  }

  private static BusName busName(AwsIdentity caller, String region, String text) {
    Matcher arn = BUS.matcher(text);
    return arn.matches()
        ? new BusName(arn.group(1), arn.group(2), arn.group(3))
        : new BusName(region, caller.account(), text.isEmpty() ? "default" : text);
  }

  private ObjectNode change(String operation, AwsIdentity caller, String region, JsonNode body) {
    boolean isOfBus = operation.endsWith("EventBus");
    String named = isOfBus ? "Name" : body.has("ResourceARN") ? "ResourceARN" : "EventBusName";
    BusName bus = busName(caller, region, body.path(named).asText());
    String rule = body.path(body.has("Rule") ? "Rule" : "Name").asText();
    boolean isOfRule = operation.contains("Rule") || operation.contains("Target");
    // IAM has no resource for the list.
    String resource =
        operation.equals("ListRules") ? null : isOfRule ? bus.ruleArn(rule) : bus.arn();
    check(caller, operation, bus, resource);
    ObjectNode reply = AwsReply.JSON.createObjectNode();
    if (operation.equals("CreateEventBus")) {
      if (state.buses().putIfAbsent(bus.arn(), new EventBus()) != null) {
        throw new AwsErrorException(
            "ResourceAlreadyExistsException", "Event bus " + bus.name() + " already exists.");
      }
      return reply.put("EventBusArn", bus.arn());
    }
    if (operation.equals("DeleteEventBus")) {
      EventBus removed = state.buses().get(bus.arn());
      requireNone("event bus " + bus.name(), removed != null && !removed.rules().isEmpty());
      state.buses().remove(bus.arn());
      return reply;
    }
    EventBus eventBus = state.buses().get(bus.arn());
    if (eventBus == null) {
      throw new AwsErrorException(
          "ResourceNotFoundException", "Event bus " + bus.name() + " does not exist.");
    }
    switch (operation) {
      case "DescribeEventBus" -> {
        reply.put("Name", bus.name()).put("Arn", bus.arn());
        if (!eventBus.policyText().isEmpty()) {
          reply.put("Policy", eventBus.policyText());
        }
      }
      case "PutPermission" -> eventBus.setPolicy(body.path("Policy").asText());
      case "RemovePermission" -> eventBus.setPolicy("");
      case "PutRule" -> {
        EventRule old = eventBus.rules().get(rule);
        eventBus
            .rules()
            .put(
                rule,
                new EventRule(
                    EventPattern.parse(body.path("EventPattern").asText()),
                    requireState(body.path("State").asText("ENABLED")),
                    old == null ? Map.of() : old.targets()));
        reply.put("RuleArn", bus.ruleArn(rule));
      }
      case "DeleteRule" -> {
        EventRule removed = eventBus.rules().get(rule);
        requireNone("rule " + rule, removed != null && !removed.targets().isEmpty());
        eventBus.rules().remove(rule);
      }
      case "ListTagsForResource" -> reply.putArray("Tags");
      case "ListRules" -> {
        ArrayNode rules = reply.putArray("Rules");
        eventBus.rules().forEach((name, each) -> describe(bus, each, name, rules.addObject()));
      }
      case "DescribeRule" -> describe(bus, requireRule(eventBus, rule), rule, reply);
      case "ListTargetsByRule" -> {
        ArrayNode targets = reply.putArray("Targets");
        requireRule(eventBus, rule).targets().forEach((id, target) -> targets.add(target.json(id)));
      }
      default -> changeTargets(operation, caller, bus, eventBus, rule, body);
    }
    return reply;
  }

  /** A bus with rules and a rule with targets stay. */
  private static void requireNone(String what, boolean hasParts) {
    if (hasParts) {
      throw new AwsErrorException(
          "ValidationException", "The " + what + " cannot be deleted since it has parts.");
    }
  }

  private static EventRule requireRule(EventBus bus, String name) {
    EventRule rule = bus.rules().get(name);
    if (rule == null) {
      throw new AwsErrorException("ResourceNotFoundException", "Rule " + name + " does not exist.");
    }
    return rule;
  }

  private static void describe(BusName bus, EventRule rule, String name, ObjectNode reply) {
    reply
        .put("Name", name)
        .put("Arn", bus.ruleArn(name))
        .put("EventBusName", bus.name())
        .put("EventPattern", rule.pattern().fields().toString())
        .put("State", rule.state());
  }

  private static String requireState(String state) {
    if (!state.equals("ENABLED")) {
      throw new NotEmulatedException("Rules with the state " + state);
    }
    return state;
  }

  private void changeTargets(
      String operation,
      AwsIdentity caller,
      BusName bus,
      EventBus eventBus,
      String name,
      JsonNode body) {
    EventRule rule = requireRule(eventBus, name);
    Map<String, EventTarget> targets = new TreeMap<>(rule.targets());
    if (operation.equals("PutTargets")) {
      for (JsonNode each : body.path("Targets")) {
        EventTarget target = EventTarget.parse(each, bus.region() + ":" + bus.account());
        if (!target.role().isEmpty()) {
          requirePass(caller, target.role());
        }
        targets.put(each.path("Id").asText(), target);
      }
    } else {
      body.path("Ids").forEach(id -> targets.remove(id.asText()));
    }
    eventBus.rules().put(name, new EventRule(rule.pattern(), rule.state(), targets));
  }

  private void requirePass(AwsIdentity caller, String role) {
    String denial =
        permissions.denial(
            caller,
            IamAction.of("iam:PassRole", role).with("iam:PassedToService", "events.amazonaws.com"));
    if (denial != null) {
      throw AwsErrorException.accessDenied(denial);
    }
  }

  /** Only events may come from other accounts. */
  private void check(AwsIdentity caller, String operation, BusName bus, @Nullable String resource) {
    String denial =
        permissions.denial(
            caller, IamAction.of("events:" + operation, resource), bus.account(), null);
    if (denial != null) {
      throw AwsErrorException.accessDenied(denial);
    }
  }

  private ObjectNode putEvents(AwsIdentity caller, String region, JsonNode entries)
      throws IOException {
    if (entries.isEmpty() || entries.size() > MAX_ENTRIES) {
      throw new AwsErrorException(
          "ValidationException", "1 validation error detected: entries has 1 to 10 members");
    }
    int size = 0;
    for (JsonNode entry : entries) {
      size += size(entry);
      // What the caller itself may not do, fails the request.
      String denial =
          permissions.denial(
              caller, action(busName(caller, region, entry.path("EventBusName").asText()), entry));
      if (denial != null) {
        throw AwsErrorException.accessDenied(denial);
      }
    }
    if (size > MAX_BYTES) {
      throw new AwsErrorException(
          "ValidationException", "Total size of the entries in the request is over the limit.");
    }
    ObjectNode reply = AwsReply.JSON.createObjectNode();
    ArrayNode results = reply.putArray("Entries");
    int failed = 0;
    for (JsonNode entry : entries) {
      ObjectNode result = results.addObject();
      try {
        result.put("EventId", put(caller, region, entry));
      } catch (AwsErrorException e) {
        result.put("ErrorCode", e.code()).put("ErrorMessage", e.getMessage());
        failed++;
      }
    }
    return reply.put("FailedEntryCount", failed);
  }

  private static IamAction action(BusName bus, JsonNode entry) {
    return IamAction.of("events:PutEvents", bus.arn())
        .with("events:source", entry.path("Source").asText());
  }

  private static int size(JsonNode entry) {
    int size = entry.has("Time") ? TIME_BYTES : 0;
    for (String field : Set.of("Source", "DetailType", "Detail")) {
      size += entry.path(field).asText().getBytes(StandardCharsets.UTF_8).length;
    }
    return size;
  }

  /**
   * Sends an event to the targets of the rules that match it. As on AWS, an event for a bus of the
   * own account that does not exist is accepted, and lost.
   *
   * @throws AwsErrorException if the entry fails
   */
  private String put(AwsIdentity caller, String region, JsonNode entry) throws IOException {
    BusName bus = busName(caller, region, entry.path("EventBusName").asText());
    EventBus eventBus = state.buses().get(bus.arn());
    @Nullable IamPolicy policy = eventBus == null ? null : eventBus.policy();
    String denial = permissions.denial(caller, action(bus, entry), bus.account(), policy);
    if (denial != null) {
      throw AwsErrorException.accessDenied(denial);
    }
    ObjectNode event = event(caller, bus, entry);
    if (eventBus != null) {
      send(bus, eventBus, event, true);
    }
    return event.path("id").asText();
  }

  /**
   * Sends an event to the targets of the rules that match it.
   *
   * @param first false if another bus sent it, which EventBridge sends to no further bus
   */
  private void send(BusName bus, EventBus eventBus, ObjectNode event, boolean first)
      throws IOException {
    for (Map.Entry<String, EventRule> rule : eventBus.rules().entrySet()) {
      if (rule.getValue().pattern().matches(event)) {
        String ruleArn = bus.ruleArn(rule.getKey());
        for (EventTarget target : rule.getValue().targets().values()) {
          if (target.isTopic()) {
            state.send(target.arn(), ruleArn, target.message(event));
          } else if (!target.isBus()) {
            queues.send(target.arn(), ruleArn, target.message(event));
          } else if (first) {
            sendOn(target, event);
          }
        }
      }
    }
  }

  /** Sends an event to the bus of another account as the role; it is lost if that may not. */
  private void sendOn(EventTarget target, ObjectNode event) throws IOException {
    AwsIdentity role = AwsIdentity.session(target.role(), target.role(), Map.of());
    BusName bus = busName(role, event.path("region").asText(), target.arn());
    EventBus eventBus = state.buses().get(bus.arn());
    IamAction action =
        IamAction.of("events:PutEvents", bus.arn())
            .with("events:source", event.path("source").asText());
    if (eventBus != null
        && permissions.denialOfService(target.role()) == null
        && permissions.denial(role, action, bus.account(), eventBus.policy()) == null) {
      send(bus, eventBus, event, false);
    }
  }

  private static ObjectNode event(AwsIdentity caller, BusName bus, JsonNode entry) {
    for (String field : Set.of("Source", "DetailType", "Detail")) {
      if (entry.path(field).asText().isEmpty()) {
        throw new AwsErrorException("InvalidArgument", "Parameter " + field + " is not valid.");
      }
    }
    JsonNode detail;
    try {
      detail = AwsReply.JSON.readTree(entry.path("Detail").asText());
    } catch (JsonProcessingException e) {
      throw new AwsErrorException("MalformedDetail", "Detail is malformed.");
    }
    ObjectNode event =
        AwsReply.JSON
            .createObjectNode()
            .put("version", "0")
            .put("id", UUID.randomUUID().toString())
            .put("detail-type", entry.path("DetailType").asText())
            .put("source", entry.path("Source").asText())
            .put("account", caller.account())
            .put("time", Instant.ofEpochSecond(entry.path("Time").asLong()).toString())
            .put("region", bus.region());
    event.putArray("resources");
    event.set("detail", detail);
    return event;
  }
}
