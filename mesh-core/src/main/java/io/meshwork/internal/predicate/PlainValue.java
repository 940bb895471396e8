package io.meshwork.internal.predicate;

import io.meshwork.internal.text.FloatingText;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Compares plain values with untyped constants, which are stored as written. */
final class PlainValue {
  private static final String DATE = "DATE ";
  private static final String TIMESTAMP = "TIMESTAMP ";

  private PlainValue() {}

  /** Compares a value with a constant; null if they are not comparable. */
  static @Nullable Integer order(Object value, TypedLiteral literal) {
    String written = literal.asBytes().text();
    if (written.startsWith("'")) {
      return value instanceof String text ? compare(text, unquoted(written)) : null;
    } else if (written.startsWith(DATE)) {
      return value instanceof String text
          ? dates(text, unquoted(written.substring(DATE.length())))
          : null;
    } else if (written.startsWith(TIMESTAMP)) {
      return value instanceof String text
          ? times(text, unquoted(written.substring(TIMESTAMP.length())))
          : null;
    } else if (written.equals("TRUE") || written.equals("FALSE")) {
      return value instanceof Boolean truth ? Boolean.compare(truth, written.equals("TRUE")) : null;
    }
    return value instanceof Number number
        ? new BigDecimal(FloatingText.of(number)).compareTo(new BigDecimal(written))
        : null;
  }

  /** Returns true if a string matches a pattern: {@code %} is any text, {@code _} any character. */
  static boolean like(String text, String form) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return LikePredicate.of(form).passes(bytes, 0, bytes.length);
  }

  private static String unquoted(String literal) {
    return literal.substring(1, literal.length() - 1).replace("''", "'");
  }

  /** Compares by code point, as all text is compared. */
  private static int compare(String one, String other) {
    int[] left = one.codePoints().toArray();
    int[] right = other.codePoints().toArray();
    for (int i = 0; i < Math.min(left.length, right.length); i++) {
      if (left[i] != right[i]) {
        return Integer.compare(left[i], right[i]);
      }
    }
    return Integer.compare(left.length, right.length);
  }

  private static @Nullable Integer dates(String value, String constant) {
    try {
      return LocalDate.parse(value).compareTo(LocalDate.parse(constant));
    } catch (DateTimeException notADate) {
      return null;
    }
  }

  private static @Nullable Integer times(String value, String constant) {
    try {
      return instant(value).compareTo(instant(constant));
    } catch (DateTimeException notATime) {
      return null;
    }
  }

  private static Instant instant(String text) {
    String iso = text.trim().replace(' ', 'T');
    boolean offset = iso.indexOf('Z') > 0 || iso.lastIndexOf('+') > 0 || iso.lastIndexOf('-') > 10;
    return offset
        ? OffsetDateTime.parse(iso).toInstant()
        : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
  }
}
