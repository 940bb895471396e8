package io.meshwork.testkit.aws.internal.event;

import io.meshwork.testkit.aws.internal.access.IamPolicy;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The event buses of all accounts by ARN. Locked by its users. */
public final class EventState {
  private final Map<String, EventBus> buses = new TreeMap<>();

  Map<String, EventBus> buses() {
    return buses;
  }

  /** A bus with its rules. Used under the lock of the state. */
  static final class EventBus {
    private final Map<String, EventRule> rules = new LinkedHashMap<>();
    private @Nullable IamPolicy policy;

    Map<String, EventRule> rules() {
      return rules;
    }

    @Nullable IamPolicy policy() {
      return policy;
    }

    void setPolicy(@Nullable IamPolicy newPolicy) {
      policy = newPolicy;
    }
  }

  /**
   * A rule of a bus.
   *
   * @param pattern which events it sends
   * @param targets the ARNs of queues by ID
   */
  record EventRule(EventPattern pattern, Map<String, String> targets) {
    EventRule {
      targets = Map.copyOf(targets);
    }
  }
}
