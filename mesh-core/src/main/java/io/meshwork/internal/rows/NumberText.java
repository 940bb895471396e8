package io.meshwork.internal.rows;

import org.jspecify.annotations.Nullable;

/** Numbers as people write them, with groups of three digits or a decimal comma. Stateless. */
public final class NumberText {
  private static final int GROUP = 3;

  private NumberText() {}

  /**
   * Returns a number as programs write it; null if the text is not in the form.
   *
   * @param group what is between groups of three digits, a space for any space; 0 if nothing is. A
   *     number may also have no groups at all
   * @param point what is before the fraction
   */
  public static @Nullable String plain(String text, char group, char point) {
    int length = text.length();
    StringBuilder plain = new StringBuilder(length);
    int start = 0;
    if (length > 0 && (isMinus(text.charAt(0)) || text.charAt(0) == '+')) {
      if (text.charAt(0) != '+') {
        plain.append('-');
      }
      start = 1;
    }
    int digits = 0;
    boolean grouped = false;
    int i = start;
    for (; i < length; i++) {
      char c = text.charAt(i);
      if (c >= '0' && c <= '9') {
        digits++;
        plain.append(c);
      } else if (group != 0 && (c == group || (group == ' ' && Character.isSpaceChar(c)))) {
        if (grouped ? digits != GROUP : digits == 0 || digits > GROUP) {
          return null;
        }
        grouped = true;
        digits = 0;
      } else {
        break;
      }
    }
    if (grouped && digits != GROUP) {
      return null;
    }
    if (i == length) {
      return digits == 0 ? null : plain.toString();
    }
    if (text.charAt(i) != point || i + 1 == length) {
      return null;
    }
    plain.append('.');
    for (i++; i < length; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return null;
      }
      plain.append(c);
    }
    return plain.toString();
  }

  /**
   * Returns a negative number of accounting, in parentheses or with its minus at the end, with the
   * minus first; any other string is unchanged.
   */
  public static String signFirst(String text) {
    int last = text.length() - 1;
    if (last < 1 || isMinus(text.charAt(0)) || text.charAt(0) == '+') {
      return text;
    }
    boolean parentheses = text.charAt(0) == '(' && text.charAt(last) == ')';
    if (!parentheses && !isMinus(text.charAt(last))) {
      return text;
    }
    String number = text.substring(parentheses ? 1 : 0, last).strip();
    boolean signed = number.isEmpty() || isMinus(number.charAt(0)) || number.charAt(0) == '+';
    return signed ? text : "-" + number;
  }

  /** True for digits after a zero, as codes have them, such as {@code 007}. */
  public static boolean hasLeadingZero(String text) {
    int zero = !text.isEmpty() && (isMinus(text.charAt(0)) || text.charAt(0) == '+') ? 1 : 0;
    return text.length() > zero + 1
        && text.charAt(zero) == '0'
        && text.charAt(zero + 1) >= '0'
        && text.charAt(zero + 1) <= '9';
  }

  /** Returns a number that programs write, without leading zeros. */
  static String withoutLeadingZeros(String plain) {
    int sign = plain.startsWith("-") ? 1 : 0;
    int digit = sign;
    while (digit + 1 < plain.length()
        && plain.charAt(digit) == '0'
        && plain.charAt(digit + 1) != '.') {
      digit++;
    }
    return plain.substring(0, sign) + plain.substring(digit);
  }

  private static boolean isMinus(char c) {
    return c == '-' || c == '\u2212';
  }
}
