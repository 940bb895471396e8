package io.meshwork.internal.rollouts;

import io.meshwork.error.Finding;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.operation.Plan;
import io.meshwork.rollout.Rollout;
import java.util.List;
import java.util.function.Function;

/**
 * The plan of a change of a rollout's state. Immutable.
 *
 * @param basis the state that the fingerprint covers besides steps and findings
 * @param commitAsPlanned commits if the plan still has this fingerprint
 */
record TransitionPlan(
    String headline,
    List<Step> steps,
    List<Finding> findings,
    String basis,
    Function<String, Rollout> commitAsPlanned)
    implements Plan<Rollout> {
  TransitionPlan {
    steps = List.copyOf(steps);
    findings = List.copyOf(findings);
  }

  /** Returns the same plan with another way to commit it. */
  TransitionPlan committedBy(Function<String, Rollout> other) {
    return new TransitionPlan(headline, steps, findings, basis, other);
  }

  @Override
  public boolean isAllowed() {
    return Finding.errors(findings).isEmpty();
  }

  @Override
  public String fingerprint() {
    return RegistryKeys.sha256(
        String.join("\n", headline, steps.toString(), findings.toString(), basis));
  }

  @Override
  public Rollout commit() {
    return commitAsPlanned.apply(fingerprint());
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(headline);
    findings.forEach(
        finding ->
            text.append(
                    finding.severity() == Finding.Severity.ERROR ? "\n  error   " : "\n  warning ")
                .append(finding.what())
                .append(' ')
                .append(finding.fix()));
    steps.forEach(step -> text.append("\n  does    ").append(step));
    return text.toString();
  }
}
