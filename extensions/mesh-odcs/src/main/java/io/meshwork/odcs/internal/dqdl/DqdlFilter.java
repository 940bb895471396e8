package io.meshwork.odcs.internal.dqdl;

import io.meshwork.odcs.internal.document.InexpressibleException;
import io.meshwork.odcs.internal.dqdl.DqdlColumns.Field;
import io.meshwork.odcs.internal.dqdl.DqdlColumns.Kind;
import io.meshwork.odcs.internal.dqdl.DqdlRuleImport.RejectedRuleException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The filter of a rule, which is an expression of Spark SQL, in the filter language of the mesh:
 * columns that are compared with constants, joined by {@code and} and {@code or}. Immutable.
 */
final class DqdlFilter {
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:`(?<quoted>[^`]+)`|(?<name>[A-Za-z_]\\w*)|(?<number>-?[0-9]+(?:\\.[0-9]+)?)"
              + "|'(?<text>[^'\\\\]*)'|(?<sign><=|>=|<>|!=|[=<>()]))\\s*");
  private static final Set<String> RESERVED =
      Set.of("and", "between", "false", "in", "is", "like", "not", "null", "or", "select", "true");

  /**
   * A comparison.
   *
   * @param column its column
   * @param text in the filter language
   * @param test what it means for nulls and NaN
   */
  private record Comparison(String column, String text, Test test) {}

  /** Comparisons that a rule of the mesh implies. */
  enum Test {
    /** The column is not null. */
    NOT_NULL,
    /** The column is not NaN, which the filter language cannot say. */
    NOT_NAN,
    /** The text is not empty. */
    NOT_EMPTY,
    /** Any other. */
    OTHER
  }

  private final List<List<Comparison>> alternatives;

  private DqdlFilter(List<List<Comparison>> alternatives) {
    this.alternatives = alternatives;
  }

  /**
   * Reads a filter.
   *
   * @param where empty for none
   * @throws InexpressibleException if the filter language does not have it
   * @throws RejectedRuleException if it names a column that the contract does not have
   */
  static DqdlFilter of(String where, DqdlColumns columns)
      throws InexpressibleException, RejectedRuleException {
    return where.isBlank()
        ? new DqdlFilter(List.of(List.of()))
        : new DqdlFilter(new Reader(tokens(where), columns).alternatives());
  }

  boolean excludes(Test test, String column) {
    return alternatives.size() == 1
        && alternatives.get(0).stream()
            .anyMatch(each -> each.test() == test && each.column().equals(column));
  }

  /** Returns the filter without a test of a column, which the rule implies. */
  DqdlFilter without(Test test, String column) {
    if (!excludes(test, column)) {
      return this;
    }
    return new DqdlFilter(
        List.of(
            alternatives.get(0).stream()
                .filter(each -> each.test() != test || !each.column().equals(column))
                .toList()));
  }

  /** Returns the filter in the language of the mesh; empty for none. */
  String text() throws InexpressibleException {
    List<String> texts = new ArrayList<>();
    for (List<Comparison> all : alternatives) {
      for (Comparison each : all) {
        if (each.test() == Test.NOT_NAN) {
          throw new InexpressibleException("its filter excludes NaN");
        }
      }
      texts.add(String.join(" AND ", all.stream().map(Comparison::text).toList()));
    }
    return String.join(" OR ", texts);
  }

  private static List<Matcher> tokens(String where) throws InexpressibleException {
    List<Matcher> tokens = new ArrayList<>();
    int next = 0;
    while (next < where.length()) {
      Matcher token = TOKEN.matcher(where).region(next, where.length());
      if (!token.lookingAt()) {
        throw new InexpressibleException("its filter is SQL that the mesh does not have");
      }
      tokens.add(token);
      next = token.end();
    }
    return tokens;
  }

  private static final class Reader {
    private final List<Matcher> tokens;
    private final DqdlColumns columns;
    private int next;

    Reader(List<Matcher> tokens, DqdlColumns columns) {
      this.tokens = tokens;
      this.columns = columns;
    }

    List<List<Comparison>> alternatives() throws InexpressibleException, RejectedRuleException {
      List<List<Comparison>> alternatives = new ArrayList<>();
      do {
        List<Comparison> all = new ArrayList<>();
        do {
          all.add(comparison());
        } while (takeIf("and"));
        alternatives.add(List.copyOf(all));
      } while (takeIf("or"));
      if (next < tokens.size()) {
        throw inexpressible();
      }
      return List.copyOf(alternatives);
    }

    private Comparison comparison() throws InexpressibleException, RejectedRuleException {
      if (takeIf("not")) {
        require(takeIf("isnan") && takeIf("("));
        Field field = column();
        require(takeIf(")"));
        return new Comparison(field.name(), "", Test.NOT_NAN);
      }
      Field field = column();
      String name = quoted(field.name());
      if (takeIf("is")) {
        boolean not = takeIf("not");
        require(takeIf("null"));
        return new Comparison(
            field.name(),
            name + (not ? " IS NOT NULL" : " IS NULL"),
            not ? Test.NOT_NULL : Test.OTHER);
      }
      String operator = take().group("sign");
      require(operator != null && !"()".contains(operator));
      String sign = operator.equals("!=") ? "<>" : operator;
      require(field.kind() != Kind.FLOATING || Set.of("<", "<=", "=").contains(sign));
      String constant = constant(field);
      boolean notEmpty = sign.equals("<>") && constant.equals("''");
      return new Comparison(
          field.name(), name + " " + sign + " " + constant, notEmpty ? Test.NOT_EMPTY : Test.OTHER);
    }

    private String constant(Field field) throws InexpressibleException {
      Matcher token = take();
      String text = token.group("text");
      if (text == null) {
        String number = token.group("number");
        boolean numeric = Set.of(Kind.WHOLE, Kind.DECIMAL, Kind.FLOATING).contains(field.kind());
        require(number != null && numeric);
        return String.valueOf(number);
      }
      if (field.kind() == Kind.DATE) {
        try {
          return "DATE '" + LocalDate.parse(text) + "'";
        } catch (DateTimeException e) {
          throw inexpressible();
        }
      }
      require(field.kind() == Kind.TEXT);
      return "'" + text + "'";
    }

    private Field column() throws InexpressibleException, RejectedRuleException {
      Matcher token = take();
      String name = token.group("quoted") == null ? token.group("name") : token.group("quoted");
      require(
          name != null && (next == tokens.size() || !"(".equals(tokens.get(next).group("sign"))));
      return columns.require(String.valueOf(name));
    }

    private Matcher take() throws InexpressibleException {
      require(next < tokens.size());
      return tokens.get(next++);
    }

    private boolean takeIf(String word) {
      boolean there =
          next < tokens.size()
              && (word.equalsIgnoreCase(tokens.get(next).group("name"))
                  || word.equals(tokens.get(next).group("sign")));
      next += there ? 1 : 0;
      return there;
    }

    private static String quoted(String name) {
      return RESERVED.contains(name.toLowerCase(Locale.ROOT)) ? "\"" + name + "\"" : name;
    }

    private static void require(boolean condition) throws InexpressibleException {
      if (!condition) {
        throw inexpressible();
      }
    }

    private static InexpressibleException inexpressible() {
      return new InexpressibleException("its filter is SQL that the mesh does not have");
    }
  }
}
