package io.meshwork.testkit.aws.internal.event;

import io.meshwork.testkit.aws.internal.access.IamAction;
import io.meshwork.testkit.aws.internal.access.IamPolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The event buses and topics of all accounts by ARN. Locked by its users. */
public final class EventState {
  private final Map<String, EventBus> buses = new TreeMap<>();
  private final Map<String, Topic> topics = new TreeMap<>();

  Map<String, EventBus> buses() {
    return buses;
  }

  Map<String, Topic> topics() {
    return topics;
  }

  /** Returns the messages that topics sent to an address of mail, oldest first. */
  public List<String> mails(String address) {
    synchronized (this) {
      return topics.values().stream()
          .flatMap(topic -> topic.mails().getOrDefault(address, List.of()).stream())
          .toList();
    }
  }

  /** Sends a message as a rule or an alarm; it is lost if the topic's policy does not let it. */
  public void send(String topicArn, String sourceArn, String text) {
    synchronized (this) {
      Topic topic = topics.get(topicArn);
      IamAction action = IamAction.of("sns:Publish", topicArn).with("aws:SourceArn", sourceArn);
      IamPolicy policy = topic == null ? null : topic.policy();
      if (topic != null && policy != null && policy.allowsService(action)) {
        topic
            .addresses()
            .values()
            .forEach(
                address ->
                    topic.mails().computeIfAbsent(address, none -> new ArrayList<>()).add(text));
      }
    }
  }

  /** A bus with its rules. Used under the lock of the state. */
  static final class EventBus {
    private final Map<String, EventRule> rules = new LinkedHashMap<>();
    private @Nullable ResourcePolicy policy;

    Map<String, EventRule> rules() {
      return rules;
    }

    @Nullable IamPolicy policy() {
      return policy == null ? null : policy.parsed();
    }

    /** Returns the policy as it was set; empty without one. */
    String policyText() {
      return policy == null ? "" : policy.text();
    }

    /** Sets the policy; an empty text removes it. */
    void setPolicy(String text) {
      policy = text.isEmpty() ? null : new ResourcePolicy(text, IamPolicy.ofResource(text));
    }
  }

  /** A topic with its subscriptions, all of which are confirmed mail subscriptions. */
  static final class Topic {
    private final Map<String, String> addresses = new LinkedHashMap<>();
    private final Map<String, List<String>> mails = new TreeMap<>();
    private String key;
    private @Nullable ResourcePolicy policy;

    /**
     * A topic without subscriptions.
     *
     * @param key the key that encrypts it; empty without one
     */
    Topic(String key) {
      this.key = key;
    }

    String key() {
      return key;
    }

    void setKey(String newKey) {
      key = newKey;
    }

    /** The addresses by the ARN of their subscription. */
    Map<String, String> addresses() {
      return addresses;
    }

    /** The messages that were sent, by address. */
    Map<String, List<String>> mails() {
      return mails;
    }

    @Nullable IamPolicy policy() {
      return policy == null ? null : policy.parsed();
    }

    /** Returns the policy as it was set; empty without one. */
    String policyText() {
      return policy == null ? "" : policy.text();
    }

    /** Sets the policy; an empty text removes it. */
    void setPolicy(String text) {
      policy = text.isEmpty() ? null : new ResourcePolicy(text, IamPolicy.ofResource(text));
    }
  }

  /**
   * A rule of a bus.
   *
   * @param pattern which events it sends
   * @param state such as {@code ENABLED}
   * @param targets where it sends them, by ID
   */
  record EventRule(EventPattern pattern, String state, Map<String, EventTarget> targets) {
    EventRule {
      targets = Map.copyOf(targets);
    }
  }

  /** A policy with its text, which services return as it was set. */
  private record ResourcePolicy(String text, IamPolicy parsed) {}
}
