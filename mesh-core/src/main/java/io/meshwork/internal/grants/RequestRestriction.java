package io.meshwork.internal.grants;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.text.NearestName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Restricts an approval to a part of what was requested. For one thread. */
final class RequestRestriction {
  private final MeshAction action;
  private List<String> columns = List.of();
  private @Nullable String rows;
  private @Nullable Instant until;

  RequestRestriction(MeshAction action) {
    this.action = action;
  }

  void columns(List<String> names) {
    if (names.isEmpty()) {
      throw RequestTerms.rejected(
          action, "columns(..) names no column", "Name a column, or omit the call.");
    }
    columns = names;
  }

  void rows(String filter) {
    rows = filter;
  }

  void until(Instant end) {
    until = end;
  }

  /**
   * Returns the terms that are approved.
   *
   * @throws io.meshwork.error.InvalidRequestException if they exceed the request, or the filter is
   *     not in the filter language
   */
  RequestTerms of(RequestEntry request, RequestViews.RequestedProduct product) {
    Optional<String> filter = Optional.ofNullable(rows);
    // Parsed alone, so that it cannot close the parentheses that will enclose it.
    filter.ifPresent(text -> product.fields().requireCondition(text, action));
    if (until != null && request.until().filter(until::isAfter).isPresent()) {
      throw RequestTerms.rejected(
          action,
          "until(..) is " + until + ", later than the requested " + request.until().get(),
          "Set an earlier end; an approval cannot exceed the request.");
    }
    RequestTerms requested =
        new RequestTerms(request.columns(), request.rows().stream().toList(), request.until());
    return requested.and(
        new RequestTerms(
            requestedColumns(request, product),
            filter.stream().toList(),
            Optional.ofNullable(until)));
  }

  /** Returns the columns with the names of the contract, in its order. */
  private List<String> requestedColumns(
      RequestEntry request, RequestViews.RequestedProduct product) {
    List<String> requested = product.columns(request);
    List<String> others = new ArrayList<>(columns);
    List<String> approved = new ArrayList<>();
    for (String column : requested) {
      if (others.removeIf(column::equalsIgnoreCase)) {
        approved.add(column);
      }
    }
    if (!others.isEmpty()) {
      throw RequestTerms.rejected(
          action,
          "columns " + others + " were not requested; the requested ones are " + requested,
          NearestName.question(others, requested)
              + "Name requested columns; an approval cannot exceed the request.");
    }
    return approved;
  }
}
