package io.meshwork.internal.receipts;

import io.meshwork.contract.QualityReport;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.publish.PublishReceipt.PublishMode;

/** What a publish does to its product, by its mode and what it states. */
public final class PublishEffects {
  private PublishEffects() {}

  /** Returns what the mode does with a major version. */
  public static Use use(PublishMode mode) {
    return mode == PublishMode.ERASE || mode == PublishMode.ERASE_QUARANTINE
        ? Use.ERASE
        : Use.PUBLISH;
  }

  /** True if new rows replace existing ones. */
  public static boolean replacesRows(PublishMode mode) {
    return mode == PublishMode.REPLACE_ALL
        || mode == PublishMode.REPLACE_PARTITIONS
        || mode == PublishMode.REPLACE_WHERE;
  }

  /** True if the score of the product is this publish's: it brought rows, or replaced some. */
  public static boolean isScored(QualityReport quality, PublishIntent intent) {
    return quality.rowsOffered() > 0 || updatesFreshness(intent);
  }

  /** True if the publish updates the freshness of the product even when it has no rows. */
  public static boolean updatesFreshness(PublishIntent intent) {
    return intent.completeUpTo().isPresent()
        || intent.mode() == PublishMode.REPLACE_ALL
        || intent.mode() == PublishMode.REPLACE_WHERE;
  }
}
