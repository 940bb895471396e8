package io.meshwork.odcs.internal.dqdl;

import io.meshwork.error.InvalidRequestException;
import io.meshwork.odcs.internal.document.OdcsErrors;
import io.meshwork.odcs.internal.document.YamlNode.SourcePosition;
import io.meshwork.odcs.internal.dqdl.DqdlToken.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads a DQDL ruleset: its sections, variables, and rules. What it reads is what AWS's grammar
 * allows, and labels.
 */
public final class DqdlParser {
  private static final int MAX_DEPTH = 50;
  private static final int MAX_RULES = 2_000;

  /**
   * A rule with its place.
   *
   * @param rule the rule
   * @param place where it starts
   */
  public record PlacedRule(DqdlRule rule, SourcePosition place) {}

  private final List<DqdlToken> tokens;
  private final OdcsErrors errors;
  private final Map<String, List<DqdlOperand>> variables = new HashMap<>();
  private final List<PlacedRule> rules = new ArrayList<>();
  private final List<PlacedRule> analyzers = new ArrayList<>();
  private String path = "";
  private int next;

  private DqdlParser(String text, OdcsErrors errors) {
    this.errors = errors;
    this.tokens = DqdlLexer.tokens(text, errors);
  }

  /**
   * Reads a ruleset.
   *
   * @throws InvalidRequestException CONTRACT_INVALID if it is not DQDL, LIMIT_EXCEEDED if it
   *     exceeds a limit, both with line and column
   */
  public static DqdlParser read(String text, OdcsErrors errors) {
    DqdlParser parser = new DqdlParser(text, errors);
    parser.document();
    return parser;
  }

  public List<PlacedRule> rules() {
    return rules;
  }

  public List<PlacedRule> analyzers() {
    return analyzers;
  }

  private void document() {
    boolean ruled = false;
    while (peek().kind() != Kind.END) {
      DqdlToken name = take(Kind.NAME, "a section such as Rules");
      take("=");
      switch (name.text()) {
        case "Metadata", "DataSources" -> skipBalanced("{", "}");
        case "DefaultLabels" -> skipBalanced("[", "]");
        case "Rules" -> {
          section(rules, "Rules");
          ruled = true;
        }
        case "Analyzers" -> {
          section(analyzers, "Analyzers");
          ruled = true;
        }
        default -> variables.put(name.text(), peek().is("[") ? list() : List.of(operand()));
      }
    }
    if (!ruled) {
      throw invalid(peek(), "it has no section Rules", "Write Rules = [ .. ].");
    }
  }

  private void section(List<PlacedRule> section, String name) {
    take("[");
    while (!peek().is("]")) {
      path = name + "[" + section.size() + "]";
      DqdlToken first = peek();
      if (section.size() == MAX_RULES) {
        throw errors.tooLarge(first.place(), path, "it has more than " + MAX_RULES + " rules");
      }
      section.add(new PlacedRule(either(0), first.place()));
      if (!peek().is("]")) {
        take(",");
        if (peek().is("]")) {
          throw invalid(peek(), "a rule is missing", "Remove the comma before it.");
        }
      }
    }
    path = "";
    next++;
  }

  private DqdlRule either(int depth) {
    return composite(DqdlRule.OR, depth);
  }

  /** Rules joined by {@code or}, or inside of them by {@code and}, which binds more tightly. */
  private DqdlRule composite(String operator, int depth) {
    List<DqdlRule> parts = new ArrayList<>();
    boolean inner = operator.equals(DqdlRule.AND);
    parts.add(inner ? single(depth) : composite(DqdlRule.AND, depth));
    while (peek().isWord(operator)) {
      next++;
      parts.add(inner ? single(depth) : composite(DqdlRule.AND, depth));
    }
    return parts.size() == 1 ? parts.get(0) : DqdlRule.composite(operator, parts);
  }

  private DqdlRule single(int depth) {
    if (!peek().is("(")) {
      return rule();
    }
    if (depth == MAX_DEPTH) {
      throw errors.tooLarge(peek().place(), path, "it nests deeper than " + MAX_DEPTH + " levels");
    }
    next++;
    DqdlRule rule = either(depth + 1);
    take(")");
    return rule;
  }

  private DqdlRule rule() {
    DqdlToken type = take(Kind.NAME, "a rule");
    List<String> parameters = new ArrayList<>();
    while (isParameter()) {
      if (peek().isWord("of") || peek().isWord("and")) {
        next++;
      }
      DqdlToken parameter = tokens.get(next++);
      parameters.add(parameter.kind() == Kind.STRING ? parameter.unescaped() : parameter.text());
    }
    DqdlCondition condition = startsCondition() ? condition() : null;
    String where = "";
    if (peek().isWord("where")) {
      next++;
      where = take(Kind.STRING, "a filter in quotation marks").unescaped();
    }
    List<DqdlRule.Tag> tags = new ArrayList<>();
    while (peek().isWord("with")) {
      next++;
      String name = take(Kind.NAME, "threshold or another option").text();
      tags.add(new DqdlRule.Tag(name, condition()));
    }
    if (peek().isWord("labels")) {
      next++;
      take("=");
      skipBalanced("[", "]");
    }
    return new DqdlRule(type.text(), parameters, condition, where, tags, List.of());
  }

  /** A rule may join its parameters by a word; a composite has parentheses after it. */
  private boolean isParameter() {
    DqdlToken token = peek();
    if (token.isWord("of") || token.isWord("and")) {
      return tokens.get(next + 1).kind() == Kind.STRING;
    }
    return token.kind() == Kind.STRING
        || (token.kind() == Kind.NAME
            && !startsCondition()
            && !token.isWord("or")
            && !token.isWord("where")
            && !token.isWord("with")
            && !token.isWord("labels"));
  }

  private boolean startsCondition() {
    DqdlToken token = peek();
    return token.isWord("between")
        || token.isWord("in")
        || token.isWord("not")
        || token.isWord("matches")
        || (token.kind() == Kind.SIGN && "<= >= != = < >".contains(token.text()));
  }

  private DqdlCondition condition() {
    DqdlToken first = peek();
    String not = "";
    if (first.isWord("not")) {
      next++;
      not = "not ";
    }
    DqdlToken operator = tokens.get(next++);
    String name = operator.text().toLowerCase(Locale.ROOT);
    if (operator.isWord("between")) {
      DqdlOperand low = operand();
      if (!peek().isWord("and")) {
        throw invalid(peek(), peek().shown() + " is not 'and'", "Write between .. and ..");
      }
      next++;
      return new DqdlCondition(not + name, List.of(low, operand()));
    }
    if (operator.isWord("in")) {
      return new DqdlCondition(not + name, peek().is("$") ? variable() : list());
    }
    if (operator.isWord("matches")) {
      DqdlToken regex = take(Kind.STRING, "a regular expression in quotation marks");
      return new DqdlCondition(not + name, List.of(DqdlOperand.string(regex)));
    }
    boolean compares =
        operator.kind() == Kind.SIGN && List.of("<", "<=", ">", ">=", "=", "!=").contains(name);
    if (!compares || !not.isEmpty()) {
      throw invalid(
          operator, operator.shown() + " is not a condition", "Use =, >, between, in, or matches.");
    }
    return new DqdlCondition(name, List.of(operand()));
  }

  private List<DqdlOperand> list() {
    take("[");
    List<DqdlOperand> values = new ArrayList<>();
    do {
      values.addAll(peek().is("$") ? variable() : List.of(operand()));
    } while (takeIf(","));
    take("]");
    return values;
  }

  private List<DqdlOperand> variable() {
    next++;
    DqdlToken name = take(Kind.NAME, "the name of a variable");
    List<DqdlOperand> values = variables.get(name.text());
    if (values == null) {
      throw invalid(
          name, "the variable " + name.shown() + " is not declared", "Declare it before Rules.");
    }
    return values;
  }

  private DqdlOperand operand() {
    if (peek().is("$")) {
      DqdlToken sign = peek();
      List<DqdlOperand> values = variable();
      if (values.size() != 1) {
        throw invalid(sign, "the variable is a list", "Use it after 'in'.");
      }
      return values.get(0);
    }
    return new DqdlOperandParser(tokens, next, path, errors).read(end -> next = end);
  }

  private void skipBalanced(String open, String close) {
    take(open);
    for (int depth = 1; depth > 0; next++) {
      if (peek().kind() == Kind.END) {
        throw invalid(peek(), "a " + open + " is not closed", "Close it.");
      }
      depth += peek().is(open) ? 1 : peek().is(close) ? -1 : 0;
    }
  }

  private DqdlToken peek() {
    return tokens.get(Math.min(next, tokens.size() - 1));
  }

  private boolean takeIf(String sign) {
    boolean there = peek().is(sign);
    next += there ? 1 : 0;
    return there;
  }

  private void take(String sign) {
    if (!takeIf(sign)) {
      throw invalid(peek(), peek().shown() + " is not '" + sign + "'", "Correct the ruleset.");
    }
  }

  private DqdlToken take(Kind kind, String expected) {
    DqdlToken token = peek();
    if (token.kind() != kind) {
      throw invalid(token, token.shown() + " is not " + expected, "Correct the ruleset.");
    }
    next++;
    return token;
  }

  private InvalidRequestException invalid(DqdlToken token, String reason, String fix) {
    return errors.invalid(token.place(), path, reason, fix);
  }
}
