package io.meshwork.internal.erasure;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.MajorState;
import io.meshwork.internal.majors.RenamedColumns;
import io.meshwork.internal.predicate.GivenFilter;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.publish.EraseOptions;
import io.meshwork.internal.runtime.Sha256;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What an erasure was called with. Immutable.
 *
 * @param given the filter of the rows
 * @param others the filters in other major versions
 * @param key the idempotency key
 * @param waiting false if snapshots are deleted although readers need them
 */
record ErasureRequest(
    ProductName product,
    GivenFilter given,
    Map<Integer, String> others,
    String reason,
    String key,
    boolean waiting,
    MeshAction action) {
  ErasureRequest {
    others = Map.copyOf(others);
  }

  /** Requires that the rows were selected. */
  static GivenFilter requiredFilter(@Nullable GivenFilter filter, MeshAction action) {
    if (filter == null) {
      throw missing("filter", action);
    }
    return filter;
  }

  /** Requires that a reason was given. */
  static String requiredReason(@Nullable String reason, MeshAction action) {
    if (reason == null) {
      throw missing("reason", action);
    }
    return reason;
  }

  private static InvalidRequestException missing(String what, MeshAction action) {
    return Failure.of(action)
        .because("it has no " + what)
        .state("Nothing was erased.")
        .fix("Call where(filter) or whereIn(column, values), and because(text).")
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }

  /** The filter of a major version, as text. */
  String filter(int major) {
    return others.getOrDefault(major, given.text());
  }

  /** All filters, as strings. */
  List<String> filters() {
    TreeMap<Integer, String> all = new TreeMap<>(others);
    all.put(0, given.text());
    return List.copyOf(all.values());
  }

  /** The erase of one round, without a proof. */
  EraseOptions part(String itsKey, Duration timeout) {
    return new EraseOptions(
        product,
        given,
        false,
        others,
        null,
        false,
        reason,
        itsKey,
        (phase, done, total) -> {},
        timeout);
  }

  /** Distinguishes the request from another under the same key. */
  String fingerprint() {
    return Sha256.hex(product + "\n" + String.join("\n", filters()));
  }

  /**
   * The filters of the major versions whose data exists, ascending.
   *
   * @param state what was done if a filter is not valid
   * @throws InvalidRequestException if a filter is not valid for one of them
   */
  SortedMap<Integer, RowPredicate> predicates(ClientSession session, String state) {
    Catalog catalog = session.catalog();
    TreeMap<Integer, Schema> columns = new TreeMap<>();
    for (int major : catalog.majors(product)) {
      boolean purged =
          catalog.majorState(product, major).filter(MajorState.PURGED::equals).isPresent();
      if (!purged) {
        session
            .tables()
            .find(TableName.of(product, major))
            .ifPresent(table -> columns.put(major, table.schema()));
      }
    }
    TreeMap<Integer, RowPredicate> predicates = new TreeMap<>();
    columns.forEach(
        (major, schema) -> predicates.put(major, predicate(session, major, schema, state)));
    Schema current = columns.get(catalog.requireProduct(product, action).currentMajor());
    if (current != null) {
      columns.forEach(
          (major, schema) ->
              requireSameColumns(
                  major, Objects.requireNonNull(predicates.get(major)), schema, current, state));
    }
    return predicates;
  }

  /** Rejects a filter that names other columns in another major version than the current one. */
  private void requireSameColumns(
      int major, RowPredicate filter, Schema columns, Schema current, String state) {
    if (others.containsKey(major)) {
      return;
    }
    filter.columns().stream()
        .filter(column -> RenamedColumns.isAnother(column, current, columns))
        .findFirst()
        .ifPresent(
            column -> {
              throw Failure.of(action)
                  .because(
                      "the filter is also for major version "
                          + major
                          + ", where '"
                          + column
                          + "' names another column")
                  .state(state)
                  .fix("Call where(" + major + ", filter) with a filter on its columns.")
                  .invalidRequest(ErrorCode.FILTER_INVALID);
            });
  }

  private RowPredicate predicate(ClientSession session, int major, Schema columns, String state) {
    try {
      return RenamedColumns.parse(
          session,
          product,
          major,
          others.containsKey(major) ? new GivenFilter(filter(major), given.kept()) : given,
          columns,
          null,
          action);
    } catch (InvalidRequestException e) {
      throw Failure.of(action)
          .because("the filter is not valid in major version " + major + ": " + e.reason())
          .state(state)
          .fix("Correct the filter, or call where(" + major + ", filter) if its columns differ.")
          .findings(e.findings())
          .cause(e)
          .invalidRequest(ErrorCode.FILTER_INVALID);
    }
  }
}
