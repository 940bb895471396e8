package io.meshwork.internal.predicate;

import io.meshwork.internal.predicate.FilterNode.And;
import io.meshwork.internal.predicate.FilterNode.Between;
import io.meshwork.internal.predicate.FilterNode.Comparison;
import io.meshwork.internal.predicate.FilterNode.Constant;
import io.meshwork.internal.predicate.FilterNode.Leaf;
import io.meshwork.internal.predicate.FilterNode.Like;
import io.meshwork.internal.predicate.FilterNode.Membership;
import io.meshwork.internal.predicate.FilterNode.Not;
import io.meshwork.internal.predicate.FilterNode.NullTest;
import io.meshwork.internal.predicate.FilterNode.Operator;
import io.meshwork.internal.predicate.FilterNode.Or;
import io.meshwork.internal.predicate.FilterToken.Kind;
import io.meshwork.internal.predicate.LiteralBinder.Form;
import io.meshwork.internal.text.UnicodeText;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/**
 * Parses a filter from left to right. Nesting uses no call stack, so its depth is limited for
 * visitors of the result.
 */
final class FilterParser {
  /** The length limit in characters, exclusive. A receipt and a log entry contain filters. */
  static final int MAX_LENGTH = 1 << 16;

  /** The length limit of a list of values, which is not stored, in characters, exclusive. */
  static final int MAX_LIST = 1 << 26;

  /** The length limit of Lake Formation for the row filter of a grant, exclusive. */
  static final int MAX_ROW_FILTER = 2048;

  /** The most levels of AND and OR in each other; the row filter of a grant cannot have more. */
  private static final int MAX_DEPTH = 256;

  private final FilterLexer tokens;
  private final ColumnLookup columns;

  private FilterParser(String filter, ColumnLookup columns) {
    this.tokens = new FilterLexer(filter);
    this.columns = columns;
  }

  static FilterNode parse(String filter, ColumnLookup columns) {
    requireShorter(filter, MAX_LENGTH, FilterErrorCode.TOO_LONG);
    return parseOfAnyLength(filter, columns);
  }

  static FilterNode parse(GivenFilter filter, ColumnLookup columns) {
    if (filter.kept()) {
      return parse(filter.text(), columns);
    }
    requireShorter(filter.text(), MAX_LIST, FilterErrorCode.LIST_TOO_LONG);
    return parseOfAnyLength(filter.text(), columns);
  }

  private static FilterNode parseOfAnyLength(String filter, ColumnLookup columns) {
    int surrogate = UnicodeText.loneSurrogateAt(filter);
    if (surrogate >= 0) {
      throw FilterErrorCode.SYNTAX.at(
          surrogate + 1, "a lone surrogate is not a character", "Use complete characters.");
    }
    return new FilterParser(filter, columns).all();
  }

  /** Rejects a filter that Lake Formation does not accept as the row filter of a grant. */
  static void requireRowFilter(String filter) {
    requireShorter(filter, MAX_ROW_FILTER, FilterErrorCode.ROW_FILTER_TOO_LONG);
  }

  private static void requireShorter(String filter, int limit, FilterErrorCode tooLong) {
    int length = filter.codePointCount(0, filter.length());
    if (length >= limit) {
      throw tooLong.at(limit, "the filter has " + length + " characters", "Shorten it.");
    }
  }

  /** One level of parentheses, or the whole filter. */
  private static final class Level {
    private final List<FilterNode> alternatives = new ArrayList<>();
    private List<FilterNode> conditions = new ArrayList<>();
    private boolean negated;
    private int innerDepth;

    /** The levels of AND and OR in each other; parentheses around one condition are none. */
    int depth() {
      return alternatives.isEmpty() && conditions.size() == 1 ? innerDepth : innerDepth + 1;
    }

    void add(FilterNode node) {
      conditions.add(negated ? opposite(node) : node);
      negated = false;
    }

    void nextAlternative() {
      alternatives.add(and(conditions));
      conditions = new ArrayList<>();
    }

    FilterNode end() {
      nextAlternative();
      return or(alternatives);
    }
  }

  private FilterNode all() {
    Deque<Level> outer = new ArrayDeque<>();
    Level level = new Level();
    while (true) {
      while (tokens.peek().is("not")) {
        requireNoOperator(tokens.take());
        level.negated = !level.negated;
      }
      if (tokens.peek().isSign("(")) {
        tokens.take();
        outer.push(level);
        level = new Level();
        continue;
      }
      level.add(operand());
      while (tokens.peek().isSign(")") && !outer.isEmpty()) {
        FilterToken end = tokens.take();
        int depth = level.depth();
        FilterNode inner = level.end();
        level = outer.pop();
        level.add(inner);
        level.innerDepth = Math.max(level.innerDepth, depth);
        requireFlatter(depth, end);
      }
      FilterToken word = tokens.peek();
      if (word.is("and")) {
        tokens.take();
      } else if (word.is("or")) {
        tokens.take();
        level.nextAlternative();
      } else if (word.kind() == Kind.END && outer.isEmpty()) {
        requireFlatter(level.depth(), word);
        return level.end();
      } else {
        throw unexpected(word, outer.isEmpty() ? "AND, OR or the end" : "AND, OR or )");
      }
    }
  }

  private static void requireFlatter(int depth, FilterToken at) {
    if (depth > MAX_DEPTH) {
      throw FilterErrorCode.SYNTAX.at(
          at.position(),
          "conditions are nested more than " + MAX_DEPTH + " levels deep",
          "Use fewer parentheses, or IN.");
    }
  }

  private FilterNode operand() {
    FilterToken first = tokens.peek();
    if (first.is("true") || first.is("false")) {
      tokens.take();
      requireNoOperator(first);
      return new Constant(first.is("true"));
    }
    if (first.isKeyword()) {
      throw reserved(first, "a column, TRUE, FALSE, NOT or ( is expected, and ");
    }
    if (!first.isName()) {
      throw first.kind() == Kind.NUMBER || first.kind() == Kind.TEXT
          ? FilterErrorCode.SYNTAX.at(
              first.position(),
              "a constant is used where a column is expected",
              "Put the column first.")
          : unexpected(first, "a column, TRUE, FALSE, NOT or (");
    }
    return condition(column());
  }

  /** Fails if a keyword is used as the name of the column that is compared. */
  private void requireNoOperator(FilterToken keyword) {
    if (operator(tokens.peek()) != null || tokens.peek().is("is")) {
      throw reserved(keyword, "");
    }
  }

  private static FilterParseException reserved(FilterToken keyword, String expected) {
    return FilterErrorCode.SYNTAX.at(
        keyword.position(),
        expected + keyword.text() + " is a reserved word",
        "To use a column with this name, enclose the name in double quotes: \""
            + keyword.text()
            + "\".");
  }

  private FilterColumn column() {
    List<FilterToken> names = new ArrayList<>();
    names.add(tokens.take());
    while (tokens.startsWith('.')) {
      expect(tokens.peek().isSign("."), "a field's name");
      FilterToken name = tokens.take();
      if (name.kind() != Kind.NAME && name.kind() != Kind.QUOTED_NAME) {
        throw unexpected(name, "a field's name");
      }
      names.add(name);
    }
    refuseFunction(names.get(0));
    return columns.find(names);
  }

  private FilterNode condition(FilterColumn column) {
    FilterToken word = tokens.peek();
    if (word.is("is")) {
      return nullTest(column);
    }
    Operator operator = operator(word);
    if (operator != null) {
      tokens.take();
      return comparison(column, operator);
    }
    boolean not = word.is("not");
    if (not) {
      tokens.take();
    }
    Leaf leaf = rangeSetOrPattern(column);
    return not ? new Not(leaf) : leaf;
  }

  private static @Nullable Operator operator(FilterToken token) {
    if (token.isSign("!=")) {
      return Operator.UNEQUAL;
    }
    for (Operator operator : Operator.values()) {
      if (token.isSign(operator.sign())) {
        return operator;
      }
    }
    return null;
  }

  private FilterNode comparison(FilterColumn column, Operator operator) {
    FilterToken token = tokens.peek();
    TypedLiteral literal = literal(column);
    if (operator == Operator.EQUAL || operator == Operator.UNEQUAL) {
      columns.requireSymbol(column, token);
    }
    return LiteralBinder.denotes(column, token)
        ? new Comparison(column, operator, literal)
        : switch (operator) {
          case EQUAL -> none(column, token);
          case UNEQUAL -> new Not(none(column, token));
          case LESS, AT_MOST ->
              new Comparison(column, Operator.AT_MOST, LiteralBinder.floor(column, token));
          case MORE, AT_LEAST ->
              new Comparison(column, Operator.AT_LEAST, LiteralBinder.ceiling(column, token));
        };
  }

  /** Returns an empty range: from just above a constant to just below it. */
  private static Between none(FilterColumn column, FilterToken token) {
    return new Between(
        column, LiteralBinder.ceiling(column, token), LiteralBinder.floor(column, token));
  }

  private TypedLiteral low(FilterColumn column) {
    FilterToken token = tokens.peek();
    TypedLiteral literal = literal(column);
    return LiteralBinder.denotes(column, token) ? literal : LiteralBinder.ceiling(column, token);
  }

  private TypedLiteral high(FilterColumn column) {
    FilterToken token = tokens.peek();
    TypedLiteral literal = literal(column);
    return LiteralBinder.denotes(column, token) ? literal : LiteralBinder.floor(column, token);
  }

  private Leaf rangeSetOrPattern(FilterColumn column) {
    FilterToken word = tokens.peek();
    if (word.is("between")) {
      tokens.take();
      TypedLiteral low = low(column);
      expect(tokens.peek().is("and"), "AND");
      return new Between(column, low, high(column));
    } else if (word.is("in")) {
      tokens.take();
      return members(column);
    } else if (word.is("like")) {
      tokens.take();
      return like(column);
    }
    throw unexpected(word, "a comparison, BETWEEN, IN, LIKE or IS");
  }

  private Leaf members(FilterColumn column) {
    expect(tokens.peek().isSign("("), "(");
    List<TypedLiteral> literals = new ArrayList<>();
    FilterToken first = tokens.peek();
    addMember(column, literals);
    while (tokens.peek().isSign(",")) {
      tokens.take();
      addMember(column, literals);
    }
    expect(tokens.peek().isSign(")"), ", or )");
    return literals.isEmpty() ? none(column, first) : new Membership(column, literals);
  }

  /** Adds a constant to the set, unless no value of the column's type equals it. */
  private void addMember(FilterColumn column, List<TypedLiteral> literals) {
    FilterToken token = tokens.peek();
    TypedLiteral literal = literal(column);
    columns.requireSymbol(column, token);
    if (LiteralBinder.denotes(column, token)) {
      literals.add(literal);
    }
  }

  private Leaf like(FilterColumn column) {
    FilterToken pattern = tokens.peek();
    if (pattern.kind() != Kind.TEXT) {
      refuseName();
      throw unexpected(pattern, "a pattern in single quotes");
    }
    Type.TypeID type = column.type().typeId();
    if (type != Type.TypeID.STRING && type != Type.TypeID.UNKNOWN) {
      throw FilterErrorCode.TYPE_MISMATCH.at(
          pattern.position(),
          column.name(),
          "it has the type " + column.type() + " and LIKE needs text",
          "Compare the column with constants of its type.");
    }
    return new Like(column, tokens.take().text());
  }

  private FilterNode nullTest(FilterColumn column) {
    FilterToken word = tokens.take();
    boolean not = tokens.peek().is("not");
    if (not) {
      tokens.take();
    }
    expect(tokens.peek().is("null"), "NULL");
    if (columns.isPartition(column)) {
      throw FilterErrorCode.NULL_ON_PARTITION.at(
          word.position(),
          column.name(),
          "it is a partition column, and the filter tests it for null",
          "Compare the column with constants.");
    }
    NullTest test = new NullTest(column);
    return not ? new Not(test) : test;
  }

  private TypedLiteral literal(FilterColumn column) {
    FilterToken token = tokens.peek();
    if (token.kind() == Kind.TEXT || token.kind() == Kind.NUMBER) {
      tokens.take();
      return LiteralBinder.bind(
          column,
          token.kind() == Kind.TEXT ? Form.TEXT : Form.NUMBER,
          token.text(),
          token.position());
    }
    if (token.is("true") || token.is("false")) {
      tokens.take();
      return LiteralBinder.bind(column, Form.TRUTH, token.text(), token.position());
    }
    if (token.is("date") || token.is("timestamp")) {
      tokens.take();
      if (tokens.startsWith('\'')) {
        return LiteralBinder.bind(
            column,
            token.is("date") ? Form.DATE : Form.TIMESTAMP,
            tokens.take().text(),
            token.position());
      }
      throw nameInsteadOfConstant(token);
    }
    refuseName();
    if (token.is("select")) {
      throw FilterErrorCode.SYNTAX.at(
          token.position(),
          "a query is used where a constant is expected",
          "Run the query first and use the constants that it returns.");
    }
    if (token.is("null")) {
      throw FilterErrorCode.SYNTAX.at(
          token.position(),
          "NULL is used where a constant is expected",
          "Write IS NULL or IS NOT NULL; no value equals null.");
    }
    throw unexpected(token, "a constant");
  }

  private void refuseName() {
    FilterToken name = tokens.peek();
    if (name.isName()) {
      tokens.take();
      throw nameInsteadOfConstant(name);
    }
  }

  /** Returns the error for a name where a constant is expected. */
  private FilterParseException nameInsteadOfConstant(FilterToken name) {
    while (tokens.startsWith('.')) {
      expect(tokens.peek().isSign("."), "a field's name");
      tokens.take();
    }
    refuseFunction(name);
    return FilterErrorCode.COLUMN_TO_COLUMN.at(
        name.position(),
        "a name is used where a constant is expected",
        "Use a constant; enclose text in single quotes.");
  }

  private void refuseFunction(FilterToken name) {
    if (tokens.startsWith('(')) {
      throw FilterErrorCode.FUNCTION.at(
          name.position(), "a name is called as a function", "Compare the column itself.");
    }
  }

  private void expect(boolean condition, String what) {
    if (!condition) {
      throw unexpected(tokens.peek(), what);
    }
    tokens.take();
  }

  private static FilterParseException unexpected(FilterToken token, String wanted) {
    return FilterErrorCode.SYNTAX.at(
        token.position(),
        token.kind() == Kind.END
            ? "the filter ends where " + wanted + " is expected"
            : wanted + " is expected",
        "Follow the example.");
  }

  private static FilterNode opposite(FilterNode node) {
    return node instanceof Not not ? not.part() : new Not(node);
  }

  private static FilterNode and(List<FilterNode> parts) {
    List<FilterNode> flat = new ArrayList<>();
    for (FilterNode part : parts) {
      if (part instanceof And and) {
        flat.addAll(and.parts());
      } else {
        flat.add(part);
      }
    }
    return flat.size() == 1 ? flat.get(0) : new And(flat);
  }

  private static FilterNode or(List<FilterNode> parts) {
    List<FilterNode> flat = new ArrayList<>();
    for (FilterNode part : parts) {
      if (part instanceof Or or) {
        flat.addAll(or.parts());
      } else {
        flat.add(part);
      }
    }
    return flat.size() == 1 ? flat.get(0) : new Or(flat);
  }
}
