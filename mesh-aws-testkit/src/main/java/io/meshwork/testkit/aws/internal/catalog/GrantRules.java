package io.meshwork.testkit.aws.internal.catalog;

import io.meshwork.testkit.aws.internal.access.AccountOrganizations;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.AwsPermissions;
import io.meshwork.testkit.aws.internal.access.CatalogKey;
import io.meshwork.testkit.aws.internal.access.IamAction;
import io.meshwork.testkit.aws.internal.lake.LakeCatalog;
import io.meshwork.testkit.aws.internal.lake.LakeGrant;
import io.meshwork.testkit.aws.internal.lake.LakeLocations;
import io.meshwork.testkit.aws.internal.lake.LakePrincipals;
import io.meshwork.testkit.aws.internal.lake.LakeResource;
import io.meshwork.testkit.aws.internal.lake.LakeResource.Kind;
import io.meshwork.testkit.aws.internal.lake.LakeState;
import io.meshwork.testkit.aws.internal.lake.ResourceShare;
import java.io.IOException;
import java.util.Set;

/**
 * What Lake Formation checks before it grants or revokes: structure, sharing, and authority, in
 * this order. Guarded by {@link LakeState}.
 */
final class GrantRules {
  private static final int MOST_FILTERS = 100;
  private static final Set<String> NOT_SHARED_OF_DATABASES = Set.of("ALL", "DROP");
  private static final Set<String> SHARED_OF_TAGS = Set.of("DESCRIBE", "ASSOCIATE");

  private final LakeState lakes;
  private final LakeObjects objects;
  private final AwsPermissions permissions;
  private final GrantAuthority authority;

  GrantRules(LakeState lakes, LakeObjects objects, AwsPermissions permissions) {
    this.lakes = lakes;
    this.objects = objects;
    this.permissions = permissions;
    authority = new GrantAuthority(lakes, objects);
  }

  /**
   * Checks a grant.
   *
   * @param region a catalog of the region
   * @throws AwsErrorException if Lake Formation rejects it
   */
  void check(AwsIdentity caller, CatalogKey region, LakeGrant grant) throws IOException {
    checkStructure(grant);
    checkExistence(region, grant.resource());
    checkSharing(caller, region, grant);
    authority.check(caller, region, grant);
    checkConflicts(caller, region, grant);
  }

  /** Checks a revocation; what is revoked need not exist any longer. */
  void checkRevocation(AwsIdentity caller, CatalogKey region, LakeGrant grant) throws IOException {
    checkStructure(grant);
    authority.check(caller, region, grant);
  }

  private static void checkStructure(LakeGrant grant) {
    LakeResource resource = grant.resource();
    if (grant.permissions().isEmpty()) {
      throw AwsErrorException.invalidInput("The list of permissions is empty.");
    }
    if (!resource.validPermissions().containsAll(grant.permissions())) {
      throw AwsErrorException.invalidInput(
          "Permissions modification is invalid: "
              + grant.permissions()
              + " on a resource of type "
              + resource.type());
    }
    if (!grant.permissions().containsAll(grant.grantable())) {
      throw AwsErrorException.invalidInput(
          "The grant option is only for permissions that are granted, too.");
    }
    boolean isGroup = grant.principal().equals(LakeCatalog.IAM_GROUP);
    if (!grant.grantable().isEmpty()
        && (isGroup || (resource.kind() == Kind.COLUMNS && resource.isExcluded()))) {
      throw AwsErrorException.invalidInput(
          "The grant option is not possible for "
              + (isGroup ? LakeCatalog.IAM_GROUP : "a list of excluded columns")
              + ".");
    }
  }

  private void checkExistence(CatalogKey region, LakeResource resource) throws IOException {
    switch (resource.kind()) {
      case DATABASE, TABLE, COLUMNS, FILTER -> objects.require(region, resource);
      case TAG, POLICY -> objects.checkTags(region.of(resource.account()), resource.tags());
      case LOCATION -> {
        if (LakeLocations.find(lakes.catalog(region.of(resource.account())), resource.name())
            == null) {
          throw AwsErrorException.notFound("Resource is not registered: " + resource.name());
        }
      }
      case CATALOG -> {}
    }
  }

  private void checkSharing(AwsIdentity caller, CatalogKey region, LakeGrant grant)
      throws IOException {
    LakeResource resource = grant.resource();
    String principal = grant.principal();
    String account = LakePrincipals.account(principal);
    if (!resource.account().equals(caller.account())) {
      boolean isOwnPrincipal =
          account.equals(caller.account()) && !LakePrincipals.isAccount(principal);
      if (!isOwnPrincipal) {
        throw AwsErrorException.invalidInput(
            "What another account shares can be granted only to principals of your own account.");
      }
      return;
    }
    if (principal.equals(caller.account())) {
      throw AwsErrorException.invalidInput("Grants to your own account are not possible.");
    }
    if (isOutside(caller.account(), principal)) {
      checkShared(caller, region, grant);
    }
  }

  /** Returns true if a principal is another account, or has another, or is an organization. */
  static boolean isOutside(String account, String principal) {
    return !principal.equals(LakeCatalog.IAM_GROUP)
        && !LakePrincipals.account(principal).equals(account);
  }

  private void checkShared(AwsIdentity caller, CatalogKey region, LakeGrant grant)
      throws IOException {
    LakeResource resource = grant.resource();
    String principal = grant.principal();
    Kind kind = resource.kind();
    boolean isDatabase =
        kind == Kind.DATABASE || (kind == Kind.POLICY && resource.name().equals("DATABASE"));
    boolean isNotShared =
        LakePrincipals.isAllOfAccount(principal)
            || kind == Kind.CATALOG
            || (isDatabase
                && grant.permissions().stream().anyMatch(NOT_SHARED_OF_DATABASES::contains))
            || (kind == Kind.TAG && !SHARED_OF_TAGS.containsAll(grant.permissions()));
    if (isNotShared) {
      throw AwsErrorException.invalidInput(
          grant.permissions() + " on " + resource.type() + " cannot be granted to " + principal);
    }
    if (AccountOrganizations.isOrganization(principal)
        && !principal.equals(lakes.organizations().of(caller.account()))) {
      throw AwsErrorException.invalidInput(
          "Account " + caller.account() + " is not a member of " + principal);
    }
    LakeCatalog owner = lakes.catalog(region.of(resource.account()));
    checkVersion(owner, grant);
    if (kind == Kind.DATABASE
        || kind == Kind.TABLE
        || kind == Kind.COLUMNS
        || kind == Kind.FILTER) {
      checkObject(region, owner, resource);
    }
    checkPolicies(caller, owner, grant);
  }

  private static void checkVersion(LakeCatalog owner, LakeGrant grant) {
    int version = owner.crossAccountVersion();
    Kind kind = grant.resource().kind();
    boolean isNew =
        LakePrincipals.isIam(grant.principal()) || kind == Kind.TAG || kind == Kind.POLICY;
    if (version < 3 && isNew) {
      throw AwsErrorException.invalidInput(
          "Grants of LF-Tags and to principals of other accounts need CROSS_ACCOUNT_VERSION 3."
              + " The version is "
              + version
              + ".");
    }
  }

  private void checkObject(CatalogKey region, LakeCatalog owner, LakeResource resource)
      throws IOException {
    CatalogTable object = objects.require(region, resource);
    if (object.isLink()) {
      throw AwsErrorException.invalidInput("Resource links cannot be shared.");
    }
    if (owner.crossAccountVersion() < 4 && LakeAccess.isOpen(owner, "ALL", object)) {
      throw AwsErrorException.invalidInput(
          "Revoke the permissions of IAM_ALLOWED_PRINCIPALS on " + object.object() + " first.");
    }
  }

  /** Lake Formation creates the resource share with the rights of the caller. */
  private void checkPolicies(AwsIdentity caller, LakeCatalog owner, LakeGrant grant) {
    ResourceShare share = lakes.shares().find(owner.key(), grant.principal(), grant.resource());
    require(caller, IamAction.of("ram:GetResourceShares", "*"));
    if (share != null) {
      require(
          caller,
          IamAction.of("ram:AssociateResourceShare", share.arn())
              .with("ram:ResourceShareName", share.name()));
      return;
    }
    require(
        caller,
        IamAction.of("ram:CreateResourceShare", "*")
            .with("ram:RequestedResourceType", sharedType(grant.resource())));
    require(
        caller,
        IamAction.of("ram:AssociateResourceSharePermission", "*")
            .with("ram:PermissionArn", "arn:aws:ram::aws:permission/AWSRAMLFEnabledGlue"));
  }

  private void require(AwsIdentity caller, IamAction action) {
    String denial = permissions.denial(caller, action);
    if (denial != null) {
      throw AwsErrorException.accessDenied(denial);
    }
  }

  /** Grants by LF-Tags share the catalog of their account. */
  private static String sharedType(LakeResource resource) {
    if (resource.kind() == Kind.TAG || resource.kind() == Kind.POLICY) {
      return "glue:Catalog";
    }
    return resource.table().isEmpty() ? "glue:Database" : "glue:Table";
  }

  private void checkConflicts(AwsIdentity caller, CatalogKey region, LakeGrant grant) {
    LakeResource resource = grant.resource();
    int filters = 0;
    for (LakeGrant existingGrant : lakes.catalog(region.of(caller.account())).grants()) {
      LakeResource held = existingGrant.resource();
      boolean isSame =
          existingGrant.principal().equals(grant.principal())
              && held.account().equals(resource.account())
              && held.database().equals(resource.database())
              && held.table().equals(resource.table());
      if (!isSame) {
        continue;
      }
      if (held.kind() == Kind.FILTER && !held.equals(resource)) {
        filters++;
      }
      if ((held.kind() == Kind.COLUMNS && isMoreThanSelect(grant))
          || (resource.kind() == Kind.COLUMNS && isMoreThanSelect(existingGrant))) {
        throw AwsErrorException.invalidInput(
            "SELECT on columns and other permissions on the same table exclude each other.");
      }
    }
    if (resource.kind() == Kind.FILTER && filters >= MOST_FILTERS) {
      throw AwsErrorException.invalidInput(
          "A principal has at most 100 data cells filters of a table.");
    }
  }

  private static boolean isMoreThanSelect(LakeGrant grant) {
    return grant.resource().kind() == Kind.TABLE
        && !Set.of("SELECT").containsAll(grant.permissions());
  }
}
