package io.meshwork.testkit.aws.internal.catalog;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.CatalogKey;
import io.meshwork.testkit.aws.internal.lake.LakeCatalog;
import io.meshwork.testkit.aws.internal.lake.LakeGrant;
import io.meshwork.testkit.aws.internal.lake.LakeObject;
import io.meshwork.testkit.aws.internal.lake.LakeResource;
import io.meshwork.testkit.aws.internal.lake.LakeResource.Kind;
import io.meshwork.testkit.aws.internal.lake.LakeState;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who may grant and revoke. Guarded by {@link LakeState}. */
final class GrantAuthority {
  private final LakeState lakes;
  private final LakeObjects objects;
  private final TagAccess tags;

  GrantAuthority(LakeState lakes, LakeObjects objects) {
    this.lakes = lakes;
    this.objects = objects;
    tags = new TagAccess(lakes);
  }

  /**
   * Checks that a caller may pass on each permission of a grant.
   *
   * @throws AwsErrorException if not
   */
  void check(AwsIdentity caller, CatalogKey region, LakeGrant grant) throws IOException {
    LakeResource resource = grant.resource();
    LakeCatalog owner = lakes.catalog(region.of(resource.account()));
    if (owner.isAdministrator(caller)) {
      return;
    }
    for (String permission : grant.permissions()) {
      if (!mayGrant(caller, region, owner, resource, permission)) {
        throw AwsErrorException.accessDenied(
            GlueAccess.insufficient(
                permission + " with grant option",
                resource.kind() == Kind.POLICY
                    ? "the LF-Tag expression"
                    : resource.json().toString()));
      }
    }
  }

  private boolean mayGrant(
      AwsIdentity caller,
      CatalogKey region,
      LakeCatalog owner,
      LakeResource resource,
      String permission)
      throws IOException {
    return switch (resource.kind()) {
      case CATALOG, LOCATION -> holds(caller, owner, resource, permission);
      case TAG -> {
        Set<String> values = resource.tags().getOrDefault(resource.name(), Set.of());
        yield tags.permits(caller, owner, resource.name(), values, permission, true);
      }
      case POLICY -> mayGrantByTags(caller, owner, resource, permission);
      default -> mayGrantObject(caller, region, owner, resource, permission);
    };
  }

  private boolean mayGrantObject(
      AwsIdentity caller,
      CatalogKey region,
      LakeCatalog owner,
      LakeResource resource,
      String permission)
      throws IOException {
    CatalogTable object = object(region, resource);
    if (resource.kind() == Kind.FILTER && holds(caller, owner, resource, permission)) {
      return true;
    }
    List<GrantContribution> pairs = objects.access().grantablePairs(caller, permission, object);
    boolean isRecipient =
        !owner.key().account().equals(caller.account())
            && lakes.catalog(region.of(caller.account())).isAdministrator(caller);
    if (isRecipient) {
      return !pairs.isEmpty(); // what the owner shares limits what the grant gives
    }
    if (resource.kind() == Kind.COLUMNS) {
      Set<String> columns = LakeAccess.columns(resource, object);
      return pairs.stream()
          .anyMatch(
              pair ->
                  pair.isAllRows()
                      && (pair.columns() == null || pair.columns().containsAll(columns)));
    }
    return pairs.stream().anyMatch(GrantContribution::isWhole);
  }

  /** Returns the object of a resource; for all tables, one that only grants on all tables match. */
  private CatalogTable object(CatalogKey region, LakeResource resource) throws IOException {
    if (resource.table().equals(LakeResource.ANY)) {
      return new CatalogTable(
          region.of(resource.account()),
          LakeObject.table(resource.database(), LakeResource.ANY),
          JsonNodeFactory.instance.objectNode());
    }
    return objects.require(region, resource);
  }

  private boolean mayGrantByTags(
      AwsIdentity caller, LakeCatalog owner, LakeResource policy, String permission) {
    boolean isOwn = owner.key().account().equals(caller.account());
    if (holds(caller, owner, policy, permission)) {
      return true;
    }
    if (isOwn) {
      return tags.coversExpression(caller, owner, policy.tags(), "GRANT_WITH_LF_TAG_EXPRESSION");
    }
    LakeCatalog local = lakes.catalog(owner.key().of(caller.account()));
    return local.isAdministrator(caller)
        && find(caller, owner, policy) == null
        && tags.coversExpression(caller, owner, policy.tags(), "DESCRIBE");
  }

  /** Returns true if a caller holds a permission on this very resource with grant option. */
  private boolean holds(
      AwsIdentity caller, LakeCatalog owner, LakeResource resource, String permission) {
    LakeGrant held = find(caller, owner, resource);
    return held != null
        && (held.grantable().contains(permission) || held.grantable().contains("ALL"));
  }

  private @Nullable LakeGrant find(AwsIdentity caller, LakeCatalog owner, LakeResource resource) {
    boolean isOwn = owner.key().account().equals(caller.account());
    boolean isAdministrator =
        lakes.catalog(owner.key().of(caller.account())).isAdministrator(caller);
    for (LakeGrant grant : owner.grants()) {
      String principal = grant.principal();
      boolean isOfAccount =
          !isOwn
              && isAdministrator
              && (principal.equals(caller.account())
                  || principal.equals(lakes.organizations().of(caller.account())))
              && lakes.shares().isAccepted(owner.key(), principal, grant.resource());
      if (grant.resource().equals(resource)
          && (isOfAccount || LakeAccess.isOf(caller, principal, isOwn))) {
        return grant;
      }
    }
    return null;
  }
}
