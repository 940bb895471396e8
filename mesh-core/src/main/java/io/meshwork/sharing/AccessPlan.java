package io.meshwork.sharing;

import io.meshwork.access.Permission;
import io.meshwork.error.Finding;
import io.meshwork.internal.catalog.Keys;
import io.meshwork.operation.Plan;
import io.meshwork.product.Principal;
import io.meshwork.product.ProductName;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a change of rights would do: its steps, who would gain what and who would lose what. A value
 * as of when it was made; {@code toString()} is for reading.
 *
 * @param <R> what exists after the change
 */
public final class AccessPlan<R> implements Plan<R> {
  private final String headline;
  private final List<Step> steps;
  private final List<Finding> findings;
  private final List<Shift> gains;
  private final List<Shift> losses;
  private final BiFunction<@Nullable Principal, @Nullable CharSequence, ExplainedAccess> explain;
  private final Function<String, R> commit;

  AccessPlan(
      String headline,
      List<Step> steps,
      List<Finding> findings,
      List<Shift> gains,
      List<Shift> losses,
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

  /**
   * What changes for one grantee on one product. Immutable.
   *
   * @param who such as {@code finance/analyst}, {@code account finance} or {@code the mesh}; what
   *     an account gets its roles have only once it hands it on
   * @param permission what is gained or lost
   * @param columns the columns that it is gained or lost on
   * @param everyRow false if only some rows, or some rows more or less, are meant
   * @param because what makes it so: grants and tags; for a loss, what made it so
   */
  public record Shift(
      String who,
      ProductName product,
      Permission permission,
      List<String> columns,
      boolean everyRow,
      String because) {
    /** Copies the list. */
    public Shift {
      columns = List.copyOf(columns);
    }

    @Override
    public String toString() {
      return who
          + "  "
          + product
          + "  "
          + permission
          + " of "
          + String.join(", ", columns)
          + (everyRow ? "" : ", in some rows")
          + "  ("
          + because
          + ")";
    }
  }

  /** Who would read what they cannot read now. */
  public List<Shift> gains() {
    return gains;
  }

  /** Who would no longer read what they read now. */
  public List<Shift> losses() {
    return losses;
  }

  /**
   * May somebody read a product once this is done, and why or why not: what {@code explainAccess}
   * would say then. Rights are as they were when this was planned; what the plan did not look at is
   * read when it is asked for.
   *
   * @throws io.meshwork.error.AccessDeniedException if the caller asks about somebody else and does
   *     not act for the product's domain
   * @throws io.meshwork.error.NotFoundException if there is no such product
   */
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
    return Keys.sha256(
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
    gains.forEach(shift -> text.append("\n  gains  ").append(shift));
    losses.forEach(shift -> text.append("\n  loses  ").append(shift));
    findings.forEach(
        finding ->
            text.append("\n  note   ").append(finding.where()).append(' ').append(finding.what()));
    steps.forEach(step -> text.append("\n  does   ").append(step));
    return text.toString();
  }
}
