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
   * @param rows of which rows they are gained or lost
   * @param because what gives one of these columns: grants and tags; for a loss, what gave it
   */
  public record Shift(
      String who,
      ProductName product,
      Permission permission,
      List<String> columns,
      RowsMeant rows,
      String because) {
    /** Copies the list. */
    public Shift {
      columns = List.copyOf(columns);
    }

    /** True if the columns were not readable at all, and are in every row; or the reverse. */
    public boolean everyRow() {
      return rows == RowsMeant.EVERY;
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
          + rows.words
          + "  ("
          + because
          + ")";
    }
  }

  /** Of which rows columns are gained or lost. */
  public enum RowsMeant {
    /** All: of a gain, nothing of the columns was readable; of a loss, nothing of them is left. */
    EVERY(""),
    /** Those that a condition lets through, where nothing was readable or nothing is left. */
    SOME(", in some rows"),
    /** Of a gain: rows besides those in which the columns are readable now. */
    MORE(", in more rows"),
    /** Of a loss: the columns stay readable in other rows. */
    FEWER(", in fewer rows");

    private final String words;

    RowsMeant(String words) {
      this.words = words;
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
