package io.meshwork.internal.rights;

import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.predicate.RowPredicate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.iceberg.Schema;

/**
 * Decides which grants of executors the authorizations on a product or domain cover. A grant names
 * columns by their field ids in each major version, so it is checked in all live major versions
 * together, as when it was created, and in each alone: its executor can write other ids for one of
 * them. Immutable.
 */
final class GrantCoverage {
  private final Optional<ProductColumns> columns;
  private final AuthorizationCheck together;
  private final Map<ProductColumns, AuthorizationCheck> alone = new LinkedHashMap<>();

  /**
   * Creates the coverage.
   *
   * @param authorizations the authorizations, with the column names in their documents
   * @param columns the columns of the product; empty for a domain
   * @param rule returns the check for these authorizations with current column names
   */
  GrantCoverage(
      Map<VersionedDocument, StoredAuthorization> authorizations,
      Optional<ProductColumns> columns,
      Function<Map<VersionedDocument, StoredAuthorization>, AuthorizationCheck> rule) {
    this.columns = columns;
    this.together = rule.apply(named(authorizations, columns));
    List<ProductColumns> versions = columns.map(ProductColumns::versions).orElse(List.of());
    if (versions.size() > 1) {
      versions.forEach(
          version ->
              alone.put(
                  version,
                  rule.apply(named(authorizations, Optional.of(version))).in(version.schema())));
    }
  }

  /** Returns authorizations with the current column names of a product. */
  static Map<VersionedDocument, StoredAuthorization> named(
      Map<VersionedDocument, StoredAuthorization> authorizations,
      Optional<ProductColumns> columns) {
    Map<VersionedDocument, StoredAuthorization> named = new LinkedHashMap<>();
    authorizations.forEach(
        (stored, each) ->
            named.put(
                stored,
                columns
                    .filter(productColumns -> each.scope().on() instanceof GrantTarget.OfProduct)
                    .map(each::withCurrentNames)
                    .orElse(each)));
    return named;
  }

  /** Returns true if an authorization covers a grant in the partition of an account. */
  boolean covers(String account, StoredGrant grant) {
    return together.covers(
            account,
            columns.map(grant::withCurrentNames).orElse(grant),
            columns.map(ProductColumns::allColumns))
        && alone.entrySet().stream()
            .allMatch(each -> covers(account, grant, each.getKey(), each.getValue()));
  }

  private static boolean covers(
      String account, StoredGrant grant, ProductColumns version, AuthorizationCheck check) {
    StoredGrant named = grant.withCurrentNames(version);
    return isWithoutEffect(named, version.schema())
        || check.covers(account, named, Optional.of(version.schema()));
  }

  private static boolean isWithoutEffect(StoredGrant grant, Schema schema) {
    boolean hasNoColumn =
        !grant.columns().isEmpty()
            && grant.columns().stream()
                .allMatch(name -> schema.caseInsensitiveFindField(name) == null);
    return hasNoColumn
        || grant.rows().filter(text -> RowPredicate.fault(text, schema).isPresent()).isPresent();
  }
}
