package io.meshwork.internal.predicate;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import java.util.List;

/**
 * A parse error of a filter. The parser does not know the action, which the caller adds with {@link
 * #asException(MeshAction)}.
 */
final class FilterParseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final FilterErrorCode fault;
  private final int position;
  private final String where;
  private final String why;
  private final String fix;

  /**
   * Creates an error.
   *
   * @param position the character, from 1; 0 if the caller wrote no text
   * @param where the column, or else the position, for the finding
   * @param why the cause as a clause without capital and full stop
   */
  FilterParseException(FilterErrorCode fault, int position, String where, String why, String fix) {
    super(fault.name(), null, false, false);
    this.fault = fault;
    this.position = position;
    this.where = where;
    this.why = why;
    this.fix = fix;
  }

  /** Returns the error with its position, for callers that describe the action themselves. */
  Finding finding() {
    return Finding.error(fault.finding(), where, place() + why, fault.rule() + " " + fix);
  }

  private String place() {
    return position == 0 ? "" : "at character " + position + ", ";
  }

  /** Returns the same error of a list of values, which has no text to count characters in. */
  FilterParseException ofList() {
    String column = where.equals("character " + position) ? "values" : where;
    return new FilterParseException(fault, 0, column, why, fix);
  }

  /**
   * Returns the exception for the caller.
   *
   * @param action what the filter is for, such as "read commerce/orders"
   */
  InvalidRequestException asException(MeshAction action) {
    return Failure.of(
            new MeshAction(
                action.verb(),
                action.subject() + (position == 0 ? " by these values" : " with this filter")))
        .because(place() + why + " (" + fault.finding() + "). " + fault.rule())
        .state("Nothing was read or changed.")
        .fix(fix)
        .findings(List.of(Finding.error(fault.finding(), where, why, fix)))
        .invalidRequest(ErrorCode.FILTER_INVALID);
  }
}
