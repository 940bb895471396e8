package io.meshwork.cli.internal.shell;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.access.AccessPlan;
import io.meshwork.access.AccessPlan.AccessChange;
import io.meshwork.card.ProductConsumer;
import io.meshwork.change.ContractPlan;
import io.meshwork.error.Finding;
import io.meshwork.operation.Plan;
import io.meshwork.rollout.AmendTerms.TermsPlan;
import io.meshwork.rollout.EndProduct.EndPlan;
import io.meshwork.rollout.StartRollout.RolloutPlan;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Fields of JSON documents that several verbs have. */
public final class JsonFields {
  private JsonFields() {}

  public static ArrayNode array(Iterable<?> values) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    values.forEach(value -> array.add(value.toString()));
    return array;
  }

  /** Returns strings that Meshwork wrote, in the words of a terminal. */
  public static ArrayNode messages(Iterable<String> texts) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    texts.forEach(text -> array.add(TerminalText.of(text)));
    return array;
  }

  /** Returns an object of strings in the order of their names. */
  public static ObjectNode sorted(Map<String, String> values) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    new TreeMap<>(values).forEach(node::put);
    return node;
  }

  /** Returns when something happened, to the millisecond, as events have it. */
  public static String time(Instant at) {
    return at.truncatedTo(ChronoUnit.MILLIS).toString();
  }

  /** Puts a string or a time; absent values are left out. */
  public static void put(ObjectNode node, String field, Optional<?> value) {
    value.ifPresent(present -> node.put(field, present.toString()));
  }

  /** Puts a string that Meshwork wrote, in the words of a terminal; an absent one is left out. */
  public static void putMessage(ObjectNode node, String field, Optional<String> message) {
    put(node, field, message.map(TerminalText::of));
  }

  public static String text(Optional<?> value) {
    return value.map(Object::toString).orElse("–");
  }

  public static ArrayNode findings(Iterable<Finding> findings) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (Finding finding : findings) {
      array
          .addObject()
          .put("code", finding.code().name())
          .put("severity", finding.severity().name())
          .put("where", finding.where())
          .put("what", TerminalText.of(finding.what()))
          .put("count", finding.count())
          .put("fix", TerminalText.of(finding.fix()));
    }
    return array;
  }

  public static ArrayNode steps(Plan<?> plan) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (Plan.Step step : plan.steps()) {
      array
          .addObject()
          .put("verb", step.verb())
          .put("subject", step.subject())
          .put("detail", TerminalText.of(step.detail()))
          .put("undo", TerminalText.of(step.undo()));
    }
    return array;
  }

  /** Puts who gains and who loses access by a plan, or which consumers a contract breaks. */
  public static void effects(ObjectNode document, Plan<?> plan) {
    if (plan instanceof AccessPlan<?> access) {
      ArrayNode gains = document.putArray("gains");
      access.gains().forEach(change -> effect(gains, change));
      ArrayNode losses = document.putArray("losses");
      access.losses().forEach(change -> effect(losses, change));
    } else if (plan instanceof ContractPlan contract) {
      document.put("verdict", contract.verdict().name());
      document.put("version", contract.version().toString());
      document.put("allowed", contract.isAllowed());
      ArrayNode consumers = document.putArray("consumers");
      contract.consumers().forEach(consumer -> consumer(consumers.addObject(), consumer));
    } else if (plan instanceof RolloutPlan rollout) {
      document.put("version", rollout.version().toString());
      rollout(document, plan, rollout.consumers(), rollout.retireAfter());
    } else if (plan instanceof EndPlan end) {
      rollout(document, plan, end.consumers(), end.retireAfter());
    } else if (plan instanceof TermsPlan terms) {
      document.put("version", terms.version().toString());
      rollout(document, plan, terms.consumers(), terms.retireAfter());
    }
  }

  private static void rollout(
      ObjectNode document, Plan<?> plan, List<ProductConsumer> concerned, LocalDate retireAfter) {
    document.put("allowed", plan.isAllowed());
    document.put("retireAfter", retireAfter.toString());
    ArrayNode consumers = document.putArray("consumers");
    concerned.forEach(consumer -> consumer(consumers.addObject(), consumer));
  }

  private static void consumer(ObjectNode node, ProductConsumer consumer) {
    node.put("name", consumer.name()).put("contact", consumer.contact());
    node.set("columns", array(consumer.columns()));
    node.set(
        "breaks",
        array(consumer.breaks().stream().map(change -> TerminalText.of(change.what())).toList()));
  }

  private static void effect(ArrayNode effects, AccessChange change) {
    ObjectNode effect = effects.addObject();
    effect.put("who", change.who());
    effect.put("product", change.product().toString());
    effect.put("permission", change.permission().name());
    effect.set("columns", array(change.columns()));
    effect.put("rows", change.rows().name());
    effect.put("because", TerminalText.of(change.because()));
  }
}
