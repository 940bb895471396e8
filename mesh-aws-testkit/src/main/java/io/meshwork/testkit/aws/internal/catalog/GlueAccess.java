package io.meshwork.testkit.aws.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.AwsPermissions;
import io.meshwork.testkit.aws.internal.access.CatalogKey;
import io.meshwork.testkit.aws.internal.lake.LakeCatalog;
import io.meshwork.testkit.aws.internal.lake.LakeGrant;
import io.meshwork.testkit.aws.internal.lake.LakeLocations;
import io.meshwork.testkit.aws.internal.lake.LakeObject;
import io.meshwork.testkit.aws.internal.lake.LakeResource;
import io.meshwork.testkit.aws.internal.lake.LakeState;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Finds databases and tables for a caller, by way of resource links, and checks its permissions.
 * Guarded by {@link LakeState}.
 */
final class GlueAccess {
  private final GlueStore store;
  private final LakeState lakes;
  private final LakeAccess access;
  private final AwsPermissions permissions;

  GlueAccess(GlueStore store, LakeState lakes, AwsPermissions permissions) {
    this.store = store;
    this.lakes = lakes;
    this.permissions = permissions;
    access = new LakeAccess(lakes);
  }

  LakeAccess lake() {
    return access;
  }

  AwsPermissions policies() {
    return permissions;
  }

  /** Returns a database that may be a link, which the caller need not be able to see. */
  CatalogTable database(AwsIdentity caller, CatalogKey catalog, String name) throws IOException {
    CatalogTable database = store.database(catalog, name);
    if (database == null) {
      throw missing(caller, catalog, "Database " + name + " not found.", false);
    }
    return database;
  }

  /** Returns a database; if it is a link that the caller can describe, its target. */
  CatalogTable resolvedDatabase(
      AwsIdentity caller, CatalogKey catalog, String name, String operation) throws IOException {
    CatalogTable database = database(caller, catalog, name);
    return database.isLink() ? followed(caller, database, operation) : database;
  }

  /** Returns a table that may be a link, of a database that is not. */
  CatalogTable table(AwsIdentity caller, CatalogTable database, String name) throws IOException {
    CatalogTable table = store.table(database.catalog(), database.object().database(), name);
    if (table == null) {
      throw missing(
          caller,
          database.catalog(),
          "Table " + name + " not found.",
          access.permits(caller, "DESCRIBE", database));
    }
    return table;
  }

  /** Returns the target of a link, for which the caller needs DESCRIBE on the link. */
  CatalogTable followed(AwsIdentity caller, CatalogTable link, String operation)
      throws IOException {
    require(caller, "DESCRIBE", link);
    CatalogTable target = target(link);
    if (target == null) {
      throw missing(
          caller, targetCatalog(link), "The target of " + link.object() + " not found.", false);
    }
    if (target.isLink()) {
      throw AwsErrorException.invalidInput(
          "The resource link " + link.object() + " links to another resource link.");
    }
    GlueActions.checkTarget(permissions, caller, operation, target);
    return target;
  }

  /** Returns the target of a link; null if it does not exist. */
  @Nullable CatalogTable target(CatalogTable link) throws IOException {
    return store.find(targetCatalog(link), targetName(link));
  }

  /** Returns the target if the caller can describe it; null if not. */
  @Nullable CatalogTable describedTarget(AwsIdentity caller, CatalogTable link) throws IOException {
    CatalogTable target = target(link);
    return target != null && access.permits(caller, "DESCRIBE", target) ? target : null;
  }

  /**
   * Checks that the target of a new link can be described by its creator, and is not a link.
   *
   * @throws AwsErrorException if not
   */
  void checkTarget(AwsIdentity caller, CatalogTable link) throws IOException {
    CatalogTable target = describedTarget(caller, link);
    if (target == null) {
      throw AwsErrorException.accessDenied(insufficient("DESCRIBE", targetName(link).toString()));
    }
    if (target.isLink()) {
      throw AwsErrorException.invalidInput("A resource link cannot link to a resource link.");
    }
  }

  void require(AwsIdentity caller, String permission, CatalogTable object) {
    boolean isPartial = permission.equals("DESCRIBE") || permission.equals("SELECT");
    if (isPartial
        ? !access.permits(caller, permission, object)
        : !access.permitsWhole(caller, permission, object)) {
      throw AwsErrorException.accessDenied(insufficient(permission, object.object().toString()));
    }
  }

  /** Checks that a caller may create an object at a location, if the location is registered. */
  void requireLocation(AwsIdentity caller, CatalogTable object, @Nullable CatalogTable database) {
    LakeCatalog owner = lakes.catalog(object.catalog());
    var registered = LakeLocations.find(owner, object.location());
    if (registered == null
        || registered.path("HybridAccessEnabled").asBoolean()
        || owner.isAdministrator(caller)) {
      return;
    }
    String arn = LakeLocations.arn(object.location());
    if (database != null
        && !database.location().isEmpty()
        && LakeLocations.isInside(LakeLocations.arn(database.location()), arn)) {
      return;
    }
    for (LakeGrant grant : owner.grants()) {
      if (grant.resource().kind() == LakeResource.Kind.LOCATION
          && LakeAccess.isOf(caller, grant.principal(), true)
          && LakeLocations.isInside(grant.resource().name(), arn)) {
        return;
      }
    }
    throw AwsErrorException.accessDenied(insufficient("DATA_LOCATION_ACCESS", arn));
  }

  static String insufficient(String permission, String object) {
    return "Insufficient Lake Formation permission(s): Required " + permission + " on " + object;
  }

  /** In the catalog of another account, what the caller cannot see is not reported as missing. */
  private static AwsErrorException missing(
      AwsIdentity caller, CatalogKey catalog, String message, boolean isVisible) {
    return isVisible || caller.account().equals(catalog.account())
        ? AwsErrorException.notFound(message)
        : AwsErrorException.accessDenied(
            "Insufficient Lake Formation permission(s) on the catalog " + catalog.account());
  }

  private static CatalogKey targetCatalog(CatalogTable link) {
    JsonNode target = link.target();
    return new CatalogKey(
        target.path("CatalogId").asText(link.catalog().account()),
        target.path("Region").asText(link.catalog().region()));
  }

  private static LakeObject targetName(CatalogTable link) {
    JsonNode target = link.target();
    return link.object().isDatabase()
        ? LakeObject.database(target.path("DatabaseName").asText().toLowerCase(Locale.ROOT))
        : LakeObject.table(
            LakeResource.lower(target, "DatabaseName"), LakeResource.lower(target, "Name"));
  }
}
