package io.meshwork.consume;

import io.meshwork.internal.catalog.Keys;
import io.meshwork.internal.catalog.PositionEntry.Pending;
import io.meshwork.internal.catalog.PositionEntry.Place;
import io.meshwork.product.ProductName;
import java.util.Locale;
import java.util.Optional;

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

  /**
   * The id of a batch: the same for the same rows of the same subscription.
   *
   * @param end where it ends
   * @param kind of what; a whole table and what was added to it may end in the same place
   */
  static String id(
      String domain, String name, ProductName product, Place from, Place end, String kind) {
    String reader =
        domain + "." + name + "/" + product.domain() + "." + product.product() + ".v" + end.major();
    String named = reader.length() > LONGEST_NAME ? Keys.sha256(reader) : reader;
    long begin = from.major() == end.major() ? from.sequence() : 0;
    return named + "/" + begin + "-" + end.sequence() + "-" + kind.toLowerCase(Locale.ROOT);
  }
}
