package io.meshwork.internal.predicate;

import io.meshwork.product.Names;

/** Why a filter is refused: the codes of the filter language, each with what is allowed. */
enum FilterFault {
  TOO_LONG("A filter has under 2048 characters."),
  COLUMN_TO_COLUMN("A column is compared with constants only; text stands in single quotes."),
  FUNCTION("A filter calls no functions."),
  UNKNOWN_COLUMN("A filter names columns of the table, and fields of structs by dots."),
  TYPE_MISMATCH("A constant has the type of its column and is one of its values."),
  UNSUPPORTED_TYPE("A filter asks columns and struct fields of simple types."),
  NULL_ON_PARTITION("IS [NOT] NULL is not asked of partition columns."),
  NESTED_PARTITION("A filter asks no fields within a partition column."),
  RESERVED_COLUMN("Some names belong to databases and are never columns of a filter."),
  SYNTAX(
      "A filter compares columns with constants (= <> < <= > >=, BETWEEN, IN, LIKE, IS NULL) and"
          + " joins that by AND, OR, NOT and parentheses, as in amount >= 10 AND country IN ('SE',"
          + " 'NO').");

  private final String rule;

  FilterFault(String rule) {
    this.rule = rule;
  }

  /** What is allowed, as a sentence. */
  String rule() {
    return rule;
  }

  /** The refusal at a character, counted from 1, where no column is concerned. */
  FilterRefusal at(int position, String why, String mend) {
    return new FilterRefusal(this, position, "character " + position, why, mend);
  }

  /** The refusal at a character, counted from 1, about a column. */
  FilterRefusal at(int position, String column, String why, String mend) {
    String shown = Names.shown(column);
    return new FilterRefusal(this, position, shown, "column " + shown + ": " + why, mend);
  }
}
