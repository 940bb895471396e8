package io.meshwork.rollout;

import java.time.Instant;

/**
 * Rows in which the major versions of a rollout differ, and why. {@link Rollout#differences}
 * returns them. Immutable.
 *
 * @param reason why only one of them has the rows
 * @param major the major version that has the rows, or that was changed alone
 * @param rows the number of rows; for {@link Reason#CHANGED_ALONE} of those that were added and
 *     removed; 0 if it is not known
 * @param because the reason that the owner gave; empty if none was given
 * @param since when the versions began to differ in them
 */
public record RowDifference(Reason reason, int major, long rows, String because, Instant since) {
  /** Why only one of the major versions has rows. */
  public enum Reason {
    /** The rollout was started without the history. */
    WITHOUT_HISTORY,
    /** Rows of the history break the new contract, and are in the quarantine of the new version. */
    UNFIT,
    /** Rows of the new version that the rollout leaves out of the old one. */
    LEFT_OUT,
    /** Rows were published, replaced, or erased with {@code onlyMajorVersion} in this version. */
    CHANGED_ALONE,
    /** The old version was restored, and lacks the rows that were published meanwhile. */
    NOT_COPIED
  }

  /** Returns the same without the number of rows and the reason, which are the owner's. */
  public RowDifference withoutDetails() {
    return new RowDifference(reason, major, 0, "", since);
  }

  @Override
  public String toString() {
    String count = rows == 0 ? "rows" : rows == 1 ? "1 row" : rows + " rows";
    String what =
        switch (reason) {
          case WITHOUT_HISTORY -> "only major version " + major + " has the history";
          case UNFIT -> "only major version " + major + " has " + count + " that the other rejects";
          case LEFT_OUT -> "only major version " + major + " has the rows that are left out";
          case CHANGED_ALONE -> count + " changed in major version " + major + " alone";
          case NOT_COPIED -> "only major version " + major + " has the newest rows";
        };
    return what + ", since " + since + (because.isEmpty() ? "" : ": " + because);
  }
}
