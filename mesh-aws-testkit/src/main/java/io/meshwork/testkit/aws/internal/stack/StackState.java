package io.meshwork.testkit.aws.internal.stack;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The stacks of all accounts. Thread-safe.
 *
 * @param stacks the stacks by ARN
 * @param changeSets the change sets by the ARN of the stack and their name
 * @param people who are assigned permission sets
 */
public record StackState(
    Map<String, Stack> stacks, Map<String, ChangeSet> changeSets, IdentityCenter people) {
  /** A state without stacks. */
  public StackState() {
    this(new ConcurrentHashMap<>(), new ConcurrentHashMap<>(), new IdentityCenter());
  }

  /** A stack with its last template that was applied. */
  record Stack(String status, StackTemplate template, List<String> failures) {
    Stack {
      failures = List.copyOf(failures);
    }

    boolean mayChange() {
      return !status.equals("ROLLBACK_COMPLETE") && !status.equals("REVIEW_IN_PROGRESS");
    }
  }

  /** What a template changes of a stack. */
  record ChangeSet(StackTemplate template, StackTemplate before, Map<String, String> changes) {
    ChangeSet {
      changes = Map.copyOf(changes);
    }
  }
}
