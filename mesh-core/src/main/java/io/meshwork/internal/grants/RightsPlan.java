package io.meshwork.internal.grants;

import io.meshwork.access.AccessPlan;
import io.meshwork.access.AccessPlan.AccessChange;
import io.meshwork.access.ExplainedAccess;
import io.meshwork.access.Permission;
import io.meshwork.error.Finding;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.rights.ReadAccessDiff;
import io.meshwork.product.Principal;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The plan of one change of access, or of several. Immutable.
 *
 * @param <R> what exists after the change
 */
final class RightsPlan<R> implements AccessPlan<R> {
  private final String headline;
  private final List<Step> steps;
  private final List<Finding> findings;
  private final List<AccessChange> gains;
  private final List<AccessChange> losses;
  private final BiFunction<@Nullable Principal, @Nullable CharSequence, ExplainedAccess> explain;
  private final Function<String, R> commit;

  RightsPlan(
      String headline,
      List<Step> steps,
      List<Finding> findings,
      List<AccessChange> gains,
      List<AccessChange> losses,
      BiFunction<@Nullable Principal, @Nullable CharSequence, ExplainedAccess> explain,
      Function<String, R> commit) {
    this.headline = headline;
    this.steps = List.copyOf(steps);
    this.findings = List.copyOf(findings);
    this.gains = List.copyOf(gains);
    this.losses = List.copyOf(losses);
    this.explain = explain;
    this.commit = commit;
  }

  /** Converts a change of read access to its public form. */
  static AccessChange accessChange(ReadAccessDiff.AccessChange change) {
    return new AccessChange(
        change.who(),
        change.product(),
        Permission.SELECT,
        change.columns(),
        RowsMeant.valueOf(change.rows().name()),
        change.because());
  }

  @Override
  public List<AccessChange> gains() {
    return gains;
  }

  @Override
  public List<AccessChange> losses() {
    return losses;
  }

  @Override
  public ExplainedAccess explain(Principal principal, CharSequence product) {
    return explain.apply(principal, product);
  }

  @Override
  public List<Step> steps() {
    return steps;
  }

  @Override
  public List<Finding> findings() {
    return findings;
  }

  @Override
  public String fingerprint() {
    return RegistryKeys.sha256(
        String.join(
            "\n",
            headline,
            steps.toString(),
            findings.toString(),
            gains.toString(),
            losses.toString()));
  }

  @Override
  public R commit() {
    return commit.apply(fingerprint());
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(headline);
    gains.forEach(change -> text.append("\n  gains  ").append(change));
    losses.forEach(change -> text.append("\n  loses  ").append(change));
    findings.forEach(
        finding ->
            text.append("\n  note   ").append(finding.where()).append(' ').append(finding.what()));
    steps.forEach(step -> text.append("\n  does   ").append(step));
    return text.toString();
  }
}
