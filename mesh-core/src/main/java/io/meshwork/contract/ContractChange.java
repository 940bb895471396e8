package io.meshwork.contract;

import io.meshwork.error.FindingCode;
import io.meshwork.product.ContractVersion.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values of one change of a contract. */
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
    String fix)
    implements ContractDifference.Change {
  ContractChange {
    columns = List.copyOf(columns);
  }

  /** Returns one line: the verdict, the change, what it was and is, and the fix. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(verdict).append(": ").append(what);
    if (before != null || after != null) {
      text.append(" Before: ").append(before == null ? "nothing" : before);
      text.append("; after: ").append(after == null ? "nothing" : after).append('.');
    }
    if (!fix.isEmpty()) {
      text.append(verdict == Verdict.MAJOR ? " Instead: " : " ").append(fix);
    }
    return text.append(" (").append(code).append(')').toString();
  }
}
