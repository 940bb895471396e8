package io.meshwork.aws;

import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.error.Finding;
import io.meshwork.operation.Plan;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.NullMarked;

/**
 * What is to be done with a stack.
 *
 * @param template its template
 * @param stacks the stack as the role that executes the change set; empty if there is none
 * @param step what to do; empty if there is nothing
 * @param changeSet the change set that does it; empty if the process does nothing
 * @param findings what differs, or keeps it from a change
 * @param basis what the decision depends on
 */
@NullMarked
record StackInspection(
    Template template,
    Optional<DeployedStack> stacks,
    Optional<Plan.Step> step,
    Optional<String> changeSet,
    List<Finding> findings,
    String basis) {
  static final String BY_HAND = "by hand";
  static final String WAIT = "wait";

  StackInspection {
    findings = List.copyOf(findings);
  }

  /** Returns a stack that this process does not change. */
  static StackInspection withoutChangeSet(
      Template template, Optional<Plan.Step> step, List<Finding> findings, String basis) {
    return new StackInspection(template, Optional.empty(), step, Optional.empty(), findings, basis);
  }

  /** Returns true if the stack is not as its template after a run of this process. */
  boolean isLeft() {
    return changeSet.isEmpty() && (step.isPresent() || !Finding.errors(findings).isEmpty());
  }
}
