package io.meshwork.internal.grants;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.requests.DecisionEntry;
import io.meshwork.internal.requests.RequestViews;
import io.meshwork.internal.schema.IcebergSchemas;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What somebody approves: columns, rows and an end. Immutable.
 *
 * @param columns the columns; none means the whole product, with columns to come
 * @param conditions all that a row must meet, each a filter by itself; none means every row
 * @param until the first instant at which it no longer holds; empty means no end
 */
record RequestTerms(List<String> columns, List<String> conditions, Optional<Instant> until) {
  RequestTerms {
    columns = List.copyOf(columns);
    conditions = conditions.stream().distinct().toList();
  }

  /** What an earlier approval gives. */
  static RequestTerms of(DecisionEntry approval) {
    return new RequestTerms(approval.columns(), approval.conditions(), approval.until());
  }

  /** The conditions as one filter; empty if every row is meant. */
  Optional<String> rows() {
    return conditions.size() < 2
        ? conditions.stream().findFirst()
        : Optional.of(
            conditions.stream().map(each -> "(" + each + ")").collect(Collectors.joining(" AND ")));
  }

  /** What both give. Columns in common may be none: see {@link #haveNothingInCommon}. */
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

  /** True if both name columns and none of them is the same. */
  boolean haveNothingInCommon(RequestTerms other) {
    return !columns.isEmpty()
        && !other.columns.isEmpty()
        && columns.stream().noneMatch(other.columns::contains);
  }

  private static Optional<Instant> earlier(Optional<Instant> one, Optional<Instant> other) {
    return one.filter(end -> other.isEmpty() || end.isBefore(other.get())).or(() -> other);
  }

  /**
   * Goes on only with what can be granted now.
   *
   * @throws InvalidRequestException if a column is not in the contract any more, the conditions do
   *     not fit it, or the end is past
   */
  void check(RequestViews.OfProduct of, Instant now, MeshAction action) {
    List<String> gone = columns.stream().filter(each -> !of.columns().contains(each)).toList();
    if (!gone.isEmpty()) {
      throw refused(
          action,
          "columns " + gone + " are not in the contract any more; it has " + of.columns(),
          "Name some that are with onlyColumns(..), or ask back.");
    }
    rows()
        .ifPresent(
            filter ->
                RowPredicate.parse(
                    filter, IcebergSchemas.fromAvro(of.contract().schema()), action));
    until
        .filter(end -> !now.isBefore(end))
        .ifPresent(
            end -> {
              throw refused(
                  action,
                  "it would end at " + end + " and it is " + now + " already",
                  "Name a later instant, or deny it.");
            });
  }

  static InvalidRequestException refused(MeshAction action, String why, String fix) {
    return new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot " + action + ": " + why + ". Nothing was changed. " + fix);
  }
}
