package io.meshwork.odcs.internal.dqdl;

import io.meshwork.odcs.internal.document.OdcsErrors;
import io.meshwork.odcs.internal.document.YamlNode.SourcePosition;
import io.meshwork.odcs.internal.dqdl.DqdlToken.Kind;
import java.util.ArrayList;
import java.util.List;

/** Splits a DQDL ruleset into tokens. Comments start with a number sign. */
final class DqdlLexer {
  private static final int MAX_TOKENS = 200_000;

  private final String text;
  private final OdcsErrors errors;
  private final List<DqdlToken> tokens = new ArrayList<>();
  private int next;
  private int line = 1;
  private int lineStart;

  private DqdlLexer(String text, OdcsErrors errors) {
    this.text = text;
    this.errors = errors;
  }

  /** Returns the tokens, of which the last is {@link Kind#END}. */
  static List<DqdlToken> tokens(String text, OdcsErrors errors) {
    DqdlLexer lexer = new DqdlLexer(text, errors);
    lexer.read();
    return lexer.tokens;
  }

  private void read() {
    skipBlanks();
    while (next < text.length()) {
      if (tokens.size() == MAX_TOKENS) {
        throw errors.tooLarge(
            place(next), "", "it has more than " + MAX_TOKENS + " words and signs");
      }
      token(text.charAt(next));
      skipBlanks();
    }
    add(Kind.END, next, next);
  }

  private void token(char first) {
    int start = next;
    if (first == '"') {
      string();
      return;
    }
    if (isName(first)) {
      while (next < text.length() && isName(text.charAt(next))) {
        next++;
      }
      String word = text.substring(start, next);
      boolean number = word.matches("[0-9]+(\\.[0-9]+)?");
      add(number ? Kind.NUMBER : Kind.NAME, start, next);
      return;
    }
    boolean two = text.startsWith("=", next + 1) && "<>!".indexOf(first) >= 0;
    if (!two && "=<>()[]{},:$+-*/".indexOf(first) < 0) {
      throw errors.invalid(
          place(start),
          "",
          "the character " + OdcsErrors.quoted(String.valueOf(first)) + " is not part of DQDL",
          "Remove it, or put the text in quotation marks.");
    }
    next += two ? 2 : 1;
    add(Kind.SIGN, start, next);
  }

  private void string() {
    int start = next++;
    while (next < text.length() && text.charAt(next) != '"') {
      next += text.charAt(next) == '\\' ? 2 : 1;
    }
    if (next >= text.length()) {
      throw errors.invalid(place(start), "", "a quotation mark is not closed", "Close it.");
    }
    next++;
    tokens.add(new DqdlToken(Kind.STRING, text.substring(start + 1, next - 1), place(start)));
    for (int i = start; i < next; i++) {
      countLine(i);
    }
  }

  private void skipBlanks() {
    while (next < text.length()) {
      char c = text.charAt(next);
      if (c == '#') {
        int end = text.indexOf('\n', next);
        next = end < 0 ? text.length() : end;
      } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        countLine(next);
        next++;
      } else {
        return;
      }
    }
  }

  private void countLine(int index) {
    if (text.charAt(index) == '\n') {
      line++;
      lineStart = index + 1;
    }
  }

  private void add(Kind kind, int start, int end) {
    tokens.add(new DqdlToken(kind, text.substring(start, end), place(start)));
  }

  private SourcePosition place(int index) {
    return new SourcePosition(line, index - lineStart + 1);
  }

  private static boolean isName(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '.';
  }
}
