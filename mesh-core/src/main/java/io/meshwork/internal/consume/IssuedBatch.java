package io.meshwork.internal.consume;

import io.meshwork.internal.catalog.PositionEntry.Pending;
import io.meshwork.internal.catalog.PositionEntry.Place;
import io.meshwork.internal.catalog.PositionEntry.View;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.product.ProductName;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A batch as it is handed out. Immutable.
 *
 * @param from where it begins
 * @param seeks how often the position had been moved by hand
 * @param id its id
 * @param batch empty if nothing came
 */
record IssuedBatch(Place from, long seeks, String id, Optional<Pending> batch) {
  private static final int LONGEST_NAME = 190;
  private static final int DIGITS_OF_A_VIEW = 12;

  /**
   * A short name of what is read of each snapshot, so that ids of other rows are others; empty if
   * it is all of it. The order of columns does not count.
   *
   * @param columns paths; empty if all are read
   * @param view which rows are read
   * @param turns how often rights let the readers see other rows than before
   */
  static String view(List<String> columns, View view, long turns) {
    boolean asEver = view.rights().equals(BoundDataPermission.EVERY_ROW) && turns == 0;
    if (columns.isEmpty() && view.where().isEmpty() && asEver) {
      return "";
    }
    String all = String.join("\n", new TreeSet<>(columns));
    String asked = view.where().map(filter -> all + "\n\n" + filter).orElse(all);
    String text = asEver ? asked : asked + "\n\n\n" + view.rights() + "\n" + turns;
    return RegistryKeys.sha256(text).substring(0, DIGITS_OF_A_VIEW);
  }

  /**
   * The id of a batch: the same for the same rows of the same subscription. One that was ended and
   * made anew under its name is another subscription, whose ids nobody knows yet.
   *
   * @param generation how many of this name were ended before
   * @param view what is read of each snapshot, as {@link #view} names it
   * @param end where it ends
   * @param kind of what; a whole table and what was added to it may end in the same place
   */
  static String id(
      String domain,
      String name,
      long generation,
      ProductName product,
      String view,
      Place from,
      Place end,
      String kind) {
    String reader =
        domain
            + "."
            + name
            // No name has this sign.
            + (generation == 0 ? "" : "~" + (generation + 1))
            + "/"
            + product.domain()
            + "."
            + product.product()
            + ".v"
            + end.major();
    String named = reader.length() > LONGEST_NAME ? RegistryKeys.sha256(reader) : reader;
    long begin = from.major() == end.major() ? from.sequence() : 0;
    String viewed = view.isEmpty() ? named : named + "/" + view;
    return viewed + "/" + begin + "-" + end.sequence() + "-" + kind.toLowerCase(Locale.ROOT);
  }
}
