package io.meshwork.internal.predicate;

import io.meshwork.internal.predicate.FilterToken.Kind;
import org.jspecify.annotations.Nullable;

/** Splits a filter into tokens on demand, so that errors are reported from left to right. */
final class FilterLexer {
  private final String filter;
  private int next;
  private @Nullable FilterToken current;

  FilterLexer(String filter) {
    this.filter = filter;
  }

  /** Returns the current token without consuming it. */
  FilterToken peek() {
    FilterToken token = current;
    if (token == null) {
      token = read();
      current = token;
    }
    return token;
  }

  /** Returns the current token and advances. */
  FilterToken take() {
    FilterToken consumed = peek();
    current = null;
    return consumed;
  }

  /**
   * Returns true if the current token starts with this character. Does not read the token, so it
   * reports no error.
   */
  boolean startsWith(char sign) {
    if (current != null) {
      return current.isSign(String.valueOf(sign));
    }
    skipBlanks();
    return at(next) == sign;
  }

  private FilterToken read() {
    skipBlanks();
    int start = next;
    if (start == filter.length()) {
      return new FilterToken(Kind.END, "", start + 1);
    }
    char first = filter.charAt(start);
    if (first == '\'') {
      return quoted(Kind.TEXT, '\'', start);
    } else if (first == '"') {
      return quoted(Kind.QUOTED_NAME, '"', start);
    } else if (isNameStart(first)) {
      skipName();
      return new FilterToken(Kind.NAME, filter.substring(start, next), start + 1);
    } else if (startsNumber(start)) {
      return number(start);
    }
    return sign(start);
  }

  private FilterToken quoted(Kind kind, char quote, int start) {
    StringBuilder text = new StringBuilder();
    for (next = start + 1; next < filter.length(); next++) {
      char c = filter.charAt(next);
      if (c != quote) {
        text.append(c);
      } else if (at(next + 1) == quote) {
        text.append(quote);
        next++;
      } else {
        next++;
        return new FilterToken(kind, text.toString(), start + 1);
      }
    }
    throw FilterErrorCode.SYNTAX.at(
        start + 1, "a quote is not closed", "Close the quote; double it within the text.");
  }

  private FilterToken number(int start) {
    next = start;
    if (at(next) == '+' || at(next) == '-') {
      next++;
    }
    skipDigits();
    if (at(next) == '.') {
      next++;
      skipDigits();
    }
    if (at(next) == 'e' || at(next) == 'E') {
      next++;
      if (at(next) == '+' || at(next) == '-') {
        next++;
      }
      int exponent = next;
      skipDigits();
      if (next == exponent || next - exponent > 4) {
        throw malformedNumber(start);
      }
    }
    if (isNameStart(at(next)) || at(next) == '.') {
      throw malformedNumber(start);
    }
    return new FilterToken(Kind.NUMBER, filter.substring(start, next), start + 1);
  }

  private static FilterParseException malformedNumber(int start) {
    return FilterErrorCode.SYNTAX.at(
        start + 1,
        "a number is malformed",
        "Write digits with at most one decimal point and an exponent of at most 4 digits, followed"
            + " by a space.");
  }

  private FilterToken sign(int start) {
    String two = filter.substring(start, Math.min(start + 2, filter.length()));
    if (two.equals("<>") || two.equals("!=") || two.equals("<=") || two.equals(">=")) {
      next = start + 2;
      return new FilterToken(Kind.SIGN, two, start + 1);
    }
    if (two.equals("--") || two.equals("/*")) {
      throw FilterErrorCode.SYNTAX.at(
          start + 1, "comments are not supported", "Remove the comment.");
    }
    if (two.equals("&&") || two.equals("||")) {
      throw FilterErrorCode.SYNTAX.at(
          start + 1, "unexpected characters", two.equals("&&") ? "Use AND." : "Use OR.");
    }
    char one = filter.charAt(start);
    if (one == '`') {
      throw FilterErrorCode.SYNTAX.at(
          start + 1,
          "unexpected character",
          "Enclose names in double quotes and text in single quotes.");
    }
    if ("=<>(),.".indexOf(one) < 0) {
      throw FilterErrorCode.SYNTAX.at(
          start + 1,
          "unexpected character",
          "Remove it. Arithmetic is not supported; enclose text in single quotes.");
    }
    next = start + 1;
    return new FilterToken(Kind.SIGN, String.valueOf(one), start + 1);
  }

  private boolean startsNumber(int start) {
    int digits = at(start) == '+' || at(start) == '-' ? start + 1 : start;
    return isDigit(at(digits)) || (at(digits) == '.' && isDigit(at(digits + 1)));
  }

  private void skipBlanks() {
    while (next < filter.length() && isBlank(filter.charAt(next))) {
      next++;
    }
  }

  private void skipName() {
    while (isNameStart(at(next)) || isDigit(at(next))) {
      next++;
    }
  }

  private void skipDigits() {
    while (isDigit(at(next))) {
      next++;
    }
  }

  /** Returns the character at an index, or a space beyond the end. */
  private char at(int index) {
    return index < filter.length() ? filter.charAt(index) : ' ';
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isNameStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }
}
