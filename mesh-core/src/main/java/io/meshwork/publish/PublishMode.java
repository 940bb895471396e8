package io.meshwork.publish;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import java.util.Locale;

/** What a commit does with the rows that are there. */
public enum PublishMode {
  /** They stay. */
  APPEND,
  /** All of them go. */
  REPLACE_ALL,
  /** Those of the partitions go that the new rows lie in. */
  REPLACE_PARTITIONS,
  /** Those go for which a filter is true. */
  REPLACE_WHERE,
  /** The same, and none come. */
  ERASE,
  /** They are again those of an earlier snapshot. */
  ROLLBACK,
  /** They stay, and an engine laid them out anew. */
  COMPACTION;

  /** As it stands in receipts, logs and snapshots, such as {@code replace-where}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** True if new rows take the place of others. */
  boolean needsRows() {
    return this == REPLACE_ALL || this == REPLACE_PARTITIONS || this == REPLACE_WHERE;
  }

  /**
   * The mode of this text.
   *
   * @throws InvalidRequestException if there is none
   */
  public static PublishMode parse(String text) {
    for (PublishMode mode : values()) {
      if (mode.text().equals(text)) {
        return mode;
      }
    }
    throw new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot read a mode of publishing: there is none of this name. Use one of append,"
            + " replace-all, replace-partitions, replace-where, erase, rollback, compaction; a newer"
            + " version of the SDK may know more.");
  }
}
