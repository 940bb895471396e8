package io.meshwork.odcs;

import com.palantir.javapoet.CodeBlock;
import java.math.BigDecimal;
import java.util.Locale;

/** Formats values for evidence and for Java, and compares them. */
final class EvidenceFormatter {
  private EvidenceFormatter() {}

  /** Returns a whole number of any class as a Long; other values unchanged. */
  static Object plain(Object value) {
    if (value instanceof Double number && Math.abs(number) < 1e15 && number == Math.rint(number)) {
      return number.longValue();
    }
    if (value instanceof Integer number) {
      return number.longValue();
    }
    if (value instanceof BigDecimal number
        && number.scale() <= 0
        && number.unscaledValue().bitLength() < Long.SIZE
        && number.precision() - number.scale() < 19) {
      return number.longValueExact();
    }
    return value;
  }

  /** Compares numbers by value, and other values by their natural order. */
  @SuppressWarnings("unchecked")
  static int compare(Object left, Object right) {
    if (left instanceof Number a && right instanceof Number b) {
      if (a instanceof Double || b instanceof Double || a instanceof Float || b instanceof Float) {
        return Double.compare(a.doubleValue(), b.doubleValue());
      }
      return new BigDecimal(a.toString()).compareTo(new BigDecimal(b.toString()));
    }
    return ((Comparable<Object>) left).compareTo(right);
  }

  /** Returns a value as one line of text. */
  static String text(Object value) {
    Object plain = plain(value);
    if (plain instanceof String text) {
      return quoted(text);
    }
    return plain instanceof BigDecimal number ? number.toPlainString() : plain.toString();
  }

  /** Returns a string or a length as Java. JavaPoet's {@code $S} would not escape non-ASCII. */
  static CodeBlock java(Object value) {
    return CodeBlock.of("$L", value instanceof String text ? quoted(text) : value);
  }

  /** Returns a string in double quotes, in ASCII, safe in comments of Java and YAML. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (c < ' ' || c > '~') {
            quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
