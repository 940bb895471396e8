package io.meshwork.internal.predicate;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import java.util.List;

/**
 * What is wrong with a filter, on its way out of the parser, which does not know what the filter is
 * for.
 */
final class FilterRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final FilterFault fault;
  private final int position;
  private final String where;
  private final String why;
  private final String mend;

  /**
   * A refusal.
   *
   * @param position the character, from 1
   * @param where the column or else the place, for the finding
   * @param why a sentence without capital and point
   */
  FilterRefusal(FilterFault fault, int position, String where, String why, String mend) {
    super(fault.name(), null, false, false);
    this.fault = fault;
    this.position = position;
    this.where = where;
    this.why = why;
    this.mend = mend;
  }

  /** The fault with its place, for one who names the filter's purpose otherwise. */
  Finding finding() {
    return Finding.error(
        fault.name(), where, "at character " + position + ", " + why, fault.rule() + " " + mend);
  }

  /**
   * What the caller is told.
   *
   * @param doing what the filter is for, such as "read commerce/orders"
   */
  InvalidRequestException told(String doing) {
    return new InvalidRequestException(
        ErrorCode.FILTER_INVALID,
        "Cannot "
            + doing
            + " with this filter: at character "
            + position
            + ", "
            + why
            + " ("
            + fault.name()
            + "). "
            + fault.rule()
            + " Nothing was read or changed. "
            + mend,
        List.of(Finding.error(fault.name(), where, why, mend)));
  }
}
