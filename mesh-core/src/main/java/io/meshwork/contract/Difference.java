package io.meshwork.contract;

import io.meshwork.internal.compatibility.SchemaComparison;
import io.meshwork.product.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What changed from one contract to another, and what that means for the version. Read as a
 * changelog through {@link #toString()}. Independent of any compatibility mode. Immutable.
 *
 * @param verdict the worst of the changes
 * @param reasonCode the code of the change that decides the verdict; {@code IDENTICAL} if nothing
 *     changed
 * @param forward Avro's answer whether readers with the old schema resolve new rows
 * @param backward Avro's answer whether readers with the new schema resolve old rows
 * @param storage whether the table takes the new schema in place
 * @param changes every change, worst first
 */
public record Difference(
    Verdict verdict,
    String reasonCode,
    boolean forward,
    boolean backward,
    Storage storage,
    List<Change> changes) {
  private static final String IDENTICAL = "IDENTICAL";

  /** What part of the contract changed. */
  public enum Part {
    /** The columns. */
    SCHEMA,
    /** A rule. */
    RULE,
    /** Another promise, or words. */
    TERM
  }

  /** Whether a table takes the new schema without being written anew. */
  public enum Storage {
    /** It does. */
    YES,
    /** It does; a new collection is optional there, and readers take its null for empty. */
    YES_AS_OPTIONAL,
    /** It does from table format 3 on. */
    YES_V3,
    /** It does not. */
    NO,
    /** One of the schemas is not legal. */
    NOT_APPLICABLE
  }

  /**
   * One change.
   *
   * @param part what part of the contract
   * @param code what kind of change, such as {@code CONSUMER_BREAK} or {@code RULE_WEAKENED}
   * @param path the column, the rule's id or the term's name; empty for the record of all columns
   * @param before the old fragment as text; null if there was none
   * @param after the new fragment as text; null if there is none
   * @param verdict what this change alone asks for
   * @param oldReadersReadNewRows true if consumers of the old contract read new rows rightly here
   * @param newReadersReadOldRows true if consumers of the new contract read old rows rightly here
   * @param what what changed, in a sentence
   * @param mend what to do instead; empty if nothing needs to be done
   */
  public record Change(
      Part part,
      String code,
      String path,
      @Nullable String before,
      @Nullable String after,
      Verdict verdict,
      boolean oldReadersReadNewRows,
      boolean newReadersReadOldRows,
      String what,
      String mend) {
    /** One entry of a changelog. */
    @Override
    public String toString() {
      StringBuilder text = new StringBuilder();
      text.append(verdict).append(": ").append(what);
      if (before != null || after != null) {
        text.append(" Before: ").append(before == null ? "nothing" : before);
        text.append("; after: ").append(after == null ? "nothing" : after).append('.');
      }
      if (!mend.isEmpty()) {
        text.append(verdict == Verdict.MAJOR ? " Instead: " : " ").append(mend);
      }
      return text.append(" (").append(code).append(')').toString();
    }
  }

  /** Copies the changes. */
  public Difference {
    changes = List.copyOf(changes);
  }

  /**
   * Compares the columns of two Avro schemas as texts, be they legal or not: those that no contract
   * may have give {@link Verdict#REFUSED}.
   */
  public static Difference between(String avroBefore, String avroAfter) {
    return of(SchemaComparison.of(avroBefore, avroAfter), List.of());
  }

  static Difference between(Contract before, Contract after) {
    List<Change> others = new ArrayList<>(RuleChanges.between(before.enforced(), after.enforced()));
    others.addAll(TermChanges.between(before, after));
    SchemaComparison columns = SchemaComparison.ofLegal(before.schema(), after.schema());
    if (others.isEmpty() && columns.changes().isEmpty() && !before.equals(after)) {
      others.add(TermChanges.unnamed());
    }
    return of(columns, others);
  }

  static Difference betweenLegal(Schema before, Schema after) {
    return of(SchemaComparison.ofLegal(before, after), List.of());
  }

  private static Difference of(SchemaComparison columns, List<Change> others) {
    List<Change> all = new ArrayList<>();
    columns
        .changes()
        .forEach(
            change ->
                all.add(
                    new Change(
                        Part.SCHEMA,
                        change.code().name(),
                        change.path(),
                        change.before(),
                        change.after(),
                        change.code().verdict(),
                        change.consumersSafe(),
                        change.historySafe(),
                        change.what(),
                        change.mend())));
    all.addAll(others);
    // The sort is stable: columns come first among equals, in the order of their codes.
    all.sort((left, right) -> right.verdict().compareTo(left.verdict()));
    return new Difference(
        all.isEmpty() ? Verdict.NONE : all.get(0).verdict(),
        all.isEmpty() ? IDENTICAL : all.get(0).code(),
        columns.forward(),
        columns.backward(),
        Storage.valueOf(columns.inPlace().name()),
        all);
  }

  /** True if nothing changed. */
  public boolean isEmpty() {
    return changes.isEmpty();
  }

  /** A changelog: a line for the whole, then one a change, worst first. */
  @Override
  public String toString() {
    if (isEmpty()) {
      return "none: the contracts are equal. (" + IDENTICAL + ")";
    }
    StringBuilder text = new StringBuilder();
    text.append(verdict)
        .append(" (")
        .append(reasonCode)
        .append("): old readers can read new rows: ");
    text.append(yes(changes.stream().allMatch(Change::oldReadersReadNewRows)));
    text.append("; new readers can read old rows: ");
    text.append(yes(changes.stream().allMatch(Change::newReadersReadOldRows)));
    changes.forEach(change -> text.append("\n- ").append(change));
    return text.toString();
  }

  private static String yes(boolean truth) {
    return truth ? "yes" : "no";
  }
}
