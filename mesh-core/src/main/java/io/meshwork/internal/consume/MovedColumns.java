package io.meshwork.internal.consume;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.SubscriptionTerms;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.majors.RenamedColumns;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.schema.ColumnPaths;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ReaderTables;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The columns that a subscription names, in the major version that it moves to. A column that
 * continues another one under a new name has its ID.
 *
 * @param before the columns of the table that it leaves
 * @param now the columns of the table that it moves to
 */
record MovedColumns(Schema before, Schema now, int to, MeshAction action) {
  static MovedColumns of(
      ClientSession session, ProductName product, int from, VersionEntry to, MeshAction action) {
    ReaderTables tables = ReaderTables.of(session, product.domain());
    return new MovedColumns(
        tables.load(TableName.of(product, from)).schema(),
        tables.load(TableName.of(product, to.major())).schema(),
        to.major(),
        action);
  }

  /**
   * Requires that the new major version has the columns that the subscription and its filter name,
   * unless the amendment names others.
   *
   * @param existing the terms of the subscription
   * @param typed true if the row type of the amendment names the columns
   * @throws InvalidRequestException otherwise; it names the columns, and their new names
   */
  void requireAll(SubscriptionTerms existing, SubscriptionOptions options, boolean typed) {
    boolean keepsColumns = options.columns == null && !typed;
    List<String> columns = keepsColumns ? missing(existing.columns()) : List.of();
    List<String> filtered =
        options.filter == null ? missing(columnsOf(existing.where().orElse(null))) : List.of();
    if (columns.isEmpty() && filtered.isEmpty()) {
      return;
    }
    Set<String> all = new TreeSet<>(columns);
    all.addAll(filtered);
    throw Failure.of(action)
        .because(
            "the subscription moves to major version "
                + to
                + ", which has no column "
                + all.stream().map(this::described).collect(Collectors.joining(", ")))
        .state("Nothing was changed.")
        .fix(fix(columns, filtered))
        .findings(
            all.stream()
                .map(
                    column ->
                        Finding.error(
                            FindingCode.VERSION_LACKS_COLUMN,
                            column,
                            "Major version " + to + " has no column " + described(column) + ".",
                            fix(columns, filtered)))
                .toList())
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }

  /** Returns the missing columns among these, which may be all columns if it names none. */
  List<String> missing(Iterable<String> columns) {
    List<String> missing = new ArrayList<>();
    for (String column : columns) {
      if (!ColumnPaths.unknown(now, List.of(column)).isEmpty()) {
        missing.add(column);
      }
    }
    return missing;
  }

  /** Returns the columns of a filter; none if it is no longer valid. */
  Set<String> columnsOf(@Nullable String filter) {
    return filter == null || RowPredicate.fault(filter, before).isPresent()
        ? Set.of()
        : Set.copyOf(RowPredicate.parse(filter, before).columns());
  }

  /** Returns the new name of a column; empty if the new major version does not continue it. */
  Optional<String> renamed(String column) {
    return RenamedColumns.between(before, column, now);
  }

  private String described(String column) {
    return RenamedColumns.described(column, renamed(column));
  }

  private static String fix(List<String> columns, List<String> filtered) {
    String type = "Name the columns of the new version with as(..) or columns(..)";
    String where = "the filter with where(..)";
    return columns.isEmpty()
        ? "Name " + where + "."
        : filtered.isEmpty() ? type + "." : type + ", and " + where + ".";
  }
}
