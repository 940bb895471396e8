package io.meshwork.testkit.aws.internal.lake;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.CatalogKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What Lake Formation stores for one account and region. Guarded by {@link LakeState}. */
public final class LakeCatalog {
  /** The group of principals that IAM permits. */
  public static final String IAM_GROUP = "IAM_ALLOWED_PRINCIPALS";

  private final CatalogKey key;
  private final List<LakeGrant> grants = new ArrayList<>();
  private final Map<String, Set<String>> tags = new TreeMap<>();
  private final Map<LakeObject, Map<String, String>> assignedTags = new HashMap<>();
  private final Map<LakeResource, ObjectNode> filters = new LinkedHashMap<>();
  private final Map<String, ObjectNode> locations = new TreeMap<>();
  private final Map<LakeObject, String> creators = new HashMap<>();
  private final Set<LakeOptIn> optIns = new LinkedHashSet<>();
  private ObjectNode settings = initialSettings();

  LakeCatalog(CatalogKey key) {
    this.key = key;
    // As in a new account, until it is revoked.
    grant(IAM_GROUP, LakeResource.catalog(key.account()), Set.of("CREATE_DATABASE"), Set.of());
  }

  /**
   * A principal that is held to Lake Formation's permissions on a resource of hybrid access.
   *
   * @param principal the ARN or group
   * @param resource the database or table
   */
  public record LakeOptIn(String principal, LakeResource resource) {}

  public CatalogKey key() {
    return key;
  }

  public ObjectNode settings() {
    return settings;
  }

  public void setSettings(ObjectNode settings) {
    this.settings = settings;
  }

  /** Returns true if the settings name a principal in a list of administrators. */
  public boolean lists(String administrators, String principal) {
    for (var entry : settings.path(administrators)) {
      if (entry.path("DataLakePrincipalIdentifier").asText().equals(principal)) {
        return true;
      }
    }
    return false;
  }

  public boolean isAdministrator(AwsIdentity caller) {
    return caller.account().equals(key.account()) && lists("DataLakeAdmins", caller.principalArn());
  }

  /** Returns true if a caller may describe everything in this catalog. */
  public boolean isReader(AwsIdentity caller) {
    return isAdministrator(caller)
        || (caller.account().equals(key.account())
            && lists("ReadOnlyAdmins", caller.principalArn()));
  }

  /** Returns what this account granted, also on resources of others. */
  public List<LakeGrant> grants() {
    return grants;
  }

  /** Adds permissions; existing ones remain. */
  public void grant(
      String principal, LakeResource resource, Set<String> permissions, Set<String> grantable) {
    LakeGrant grant = find(principal, resource);
    if (grant == null) {
      grant = LakeGrant.none(principal, resource);
      grants.add(grant);
    }
    grant.permissions().addAll(permissions);
    grant.grantable().addAll(grantable);
  }

  public @Nullable LakeGrant find(String principal, LakeResource resource) {
    for (LakeGrant grant : grants) {
      if (grant.principal().equals(principal) && grant.resource().equals(resource)) {
        return grant;
      }
    }
    return null;
  }

  /** Returns the values of LF-Tags by key. */
  public Map<String, Set<String>> tags() {
    return tags;
  }

  public Map<LakeObject, Map<String, String>> assignedTags() {
    return assignedTags;
  }

  /** Returns the tags of an object with inherited ones. */
  public Map<String, String> effectiveTags(LakeObject object) {
    Map<String, String> tags = new TreeMap<>();
    List<LakeObject> ancestors = new ArrayList<>();
    ancestors.add(LakeObject.database(object.database()));
    ancestors.add(LakeObject.table(object.database(), object.table()));
    ancestors.add(object);
    for (LakeObject each : ancestors) {
      tags.putAll(assignedTags.getOrDefault(each, Map.of()));
    }
    return tags;
  }

  /** Returns data cells filters by their resource. */
  public Map<LakeResource, ObjectNode> filters() {
    return filters;
  }

  /** Returns registered locations by ARN. */
  public Map<String, ObjectNode> locations() {
    return locations;
  }

  /** Returns the principals who created objects. */
  public Map<LakeObject, String> creators() {
    return creators;
  }

  public Set<LakeOptIn> optIns() {
    return optIns;
  }

  /** Forgets an object of this catalog that was deleted. */
  public void forget(LakeObject object) {
    creators.remove(object);
    assignedTags.keySet().removeIf(each -> isPart(object, each.database(), each.table()));
    filters.keySet().removeIf(each -> isPart(object, each.database(), each.table()));
    grants.removeIf(
        grant ->
            grant.resource().account().equals(key.account())
                && isPart(object, grant.resource().database(), grant.resource().table()));
    if (object.isDatabase()) {
      creators.keySet().removeIf(each -> each.database().equals(object.database()));
    }
  }

  private static boolean isPart(LakeObject object, String database, String table) {
    return database.equals(object.database())
        && (object.isDatabase() || table.equals(object.table()));
  }

  private static ObjectNode initialSettings() {
    ObjectNode settings = JsonNodeFactory.instance.objectNode();
    settings.putArray("DataLakeAdmins");
    settings.putArray("ReadOnlyAdmins");
    for (String defaults :
        List.of("CreateDatabaseDefaultPermissions", "CreateTableDefaultPermissions")) {
      ObjectNode open = settings.putArray(defaults).addObject();
      open.putObject("Principal").put("DataLakePrincipalIdentifier", IAM_GROUP);
      open.putArray("Permissions").add("ALL");
    }
    settings.putArray("TrustedResourceOwners");
    settings.put("AllowExternalDataFiltering", false);
    settings.put("AllowFullTableExternalDataAccess", false);
    settings.putArray("ExternalDataFilteringAllowList");
    settings.putArray("AuthorizedSessionTagValueList");
    settings.putObject("Parameters").put("CROSS_ACCOUNT_VERSION", "1");
    return settings;
  }

  /** Returns the version of sharing across accounts. */
  public int crossAccountVersion() {
    return settings.path("Parameters").path("CROSS_ACCOUNT_VERSION").asInt(1);
  }

  /** Returns the columns that a filter includes, of all columns of its table. */
  public static Set<String> filterColumns(ObjectNode filter, List<String> all) {
    Set<String> columns = new TreeSet<>(all);
    if (filter.has("ColumnWildcard")) {
      columns.removeAll(
          LakeResource.values(filter.path("ColumnWildcard").path("ExcludedColumnNames")));
    } else {
      columns.retainAll(LakeResource.values(filter.path("ColumnNames")));
    }
    return columns;
  }
}
