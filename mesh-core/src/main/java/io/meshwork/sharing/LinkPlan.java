package io.meshwork.sharing;

import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.operation.Plan;
import java.util.List;
import java.util.function.Function;

/**
 * What a change of links would do. Immutable.
 *
 * @param whenLooked does it if the plan still has this fingerprint
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
   * Goes on only if this is what was looked at.
   *
   * @throws ConflictException otherwise
   */
  void requireSame(String looked, String doing) {
    if (!fingerprint().equals(looked)) {
      throw new ConflictException(
          ErrorCode.CONFLICT,
          "Cannot "
              + doing
              + " as planned: this is not the fingerprint of what it would mean now. Links, grants"
              + " or products changed meanwhile, or there was never such a plan. Nothing was"
              + " changed. Look at the plan again.");
    }
  }

  @Override
  public String fingerprint() {
    return Keys.sha256(String.join("\n", headline, steps.toString(), findings.toString()));
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
