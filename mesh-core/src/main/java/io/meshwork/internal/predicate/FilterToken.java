package io.meshwork.internal.predicate;

import java.util.Locale;
import java.util.Set;

/**
 * A word or sign of a filter.
 *
 * @param kind the kind of token
 * @param text its text, without quotes
 * @param position its first character, from 1
 */
record FilterToken(Kind kind, String text, int position) {
  private static final Set<String> KEYWORDS =
      Set.of("and", "or", "not", "true", "false", "between", "in", "like", "is", "null", "select");

  /** The kind of a token. */
  enum Kind {
    NAME,
    QUOTED_NAME,
    TEXT,
    NUMBER,
    SIGN,
    END
  }

  /** Returns true if this token is the keyword, in any case. */
  boolean is(String keyword) {
    return kind == Kind.NAME && text.equalsIgnoreCase(keyword);
  }

  boolean isSign(String sign) {
    return kind == Kind.SIGN && text.equals(sign);
  }

  /** Returns true for a name, quoted or not, that is not a keyword. */
  boolean isName() {
    return kind == Kind.QUOTED_NAME || (kind == Kind.NAME && !isKeyword(text));
  }

  /** Returns true for a word that can name a column only in double quotes. */
  boolean isKeyword() {
    return kind == Kind.NAME && isKeyword(text);
  }

  /** Returns true for words that can name a column only in double quotes. */
  static boolean isKeyword(String word) {
    return KEYWORDS.contains(word.toLowerCase(Locale.ROOT));
  }
}
