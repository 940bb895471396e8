package io.meshwork.internal.grants;

import io.meshwork.access.AccessPlan;
import io.meshwork.access.AccessPlan.AccessChange;
import io.meshwork.access.ExplainedAccess;
import io.meshwork.error.Finding;
import io.meshwork.internal.ledger.ChangePlan;
import io.meshwork.product.Principal;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The plan of one change of access, or of several. Immutable.
 *
 * @param explanation explains whether a principal may read a product after the change
 * @param <R> what exists after the change
 */
record RightsPlan<R>(
    String headline,
    List<Step> steps,
    List<Finding> findings,
    List<AccessChange> gains,
    List<AccessChange> losses,
    BiFunction<@Nullable Principal, @Nullable CharSequence, ExplainedAccess> explanation,
    Function<String, R> committing)
    implements AccessPlan<R>, ChangePlan<R> {
  RightsPlan {
    steps = List.copyOf(steps);
    findings = List.copyOf(findings);
    gains = List.copyOf(gains);
    losses = List.copyOf(losses);
  }

  @Override
  public ExplainedAccess explain(Principal principal, CharSequence product) {
    return explanation.apply(principal, product);
  }

  @Override
  public String basis() {
    return gains + "\n" + losses;
  }

  @Override
  public List<String> facts() {
    return Stream.concat(
            gains.stream().map(change -> ChangePlan.line("gains", change)),
            losses.stream().map(change -> ChangePlan.line("loses", change)))
        .toList();
  }

  @Override
  public String toString() {
    return text();
  }
}
