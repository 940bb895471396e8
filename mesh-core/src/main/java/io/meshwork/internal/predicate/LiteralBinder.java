package io.meshwork.internal.predicate;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.UUID;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Converts constants to values of their columns' types, exactly or not at all. */
final class LiteralBinder {
  /** The notation of a constant. */
  enum Form {
    TEXT("text"),
    NUMBER("a number"),
    TRUTH("TRUE or FALSE"),
    DATE("a DATE"),
    TIMESTAMP("a TIMESTAMP");

    private final String display;

    Form(String display) {
      this.display = display;
    }
  }

  private LiteralBinder() {}

  /** Returns the constant in the column's type; fails if the type has no such value. */
  static TypedLiteral bind(FilterColumn column, Form form, String text, int position) {
    TypedLiteral bound = null;
    try {
      bound = bound(column.type(), form, text);
    } catch (DateTimeException | ArithmeticException notAValue) {
      // Reported below, because the exception's message could quote the constant.
    }
    if (bound == null) {
      throw fits(column.type(), form)
          ? FilterErrorCode.TYPE_MISMATCH.at(
              position, column.name(), timeMismatch(column.type(), text), hint(column.type()))
          : typeMismatch(column, form, position);
    }
    return bound;
  }

  /**
   * Returns false if a number was bound to a floating-point column whose type has no such number.
   */
  static boolean denotes(FilterColumn column, FilterToken token) {
    return !column.floating()
        || FloatingLiteral.exact(new BigDecimal(token.text()), isNarrow(column)).isPresent();
  }

  /** Returns the greatest number of a floating-point column that is not above a constant. */
  static TypedLiteral floor(FilterColumn column, FilterToken token) {
    return finite(
        column, token, FloatingLiteral.floor(new BigDecimal(token.text()), isNarrow(column)));
  }

  /** Returns the least number of a floating-point column that is not below a constant. */
  static TypedLiteral ceiling(FilterColumn column, FilterToken token) {
    return finite(
        column, token, FloatingLiteral.ceiling(new BigDecimal(token.text()), isNarrow(column)));
  }

  private static boolean isNarrow(FilterColumn column) {
    return column.type().typeId() == Type.TypeID.FLOAT;
  }

  private static TypedLiteral finite(FilterColumn column, FilterToken token, double value) {
    if (Double.isInfinite(value)) {
      throw typeMismatch(column, Form.NUMBER, token.position());
    }
    return TypedLiteral.of(column.type(), value);
  }

  static FilterParseException typeMismatch(FilterColumn column, Form form, int position) {
    return FilterErrorCode.TYPE_MISMATCH.at(
        position,
        column.name(),
        "it has the type " + column.type() + " and the constant is " + form.display,
        hint(column.type()));
  }

  /** Returns true if dates or timestamps of this type are written in this form. */
  private static boolean fits(Type type, Form form) {
    return switch (type.typeId()) {
      case DATE -> form == Form.DATE;
      case TIMESTAMP, TIMESTAMP_NANO -> form == Form.TIMESTAMP;
      default -> false;
    };
  }

  /** Returns why a DATE or TIMESTAMP is not a value of the type. */
  private static String timeMismatch(Type type, String text) {
    if (type.typeId() == Type.TypeID.DATE) {
      return "the constant is not a date in the calendar";
    }
    boolean hasZone = isTime(text, DateTimeFormatter.ISO_OFFSET_DATE_TIME);
    boolean isInstant = isInstant(type);
    if (isInstant && !hasZone && isTime(text, DateTimeFormatter.ISO_LOCAL_DATE_TIME)) {
      return "it contains instants, and the zone is missing from the constant";
    }
    if (!isInstant && hasZone) {
      return "it contains local times, and the constant has a zone";
    }
    return hasZone || isTime(text, DateTimeFormatter.ISO_LOCAL_DATE_TIME)
        ? "the constant is finer than the type, or out of its range"
        : "the constant is not a time in the calendar";
  }

  private static boolean isTime(String text, DateTimeFormatter format) {
    try {
      format.parse(text.replace(' ', 'T'));
      return true;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static boolean isInstant(Type type) {
    return type.equals(Types.TimestampType.withZone())
        || type.equals(Types.TimestampNanoType.withZone());
  }

  private static @Nullable TypedLiteral bound(Type type, Form form, String text) {
    return switch (type.typeId()) {
      case BOOLEAN ->
          form == Form.TRUTH ? TypedLiteral.of(type, text.equalsIgnoreCase("true")) : null;
      case INTEGER, LONG -> form == Form.NUMBER ? integer(type, new BigDecimal(text)) : null;
      case FLOAT, DOUBLE -> form == Form.NUMBER ? floating(type, text) : null;
      case DECIMAL -> form == Form.NUMBER ? decimal((Types.DecimalType) type, text) : null;
      case DATE ->
          form == Form.DATE
              ? TypedLiteral.of(type, (long) Math.toIntExact(LocalDate.parse(text).toEpochDay()))
              : null;
      case TIME -> form == Form.TEXT ? time(type, LocalTime.parse(text)) : null;
      case TIMESTAMP ->
          form == Form.TIMESTAMP
              ? timestamp(type, text, ((Types.TimestampType) type).shouldAdjustToUTC(), 1_000)
              : null;
      case TIMESTAMP_NANO ->
          form == Form.TIMESTAMP
              ? timestamp(type, text, ((Types.TimestampNanoType) type).shouldAdjustToUTC(), 1)
              : null;
      case STRING -> form == Form.TEXT ? TypedLiteral.of(type, ByteString.utf8(text)) : null;
      case UUID -> form == Form.TEXT ? uuid(type, text) : null;
      case UNKNOWN -> TypedLiteral.of(type, ByteString.utf8(asWritten(form, text)));
      default -> null;
    };
  }

  private static TypedLiteral integer(Type type, BigDecimal number) {
    long value = number.longValueExact();
    return TypedLiteral.of(
        type, type.typeId() == Type.TypeID.INTEGER ? Math.toIntExact(value) : value);
  }

  private static @Nullable TypedLiteral floating(Type type, String text) {
    double value =
        type.typeId() == Type.TypeID.FLOAT ? Float.parseFloat(text) : Double.parseDouble(text);
    return Double.isInfinite(value) ? null : TypedLiteral.of(type, value);
  }

  private static @Nullable TypedLiteral decimal(Types.DecimalType type, String text) {
    BigDecimal value = new BigDecimal(text).setScale(type.scale(), RoundingMode.UNNECESSARY);
    return value.precision() > type.precision() ? null : TypedLiteral.of(type, value);
  }

  private static @Nullable TypedLiteral time(Type type, LocalTime time) {
    long nanos = time.toNanoOfDay();
    return nanos % 1_000 == 0 ? TypedLiteral.of(type, nanos / 1_000) : null;
  }

  private static @Nullable TypedLiteral timestamp(
      Type type, String text, boolean instant, int nanosPerTick) {
    String iso = text.replace(' ', 'T');
    Instant time =
        instant
            ? OffsetDateTime.parse(iso).toInstant()
            : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
    if (time.getNano() % nanosPerTick != 0) {
      return null;
    }
    return TypedLiteral.of(type, ticks(time, nanosPerTick));
  }

  private static long ticks(Instant time, int nanosPerTick) {
    long perSecond = 1_000_000_000L / nanosPerTick;
    long seconds = time.getEpochSecond();
    long part = time.getNano() / nanosPerTick;
    // Before 1970, the lowest second times its ticks overflows a long although the sum does not.
    return seconds < 0
        ? Math.addExact(Math.multiplyExact(seconds + 1, perSecond), part - perSecond)
        : Math.addExact(Math.multiplyExact(seconds, perSecond), part);
  }

  private static @Nullable TypedLiteral uuid(Type type, String text) {
    UUID uuid;
    try {
      uuid = UUID.fromString(text);
    } catch (IllegalArgumentException notAUuid) {
      return null;
    }
    return uuid.toString().equals(text.toLowerCase(Locale.ROOT))
        ? TypedLiteral.of(type, uuidBytes(uuid))
        : null;
  }

  private static ByteString uuidBytes(UUID uuid) {
    return ByteString.of(
        ByteBuffer.allocate(16)
            .putLong(uuid.getMostSignificantBits())
            .putLong(uuid.getLeastSignificantBits())
            .array());
  }

  private static String asWritten(Form form, String text) {
    return switch (form) {
      case TEXT -> FilterText.quoted(text);
      case DATE -> "DATE " + FilterText.quoted(text);
      case TIMESTAMP -> "TIMESTAMP " + FilterText.quoted(text);
      case TRUTH -> text.toUpperCase(Locale.ROOT);
      case NUMBER -> text;
    };
  }

  private static String hint(Type type) {
    return switch (type.typeId()) {
      case BOOLEAN -> "Write TRUE or FALSE.";
      case INTEGER, LONG -> "Write an integer within the range of the type.";
      case FLOAT, DOUBLE -> "Write a number within the range of the type.";
      case DECIMAL -> "Write a number with no more digits than the type allows.";
      case DATE -> "Write DATE 'yyyy-mm-dd'.";
      case TIME -> "Write 'hh:mm:ss' with at most 6 fractional digits.";
      case TIMESTAMP, TIMESTAMP_NANO ->
          isInstant(type)
              ? "Write TIMESTAMP 'yyyy-mm-dd hh:mm:ssZ', with an offset, no finer than the type."
              : "Write TIMESTAMP 'yyyy-mm-dd hh:mm:ss', without an offset, no finer than the type.";
      case STRING -> "Enclose text in single quotes.";
      case UUID -> "Enclose the UUID in single quotes.";
      default -> "This type has no constants; only IS [NOT] NULL is supported.";
    };
  }
}
