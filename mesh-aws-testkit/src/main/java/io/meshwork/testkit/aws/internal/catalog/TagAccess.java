package io.meshwork.testkit.aws.internal.catalog;

import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.lake.LakeCatalog;
import io.meshwork.testkit.aws.internal.lake.LakeGrant;
import io.meshwork.testkit.aws.internal.lake.LakeResource;
import io.meshwork.testkit.aws.internal.lake.LakeResource.Kind;
import io.meshwork.testkit.aws.internal.lake.LakeState;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Permissions on LF-Tags. Guarded by {@link LakeState}. */
final class TagAccess {
  private static final Set<String> ANY_VALUE = Set.of("*");

  private final LakeState lakes;

  TagAccess(LakeState lakes) {
    this.lakes = lakes;
  }

  boolean mayCreate(AwsIdentity caller, LakeCatalog lake) {
    return lake.grants().stream()
        .anyMatch(
            grant ->
                grant.resource().kind() == Kind.CATALOG
                    && grant.permissions().contains("CREATE_LF_TAG")
                    && caller.account().equals(lake.key().account())
                    && LakeAccess.isOf(caller, grant.principal(), true));
  }

  /** Gives the creator of a tag all permissions on it. */
  void grantAll(AwsIdentity caller, LakeCatalog lake, String key) {
    LakeResource tag = tag(lake, key);
    lake.grant(caller.principalArn(), tag, tag.validPermissions(), tag.validPermissions());
  }

  boolean permits(AwsIdentity caller, LakeCatalog lake, String key, String permission) {
    boolean isAdministrator = lake.isAdministrator(caller);
    if (isAdministrator || (permission.equals("DESCRIBE") && lake.isReader(caller))) {
      return true;
    }
    return permits(caller, lake, key, Set.of(), permission, false);
  }

  /**
   * Returns true if a caller, or for its administrators the account, has a permission on values.
   */
  boolean permits(
      AwsIdentity caller,
      LakeCatalog lake,
      String key,
      Set<String> values,
      String permission,
      boolean isGrantable) {
    boolean isOwn = lake.key().account().equals(caller.account());
    LakeCatalog local = lakes.catalog(lake.key().of(caller.account()));
    for (LakeGrant grant : lake.grants()) {
      boolean isOfAccount = !isOwn && local.isReader(caller) && isOfAccount(caller, lake, grant);
      if ((isOfAccount || LakeAccess.isOf(caller, grant.principal(), isOwn))
          && covers(grant, key, values, permission, isGrantable)) {
        return true;
      }
    }
    return false;
  }

  private boolean isOfAccount(AwsIdentity caller, LakeCatalog lake, LakeGrant grant) {
    String principal = grant.principal();
    boolean isNamed =
        principal.equals(caller.account())
            || principal.equals(lakes.organizations().of(caller.account()));
    return isNamed && lakes.shares().isAccepted(lake.key(), principal, grant.resource());
  }

  /** Returns true if a caller may assign a value of a tag to an object. */
  boolean mayAssign(
      AwsIdentity caller,
      LakeCatalog lake,
      String key,
      Set<String> values,
      CatalogTable object,
      LakeAccess access) {
    if (lake.isAdministrator(caller)) {
      return true;
    }
    List<String> needed =
        object.object().isDatabase()
            ? List.of("DESCRIBE", "CREATE_TABLE", "ALTER", "DROP")
            : List.of("DESCRIBE", "ALTER", "DROP", "INSERT", "SELECT", "DELETE");
    return permits(caller, lake, key, values, "ASSOCIATE", false)
        && needed.stream()
            .allMatch(
                permission ->
                    access.grantablePairs(caller, permission, object).stream()
                        .anyMatch(GrantContribution::isWhole));
  }

  /** Returns true if a caller may grant by an expression because it may use all its values. */
  boolean coversExpression(
      AwsIdentity caller, LakeCatalog lake, Map<String, Set<String>> tags, String permission) {
    return tags.entrySet().stream()
        .allMatch(tag -> permits(caller, lake, tag.getKey(), tag.getValue(), permission, false));
  }

  private static boolean covers(
      LakeGrant grant, String key, Set<String> values, String permission, boolean isGrantable) {
    LakeResource resource = grant.resource();
    Set<String> permissions = grant.permissions(isGrantable);
    boolean isDescribed = permission.equals("DESCRIBE") && !isGrantable && !permissions.isEmpty();
    if (resource.kind() != Kind.TAG
        || !resource.name().equals(key)
        || !(permissions.contains(permission) || isDescribed)) {
      return false;
    }
    Set<String> granted = resource.tags().getOrDefault(key, Set.of());
    return granted.equals(ANY_VALUE) || granted.containsAll(values);
  }

  private static LakeResource tag(LakeCatalog lake, String key) {
    return new LakeResource(
        Kind.TAG, lake.key().account(), "", "", Set.of(), false, key, Map.of(key, ANY_VALUE));
  }
}
