package io.meshwork.testkit.aws.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsAccounts;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.AwsPermissions;
import io.meshwork.testkit.aws.internal.access.CatalogKey;
import io.meshwork.testkit.aws.internal.access.IamRoles;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import io.meshwork.testkit.aws.internal.lake.LakeCatalog;
import io.meshwork.testkit.aws.internal.lake.LakeLocations;
import io.meshwork.testkit.aws.internal.lake.LakeObject;
import io.meshwork.testkit.aws.internal.lake.LakeResource;
import io.meshwork.testkit.aws.internal.lake.LakeState;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Credentials of the role that a location is registered with, for callers with permissions on a
 * whole table, and for engines that the owner trusts to filter. Guarded by {@link LakeState}.
 */
final class LakeCredentials {
  private static final Pattern TABLE =
      Pattern.compile("arn:aws:glue:([^:]+):(\\d{12}):table/([^/]+)/([^/]+)");
  private static final String ENGINE_TAG = "LakeFormationAuthorizedCaller";
  private static final String COLUMNS = "COLUMN_PERMISSION";
  private static final String CELLS = "CELL_FILTER_PERMISSION";
  private static final AtomicLong SESSIONS = new AtomicLong();
  private static final int DEFAULT_DURATION = 3_600; // seconds
  private static final int SHORTEST_DURATION = 900;
  private static final int LONGEST_DURATION = 43_200;

  private final LakeState lakes;
  private final LakeObjects objects;
  private final AwsAccounts accounts;
  private final AwsPermissions roles;

  LakeCredentials(
      LakeState lakes, LakeObjects objects, AwsAccounts accounts, AwsPermissions roles) {
    this.roles = roles;
    this.lakes = lakes;
    this.objects = objects;
    this.accounts = accounts;
  }

  ObjectNode reply(AwsIdentity caller, ObjectNode body) throws IOException {
    int duration = body.path("DurationSeconds").asInt(DEFAULT_DURATION);
    if (duration < SHORTEST_DURATION || duration > LONGEST_DURATION) {
      throw AwsErrorException.invalidInput("DurationSeconds is from 900 to 43200.");
    }
    CatalogTable table = table(caller, body);
    LakeCatalog owner = lakes.catalog(table.catalog());
    boolean isTrusted = isTrustedEngine(owner, caller);
    if (!isTrusted) {
      requireFullTableAccess(owner);
      requireFullTableAccess(lakes.catalog(table.catalog().of(caller.account())));
    }
    for (String permission : permissions(body)) {
      check(caller, permission, table, isTrusted, supportedTypes(body));
    }
    ObjectNode location = LakeLocations.find(owner, table.location());
    if (location == null) {
      throw AwsErrorException.invalidInput(
          "The location of " + table.object() + " is not registered with Lake Formation.");
    }
    checkPath(table, body);
    String role = location.path("RoleArn").asText();
    String denial = roles.denialOfService(role);
    if (denial != null) {
      throw AwsErrorException.accessDenied(denial);
    }
    return session(role, duration);
  }

  /** Returns the table, or the one that a link links to. */
  private CatalogTable table(AwsIdentity caller, ObjectNode body) throws IOException {
    Matcher arn = TABLE.matcher(body.path("TableArn").asText());
    if (!arn.matches()) {
      throw AwsErrorException.invalidInput("The ARN is not one of a table.");
    }
    CatalogKey catalog = new CatalogKey(arn.group(2), arn.group(1));
    CatalogTable table = objects.store().table(catalog, arn.group(3), arn.group(4));
    if (table == null) {
      throw catalog.account().equals(caller.account())
          ? AwsErrorException.notFound("Table not found: " + arn.group(4))
          : AwsErrorException.accessDenied(GlueAccess.insufficient("SELECT", arn.group(4)));
    }
    if (!table.isLink()) {
      return table;
    }
    if (!objects.access().permits(caller, "DESCRIBE", table)) {
      throw AwsErrorException.accessDenied(
          GlueAccess.insufficient("DESCRIBE", table.object().toString()));
    }
    JsonNode target = table.target();
    return objects.require(
        catalog.of(target.path("CatalogId").asText(catalog.account())),
        LakeObject.table(
            LakeResource.lower(target, "DatabaseName"), LakeResource.lower(target, "Name")));
  }

  /** Returns true if the owner lets a session filter, by its account and its tag. */
  private static boolean isTrustedEngine(LakeCatalog owner, AwsIdentity caller) {
    boolean isTagged = false;
    for (JsonNode value : owner.settings().path("AuthorizedSessionTagValueList")) {
      isTagged |= value.asText().equals(caller.tags().get(ENGINE_TAG));
    }
    return isTagged
        && owner.settings().path("AllowExternalDataFiltering").asBoolean()
        && owner.lists("ExternalDataFilteringAllowList", caller.account());
  }

  private static void requireFullTableAccess(LakeCatalog lake) {
    if (!lake.settings().path("AllowFullTableExternalDataAccess").asBoolean()) {
      throw AwsErrorException.accessDenied(
          "The settings of "
              + lake.key().account()
              + " do not have AllowFullTableExternalDataAccess.");
    }
  }

  private static Set<String> supportedTypes(ObjectNode body) {
    Set<String> types = new TreeSet<>();
    for (JsonNode type : body.path("SupportedPermissionTypes")) {
      if (!type.asText().equals(COLUMNS) && !type.asText().equals(CELLS)) {
        throw new NotEmulatedException("The permission type " + type + " is not emulated.");
      }
      types.add(type.asText());
    }
    return types;
  }

  /** An engine filters what its grants limit, if it supports that. */
  private void check(
      AwsIdentity caller,
      String permission,
      CatalogTable table,
      boolean isTrusted,
      Set<String> supported) {
    List<GrantContribution> pairs = objects.access().pairs(caller, permission, table);
    if (pairs.isEmpty()) {
      throw AwsErrorException.accessDenied(
          GlueAccess.insufficient(permission, table.object().toString()));
    }
    if (pairs.stream().anyMatch(GrantContribution::isWhole)) {
      return;
    }
    if (!isTrusted && !supported.isEmpty()) {
      throw AwsErrorException.accessDenied(
          "The session is not one of an engine that may filter tables of "
              + table.catalog().account()
              + ".");
    }
    boolean isSupported =
        pairs.stream().allMatch(pair -> supported.contains(pair.isAllRows() ? COLUMNS : CELLS));
    if (!isSupported) {
      throw new AwsErrorException(
          "PermissionTypeMismatchException",
          "The permissions on "
              + table.object()
              + " are limited to columns or rows, which credentials of the table do not enforce.");
    }
  }

  private static void checkPath(CatalogTable table, ObjectNode body) {
    String path = body.path("S3Path").asText(table.location());
    if (!LakeLocations.isInside(LakeLocations.arn(table.location()), LakeLocations.arn(path))) {
      throw AwsErrorException.invalidInput("The path is not in the location of the table.");
    }
  }

  private static Set<String> permissions(ObjectNode body) {
    Set<String> permissions = new TreeSet<>();
    body.path("Permissions").forEach(permission -> permissions.add(permission.asText()));
    if (permissions.isEmpty()) {
      permissions.add("SELECT");
    }
    return permissions;
  }

  private ObjectNode session(String role, int duration) {
    long number = SESSIONS.incrementAndGet();
    String key = String.format(Locale.ROOT, "ASIALAKE%012d", number);
    String name = role.substring(role.lastIndexOf('/') + 1);
    String arn =
        "arn:aws:sts::" + IamRoles.account(role) + ":assumed-role/" + name + "/lake-" + number;
    accounts.addSession(key, AwsIdentity.session(role, arn, Map.of()));
    return JsonNodeFactory.instance
        .objectNode()
        .put("AccessKeyId", key)
        .put("SecretAccessKey", "emulated-secret-key-of-" + key)
        .put("SessionToken", "emulated-token-of-" + key)
        .put("Expiration", System.currentTimeMillis() / 1000 + duration);
  }
}
