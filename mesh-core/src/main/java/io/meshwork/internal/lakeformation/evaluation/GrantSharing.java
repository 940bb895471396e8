package io.meshwork.internal.lakeformation.evaluation;

import io.meshwork.access.Permission;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.lakeformation.CaseInsensitiveNames;
import io.meshwork.internal.lakeformation.Grant;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.index.AccessIndex;
import io.meshwork.internal.lakeformation.index.DatabaseNode;
import io.meshwork.internal.lakeformation.index.GrantStructure;
import io.meshwork.internal.lakeformation.index.TableNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Checks with whom a resource may be shared. Only the owner may share with other accounts. */
final class GrantSharing {
  private GrantSharing() {}

  /** The code of the first rule that is broken; null if none is. */
  static @Nullable FindingCode fault(AccessIndex index, Grantee actor, Grant grant, Instant at) {
    String home = actor.account().orElse("");
    String owner = grant.on().account();
    Grantee to = grant.to();
    if (!home.equals(owner)) {
      boolean own =
          (to.kind() == Grantee.Kind.PRINCIPAL || to.kind() == Grantee.Kind.ACCOUNT_PRINCIPALS)
              && to.account().filter(home::equals).isPresent();
      return own ? null : FindingCode.RESHARE_FORBIDDEN;
    }
    if (!isOutside(to, owner)) {
      return to.kind() == Grantee.Kind.ACCOUNT ? FindingCode.OWN_ACCOUNT : null;
    } else if (index.linkNamed(grant.on()) != null) {
      return FindingCode.LINK_NOT_SHAREABLE;
    } else if (!shareable(grant)) {
      return FindingCode.NOT_SHAREABLE;
    }
    int version = index.account(owner).crossAccountVersion();
    if (version < 3 && needsVersion3(grant)) {
      return FindingCode.VERSION_REQUIRED;
    }
    return version < 4 && isControlledByIam(index, actor, grant.on(), at)
        ? FindingCode.IAP_PRESENT
        : null;
  }

  private static boolean isOutside(Grantee to, String owner) {
    return switch (to.kind()) {
      case ORGANIZATION, UNIT -> true;
      case IAM_ALLOWED_PRINCIPALS -> false;
      case PRINCIPAL, ACCOUNT, ACCOUNT_PRINCIPALS -> to.account().filter(owner::equals).isEmpty();
    };
  }

  private static boolean shareable(Grant grant) {
    Resource on = grant.on();
    if (grant.to().kind() == Grantee.Kind.ACCOUNT_PRINCIPALS
        || on instanceof Resource.CatalogResource) {
      return false;
    } else if (on instanceof Resource.Database
        || GrantStructure.policyType(on) == Resource.PolicyType.DATABASE) {
      return !grant.permissions().contains(Permission.DROP)
          && !grant.permissions().contains(Permission.ALL);
    } else if (on instanceof Resource.TagValues) {
      return grant.permissions().stream()
          .allMatch(
              permission ->
                  permission == Permission.DESCRIBE || permission == Permission.ASSOCIATE);
    }
    return true;
  }

  private static boolean needsVersion3(Grant grant) {
    return switch (grant.to().kind()) {
      case PRINCIPAL -> true;
      case ORGANIZATION, UNIT -> GrantStructure.policyType(grant.on()) != null;
      case ACCOUNT, ACCOUNT_PRINCIPALS, IAM_ALLOWED_PRINCIPALS -> false;
    };
  }

  private static boolean isControlledByIam(
      AccessIndex index, Grantee actor, Resource on, Instant at) {
    if (on.database().isEmpty()) {
      return false;
    }
    EvaluationContext context = new EvaluationContext(index, actor, on.account(), at);
    DatabaseNode database = index.database(on.account(), on.database().get());
    if (database == null) {
      return false;
    } else if (on instanceof Resource.Database) {
      return !DatabaseEvaluator.controlledByIam(context, database).isEmpty();
    } else if (on.table().isPresent()) {
      TableNode table = database.tables().get(CaseInsensitiveNames.of(on.table().get()));
      return table != null && !TableEvaluator.controlledByIam(context, table).isEmpty();
    }
    return context.controlledByIam(held -> held.onAllTables(database)).stream()
            .anyMatch(grant -> grant.grant().permissions().contains(Permission.ALL))
        || database.tables().values().stream()
            .anyMatch(table -> !TableEvaluator.controlledByIam(context, table).isEmpty());
  }
}
