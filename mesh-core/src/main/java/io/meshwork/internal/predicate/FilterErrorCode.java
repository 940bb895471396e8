package io.meshwork.internal.predicate;

import io.meshwork.error.FindingCode;
import io.meshwork.internal.naming.NameGrammar;

/** The kinds of errors in a filter, each with the rule that the filter breaks. */
enum FilterErrorCode {
  TOO_LONG(FindingCode.FILTER_TOO_LONG, "A filter has fewer than 65536 characters."),
  LIST_TOO_LONG(
      FindingCode.FILTER_TOO_LONG, "A list of values has fewer than 67108864 characters."),
  ROW_FILTER_TOO_LONG(
      FindingCode.FILTER_TOO_LONG,
      "The row filter of a grant has fewer than 2048 characters, as in Lake Formation."),
  COLUMN_TO_COLUMN(
      FindingCode.FILTER_COLUMN_TO_COLUMN,
      "A filter compares columns with constants only; enclose text in single quotes."),
  FUNCTION(FindingCode.FILTER_FUNCTION, "A filter cannot call functions."),
  UNKNOWN_COLUMN(
      FindingCode.UNKNOWN_COLUMN,
      "A filter uses columns of the table, and dotted names for fields of structs."),
  TYPE_MISMATCH(
      FindingCode.FILTER_TYPE_MISMATCH, "A constant must be a value of its column's type."),
  UNSUPPORTED_TYPE(
      FindingCode.FILTER_UNSUPPORTED_TYPE,
      "A filter uses columns and struct fields of primitive types."),
  NULL_ON_PARTITION(
      FindingCode.FILTER_NULL_ON_PARTITION, "Partition columns do not support IS [NOT] NULL."),
  NESTED_PARTITION(
      FindingCode.FILTER_NESTED_PARTITION, "A filter cannot access fields of a partition column."),
  RESERVED_COLUMN(
      FindingCode.FILTER_RESERVED_COLUMN,
      "Some names are reserved by databases and cannot be used in a filter."),
  SYNTAX(
      FindingCode.FILTER_SYNTAX,
      "A filter compares columns with constants (= <> < <= > >=, BETWEEN, IN, LIKE, IS NULL) and"
          + " combines conditions with AND, OR, NOT, and parentheses, as in amount >= 10 AND country IN ('SE',"
          + " 'NO').");

  private final FindingCode finding;
  private final String rule;

  FilterErrorCode(FindingCode finding, String rule) {
    this.finding = finding;
    this.rule = rule;
  }

  /** Returns the code of findings about the error. */
  FindingCode finding() {
    return finding;
  }

  /** Returns the rule as a sentence. */
  String rule() {
    return rule;
  }

  /** Returns an error at a character, counted from 1, that concerns no column. */
  FilterParseException at(int position, String why, String fix) {
    return new FilterParseException(this, position, "character " + position, why, fix);
  }

  /** Returns an error at a character, counted from 1, that concerns a column. */
  FilterParseException at(int position, String column, String why, String fix) {
    String display = NameGrammar.quoted(column);
    return new FilterParseException(this, position, display, "column " + display + ": " + why, fix);
  }
}
