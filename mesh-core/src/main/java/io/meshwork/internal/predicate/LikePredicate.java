package io.meshwork.internal.predicate;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * SQL LIKE on UTF-8: {@code %} matches any text, {@code _} one code point, every other character
 * itself; there is no escape character. Takes at most pattern length times text length steps,
 * without recursion.
 */
final class LikePredicate implements BytesValuePredicate {
  private final byte[] pattern;
  private final int fixedPrefix;

  private LikePredicate(byte[] pattern) {
    this.pattern = pattern;
    int length = 0;
    while (length < pattern.length && !isWildcard(pattern[length])) {
      length++;
    }
    this.fixedPrefix = length;
  }

  static LikePredicate of(String pattern) {
    return new LikePredicate(pattern.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the bytes with which every match starts. */
  byte[] prefix() {
    return Arrays.copyOf(pattern, fixedPrefix);
  }

  /** Returns true if the prefix is the only match. */
  boolean isExact() {
    return fixedPrefix == pattern.length;
  }

  /** Returns true if every text that starts with the prefix matches. */
  boolean isPrefix() {
    for (int i = fixedPrefix; i < pattern.length; i++) {
      if (pattern[i] != '%') {
        return false;
      }
    }
    return fixedPrefix < pattern.length;
  }

  @Override
  public boolean passes(byte[] data, int start, int end) {
    int at = start;
    int step = 0;
    int restart = -1;
    int restartAt = start;
    while (at < end) {
      if (step < pattern.length && pattern[step] == '%') {
        restart = ++step;
        restartAt = at;
      } else if (step < pattern.length && pattern[step] == '_') {
        at = afterCharacter(data, at, end);
        step++;
      } else if (step < pattern.length && pattern[step] == data[at]) {
        at++;
        step++;
      } else if (restart >= 0) {
        restartAt = afterCharacter(data, restartAt, end);
        at = restartAt;
        step = restart;
      } else {
        return false;
      }
    }
    while (step < pattern.length && pattern[step] == '%') {
      step++;
    }
    return step == pattern.length;
  }

  private static boolean isWildcard(byte b) {
    return b == '%' || b == '_';
  }

  private static int afterCharacter(byte[] data, int at, int end) {
    int next = at + 1;
    while (next < end && (data[next] & 0xC0) == 0x80) {
      next++;
    }
    return next;
  }
}
