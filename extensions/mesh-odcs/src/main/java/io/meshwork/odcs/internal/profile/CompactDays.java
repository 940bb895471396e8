package io.meshwork.odcs.internal.profile;

import java.time.YearMonth;
import java.util.Locale;
import java.util.regex.Pattern;

/** Days without separators, such as {@code 20260206}, among the values of a column. */
final class CompactDays {
  static final String PATTERN = "yyyyMMdd";

  private static final int FIRST_YEAR = 1900;
  private static final int LAST_YEAR = 2100;
  private static final Pattern DAY = Pattern.compile("[0-9]{8}");

  /** Names whose words are separate, such as {@code order_date}, {@code valid_on}, {@code DT}. */
  private static final Pattern NAME =
      Pattern.compile(
          "(?:.*_)?(?:[a-z]*(?:date|datum|dat|fecha)|day|tag|[a-z]+tag|dt|ymd|dob)(?:_.*)?"
              + "|.+_(?:on|at|am)");

  private static final Pattern IDENTIFIER =
      Pattern.compile("(?:.*_)?(?:id|ids|nr|no|num|number|nummer|key|code|ref|sk)");

  private long count;

  void add(String text) {
    count += isDay(text) ? 1 : 0;
  }

  private static boolean isDay(String text) {
    if (!DAY.matcher(text).matches()) {
      return false;
    }
    int year = Integer.parseInt(text.substring(0, 4));
    int month = Integer.parseInt(text.substring(4, 6));
    return year >= FIRST_YEAR
        && year <= LAST_YEAR
        && month >= 1
        && month <= 12
        && YearMonth.of(year, month).isValidDay(Integer.parseInt(text.substring(6)));
  }

  /** True if all values are days, and the column's name says so. */
  boolean areDays(String name, long values) {
    String words =
        name.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "_");
    return count > 0
        && count == values
        && NAME.matcher(words).matches()
        && !IDENTIFIER.matcher(words).matches();
  }
}
