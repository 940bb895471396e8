package io.meshwork.internal.consume;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.MajorState.Use;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.catalog.SubscriptionEntry;
import io.meshwork.internal.catalog.SubscriptionTerms;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.predicate.RowPredicate;
import io.meshwork.internal.session.ClientSession;
import io.meshwork.internal.session.ReaderTables;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What is compared for a consumer.
 *
 * @param existing the terms of the subscription that reads the old major version; empty if there is
 *     none
 * @param from the old major version
 * @param to the new major version
 */
record ComparisonTerms(
    ClientSession session,
    ProductName product,
    SubscriptionOptions options,
    Optional<SubscriptionTerms> existing,
    int from,
    int to,
    MeshAction action) {
  /**
   * Determines the major versions.
   *
   * @throws io.meshwork.error.InvalidRequestException if there is no version to compare with
   * @throws io.meshwork.error.NotFoundException if the caller sees no such version
   */
  static ComparisonTerms of(
      ClientSession session, ProductName product, SubscriptionOptions options, MeshAction action) {
    ProductEntry entry = session.catalog().requireProduct(product, action);
    Optional<SubscriptionTerms> stored =
        Optional.ofNullable(options.name)
            .flatMap(name -> subscription(session, product, name, action))
            .map(document -> SubscriptionEntry.of(document).terms());
    int to =
        options.following
            ? entry.currentMajor()
            : options.chooseMajor(stored, entry.currentMajor());
    VersionEntry version = session.catalog().requireFor(Use.DESCRIBE, product, to, action);
    Optional<SubscriptionTerms> existing = stored.filter(terms -> terms.major() != to);
    int from =
        existing
            .map(SubscriptionTerms::major)
            .orElseGet(() -> otherMajor(session, product, version, action));
    return new ComparisonTerms(session, product, options, existing, from, to, action);
  }

  private static Optional<VersionedDocument> subscription(
      ClientSession session, ProductName product, String name, MeshAction action) {
    String domain = session.authorizer().requireOwnDomain(action).domain();
    String partition = session.catalog().consumerPartition(domain, product.domain());
    return session.ledger().read(RegistryKeys.subscription(partition, product, name));
  }

  /** The major version that another one replaces, or that replaces it. */
  private static int otherMajor(
      ClientSession session, ProductName product, VersionEntry version, MeshAction action) {
    int major = version.major();
    List<Integer> seen =
        version.publishedWith().stream()
            .filter(candidate -> session.catalog().isVisible(product, candidate))
            .toList();
    return seen.stream()
        .filter(candidate -> candidate < major)
        .max(Comparator.naturalOrder())
        .or(() -> seen.stream().findFirst())
        .orElseThrow(
            () ->
                Failure.of(action)
                    .because(
                        "no other major version is published together with major version " + major)
                    .state("Nothing was read.")
                    .fix("Name the new version with majorVersion(..).")
                    .invalidRequest(ErrorCode.INVALID_ARGUMENT));
  }

  /** Returns the comparison with the row type in which the consumer would read the new version. */
  SubscriptionComparison comparison(RowType<?> type) {
    return new SubscriptionComparison(session, product, before(), after(type), type, action);
  }

  private ReadOptions before() {
    ReadOptions read = ReadOptions.of(from);
    return existing
        .map(terms -> read.withColumns(terms.columns()).withFilter(terms.where().orElse(null)))
        .orElseGet(() -> read.withFilter(isValid(options.filter) ? options.filter : null));
  }

  /** Returns true if a filter for the new version is valid in the old one, too. */
  private boolean isValid(@Nullable String filter) {
    return filter != null && RowPredicate.fault(filter, table(from)).isEmpty();
  }

  private ReadOptions after(RowType<?> type) {
    ReadOptions read =
        ReadOptions.of(to)
            .withFilter(
                options.filter != null
                    ? options.filter
                    : existing.flatMap(SubscriptionTerms::where).orElse(null));
    if (options.columns != null) {
      return read.withColumns(options.columns);
    }
    boolean isTyped = type.columns(table(to)).isPresent();
    return isTyped || existing.isEmpty()
        ? read
        : read.withColumns(continued(existing.get().columns()));
  }

  /** Returns the columns under their names in the new version, if it has them. */
  private List<String> continued(List<String> columns) {
    MovedColumns moved = new MovedColumns(table(from), table(to), to, action);
    List<String> names = new ArrayList<>();
    for (String column : columns) {
      moved
          .renamed(column)
          .or(() -> Optional.of(column).filter(name -> moved.missing(List.of(name)).isEmpty()))
          .ifPresent(names::add);
    }
    return names;
  }

  private Schema table(int major) {
    return ReaderTables.of(session, product.domain()).load(TableName.of(product, major)).schema();
  }
}
