package io.meshwork.internal.table;

/**
 * The reason of a quarantined row, which the table stores as one text.
 *
 * @param why what is wrong with the row, without its values
 * @param place where it is in a file, such as {@code orders.csv, line 3}; empty if it is not of a
 *     file, or its number says it
 */
public record QuarantineReason(String why, String place) {
  private static final String BEGIN = " (";
  private static final String END = ")";

  /** Reads the text of the table. */
  public static QuarantineReason parse(String stored) {
    int place = stored.indexOf(BEGIN);
    return place < 0 || !stored.endsWith(END)
        ? new QuarantineReason(stored, "")
        : new QuarantineReason(
            stored.substring(0, place),
            stored.substring(place + BEGIN.length(), stored.length() - END.length()));
  }

  /** Returns the text of the table. */
  public String stored() {
    return place.isEmpty() ? why : why + BEGIN + place + END;
  }
}
