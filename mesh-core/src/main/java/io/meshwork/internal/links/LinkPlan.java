package io.meshwork.internal.links;

import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.operation.Plan;
import java.util.List;
import java.util.function.Function;

/**
 * The plan of one change of links. Immutable.
 *
 * @param whenLooked commits if the plan still has this fingerprint
 * @param <R> what exists after the change
 */
record LinkPlan<R>(
    String headline, List<Step> steps, List<Finding> findings, Function<String, R> whenLooked)
    implements Plan<R> {
  LinkPlan {
    steps = List.copyOf(steps);
    findings = List.copyOf(findings);
  }

  /**
   * Requires that this is the plan that was reviewed.
   *
   * @throws ConflictException otherwise
   */
  void requireSame(String looked, MeshAction action) {
    if (!fingerprint().equals(looked)) {
      throw new ConflictException(
          ErrorCode.CONFLICT,
          "Cannot "
              + action
              + " as planned: the fingerprint is not that of the current plan. Links, grants or"
              + " products changed since, or there was never such a plan. Nothing was changed."
              + " Look at the plan again.");
    }
  }

  @Override
  public String fingerprint() {
    return RegistryKeys.sha256(String.join("\n", headline, steps.toString(), findings.toString()));
  }

  @Override
  public R commit() {
    return whenLooked.apply(fingerprint());
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(headline);
    findings.forEach(
        finding ->
            text.append("\n  note  ").append(finding.where()).append(": ").append(finding.what()));
    steps.forEach(step -> text.append("\n  does  ").append(step));
    return text.toString();
  }
}
