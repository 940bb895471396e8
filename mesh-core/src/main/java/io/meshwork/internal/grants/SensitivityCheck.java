package io.meshwork.internal.grants;

import io.meshwork.contract.Contract;
import io.meshwork.error.AccessDeniedException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.TagExpression;
import io.meshwork.internal.rights.PolicySnapshot;
import io.meshwork.internal.rights.StoredGrant;
import io.meshwork.internal.rights.TableRights;
import io.meshwork.product.Classification;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** What is above INTERNAL is not given to everybody, nor with a whole domain, by the way. */
final class SensitivityCheck {
  private static final int MOST_NAMED = 10;

  private SensitivityCheck() {}

  /** True if a product, or any of its columns, is above INTERNAL. */
  static boolean is(Contract contract, Collection<String> columns) {
    return isAbove(contract.classification())
        || columns.stream().anyMatch(column -> isAbove(contract.classificationOf(column)));
  }

  static boolean is(TableRights table) {
    return is(table.contract(), table.columns());
  }

  private static boolean isAbove(Classification classification) {
    return classification.compareTo(Classification.INTERNAL) > 0;
  }

  /** True if it is for every account of the mesh. */
  static boolean isToMesh(StoredGrant grant) {
    return grant.to().kind() == Grantee.Kind.ORGANIZATION;
  }

  /** True if some columns of a product that are granted to everybody are above INTERNAL. */
  static boolean opens(StoredGrant grant, TableRights table) {
    List<String> columns =
        table.columns().stream()
            .filter(column -> grant.columns().isEmpty() || holds(grant.columns(), column))
            .filter(column -> !holds(grant.exceptColumns(), column))
            .toList();
    return isToMesh(grant) && is(table.contract(), columns);
  }

  private static boolean holds(Collection<String> names, String column) {
    return names.stream().anyMatch(column::equalsIgnoreCase);
  }

  /** The products of which tags choose columns above INTERNAL. */
  static List<String> chosen(PolicySnapshot world, TagExpression where) {
    return world.tables().stream()
        .filter(
            table ->
                world.columnsWith(table, where).stream()
                    .anyMatch(column -> isAbove(table.contract().classificationOf(column))))
        .map(table -> table.product().toString())
        .toList();
  }

  static InvalidRequestException inDomain(String domain, List<String> products, MeshAction action) {
    return refused(
        domain,
        products.size() + " of its products hold data above INTERNAL, such as " + named(products),
        "Grant products by name or by tags, or say includingSensitive() if these are meant too.",
        action);
  }

  static InvalidRequestException toMesh(String where, List<String> products, MeshAction action) {
    return refused(
        where,
        "it is for every account of the mesh, and would open data above INTERNAL of "
            + named(products),
        "Grant it to those who need it, leave such columns out, or say includingSensitive().",
        action);
  }

  /** For one who does not act for the owner. */
  static AccessDeniedException ownersAlone(Grantor sharer, String what, MeshAction action) {
    String contact = sharer.owner().domain().owner();
    String domain = sharer.owner().domain().name();
    return new AccessDeniedException(
        ErrorCode.ACCESS_DENIED,
        "Cannot "
            + action
            + " as "
            + sharer.principal()
            + ": it does not act for domain '"
            + domain
            + "', and "
            + what
            + " is carried out by nobody but its owner"
            + " (OWNER_ALONE). Nothing was changed. Grant products by name or by tags as"
            + " authorized, or ask "
            + contact
            + ".",
        "an account of domain '" + domain + "'; no authorization does for this",
        List.of(contact));
  }

  private static String named(List<String> products) {
    return products.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
  }

  private static InvalidRequestException refused(
      String where, String what, String fix, MeshAction action) {
    return new InvalidRequestException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot " + action + ": " + what + " (SENSITIVE). Nothing was changed. " + fix,
        List.of(Finding.error("SENSITIVE", where, what + ".", fix)));
  }
}
