package io.meshwork.internal.rows;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses strings as values of a declared type: one form each, the same in every country, and no
 * rounding, except to the nearest float or double. Digits with a leading zero are a code, which a
 * number would lose.
 */
final class ScalarText {
  /** No number is longer, so that an exponent cannot take memory. */
  private static final int MAX_LENGTH = 400;

  private static final int MAX_SCALE = 1_000;
  private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,40}");
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]{1,4})?");
  private static final String DAY = "[+-]?[0-9]{4,9}-[0-9]{2}-[0-9]{2}";
  private static final Pattern DATE = Pattern.compile(DAY);
  private static final String CLOCK = "[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\\.[0-9]{1,9})?)?";
  private static final Pattern TIME = Pattern.compile(CLOCK);
  private static final Pattern TIMESTAMP =
      Pattern.compile(
          "("
              + DAY
              + ")[T ]("
              + CLOCK
              + ") ?(Z|UTC|[+-][0-9]{2}(?::?[0-9]{2})?)?(?:\\[([A-Za-z0-9_/+-]{1,64})])?");

  private ScalarText() {}

  /** Returns the value; null if the text does not have the form of the type. */
  static @Nullable Object parse(ColumnKind kind, String text) {
    try {
      return switch (kind) {
        case STRING, ENUM, UUID -> text;
        case BOOLEAN -> bool(text);
        case INT -> isWhole(text) ? (Object) Integer.parseInt(text) : null;
        case LONG -> isWhole(text) ? (Object) Long.parseLong(text) : null;
        case FLOAT -> single(text);
        case DOUBLE -> floating(text);
        case DECIMAL -> decimal(text);
        case BYTES, FIXED -> Base64.getDecoder().decode(text);
        case DATE -> DATE.matcher(text).matches() ? LocalDate.parse(text) : null;
        case TIME -> TIME.matcher(text).matches() ? LocalTime.parse(text) : null;
        case INSTANT -> instant(text);
        case LOCAL_TIMESTAMP -> local(text);
        case RECORD, LIST, MAP -> null;
      };
    } catch (IllegalArgumentException | DateTimeException e) {
      return null;
    }
  }

  /** Returns the form of a type, for the reason why a string does not have it. */
  static String form(ColumnKind kind) {
    return switch (kind) {
      case STRING, ENUM -> "a text";
      case UUID -> "a UUID of 36 characters";
      case BOOLEAN -> "true or false";
      case INT -> "a whole number of 32 bits";
      case LONG -> "a whole number of 64 bits";
      case FLOAT, DOUBLE -> "a number within the range of the type";
      case DECIMAL -> "a decimal number";
      case BYTES, FIXED -> "Base64";
      case DATE -> "a date such as 2026-11-21";
      case TIME -> "a time such as 08:30:00";
      case INSTANT -> "a timestamp with an offset, such as 2026-11-21T08:30:00Z";
      case LOCAL_TIMESTAMP -> "a timestamp without an offset, such as 2026-11-21T08:30:00";
      case RECORD -> "a JSON object";
      case LIST -> "a JSON array";
      case MAP -> "a JSON object";
    };
  }

  private static @Nullable Object bool(String text) {
    if (text.equalsIgnoreCase("true")) {
      return true;
    }
    return text.equalsIgnoreCase("false") ? (Object) false : null;
  }

  private static @Nullable Object single(String text) {
    Double special = special(text);
    if (special != null) {
      return special.floatValue();
    }
    if (!isNumber(text)) {
      return null;
    }
    float value = Float.parseFloat(text);
    return Float.isInfinite(value) ? null : (Object) value;
  }

  private static @Nullable Object floating(String text) {
    Double special = special(text);
    if (special != null) {
      return special;
    }
    if (!isNumber(text)) {
      return null;
    }
    double value = Double.parseDouble(text);
    return Double.isInfinite(value) ? null : (Object) value;
  }

  /** Values that are not numbers, in the forms of Java, Python, and SQL. */
  private static @Nullable Double special(String text) {
    return switch (text) {
      case "NaN", "nan" -> Double.NaN;
      case "Infinity", "+Infinity", "inf", "+inf" -> Double.POSITIVE_INFINITY;
      case "-Infinity", "-inf" -> Double.NEGATIVE_INFINITY;
      default -> null;
    };
  }

  private static boolean isWhole(String text) {
    return WHOLE.matcher(text).matches() && !NumberText.hasLeadingZero(text);
  }

  private static boolean isNumber(String text) {
    return text.length() <= MAX_LENGTH
        && NUMBER.matcher(text).matches()
        && !NumberText.hasLeadingZero(text);
  }

  /** The number without zeros after its last digit, which its column's scale may not allow. */
  private static @Nullable Object decimal(String text) {
    if (!isNumber(text)) {
      return null;
    }
    BigDecimal value = new BigDecimal(text);
    if (value.signum() == 0) {
      return BigDecimal.ZERO;
    }
    if (Math.abs(value.scale()) > MAX_SCALE) {
      return null;
    }
    BigDecimal stripped = value.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  private static @Nullable Object local(String text) {
    Matcher parts = TIMESTAMP.matcher(text);
    return parts.matches() && parts.group(3) == null && parts.group(4) == null
        ? LocalDateTime.parse(parts.group(1) + "T" + parts.group(2))
        : null;
  }

  /** A local time of a region needs an offset if the clocks were set back, and fails in a gap. */
  private static @Nullable Instant instant(String text) {
    Matcher parts = TIMESTAMP.matcher(text);
    if (!parts.matches()) {
      return null;
    }
    LocalDateTime local = LocalDateTime.parse(parts.group(1) + "T" + parts.group(2));
    ZoneOffset offset = parts.group(3) == null ? null : offset(parts.group(3));
    if (parts.group(4) != null) {
      List<ZoneOffset> valid = ZoneId.of(parts.group(4)).getRules().getValidOffsets(local);
      if (offset == null && valid.size() == 1) {
        return local.toInstant(valid.get(0));
      }
      if (offset == null || !valid.contains(offset)) {
        return null;
      }
    }
    return offset == null ? null : local.toInstant(offset);
  }

  private static ZoneOffset offset(String text) {
    return text.equals("UTC") ? ZoneOffset.UTC : ZoneOffset.of(text);
  }
}
