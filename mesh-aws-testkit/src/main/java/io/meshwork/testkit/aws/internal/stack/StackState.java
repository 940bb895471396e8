package io.meshwork.testkit.aws.internal.stack;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The stacks of all accounts. Thread-safe.
 *
 * @param stacks the stacks by ARN
 * @param changeSets the change sets by the ARN of the stack and their name
 * @param working what the next description of a stack or change set says instead of the result:
 *     CloudFormation works after its reply
 * @param protectedStacks the stacks with termination protection, by ARN
 * @param rollbacks what is left of rollbacks that failed, by the ARN of the stack
 * @param people who are assigned permission sets
 */
public record StackState(
    Map<String, Stack> stacks,
    Map<String, ChangeSet> changeSets,
    Map<String, String> working,
    Set<String> protectedStacks,
    Map<String, Rollback> rollbacks,
    IdentityCenter people) {
  /** A state without stacks. */
  public StackState() {
    this(
        new ConcurrentHashMap<>(),
        new ConcurrentHashMap<>(),
        new ConcurrentHashMap<>(),
        ConcurrentHashMap.newKeySet(),
        new ConcurrentHashMap<>(),
        new IdentityCenter());
  }

  /**
   * A stack with its last template that was applied.
   *
   * @param body the text of the template; empty before the first one
   * @param failures why resources failed in the last change
   */
  record Stack(String status, StackTemplate template, String body, List<Failure> failures) {
    Stack {
      failures = List.copyOf(failures);
    }

    boolean mayChange() {
      return !status.equals("ROLLBACK_COMPLETE")
          && !status.endsWith("ROLLBACK_FAILED")
          && !status.equals("REVIEW_IN_PROGRESS");
    }
  }

  /**
   * A rollback that failed.
   *
   * @param changed the logical IDs of the resources that it has yet to change back, in their order
   */
  record Rollback(ChangeSet changeSet, List<String> changed) {
    Rollback {
      changed = List.copyOf(changed);
    }
  }

  /**
   * Why a resource failed.
   *
   * @param name the name of a role; empty for another resource
   * @param status such as DELETE_FAILED
   */
  record Failure(String resource, String name, String status, String reason) {}

  /**
   * What a template changes of a stack.
   *
   * @param body the text of the template
   * @param changes Add, Import, Modify, or Remove, by logical ID
   * @param refusal why it cannot be executed; empty if it can
   * @param token the token with which it was executed; empty before
   * @param isImport true if its type is an import's, which also changes nothing else
   */
  record ChangeSet(
      StackTemplate template,
      String body,
      StackTemplate before,
      Map<String, String> changes,
      String refusal,
      String token,
      boolean isImport) {
    ChangeSet {
      changes = Map.copyOf(changes);
    }

    ChangeSet executed(String by) {
      return new ChangeSet(template, body, before, changes, refusal, by, isImport);
    }
  }
}
