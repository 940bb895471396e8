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

/** Parses strings as values. Accepts only formats that are the same in every country. */
final class TextValueParser {
  private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]*)");
  private static final Pattern DECIMAL = Pattern.compile("-?(0|[1-9][0-9]*)?\\.[0-9]+");

  /** With a point or a sign, which programs write: {@code 12E5} is a code. */
  private static final Pattern FLOATING =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+[eE][+-]?|[eE][+-])[0-9]{1,3}");

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

  record TextValue(ValueKind kind, Object value, String text) {
    void addTo(ValueProfile profile) {
      profile.addParsed(kind, value, text);
    }
  }

  /** Parses a cell of a format without types, such as CSV. */
  static TextValue cell(String text) {
    if (text.length() <= MAX_LENGTH && !text.isEmpty()) {
      TextValue number = isNumeric(text.charAt(0)) ? number(text, text) : null;
      if (number != null) {
        return number;
      }
      if (isBoolean(text)) {
        return new TextValue(
            ValueKind.BOOLEAN, text.charAt(0) == 't' || text.charAt(0) == 'T', text);
      }
    }
    return text(text);
  }

  /** Parses a string of a format that distinguishes strings from numbers, such as JSON. */
  static TextValue text(String text) {
    Object time = time(text);
    if (time instanceof LocalDate) {
      return new TextValue(ValueKind.DATE, time, text);
    } else if (time instanceof LocalDateTime) {
      return new TextValue(ValueKind.LOCAL_TIMESTAMP, time, text);
    } else if (time instanceof LocalTime) {
      return new TextValue(ValueKind.TIME, time, text);
    } else if (time instanceof OffsetDateTime offset) {
      return new TextValue(ValueKind.INSTANT, offset.toInstant(), text);
    } else if (isUuid(text)) {
      return new TextValue(ValueKind.UUID, UUID.fromString(text), text);
    }
    return new TextValue(ValueKind.TEXT, text, text);
  }

  /**
   * Parses a number as programs write it; null if it is none.
   *
   * @param written the text of the value in the file
   */
  static @Nullable TextValue number(String text, String written) {
    boolean isWhole = WHOLE.matcher(text).matches();
    if (isWhole || DECIMAL.matcher(text).matches()) {
      BigDecimal number = new BigDecimal(text);
      if (number.precision() > MAX_DIGITS || number.scale() > MAX_DIGITS) {
        TextValue rounded = floating(text, written); // no other type of a number holds so many
        return rounded == null || !isWhole
            ? rounded
            : new TextValue(ValueKind.LONG_WHOLE, number.toBigInteger(), written);
      } else if (!isWhole) {
        return new TextValue(ValueKind.DECIMAL, number, written);
      }
      return number.unscaledValue().bitLength() < Long.SIZE
          ? new TextValue(ValueKind.WHOLE, number.longValueExact(), written)
          : new TextValue(ValueKind.BIG_WHOLE, number, written);
    }
    return FLOATING.matcher(text).matches() ? floating(text, written) : null;
  }

  private static @Nullable TextValue floating(String text, String written) {
    return TextRowParser.isDouble(text)
        ? new TextValue(ValueKind.FLOATING, Double.valueOf(text), written)
        : null;
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
