package io.meshwork.aws;

import io.meshwork.aws.AccountSetup.Template;
import io.meshwork.aws.DeployedStack.Changes;
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
 * @param changes the change set that does it; empty if the process does nothing
 * @param isNew true if the change set creates the stack
 * @param isLast true if the changes of other stacks may need the rights that this change takes away
 * @param findings what differs, or prevents its change
 * @param basis what the decision depends on
 */
@NullMarked
record StackInspection(
    Template template,
    Optional<DeployedStack> stacks,
    Optional<Plan.Step> step,
    Optional<Changes> changes,
    boolean isNew,
    boolean isLast,
    List<Finding> findings,
    String basis) {
  StackInspection {
    findings = List.copyOf(findings);
  }

  /** Returns a stack that this process does not change. */
  static StackInspection withoutChangeSet(
      Template template, Optional<Plan.Step> step, List<Finding> findings, String basis) {
    return new StackInspection(
        template, Optional.empty(), step, Optional.empty(), false, false, findings, basis);
  }

  /** Returns the same stack, to be changed after the others or not. */
  StackInspection last(boolean last) {
    return new StackInspection(template, stacks, step, changes, isNew, last, findings, basis);
  }

  /** Returns the step as done, whose undo leaves out what the next steps do. */
  Plan.Step made() {
    Plan.Step created = step.orElseThrow();
    return isNew && stacks.orElseThrow().isFollowed(changes.orElseThrow())
        ? new Plan.Step(
            created.verb(),
            created.subject(),
            created.detail(),
            "# after the undo of the next steps of this stack: " + template.commands().delete())
        : created;
  }

  /** Returns true if the stack is not as its template after a run of this process. */
  boolean isLeft() {
    return changes.isEmpty() && (step.isPresent() || !Finding.errors(findings).isEmpty());
  }
}
