package io.meshwork.internal.condition;

import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks the names of rules, columns, and products, independent of a schema. */
public final class RuleNames {
  /** The form of a column's path. */
  static final String PATH = "[A-Za-z_][A-Za-z0-9_.\\[\\]{}]{0,999}";

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,254}");
  private static final Pattern COLUMN = Pattern.compile(PATH);

  private RuleNames() {}

  /** Returns true if a rule can have the ID. */
  public static boolean isId(@Nullable String id) {
    return id != null && ID.matcher(id).matches();
  }

  /** Returns a copy of columns, which are at least one. */
  static List<String> columns(String rule, List<String> columns) {
    if (columns.isEmpty()) {
      throw RuleFault.of(rule, "it has no column", "Use at least one column.");
    }
    return Collections.unmodifiableList(new ArrayList<>(columns));
  }

  /** Fails if one of the columns has no legal name, or is listed twice. */
  public static void checkColumns(String rule, List<String> columns) {
    columns.forEach(column -> checkColumn(rule, column));
    if (new HashSet<>(columns).size() < columns.size()) {
      throw RuleFault.of(rule, "it lists a column twice", "List each column once.");
    }
  }

  /** Fails if a column has no legal name. */
  public static void checkColumn(String rule, @Nullable String column) {
    if (column == null || !COLUMN.matcher(column).matches()) {
      throw RuleFault.of(
          rule,
          "'" + NameGrammar.quoted(String.valueOf(column)) + "' is not a column name",
          "Use a column of the contract.");
    }
  }

  static ProductName product(String rule, @Nullable CharSequence product) {
    try {
      return ProductName.of(product);
    } catch (InvalidRequestException e) {
      throw RuleFault.of(
          rule,
          "'" + NameGrammar.quoted(String.valueOf(product)) + "' is not a product name",
          "Use the form domain/product, such as commerce/orders.");
    }
  }
}
