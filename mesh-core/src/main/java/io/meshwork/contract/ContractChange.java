package io.meshwork.contract;

import io.meshwork.error.FindingCode;
import io.meshwork.internal.compatibility.SchemaChange;
import io.meshwork.product.ContractVersion.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of one change of a contract.
 *
 * @param saysValues true if the sentence has the old and the new fragment
 */
record ContractChange(
    FindingCode code,
    String path,
    List<String> columns,
    @Nullable String before,
    @Nullable String after,
    Verdict verdict,
    boolean oldReadersReadNewRows,
    boolean newReadersReadOldRows,
    boolean concernsTypeNames,
    String what,
    boolean saysValues,
    String fix)
    implements ContractDifference.Change {
  ContractChange {
    columns = List.copyOf(columns);
  }

  /** Returns a change of columns. */
  static ContractChange of(SchemaChange change) {
    return new ContractChange(
        change.code().finding(),
        change.path(),
        change.path().isEmpty() ? List.of() : List.of(change.path()),
        change.before(),
        change.after(),
        change.code().verdict(),
        change.consumersSafe(),
        change.historySafe(),
        change.typeNames(),
        change.what(),
        false,
        change.fix());
  }

  /**
   * Returns a change of a rule or a term, whose sentence has the values; old rows stay readable.
   */
  static ContractChange of(
      FindingCode code,
      String path,
      List<String> columns,
      @Nullable String before,
      @Nullable String after,
      Verdict verdict,
      boolean oldReadersReadNewRows,
      String what,
      String fix) {
    return new ContractChange(
        code,
        path,
        columns,
        before,
        after,
        verdict,
        oldReadersReadNewRows,
        true,
        false,
        what,
        true,
        fix);
  }

  @Override
  public String whatWithValues() {
    return saysValues || (before == null && after == null)
        ? what
        : what + " Before: " + value(before) + "; after: " + value(after) + ".";
  }

  private static String value(@Nullable String fragment) {
    return fragment == null ? "nothing" : ChangedValue.shortened(fragment);
  }

  /** Returns one line: the verdict, the change, what it was and is, and the fix. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(verdict).append(": ").append(whatWithValues());
    if (!fix.isEmpty()) {
      text.append(verdict == Verdict.MAJOR ? " Instead: " : " ").append(fix);
    }
    return text.append(" (").append(code).append(')').toString();
  }
}
