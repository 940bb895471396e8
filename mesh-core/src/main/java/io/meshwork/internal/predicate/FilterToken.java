package io.meshwork.internal.predicate;

import java.util.Locale;
import java.util.Set;

/**
 * One word or sign of a filter.
 *
 * @param kind what it is
 * @param text its meaning, without quotes
 * @param position its first character, from 1
 */
record FilterToken(Kind kind, String text, int position) {
  private static final Set<String> KEYWORDS =
      Set.of("and", "or", "not", "true", "false", "between", "in", "like", "is", "null", "select");

  /** What a token is. */
  enum Kind {
    NAME,
    QUOTED_NAME,
    TEXT,
    NUMBER,
    SIGN,
    END
  }

  /** True for this keyword in any case. */
  boolean is(String keyword) {
    return kind == Kind.NAME && text.equalsIgnoreCase(keyword);
  }

  /** True for this sign. */
  boolean isSign(String sign) {
    return kind == Kind.SIGN && text.equals(sign);
  }

  /** True for a name, in quotes or not, that is no keyword. */
  boolean isName() {
    return kind == Kind.QUOTED_NAME || (kind == Kind.NAME && !isKeyword(text));
  }

  /** True for words that name a column only in quotes. */
  static boolean isKeyword(String word) {
    return KEYWORDS.contains(word.toLowerCase(Locale.ROOT));
  }
}
