package io.meshwork.internal.grants;

import io.meshwork.error.MeshAction;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.requests.RequestEntry;
import io.meshwork.internal.requests.RequestViews;
import io.meshwork.internal.schema.IcebergSchemas;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How much less than was asked is approved; never more. Belongs to one operation. */
final class RequestRestriction {
  private final MeshAction action;
  private List<String> columns = List.of();
  private @Nullable String rows;
  private @Nullable Instant until;

  RequestRestriction(MeshAction action) {
    this.action = action;
  }

  void columns(List<String> some) {
    if (some.isEmpty()) {
      throw RequestTerms.refused(
          action, "onlyColumns(..) names none", "Name one, or leave it out.");
    }
    columns = some;
  }

  void rows(String filter) {
    rows = filter;
  }

  void until(Instant end) {
    until = end;
  }

  /**
   * What is approved of a request.
   *
   * @throws io.meshwork.error.InvalidRequestException if it would be more than was asked, or the
   *     filter breaks its language
   */
  RequestTerms of(RequestEntry request, RequestViews.OfProduct of) {
    Optional<String> filter = Optional.ofNullable(rows);
    // By itself, so that its parts cannot close the parentheses that hold it.
    filter.ifPresent(
        text -> RowPredicate.parse(text, IcebergSchemas.fromAvro(of.contract().schema()), action));
    if (until != null && request.until().filter(until::isAfter).isPresent()) {
      throw RequestTerms.refused(
          action,
          "until(..) is " + until + ", later than was asked: " + request.until().get(),
          "Name an earlier instant; approving narrows and never widens.");
    }
    RequestTerms asked =
        new RequestTerms(request.columns(), request.rows().stream().toList(), request.until());
    return asked.and(
        new RequestTerms(known(request, of), filter.stream().toList(), Optional.ofNullable(until)));
  }

  /** The columns in the contract's spelling and order, all of them asked for. */
  private List<String> known(RequestEntry request, RequestViews.OfProduct of) {
    List<String> asked = of.data(request).columns();
    List<String> others = new ArrayList<>(columns);
    List<String> known = new ArrayList<>();
    for (String column : asked) {
      if (others.removeIf(column::equalsIgnoreCase)) {
        known.add(column);
      }
    }
    if (!others.isEmpty()) {
      throw RequestTerms.refused(
          action,
          "columns " + others + " were not asked for; those that were are " + asked,
          "Name some of these; approving narrows and never widens.");
    }
    return known;
  }
}
