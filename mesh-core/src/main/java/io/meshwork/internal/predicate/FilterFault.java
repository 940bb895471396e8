package io.meshwork.internal.predicate;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.product.Names;
import java.util.List;

/** Why a filter is refused: the codes of the filter language. */
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
      "expr := and {OR and}; and := not {AND not}; not := NOT not | '(' expr ')' | TRUE | FALSE |"
          + " simple; simple := col (=|<>|!=|<|>|<=|>=) lit | col [NOT] BETWEEN lit AND lit | col"
          + " [NOT] IN (lit{,lit}) | col [NOT] LIKE 'str' | col IS [NOT] NULL; lit := 'str' |"
          + " number | TRUE | FALSE | DATE 'str' | TIMESTAMP 'str'.");

  private final String rule;

  FilterFault(String rule) {
    this.rule = rule;
  }

  /** The refusal at a character, counted from 1, where no column is concerned. */
  InvalidRequestException at(int position, String why, String mend) {
    return refusal("character " + position, "character " + position, why, mend);
  }

  /** The refusal at a character, counted from 1, about a column. */
  InvalidRequestException at(int position, String column, String why, String mend) {
    String shown = Names.shown(column);
    return refusal(shown, "character " + position + ", column " + shown, why, mend);
  }

  private InvalidRequestException refusal(String where, String place, String why, String mend) {
    return new InvalidRequestException(
        ErrorCode.FILTER_INVALID,
        "Cannot use the filter: at "
            + place
            + ", "
            + why
            + " ("
            + name()
            + "). Rule: "
            + rule
            + " Nothing was read or changed. "
            + mend,
        List.of(Finding.error(name(), where, why, mend)));
  }
}
