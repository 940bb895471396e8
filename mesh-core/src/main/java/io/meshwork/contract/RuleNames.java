package io.meshwork.contract;

import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Checks the names of columns and products in rules, independent of a schema. */
final class RuleNames {
  /** The form of a column's path. */
  static final String PATH = "[A-Za-z_][A-Za-z0-9_.\\[\\]{}]{0,999}";

  private static final Pattern COLUMN = Pattern.compile(PATH);

  private RuleNames() {}

  /** Returns a copy of columns, which are at least one. */
  static List<String> columns(String rule, List<String> columns) {
    if (columns.isEmpty()) {
      throw Rule.invalid(rule, "it has no column", "Use at least one column.");
    }
    return Collections.unmodifiableList(new ArrayList<>(columns));
  }

  static void checkColumns(String rule, List<String> columns) {
    columns.forEach(column -> checkColumn(rule, column));
    if (new HashSet<>(columns).size() < columns.size()) {
      throw Rule.invalid(rule, "it lists a column twice", "List each column once.");
    }
  }

  static void checkColumn(String rule, @Nullable String column) {
    if (column == null || !COLUMN.matcher(column).matches()) {
      throw Rule.invalid(
          rule,
          "'" + NameGrammar.quoted(String.valueOf(column)) + "' is not a column name",
          "Use a column of the contract.");
    }
  }

  static ProductName product(String rule, @Nullable CharSequence product) {
    try {
      return ProductName.of(product);
    } catch (InvalidRequestException e) {
      throw Rule.invalid(
          rule,
          "'" + NameGrammar.quoted(String.valueOf(product)) + "' is not a product name",
          "Use the form domain/product, such as commerce/orders.");
    }
  }
}
