package io.meshwork.odcs.internal.dqdl;

import io.meshwork.odcs.internal.document.OdcsErrors;
import io.meshwork.odcs.internal.document.YamlNode.SourcePosition;

/**
 * A token of a DQDL ruleset. Immutable.
 *
 * @param kind its kind
 * @param text as written; of a string, without its quotation marks
 * @param place where it starts
 */
record DqdlToken(Kind kind, String text, SourcePosition place) {
  /** Kinds of tokens. */
  enum Kind {
    /** Letters, digits, dots, and underscores. */
    NAME,
    /** Digits, with or without a fraction; a sign is a separate token. */
    NUMBER,
    /** Between quotation marks. */
    STRING,
    /** One or two characters, such as {@code >=}. */
    SIGN,
    /** The end of the ruleset. */
    END
  }

  boolean is(String sign) {
    return kind == Kind.SIGN && text.equals(sign);
  }

  /** True for a name, with letters of either case. */
  boolean isWord(String word) {
    return kind == Kind.NAME && text.equalsIgnoreCase(word);
  }

  /** The text of a string without its escapes. */
  String unescaped() {
    StringBuilder result = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean escapes =
          c == '\\' && i + 1 < text.length() && "\"\\".indexOf(text.charAt(i + 1)) >= 0;
      result.append(escapes ? text.charAt(++i) : c);
    }
    return result.toString();
  }

  /** What a message shows. */
  String shown() {
    return kind == Kind.END ? "the end of the ruleset" : OdcsErrors.quoted(text);
  }
}
