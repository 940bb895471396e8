package io.meshwork.internal.links;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.operation.Plan;
import java.util.List;
import java.util.function.Function;

/**
 * The plan of one change of links. Immutable.
 *
 * @param commitAsPlanned commits if the plan still has this fingerprint
 * @param <R> what exists after the change
 */
record LinkPlan<R>(
    String headline, List<Step> steps, List<Finding> findings, Function<String, R> commitAsPlanned)
    implements Plan<R> {
  LinkPlan {
    steps = List.copyOf(steps);
    findings = List.copyOf(findings);
  }

  /**
   * Requires that the reviewed plan is the current one.
   *
   * @param reviewed the fingerprint of the reviewed plan
   * @throws io.meshwork.error.ConflictException otherwise
   */
  void requireFingerprint(String reviewed, MeshAction action) {
    if (!fingerprint().equals(reviewed)) {
      throw Failure.of(action.on("as planned"))
          .because(
              "the fingerprint is not that of the current plan: links, grants, or products changed"
                  + " since then, or there was never such a plan")
          .fix("Make a new plan, review it, and commit that.")
          .conflict(ErrorCode.CONFLICT);
    }
  }

  @Override
  public String fingerprint() {
    return RegistryKeys.sha256(String.join("\n", headline, steps.toString(), findings.toString()));
  }

  @Override
  public R commit() {
    return commitAsPlanned.apply(fingerprint());
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
