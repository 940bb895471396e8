package io.meshwork.internal.rollout.backfill;

import io.meshwork.error.Finding;
import io.meshwork.internal.copies.CopiedFiles;
import io.meshwork.internal.rollout.RolloutEntry;
import io.meshwork.internal.rollout.backfill.RowComparison.Difference;
import io.meshwork.internal.rollout.backfill.RowComparison.Keys;
import io.meshwork.internal.text.Count;
import io.meshwork.rollout.MajorRollout;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * The result of a comparison of two major versions. Immutable.
 *
 * @param rollout the rollout
 * @param oldState the old major version
 * @param newState the new major version
 * @param back true if the rows of the new major version were mapped to the old one
 */
record VerifiedRows(
    RolloutEntry rollout, State oldState, State newState, boolean back, Difference difference)
    implements MajorRollout.Verification {
  /** What was compared of one version. */
  record State(Optional<String> snapshot, long rows) {
    static State of(Table table) {
      Snapshot snapshot = table.currentSnapshot();
      return new State(
          Optional.ofNullable(snapshot).map(each -> Long.toString(each.snapshotId())),
          CopiedFiles.live(table).stream().mapToLong(file -> file.recordCount()).sum());
    }
  }

  @Override
  public Optional<String> oldSnapshot() {
    return oldState.snapshot();
  }

  @Override
  public Optional<String> newSnapshot() {
    return newState.snapshot();
  }

  @Override
  public long oldRows() {
    return oldState.rows();
  }

  @Override
  public long newRows() {
    return newState.rows();
  }

  @Override
  public long unmappedRows() {
    return difference.unmapped();
  }

  @Override
  public long onlyInOld() {
    return back ? difference.targetOnly() : difference.mappedOnly() + difference.unmapped();
  }

  @Override
  public long onlyInNew() {
    return back ? difference.mappedOnly() + difference.unmapped() : difference.targetOnly();
  }

  @Override
  public OptionalLong keysOnlyInOld() {
    return keys(back);
  }

  @Override
  public OptionalLong keysOnlyInNew() {
    return keys(!back);
  }

  private OptionalLong keys(boolean ofTarget) {
    Optional<Keys> keys = difference.keys();
    return keys.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(ofTarget ? keys.get().targetOnly() : keys.get().mappedOnly());
  }

  /** True without differences, or if just rows are missing that the owner accepted. */
  @Override
  public boolean isEqual() {
    return onlyInNew() == 0 && onlyInOld() == rejected() && rejected() <= rollout.rejectedRows();
  }

  /** True if each version has all rows of the other. */
  public boolean isIdentical() {
    return isEqual() && rejected() == 0 && difference.excluded() == 0;
  }

  /**
   * The rejected rows of the old version that the owner accepted. If rows are mapped back, only
   * their number is known, which does not suffice once one of the versions changed alone.
   */
  public long rejected() {
    if (!back) {
      return difference.rejected();
    }
    return !rollout.mayDiffer() && onlyInOld() == rollout.rejectedRows() ? onlyInOld() : 0;
  }

  @Override
  public List<Finding> findings() {
    return difference.samples();
  }

  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder("rows of ")
            .append(rollout.product())
            .append(isEqual() ? " are the same in" : " DIFFER in")
            .append(" major versions ")
            .append(rollout.from())
            .append(" and ")
            .append(rollout.to());
    add(text, rollout.from(), oldState, onlyInOld(), keysOnlyInOld());
    add(text, rollout.to(), newState, onlyInNew(), keysOnlyInNew());
    findings().forEach(finding -> text.append("\n  ").append(finding));
    return text.toString();
  }

  private static void add(
      StringBuilder text, int major, State state, long only, OptionalLong keysOnly) {
    text.append("\n  version ")
        .append(major)
        .append("  ")
        .append(Count.of(state.rows(), "row"))
        .append(" in snapshot ")
        .append(state.snapshot().orElse("none"))
        .append(", ")
        .append(only)
        .append(" only there");
    keysOnly.ifPresent(keys -> text.append(", ").append(keys).append(" keys only there"));
  }
}
