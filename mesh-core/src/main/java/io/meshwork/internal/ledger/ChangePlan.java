package io.meshwork.internal.ledger;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.operation.Plan;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The plan of a change: its text, its fingerprint, and the comparison with a reviewed plan are
 * defined here for all changes. Implementations are immutable, and return {@link #text} from {@code
 * toString()}.
 *
 * @param <R> what exists after the change
 */
public interface ChangePlan<R> extends Plan<R> {
  /** The width of a label and the space after it. */
  int LABEL_WIDTH = 8;

  /** Returns what the plan changes, such as {@code unlink finance_db.orders}. */
  String headline();

  /**
   * Returns the findings that decide whether the change is allowed. The fingerprint covers these
   * findings only: others describe what the change does not depend on.
   */
  default List<Finding> decisive() {
    return findings();
  }

  /** Returns the state that the fingerprint covers besides headline, steps, and findings. */
  String basis();

  /** Returns the commit, which requires that the plan still has the given fingerprint. */
  Function<String, R> committing();

  /** Returns further lines of the text, which the fingerprint does not cover. */
  default List<String> facts() {
    return List.of();
  }

  /** Returns the findings of the text. */
  default List<Finding> listed() {
    return findings();
  }

  /** Returns the reasons against the change. */
  default List<Finding> errors() {
    return Finding.errors(decisive());
  }

  @Override
  default boolean isAllowed() {
    return errors().isEmpty();
  }

  @Override
  default String fingerprint() {
    return Sha256.hex(
        String.join("\n", headline(), steps().toString(), decisive().toString(), basis()));
  }

  @Override
  default R commit() {
    return committing().apply(fingerprint());
  }

  /**
   * Requires that this is the reviewed plan.
   *
   * @param reviewed the fingerprint of the reviewed plan; null if none was reviewed
   * @throws io.meshwork.error.ConflictException if it has another fingerprint
   */
  default void requireSame(@Nullable String reviewed, MeshAction action) {
    if (reviewed != null && !fingerprint().equals(reviewed)) {
      throw Failure.of(action.on("as planned"))
          .because(
              "what it depends on changed after the plan was made, or no plan has this fingerprint")
          .fix("Make a new plan, review it, and commit that plan or its fingerprint.")
          .lastingConflict(ErrorCode.CONFLICT);
    }
  }

  /** Returns the headline, and one line for each fact, finding, and step. */
  default String text() {
    StringBuilder text = new StringBuilder(headline());
    facts().forEach(fact -> text.append("\n  ").append(fact));
    listed().forEach(finding -> text.append("\n  ").append(line(finding)));
    steps().forEach(step -> text.append("\n  ").append(line("does", step)));
    return text + (isEmpty() ? "\n  " + line("does", "nothing") : "");
  }

  /** Returns a line of the text. */
  static String line(String label, Object content) {
    return label + " ".repeat(LABEL_WIDTH - label.length()) + content;
  }

  private static String line(Finding finding) {
    return line(
        finding.severity().name().toLowerCase(Locale.ROOT),
        (finding.what().contains(finding.where()) ? "" : finding.where() + ": ")
            + finding.what()
            + (finding.fix().isEmpty() ? "" : " " + finding.fix())
            + " ("
            + finding.code()
            + ")");
  }

  /** Returns a plan that its findings can prevent. */
  static <R> ChangePlan<R> of(
      String headline,
      List<Step> steps,
      List<Finding> findings,
      String basis,
      Function<String, R> committing) {
    return new PlannedChange<>(headline, steps, findings, findings, basis, committing);
  }

  /** Returns a plan of work whose findings are what it leaves: they do not prevent the rest. */
  static <R> ChangePlan<R> ofWork(
      String headline,
      List<Step> steps,
      List<Finding> remaining,
      String basis,
      Function<String, R> committing) {
    return new PlannedChange<>(headline, steps, remaining, List.of(), basis, committing);
  }
}
