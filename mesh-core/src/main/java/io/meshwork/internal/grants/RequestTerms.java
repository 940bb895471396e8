package io.meshwork.internal.grants;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The terms of an approval. Immutable.
 *
 * @param columns the columns; empty for the whole product, with later columns
 * @param conditions filters that a row must all match; empty for all rows
 * @param until the exclusive end; empty for none
 */
record RequestTerms(List<String> columns, List<String> conditions, Optional<Instant> until) {
  RequestTerms {
    columns = List.copyOf(columns);
    conditions = conditions.stream().distinct().toList();
  }

  static RequestTerms of(DecisionEntry approval) {
    return new RequestTerms(approval.columns(), approval.conditions(), approval.until());
  }

  /** Returns the conditions as one filter; empty for all rows. */
  Optional<String> rows() {
    return conditions.size() < 2
        ? conditions.stream().findFirst()
        : Optional.of(
            conditions.stream().map(each -> "(" + each + ")").collect(Collectors.joining(" AND ")));
  }

  /** Returns what both approve. See {@link #isDisjoint} if they have no column in common. */
  RequestTerms and(RequestTerms other) {
    return new RequestTerms(
        columns.isEmpty()
            ? other.columns
            : other.columns.isEmpty()
                ? columns
                : columns.stream().filter(other.columns::contains).toList(),
        Stream.concat(conditions.stream(), other.conditions.stream()).toList(),
        earlier(until, other.until));
  }

  /** Returns true if both name columns, but have none in common. */
  boolean isDisjoint(RequestTerms other) {
    return !columns.isEmpty()
        && !other.columns.isEmpty()
        && columns.stream().noneMatch(other.columns::contains);
  }

  private static Optional<Instant> earlier(Optional<Instant> one, Optional<Instant> other) {
    return one.filter(end -> other.isEmpty() || end.isBefore(other.get())).or(() -> other);
  }

  /**
   * Checks that the terms can be granted now.
   *
   * @throws InvalidRequestException if a column is no longer in the contract, the conditions do not
   *     fit it, or the end is past
   */
  void check(RequestViews.RequestedProduct product, Instant now, MeshAction action) {
    List<String> dropped =
        columns.stream().filter(each -> !product.columns().contains(each)).toList();
    if (!dropped.isEmpty()) {
      throw rejected(
          action,
          "columns " + dropped + " are no longer in the contract; it has " + product.columns(),
          "Name other columns with columns(..), or ask the requester with"
              + " requests().requestClarification(..).");
    }
    rows().ifPresent(filter -> product.fields().requireCondition(filter, action));
    until
        .filter(end -> !now.isBefore(end))
        .ifPresent(
            end -> {
              throw rejected(
                  action,
                  "it would end at " + end + " and it is " + now + " already",
                  "Set a later end, or deny the request.");
            });
  }

  static InvalidRequestException rejected(MeshAction action, String reason, String fix) {
    return Failure.of(action).because(reason).fix(fix).invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }
}
