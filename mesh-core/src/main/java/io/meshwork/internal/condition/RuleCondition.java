package io.meshwork.internal.condition;

import io.meshwork.product.ProductName;
import java.util.HashSet;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a rule requires of data: one record for each kind, with typed components.
 *
 * <p>Numbers among literals are {@code BigDecimal}, without trailing zeros, NaN and infinities
 * {@code Double}; UUIDs and enums are strings. Constructors convert and check literals; a rule
 * checks the columns. Immutable and thread-safe.
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

  /** Returns the name of the kind, with which a rule's text starts. */
  default String kindName() {
    return kindName(getClass());
  }

  /** Returns the name of the kind whose conditions are instances of this class. */
  static String kindName(Class<? extends RuleCondition> condition) {
    return ConditionCodecs.of(condition).name();
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
    return columns().isEmpty() ? kindName() : kindName() + "." + String.join(".", columns());
  }

  /**
   * No two rows have the same key.
   *
   * @param columns the columns of the key
   * @param keepLatestBy the column whose greatest value decides which of several rows is kept; null
   *     to keep the first
   */
  record Unique(List<String> columns, @Nullable String keepLatestBy) implements RuleCondition {
    static final ConditionCodec<Unique> CODEC =
        ConditionCodec.of("unique", Unique.class, arguments -> new Unique(arguments.all(), null));

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
  }

  /**
   * A text for people, which is never evaluated.
   *
   * @param words not blank
   */
  record Text(String words) implements RuleCondition {
    private static final int MOST_CHARACTERS = 10_000;

    static final ConditionCodec<Text> CODEC =
        ConditionCodec.of(
            "text",
            Text.class,
            arguments -> {
              arguments.require(1);
              return new Text(arguments.quoted(0, "it", "Use the form text('...')."));
            });

    public Text {
      if (words == null || words.isBlank() || words.length() > MOST_CHARACTERS) {
        throw RuleFault.of(
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
