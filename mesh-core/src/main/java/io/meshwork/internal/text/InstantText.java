package io.meshwork.internal.text;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.format.DateTimeParseException;

/**
 * Times as {@link Instant#toString} writes them. A description reads some hundred of them, and
 * {@link Instant#parse} takes a microsecond for each.
 */
public final class InstantText {
  /** The text before the fraction: 0 stands for any digit, other characters for themselves. */
  private static final String SHAPE = "0000-00-00T00:00:00";

  private InstantText() {}

  /**
   * Parses a time exactly as {@link Instant#parse} does.
   *
   * @throws DateTimeParseException if it is not a time
   */
  public static Instant parse(String text) {
    int fraction = text.length() - SHAPE.length() - 2; // its digits, between '.' and 'Z'
    if (!hasShape(text) || fraction > 9) {
      return Instant.parse(text);
    }
    int year = number(text, 0, 4);
    int month = number(text, 5, 7);
    int day = number(text, 8, 10);
    int hour = number(text, 11, 13);
    int minute = number(text, 14, 16);
    int second = number(text, 17, 19);
    if (month == 0
        || month > 12
        || day == 0
        || day > YearMonth.of(year, month).lengthOfMonth()
        || hour > 23
        || minute > 59
        || second > 59) {
      return Instant.parse(text);
    }
    long seconds =
        LocalDate.of(year, month, day).toEpochDay() * 86_400L
            + hour * 3_600L
            + minute * 60L
            + second;
    int nanos = fraction < 0 ? 0 : number(text, SHAPE.length() + 1, text.length() - 1);
    for (int digits = Math.max(fraction, 0); digits < 9; digits++) {
      nanos *= 10;
    }
    return Instant.ofEpochSecond(seconds, nanos);
  }

  private static boolean hasShape(String text) {
    int end = text.length() - 1;
    if (end < SHAPE.length() || text.charAt(end) != 'Z') {
      return false;
    }
    for (int i = 0; i < SHAPE.length(); i++) {
      char wanted = SHAPE.charAt(i);
      if (wanted == '0' ? !isDigit(text.charAt(i)) : text.charAt(i) != wanted) {
        return false;
      }
    }
    return end == SHAPE.length() || hasFraction(text, end);
  }

  private static boolean hasFraction(String text, int end) {
    int first = SHAPE.length() + 1;
    for (int i = first; i < end; i++) {
      if (!isDigit(text.charAt(i))) {
        return false;
      }
    }
    return text.charAt(first - 1) == '.' && end > first;
  }

  /** Not {@link Character#isDigit}, which accepts the digits of every script. */
  private static boolean isDigit(char character) {
    return character >= '0' && character <= '9';
  }

  private static int number(String text, int start, int end) {
    int number = 0;
    for (int i = start; i < end; i++) {
      number = number * 10 + text.charAt(i) - '0';
    }
    return number;
  }
}
