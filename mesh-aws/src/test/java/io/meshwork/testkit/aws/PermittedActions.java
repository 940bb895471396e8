package io.meshwork.testkit.aws;

import io.meshwork.testkit.aws.internal.access.AwsPermissions;
import io.meshwork.testkit.aws.internal.access.IamAction;
import io.meshwork.testkit.aws.internal.access.IamPolicy;
import java.util.Arrays;
import java.util.List;

/** What the policies of a role allowed, and what other policies would deny of it. */
public final class PermittedActions {
  private PermittedActions() {}

  /** Returns the names of all actions that the policies of a role allowed. */
  public static List<String> of(AwsEmulator aws, String role) {
    return aws.permitted().stream()
        .filter(permitted -> permitted.role().equals(role))
        .map(permitted -> permitted.action().name())
        .distinct()
        .sorted()
        .toList();
  }

  /** Returns what the role did that it could not have done with these policies instead. */
  public static List<String> deniedBy(AwsEmulator aws, String role, List<String> policies) {
    List<IamPolicy> others = policies.stream().map(IamPolicy::ofIdentity).toList();
    return aws.permitted().stream()
        .filter(permitted -> permitted.role().equals(role))
        .map(AwsPermissions.PermittedAction::action)
        .filter(action -> others.stream().noneMatch(policy -> policy.allows(action)))
        .map(IamAction::toString)
        .sorted()
        .toList();
  }

  /** Requires that the emulator knows all elements of identity policies. */
  public static void requireKnown(String... policies) {
    Arrays.stream(policies).forEach(IamPolicy::ofIdentity);
  }
}
