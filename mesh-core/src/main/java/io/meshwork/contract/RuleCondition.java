package io.meshwork.contract;

import io.meshwork.product.ProductName;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a rule requires of data: one record for each kind, with typed components. {@link
 * Rule#condition} returns it, and {@link Rule#of} creates a rule with it:
 *
 * <pre>{@code
 * if (rule.condition() instanceof RowCondition.Between between) {
 *   Object low = between.low();
 * }
 * }</pre>
 *
 * <p>Numbers among literals are {@code BigDecimal}, without trailing zeros, NaN and infinities
 * {@code Double}; UUIDs and enums are strings. Constructors convert and check literals; {@code
 * Rule.of} checks the columns. Immutable and thread-safe.
 */
public sealed interface RuleCondition
    permits RowCondition, DatasetCondition, RuleCondition.Unique, RuleCondition.Text {
  /** A condition that a value is in a range. */
  interface Range {
    /** Returns the lower end; null if there is none. */
    @Nullable Object low();

    /** Returns the upper end; null if there is none. */
    @Nullable Object high();
  }

  /** A condition that compares with another product. */
  interface ProductReference {
    /** Returns the other product. */
    ProductName product();

    /** Returns the columns of the other product, in the order of the condition's columns. */
    List<String> otherColumns();
  }

  /** Returns the kind. */
  default Rule.Kind kind() {
    return Rule.Kind.of(getClass());
  }

  /** Returns the paths of the columns; empty without columns. */
  List<String> columns();

  /**
   * Returns the condition as a rule's text has it, such as {@code between(fare, 0, 200) exclusive}.
   */
  String text();

  /** Returns the condition for columns under other names. */
  RuleCondition renamed(UnaryOperator<String> names);

  /**
   * Returns true if all rows that satisfy this condition also satisfy the other one; false if that
   * cannot be decided, as for two different regular expressions.
   */
  boolean implies(RuleCondition other);

  /** Returns the ID of a rule that was given none, such as {@code unique.a.b}. */
  default String defaultId() {
    String name = kind().text();
    return columns().isEmpty() ? name : name + "." + String.join(".", columns());
  }

  /** Returns the scopes that a rule can have. */
  default Set<Rule.Scope> scopes() {
    return EnumSet.of(Rule.Scope.BATCH);
  }

  /** Returns the scope of a rule that was given none. */
  default Rule.Scope defaultScope() {
    return Rule.Scope.BATCH;
  }

  /** Returns the severity of a rule that was given none. */
  default Rule.Severity defaultSeverity() {
    return Rule.Severity.ERROR;
  }

  /**
   * No two rows have the same key; see {@link Rule#unique}.
   *
   * @param columns the columns of the key
   * @param keepLatestBy the column whose greatest value decides which of several rows is kept; null
   *     to keep the first
   */
  record Unique(List<String> columns, @Nullable String keepLatestBy) implements RuleCondition {
    static final ConditionCodec<Unique> CODEC =
        ConditionCodec.of(Unique.class, arguments -> new Unique(arguments.all(), null));

    /** Copies the columns. */
    public Unique {
      columns = RuleNames.columns("unique", columns);
    }

    @Override
    public String text() {
      return "unique("
          + String.join(", ", columns)
          + ")"
          + (keepLatestBy == null ? "" : " keepLatestBy " + keepLatestBy);
    }

    @Override
    public Unique renamed(UnaryOperator<String> names) {
      return new Unique(
          columns.stream().map(names).toList(),
          keepLatestBy == null ? null : names.apply(keepLatestBy));
    }

    @Override
    public boolean implies(RuleCondition other) {
      return other instanceof Unique weak && new HashSet<>(weak.columns).containsAll(columns);
    }

    @Override
    public Set<Rule.Scope> scopes() {
      return EnumSet.allOf(Rule.Scope.class);
    }
  }

  /**
   * A text for people, which is never evaluated; see {@link Rule#text}.
   *
   * @param words not blank
   */
  record Text(String words) implements RuleCondition {
    private static final int MOST_CHARACTERS = 10_000;

    static final ConditionCodec<Text> CODEC =
        ConditionCodec.of(
            Text.class,
            arguments -> {
              arguments.require(1);
              return new Text(arguments.quoted(0, "it", "Use the form text('...')."));
            });

    /** Checks the words. */
    public Text {
      if (words == null || words.isBlank() || words.length() > MOST_CHARACTERS) {
        throw Rule.invalid(
            "text",
            "it is empty or longer than " + MOST_CHARACTERS + " characters",
            "Shorten the text.");
      }
      RuleLiterals.checkWellFormed("text", "it", words);
    }

    @Override
    public List<String> columns() {
      return List.of();
    }

    @Override
    public String text() {
      return "text(" + RuleLiterals.text(words) + ")";
    }

    @Override
    public String defaultId() {
      return "text." + Integer.toHexString(words.hashCode());
    }

    @Override
    public Text renamed(UnaryOperator<String> names) {
      return this;
    }

    @Override
    public boolean implies(RuleCondition other) {
      return equals(other);
    }
  }
}
