package io.meshwork.testkit.aws.internal.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.CatalogKey;
import io.meshwork.testkit.aws.internal.access.IamRoles;
import io.meshwork.testkit.aws.internal.lake.LakeCatalog;
import io.meshwork.testkit.aws.internal.lake.LakeGrant;
import io.meshwork.testkit.aws.internal.lake.LakeObject;
import io.meshwork.testkit.aws.internal.lake.LakeResource;
import io.meshwork.testkit.aws.internal.lake.LakeResource.Kind;
import io.meshwork.testkit.aws.internal.lake.LakeState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates grants as Lake Formation does: grants of the owner to the principal, and of other
 * accounts the common part of the owner's grant to the account and the account's grant to the
 * principal. Guarded by {@link LakeState}.
 */
final class LakeAccess {
  private static final String DESCRIBE = "DESCRIBE";

  private final LakeState state;

  LakeAccess(LakeState state) {
    this.state = state;
  }

  /** Returns true if a caller has a permission on a database, or on at least a part of a table. */
  boolean permits(AwsIdentity caller, String permission, CatalogTable object) {
    return !pairs(caller, permission, object).isEmpty();
  }

  /** Returns true if a caller has a permission on all rows and columns of a table. */
  boolean permitsWhole(AwsIdentity caller, String permission, CatalogTable object) {
    return pairs(caller, permission, object).stream().anyMatch(GrantContribution::isWhole);
  }

  /** Returns the columns that a caller can describe; null for all. */
  @Nullable Set<String> describedColumns(AwsIdentity caller, CatalogTable table) {
    Set<String> columns = new TreeSet<>();
    for (GrantContribution pair : pairs(caller, DESCRIBE, table)) {
      if (pair.columns() == null) {
        return null;
      }
      columns.addAll(pair.columns());
    }
    return columns;
  }

  /** Returns what each grant contributes to a permission; empty if the caller does not have it. */
  List<GrantContribution> pairs(AwsIdentity caller, String permission, CatalogTable object) {
    return pairs(caller, permission, object, false);
  }

  /** Returns what a caller may pass on of a permission. */
  List<GrantContribution> grantablePairs(
      AwsIdentity caller, String permission, CatalogTable object) {
    return pairs(caller, permission, object, true);
  }

  private List<GrantContribution> pairs(
      AwsIdentity caller, String permission, CatalogTable object, boolean isGrantable) {
    LakeCatalog owner = state.catalog(object.catalog());
    boolean isOwn = caller.account().equals(object.catalog().account());
    if (isCreator(caller, object)) {
      return List.of(GrantContribution.ALL);
    }
    if (!isGrantable && isOpen(owner, permission, object) && !isOptedIn(caller, owner, object)) {
      return isOwn ? List.of(GrantContribution.ALL) : List.of();
    }
    if (isOwn && !isGrantable && permission.equals(DESCRIBE) && owner.isReader(caller)) {
      return List.of(GrantContribution.ALL);
    }
    List<GrantContribution> contributions = new ArrayList<>();
    for (LakeGrant grant : owner.grants()) {
      if (isOf(caller, grant.principal(), isOwn) && isAccepted(owner.key(), grant, isOwn)) {
        contributions.addAll(contribution(grant, permission, object, isGrantable));
      }
    }
    if (!isOwn) {
      addDelegated(caller, permission, object, isGrantable, contributions);
    }
    if (isOwn && !isGrantable && permission.equals(DESCRIBE) && object.object().isDatabase()) {
      addByTables(caller, owner, object, contributions);
    }
    return contributions;
  }

  /** Adds what the owner grants to the caller's account, and the account to the caller. */
  private void addDelegated(
      AwsIdentity caller,
      String permission,
      CatalogTable object,
      boolean isGrantable,
      List<GrantContribution> contributions) {
    LakeCatalog local = state.catalog(object.catalog().of(caller.account()));
    List<GrantContribution> shared = sharedPairs(caller, permission, object, isGrantable);
    boolean isAdmin = local.isAdministrator(caller);
    if (isGrantable ? isAdmin : permission.equals(DESCRIBE) && local.isReader(caller)) {
      contributions.addAll(shared);
    }
    for (LakeGrant grant : local.grants()) {
      if (isOf(caller, grant.principal(), true)) {
        for (GrantContribution one : contribution(grant, permission, object, isGrantable)) {
          shared.stream().map(one::and).filter(both -> !both.isEmpty()).forEach(contributions::add);
        }
      }
    }
  }

  /** Returns what the owner grants to the account of a caller. */
  private List<GrantContribution> sharedPairs(
      AwsIdentity caller, String permission, CatalogTable object, boolean isGrantable) {
    List<GrantContribution> shared = new ArrayList<>();
    for (LakeGrant grant : state.catalog(object.catalog()).grants()) {
      if (isOfAccount(caller.account(), grant.principal())
          && isAccepted(object.catalog(), grant, false)) {
        shared.addAll(contribution(grant, permission, object, isGrantable));
      }
    }
    return shared;
  }

  /** A permission on all tables shows principals of the same account the database. */
  private static void addByTables(
      AwsIdentity caller,
      LakeCatalog owner,
      CatalogTable database,
      List<GrantContribution> contributions) {
    String name = database.object().database();
    for (LakeGrant grant : owner.grants()) {
      LakeResource resource = grant.resource();
      boolean isAllTables =
          resource.kind() == Kind.TABLE && resource.table().equals(LakeResource.ANY);
      if (isAllTables
          && resource.account().equals(owner.key().account())
          && resource.database().equals(name)
          && isOf(caller, grant.principal(), true)) {
        contributions.add(GrantContribution.ALL);
      }
    }
    boolean hasCreatedTable =
        owner.creators().entrySet().stream()
            .anyMatch(
                each ->
                    each.getKey().database().equals(name)
                        && each.getValue().equals(caller.principalArn()));
    if (hasCreatedTable) {
      contributions.add(GrantContribution.ALL);
    }
  }

  /** Creators hold everything; outside the owner's account, so do their administrators. */
  private boolean isCreator(AwsIdentity caller, CatalogTable object) {
    String creator = state.catalog(object.catalog()).creators().get(object.object());
    if (creator == null) {
      return false;
    }
    String account = IamRoles.account(creator);
    return creator.equals(caller.principalArn())
        || (!account.equals(object.catalog().account())
            && account.equals(caller.account())
            && state.catalog(object.catalog().of(account)).isAdministrator(caller));
  }

  /** Returns true if IAM alone decides about an object. */
  static boolean isOpen(LakeCatalog owner, String permission, CatalogTable object) {
    for (LakeGrant grant : owner.grants()) {
      if (grant.principal().equals(LakeCatalog.IAM_GROUP)
          && (grant.permissions().contains("ALL") || grant.permissions().contains(permission))
          && names(grant.resource(), object)) {
        return true;
      }
    }
    return false;
  }

  private boolean isOptedIn(AwsIdentity caller, LakeCatalog owner, CatalogTable object) {
    LakeCatalog local = state.catalog(owner.key().of(caller.account()));
    for (LakeCatalog catalog : List.of(owner, local)) {
      for (LakeCatalog.LakeOptIn optIn : catalog.optIns()) {
        if (isOf(caller, optIn.principal(), true) && names(optIn.resource(), object)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Returns true if a resource is a database or table, or all tables of its database. */
  private static boolean names(LakeResource resource, CatalogTable object) {
    boolean isDatabase = object.object().isDatabase();
    return resource.account().equals(object.catalog().account())
        && resource.kind() == (isDatabase ? Kind.DATABASE : Kind.TABLE)
        && resource.database().equals(object.object().database())
        && (isDatabase
            || resource.table().equals(LakeResource.ANY)
            || resource.table().equals(object.object().table()));
  }

  static boolean isOf(AwsIdentity caller, String principal, boolean isWithGroup) {
    return principal.equals(caller.principalArn())
        || (isWithGroup && principal.equals(caller.account() + ":IAMPrincipals"));
  }

  private boolean isOfAccount(String account, String principal) {
    return principal.equals(account) || principal.equals(state.organizations().of(account));
  }

  private boolean isAccepted(CatalogKey owner, LakeGrant grant, boolean isOwn) {
    return isOwn || state.shares().isAccepted(owner, grant.principal(), grant.resource());
  }

  private List<GrantContribution> contribution(
      LakeGrant grant, String permission, CatalogTable object, boolean isGrantable) {
    LakeResource resource = grant.resource();
    if (!resource.account().equals(object.catalog().account())) {
      return List.of();
    }
    Set<String> permissions = grant.permissions(isGrantable);
    boolean isPermitted =
        permissions.contains(permission)
            || permissions.contains("ALL")
            || (permission.equals(DESCRIBE) && !isGrantable && !permissions.isEmpty());
    if (resource.kind() == Kind.POLICY) {
      return isPermitted ? byTags(resource, permission, object) : List.of();
    }
    if (!isPermitted || !isNamed(resource, object)) {
      return List.of();
    }
    return switch (resource.kind()) {
      case DATABASE, TABLE -> List.of(GrantContribution.ALL);
      case COLUMNS -> ofColumns(columns(resource, object), true);
      case FILTER -> ofFilter(resource, permissions, object);
      default -> List.of();
    };
  }

  private static boolean isNamed(LakeResource resource, CatalogTable object) {
    if (object.object().isDatabase() || resource.kind() == Kind.DATABASE) {
      return object.object().isDatabase()
          && resource.kind() == Kind.DATABASE
          && resource.database().equals(object.object().database());
    }
    return resource.database().equals(object.object().database())
        && (resource.table().equals(LakeResource.ANY)
            || resource.table().equals(object.object().table()));
  }

  static Set<String> columns(LakeResource resource, CatalogTable table) {
    Set<String> columns = new TreeSet<>(table.columns());
    if (resource.isExcluded()) {
      columns.removeAll(resource.columns());
    } else {
      columns.retainAll(resource.columns());
    }
    return columns;
  }

  /** Only SELECT goes through a filter; other permissions are on the filter itself. */
  private List<GrantContribution> ofFilter(
      LakeResource resource, Set<String> permissions, CatalogTable table) {
    ObjectNode filter = state.catalog(table.catalog()).filters().get(resource);
    if (filter == null || !permissions.contains("SELECT")) {
      return List.of();
    }
    Set<String> columns = LakeCatalog.filterColumns(filter, table.columns());
    boolean isAllRows = filter.path("RowFilter").has("AllRowsWildcard");
    return columns.size() == table.columns().size()
        ? List.of(new GrantContribution(null, isAllRows))
        : ofColumns(columns, isAllRows);
  }

  private static List<GrantContribution> ofColumns(Set<String> columns, boolean isAllRows) {
    return columns.isEmpty() ? List.of() : List.of(new GrantContribution(columns, isAllRows));
  }

  /** A table that matches only in part gives only SELECT and DESCRIBE, on what matches. */
  private List<GrantContribution> byTags(
      LakeResource policy, String permission, CatalogTable object) {
    LakeCatalog owner = state.catalog(object.catalog());
    boolean isDatabase = object.object().isDatabase();
    if (isDatabase != policy.name().equals("DATABASE") || object.isLink()) {
      return List.of();
    }
    boolean matches = matches(policy.tags(), owner.effectiveTags(object.object()));
    if (isDatabase) {
      return matches ? List.of(GrantContribution.ALL) : List.of();
    }
    Set<String> columns = new TreeSet<>();
    for (String column : object.columns()) {
      LakeObject name = object.object().withColumn(column);
      if (matches(policy.tags(), owner.effectiveTags(name))) {
        columns.add(column);
      }
    }
    if (matches && columns.size() == object.columns().size()) {
      return List.of(GrantContribution.ALL);
    }
    boolean isPartial = permission.equals("SELECT") || permission.equals(DESCRIBE);
    if (!isPartial || (columns.isEmpty() && !(matches && permission.equals(DESCRIBE)))) {
      return List.of();
    }
    return List.of(new GrantContribution(columns, true));
  }

  static boolean matches(Map<String, Set<String>> expression, Map<String, String> tags) {
    return expression.entrySet().stream()
        .allMatch(
            each -> {
              String value = tags.get(each.getKey());
              return value != null && each.getValue().contains(value);
            });
  }
}
