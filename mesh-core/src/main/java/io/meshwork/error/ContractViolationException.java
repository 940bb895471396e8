package io.meshwork.error;

import java.util.Map;
import java.util.OptionalLong;

/** The data breaks the contract, or a file cannot be read. Fix the data. */
public final class ContractViolationException extends MeshException {
  private static final long serialVersionUID = 1L;

  private final transient RejectedRows rows;

  ContractViolationException(Failure failure, ErrorCode code) {
    super(failure, code);
    this.rows = failure.rejectedRows();
  }

  /**
   * Returns how many rows were offered, none of which is visible. Empty if they were not counted,
   * such as when a column is missing or a file cannot be read, and after deserialization.
   */
  public OptionalLong rowsOffered() {
    return rows == null ? OptionalLong.empty() : rows.offered();
  }

  /**
   * Returns how many rows break each rule, by the ID of the rule as the quality report of a publish
   * has it, such as {@code type:amount}. Empty if the rows were not checked, and after
   * deserialization.
   */
  public Map<String, Long> failingRowsByRule() {
    return rows == null ? Map.of() : rows.failing();
  }
}
