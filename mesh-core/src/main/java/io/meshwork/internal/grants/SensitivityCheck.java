package io.meshwork.internal.grants;

import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.catalog.VersionEntry;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.TagExpression;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.product.Classification;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Rejects grants to the whole mesh, and on a whole domain, that include data above INTERNAL without
 * {@code includeSensitive()}.
 */
final class SensitivityCheck {
  private static final int MAX_LISTED = 10;

  private SensitivityCheck() {}

  /** Returns true if a version of a product, or one of its columns, is above INTERNAL. */
  static boolean isSensitive(VersionEntry version) {
    return isAbove(version.contract().classification())
        || version.columns().stream()
            .anyMatch(column -> isAbove(version.contract().classificationOf(column)));
  }

  private static boolean isAbove(Classification classification) {
    return classification.compareTo(Classification.INTERNAL) > 0;
  }

  /** Returns true if the grant is to every account of the mesh. */
  static boolean isToMesh(StoredGrant grant) {
    return grant.to().kind() == Grantee.Kind.ORGANIZATION;
  }

  /** Returns true if the grant reveals columns of a product above INTERNAL to the whole mesh. */
  static boolean exposesSensitive(StoredGrant grant, TableRights table) {
    Set<String> named = table.fields().revealedBy(grant.rows());
    List<String> columns =
        table.columns().stream()
            .filter(
                column ->
                    named.contains(column)
                        || ((grant.columns().isEmpty() || contains(grant.columns(), column))
                            && !contains(grant.exceptColumns(), column)))
            .toList();
    return isToMesh(grant)
        && (isAbove(table.classification())
            || columns.stream().anyMatch(column -> isAbove(table.classificationOf(column))));
  }

  private static boolean contains(Collection<String> names, String column) {
    return names.stream().anyMatch(column::equalsIgnoreCase);
  }

  /** Returns the products in which the tags select columns above INTERNAL. */
  static List<String> sensitiveProducts(PolicySnapshot snapshot, TagExpression where) {
    return snapshot.tables().stream()
        .filter(
            table ->
                snapshot.columnsWith(table, where).stream()
                    .anyMatch(column -> isAbove(table.classificationOf(column))))
        .map(table -> table.product().toString())
        .toList();
  }

  static InvalidRequestException sensitiveDomain(
      String domain, List<String> products, MeshAction action) {
    return rejected(
        domain,
        products.size() + " of its products hold data above INTERNAL, such as " + first(products),
        "Grant products by name or by tags, or call includeSensitive() to include these.",
        action);
  }

  static InvalidRequestException sensitiveToMesh(
      String where, List<String> products, MeshAction action) {
    return rejected(
        where,
        "it is for every account of the mesh, and includes data above INTERNAL of "
            + first(products),
        "Grant it to fewer grantees, exclude these columns, or call includeSensitive().",
        action);
  }

  /** The denial of a grant that only the owner may create. */
  static AccessDeniedException ownerOnly(Grantor grantor, String grant, MeshAction action) {
    String contact = grantor.owner().domain().owner();
    String domain = grantor.owner().domain().name();
    return Failure.of(action.on("as " + grantor.principal()))
        .because(
            ReasonText.of(
                "it does not act for domain '"
                    + domain
                    + "', and only the owner can create "
                    + grant,
                FindingCode.OWNER_ONLY))
        .fix("Grant products by name or by tags as authorized, or ask " + contact + ".")
        .accessDenied(
            ErrorCode.ACCESS_DENIED,
            "an account of domain '" + domain + "'; no authorization allows this",
            List.of(contact));
  }

  private static String first(List<String> products) {
    return products.stream().limit(MAX_LISTED).collect(Collectors.joining(", "));
  }

  private static InvalidRequestException rejected(
      String where, String reason, String fix, MeshAction action) {
    return Failure.of(action)
        .because(ReasonText.of(reason, FindingCode.SENSITIVE_DATA))
        .fix(fix)
        .findings(List.of(Finding.error(FindingCode.SENSITIVE_DATA, where, reason + ".", fix)))
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }
}
