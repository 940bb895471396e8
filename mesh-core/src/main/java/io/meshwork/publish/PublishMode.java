package io.meshwork.publish;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.util.Locale;

/** What a commit does with the existing rows. */
public enum PublishMode {
  /** They are retained. */
  APPEND,
  /** All of them are replaced. */
  REPLACE_ALL,
  /** Those in the partitions of the new rows are replaced. */
  REPLACE_PARTITIONS,
  /** Those for which a filter is true are replaced. */
  REPLACE_WHERE,
  /** Those for which a filter is true are erased. */
  ERASE,
  /** They are retained; quarantined rows for which a filter is true are erased. */
  ERASE_QUARANTINE,
  /** They are replaced by those of an earlier snapshot. */
  ROLLBACK,
  /** They are retained; an engine rewrote their files. */
  COMPACTION,
  /** They are retained; rows of another major version were copied to this one. */
  BACK_FILL,
  /** They are retained; files of another program were registered where they are. */
  ONBOARD;

  /** Returns the name in receipts, logs, and snapshots, such as {@code replace-where}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Returns the mode with this name.
   *
   * @param text such as {@code replace-where}
   * @throws io.meshwork.error.InvalidRequestException if there is none
   */
  public static PublishMode parse(String text) {
    for (PublishMode mode : values()) {
      if (mode.text().equals(text)) {
        return mode;
      }
    }
    throw Failure.of(MeshAction.of(Verb.READ, "a publish mode"))
        .because("the name is unknown")
        .fix(
            "Use append, replace-all, replace-partitions, replace-where, erase, erase-quarantine,"
                + " rollback, compaction, back-fill, or onboard. A newer version of the SDK can have other modes.")
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }
}
