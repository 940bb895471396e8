package io.meshwork.internal.consume;

import io.meshwork.internal.catalog.PositionEntry.PendingBatch;
import io.meshwork.internal.catalog.PositionEntry.Place;
import io.meshwork.internal.catalog.PositionEntry.View;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.product.ProductName;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A batch that a poll issued. Immutable.
 *
 * @param from the position after which it starts
 * @param seeks how often a seek had moved the position before
 * @param batch empty if there are no changes
 */
record IssuedBatch(Place from, long seeks, String id, Optional<PendingBatch> batch) {
  private static final int MAX_READER_LENGTH = 190;
  private static final int VIEW_ID_LENGTH = 12;

  /**
   * Returns a hash of the selected columns and rows, so that batches of other rows have other IDs;
   * empty if everything is selected. The order of columns does not matter.
   *
   * @param columns paths; empty if all are read
   * @param view the filter and the row rights
   * @param turns how often changed rights showed readers other rows
   */
  static String viewId(List<String> columns, View view, long turns) {
    boolean sameRights = view.rights().equals(BoundDataPermission.EVERY_ROW) && turns == 0;
    if (columns.isEmpty() && view.where().isEmpty() && sameRights) {
      return "";
    }
    String paths = String.join("\n", new TreeSet<>(columns));
    String selection = view.where().map(filter -> paths + "\n\n" + filter).orElse(paths);
    String text = sameRights ? selection : selection + "\n\n\n" + view.rights() + "\n" + turns;
    return Sha256.hex(text).substring(0, VIEW_ID_LENGTH);
  }

  /**
   * Returns the ID of a batch: the same for the same rows of the same subscription. A subscription
   * that is created again under the name of an ended one has other IDs.
   *
   * @param generation how many subscriptions of this name were ended before
   * @param viewId the selected columns and rows, from {@link #viewId}
   * @param end the position at which the batch ends
   * @param kind the kind of batch; a reset and an addition may end at the same position
   */
  static String id(
      String domain,
      String name,
      long generation,
      ProductName product,
      String viewId,
      Place from,
      Place end,
      String kind) {
    String reader =
        domain
            + "."
            + name
            // No name contains this character.
            + (generation == 0 ? "" : "~" + (generation + 1))
            + "/"
            + product.domain()
            + "."
            + product.product()
            + ".v"
            + end.major();
    String shortReader = reader.length() > MAX_READER_LENGTH ? Sha256.hex(reader) : reader;
    long start = from.major() == end.major() ? from.sequence() : 0;
    String prefix = viewId.isEmpty() ? shortReader : shortReader + "/" + viewId;
    return prefix + "/" + start + "-" + end.sequence() + "-" + kind.toLowerCase(Locale.ROOT);
  }
}
