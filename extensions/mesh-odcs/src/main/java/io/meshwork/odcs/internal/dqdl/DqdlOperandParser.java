package io.meshwork.odcs.internal.dqdl;

import io.meshwork.odcs.internal.document.OdcsErrors;
import io.meshwork.odcs.internal.dqdl.DqdlOperand.Kind;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Reads one operand of a condition: a constant, a duration, or an expression. Of an expression only
 * its end is found.
 */
final class DqdlOperandParser {
  private static final Set<String> SIZES = Set.of("B", "KB", "MB", "GB", "TB");
  private static final int MAX_DIGITS = 100;

  private final List<DqdlToken> tokens;
  private final String path;
  private final OdcsErrors errors;
  private int next;

  /**
   * Creates it.
   *
   * @param next the index of the first token
   * @param path the path of its rule, for errors
   */
  DqdlOperandParser(List<DqdlToken> tokens, int next, String path, OdcsErrors errors) {
    this.tokens = tokens;
    this.next = next;
    this.path = path;
    this.errors = errors;
  }

  /**
   * Reads the operand.
   *
   * @param end receives the index of the token after it
   */
  DqdlOperand read(IntConsumer end) {
    DqdlOperand operand = term();
    while (isOperator()) {
      next++;
      term();
      operand = DqdlOperand.of(Kind.EXPRESSION, "a calculation");
    }
    end.accept(next);
    return operand;
  }

  private boolean isOperator() {
    return peek().kind() == DqdlToken.Kind.SIGN && "+-*/".contains(peek().text());
  }

  private DqdlOperand term() {
    DqdlToken token = peek();
    if (token.is("(")) {
      skipParentheses();
      return DqdlOperand.of(Kind.EXPRESSION, "a calculation");
    }
    next++;
    return switch (token.kind()) {
      case STRING -> DqdlOperand.string(token);
      case NUMBER -> number(token, "");
      case NAME -> name(token);
      default -> {
        if (token.is("-") && peek().kind() == DqdlToken.Kind.NUMBER) {
          next++;
          yield number(tokens.get(next - 1), "-");
        }
        throw errors.invalid(
            token.place(), path, token.shown() + " is not a value", "Use a number or a text.");
      }
    };
  }

  private DqdlOperand name(DqdlToken token) {
    if (peek().is("(")) {
      skipParentheses();
      return DqdlOperand.of(Kind.EXPRESSION, token.text());
    }
    return switch (token.text().toUpperCase(Locale.ROOT)) {
      case "NULL" -> DqdlOperand.of(Kind.NULL, "");
      case "EMPTY" -> DqdlOperand.of(Kind.EMPTY, "");
      case "WHITESPACES_ONLY" -> DqdlOperand.of(Kind.WHITESPACES_ONLY, "");
      default ->
          throw errors.invalid(
              token.place(),
              path,
              token.shown() + " is not a value",
              "Put strings in quotation marks.");
    };
  }

  private DqdlOperand number(DqdlToken token, String sign) {
    if (token.text().length() > MAX_DIGITS) {
      throw errors.tooLarge(
          token.place(), path, "a number has more than " + MAX_DIGITS + " digits");
    }
    BigDecimal number = new BigDecimal(sign + token.text());
    DqdlToken unit = peek();
    if (unit.kind() != DqdlToken.Kind.NAME) {
      return DqdlOperand.number(number);
    }
    if (SIZES.contains(unit.text())) {
      next++;
      return DqdlOperand.of(Kind.EXPRESSION, "a size");
    }
    long seconds =
        switch (unit.text()) {
          case "minutes" -> 60;
          case "hours" -> 3_600;
          case "days" -> 86_400;
          default -> 0;
        };
    if (seconds == 0) {
      return DqdlOperand.number(number);
    }
    next++;
    if (number.scale() > 0 || number.precision() > 9) {
      throw errors.invalid(
          token.place(),
          path,
          token.shown() + " is not a whole number of " + unit.text(),
          "Use at most 9 digits.");
    }
    return DqdlOperand.duration(Duration.ofSeconds(number.longValueExact() * seconds));
  }

  private void skipParentheses() {
    DqdlToken open = peek();
    int depth = 0;
    do {
      if (peek().kind() == DqdlToken.Kind.END) {
        throw errors.invalid(open.place(), path, "a parenthesis is not closed", "Close it.");
      }
      depth += peek().is("(") ? 1 : peek().is(")") ? -1 : 0;
      next++;
    } while (depth > 0);
  }

  private DqdlToken peek() {
    return tokens.get(Math.min(next, tokens.size() - 1));
  }
}
