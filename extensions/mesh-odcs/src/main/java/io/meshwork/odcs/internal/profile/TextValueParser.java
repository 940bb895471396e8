package io.meshwork.odcs.internal.profile;

import io.meshwork.internal.rows.TextRowParser;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Parses texts as values. Accepts only formats that are the same in every country. */
final class TextValueParser {
  private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]{0,37})");
  private static final Pattern DECIMAL = Pattern.compile("-?(0|[1-9][0-9]{0,37})?\\.[0-9]{1,38}");

  /** With a point or a sign, which programs write: {@code 12E5} is a code. */
  private static final Pattern FLOATING =
      Pattern.compile("-?(0|[1-9][0-9]{0,37})(\\.[0-9]{1,38}[eE][+-]?|[eE][+-])[0-9]{1,3}");

  private static final Pattern TIMESTAMP =
      Pattern.compile(
          "([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\\.[0-9]{1,6})?)?)"
              + "(Z|[+-][0-9]{2}:[0-9]{2})?");
  private static final Pattern TIME = Pattern.compile("[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,6})?");
  private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
  private static final int MAX_DIGITS = 38;
  private static final int MAX_LENGTH = 80;
  private static final int UUID_LENGTH = 36;

  private TextValueParser() {}

  /** Adds a cell of a format without types, such as CSV. */
  static void addCell(ValueProfile profile, String text) {
    if (text.length() <= MAX_LENGTH && !text.isEmpty()) {
      if (isNumeric(text.charAt(0)) && addNumber(profile, text)) {
        return;
      }
      if (isBoolean(text)) {
        profile.addParsed(ValueKind.BOOLEAN, text.charAt(0) == 't' || text.charAt(0) == 'T', text);
        return;
      }
    }
    addText(profile, text);
  }

  /** Adds a string of a format that distinguishes strings from numbers, such as JSON. */
  static void addText(ValueProfile profile, String text) {
    Object time = time(text);
    if (time instanceof LocalDate) {
      profile.addParsed(ValueKind.DATE, time, text);
    } else if (time instanceof LocalDateTime) {
      profile.addParsed(ValueKind.LOCAL_TIMESTAMP, time, text);
    } else if (time instanceof LocalTime) {
      profile.addParsed(ValueKind.TIME, time, text);
    } else if (time instanceof OffsetDateTime offset) {
      profile.addParsed(ValueKind.INSTANT, offset.toInstant(), text);
    } else if (isUuid(text)) {
      profile.addParsed(ValueKind.UUID, UUID.fromString(text), text);
    } else {
      profile.addParsed(ValueKind.TEXT, text, text);
    }
  }

  /** True if a text is a number, a date, or a time, and therefore not a name. */
  static boolean isValue(String text) {
    return WHOLE.matcher(text).matches()
        || DECIMAL.matcher(text).matches()
        || FLOATING.matcher(text).matches()
        || time(text) != null;
  }

  private static boolean addNumber(ValueProfile profile, String text) {
    if (WHOLE.matcher(text).matches()) {
      BigDecimal number = new BigDecimal(text);
      if (number.unscaledValue().bitLength() < Long.SIZE) {
        profile.addParsed(ValueKind.WHOLE, number.longValueExact(), text);
      } else {
        profile.addParsed(ValueKind.BIG_WHOLE, number, text);
      }
      return true;
    }
    if (DECIMAL.matcher(text).matches()) {
      BigDecimal number = new BigDecimal(text);
      if (number.precision() <= MAX_DIGITS && number.scale() <= MAX_DIGITS) {
        profile.addParsed(ValueKind.DECIMAL, number, text);
        return true;
      }
      // More digits than any number of a column keeps.
      return false;
    }
    if (FLOATING.matcher(text).matches() && TextRowParser.isDouble(text)) {
      profile.addParsed(ValueKind.FLOATING, Double.valueOf(text), text);
      return true;
    }
    return false;
  }

  private static boolean isNumeric(char first) {
    return first == '-' || first == '.' || (first >= '0' && first <= '9');
  }

  private static boolean isBoolean(String text) {
    return text.equals("true")
        || text.equals("false")
        || text.equals("True")
        || text.equals("False")
        || text.equals("TRUE")
        || text.equals("FALSE");
  }

  private static boolean isUuid(String text) {
    if (text.length() != UUID_LENGTH || text.charAt(8) != '-' || text.charAt(13) != '-') {
      return false;
    }
    try {
      return UUID.fromString(text).toString().equalsIgnoreCase(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static @Nullable Object time(String text) {
    int length = text.length();
    if (length < 8 || length > 32 || text.charAt(0) < '0' || text.charAt(0) > '9') {
      return null;
    }
    try {
      if (DATE.matcher(text).matches()) {
        return LocalDate.parse(text);
      }
      if (TIME.matcher(text).matches()) {
        return LocalTime.parse(text);
      }
      var timestamp = TIMESTAMP.matcher(text);
      if (timestamp.matches()) {
        String iso = timestamp.group(1) + "T" + timestamp.group(2);
        String zone = timestamp.group(3);
        return zone == null ? LocalDateTime.parse(iso) : OffsetDateTime.parse(iso + zone);
      }
      return null;
    } catch (DateTimeException e) {
      return null;
    }
  }
}
