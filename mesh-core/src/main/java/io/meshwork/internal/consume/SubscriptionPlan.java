package io.meshwork.internal.consume;

import io.meshwork.consume.Subscription;
import io.meshwork.error.ConflictException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.operation.Plan;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The effect of ending a subscription. Immutable.
 *
 * @param basis state that the fingerprint covers besides steps and findings; continued reading does
 *     not change it
 * @param commitAsPlanned ends the subscription if the plan still has the given fingerprint
 */
record SubscriptionPlan(
    String headline,
    List<Step> steps,
    List<Finding> findings,
    String basis,
    Function<String, Optional<Subscription.Summary>> commitAsPlanned)
    implements Plan<Optional<Subscription.Summary>> {
  SubscriptionPlan {
    steps = List.copyOf(steps);
    findings = List.copyOf(findings);
  }

  /**
   * Checks that this plan has the expected fingerprint.
   *
   * @throws ConflictException otherwise
   */
  void requireSame(String expected, MeshAction action) {
    if (!fingerprint().equals(expected)) {
      throw Failure.of(action.on("as planned"))
          .because(
              "the subscription was ended, amended, or created again after the plan was made, a"
                  + " rollout began or ceased to wait for it, or no plan has this fingerprint")
          .fix("Make a new plan with unsubscribe(..).plan(), review it, and commit that.")
          .lastingConflict(ErrorCode.CONFLICT);
    }
  }

  @Override
  public String fingerprint() {
    return RegistryKeys.sha256(
        String.join("\n", headline, steps.toString(), findings.toString(), basis));
  }

  @Override
  public Optional<Subscription.Summary> commit() {
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
