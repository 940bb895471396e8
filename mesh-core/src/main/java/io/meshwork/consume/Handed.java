package io.meshwork.consume;

import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.PositionEntry.Pending;
import io.meshwork.internal.catalog.PositionEntry.Place;
import io.meshwork.product.ProductName;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A batch as it is handed out. Immutable.
 *
 * @param from where it begins
 * @param seeks how often the position had been moved by hand
 * @param id its id
 * @param batch empty if nothing came
 */
record Handed(Place from, long seeks, String id, Optional<Pending> batch) {
  private static final int LONGEST_NAME = 190;
  private static final int DIGITS_OF_A_VIEW = 12;

  /**
   * A short name of what is read of each snapshot, so that ids of other rows are others; empty if
   * it is all of it. The order of columns does not count.
   *
   * @param columns paths; empty if all are read
   * @param filter in its canonical form; null if all rows are read
   */
  static String view(List<String> columns, @Nullable String filter) {
    if (columns.isEmpty() && filter == null) {
      return "";
    }
    String all = String.join("\n", new TreeSet<>(columns));
    String text = filter == null ? all : all + "\n\n" + filter;
    return Keys.sha256(text).substring(0, DIGITS_OF_A_VIEW);
  }

  /**
   * The id of a batch: the same for the same rows of the same subscription.
   *
   * @param view what is read of each snapshot, as {@link #view} names it
   * @param end where it ends
   * @param kind of what; a whole table and what was added to it may end in the same place
   */
  static String id(
      String domain,
      String name,
      ProductName product,
      String view,
      Place from,
      Place end,
      String kind) {
    String reader =
        domain + "." + name + "/" + product.domain() + "." + product.product() + ".v" + end.major();
    String named = reader.length() > LONGEST_NAME ? Keys.sha256(reader) : reader;
    long begin = from.major() == end.major() ? from.sequence() : 0;
    String viewed = view.isEmpty() ? named : named + "/" + view;
    return viewed + "/" + begin + "-" + end.sequence() + "-" + kind.toLowerCase(Locale.ROOT);
  }
}
