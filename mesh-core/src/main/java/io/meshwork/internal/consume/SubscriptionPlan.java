package io.meshwork.internal.consume;

import io.meshwork.consume.Subscription;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.operation.Plan;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What ending a subscription would do. Immutable.
 *
 * @param basis what it rests on besides; readers that go on meanwhile do not count
 * @param whenLooked does it if the plan still has this fingerprint
 */
record SubscriptionPlan(
    String headline,
    List<Step> steps,
    List<Finding> findings,
    String basis,
    Function<String, Optional<Subscription.Card>> whenLooked)
    implements Plan<Optional<Subscription.Card>> {
  SubscriptionPlan {
    steps = List.copyOf(steps);
    findings = List.copyOf(findings);
  }

  /**
   * Goes on only if this is what was looked at.
   *
   * @throws ConflictException otherwise
   */
  void requireSame(String looked, MeshAction action) {
    if (!fingerprint().equals(looked)) {
      throw new ConflictException(
          ErrorCode.CONFLICT,
          "Cannot "
              + action
              + " as planned: this is not the fingerprint of what it would mean now. The"
              + " subscription was ended, amended or made anew meanwhile, or there was never such a"
              + " plan. Nothing was changed. Look at the plan again.",
          false);
    }
  }

  @Override
  public String fingerprint() {
    return RegistryKeys.sha256(
        String.join("\n", headline, steps.toString(), findings.toString(), basis));
  }

  @Override
  public Optional<Subscription.Card> commit() {
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
