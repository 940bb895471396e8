package io.meshwork.odcs.internal.dqdl;

import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A constant of a condition, or what stands for one. Immutable.
 *
 * @param kind what it is
 * @param text a string without its escapes, or what is written
 * @param raw a string with its escapes
 * @param number of a number; otherwise null
 * @param duration of a duration; otherwise null
 */
record DqdlOperand(
    Kind kind, String text, String raw, @Nullable BigDecimal number, @Nullable Duration duration) {
  /** Kinds of operands. */
  enum Kind {
    NUMBER,
    /** A string, also a date or a time. */
    STRING,
    /** No value. */
    NULL,
    /** The empty string. */
    EMPTY,
    /** Any string of white space. */
    WHITESPACES_ONLY,
    /** A number of minutes, hours, or days. */
    DURATION,
    /** What is known only when the rule runs, such as {@code avg(last(10))} or {@code now()}. */
    EXPRESSION
  }

  static DqdlOperand of(Kind kind, String text) {
    return new DqdlOperand(kind, text, text, null, null);
  }

  static DqdlOperand number(BigDecimal number) {
    return new DqdlOperand(Kind.NUMBER, number.toPlainString(), "", number, null);
  }

  static DqdlOperand duration(Duration duration) {
    return new DqdlOperand(Kind.DURATION, duration.toString(), "", null, duration);
  }

  static DqdlOperand string(DqdlToken token) {
    return new DqdlOperand(Kind.STRING, token.unescaped(), token.text(), null, null);
  }

  boolean is(Kind other) {
    return kind == other;
  }
}
