package io.meshwork.testkit.aws.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.AwsPages;
import io.meshwork.testkit.aws.internal.access.CatalogKey;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import io.meshwork.testkit.aws.internal.lake.LakeCatalog;
import io.meshwork.testkit.aws.internal.lake.LakeGrant;
import io.meshwork.testkit.aws.internal.lake.LakeObject;
import io.meshwork.testkit.aws.internal.lake.LakePrincipals;
import io.meshwork.testkit.aws.internal.lake.LakeResource;
import io.meshwork.testkit.aws.internal.lake.LakeResource.Kind;
import io.meshwork.testkit.aws.internal.lake.LakeState;
import io.meshwork.testkit.aws.internal.lake.ResourceShare;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Lists of permissions, with filters and pages. Guarded by {@link LakeState}. */
final class GrantLists {
  private static final int MOST_IN_PAGE = 1_000;

  private final LakeState lakes;

  GrantLists(LakeState lakes) {
    this.lakes = lakes;
  }

  ObjectNode reply(AwsIdentity caller, CatalogKey catalog, ObjectNode body) {
    String principal = body.path("Principal").path("DataLakePrincipalIdentifier").asText("");
    boolean hasResource = body.path("Resource").isObject();
    if (!principal.isEmpty() && !hasResource) {
      throw AwsErrorException.invalidInput(
          "Resource is mandatory if Principal is set in the input.");
    }
    if (body.path("IncludeRelated").asText().equalsIgnoreCase("TRUE")) {
      throw new NotEmulatedException("Related permissions are not emulated.");
    }
    LakeResource resource =
        hasResource ? LakeResource.parse(body.path("Resource"), catalog.account()) : null;
    String type = body.path("ResourceType").asText("");
    boolean isForeign = !catalog.account().equals(caller.account());
    List<ObjectNode> rows = new ArrayList<>();
    if (!principal.isEmpty() && !LakePrincipals.isIam(principal)) {
      // With a principal, the list has what it effectively may do: an account does nothing itself.
      return AwsPages.glue(MOST_IN_PAGE).page(body, "PrincipalResourcePermissions", rows);
    }
    for (Row row : rows(caller, catalog)) {
      LakeResource granted = row.grant.resource();
      boolean isListed =
          (principal.isEmpty() || principal.equals(row.grant.principal()))
              && (resource == null || isSame(resource, granted))
              && (type.isEmpty() || type.equals(granted.type()))
              && (!isForeign || granted.account().equals(catalog.account()));
      if (isListed) {
        addJson(row, rows);
      }
    }
    return AwsPages.glue(MOST_IN_PAGE).page(body, "PrincipalResourcePermissions", rows);
  }

  /** A grant in a list, with its resource share if it is across accounts. */
  private record Row(LakeGrant grant, @Nullable ResourceShare share) {}

  /** Administrators see what their account granted and got; others what they got. */
  private List<Row> rows(AwsIdentity caller, CatalogKey catalog) {
    CatalogKey own = catalog.of(caller.account());
    boolean isReader = lakes.catalog(own).isReader(caller);
    List<Row> rows = new ArrayList<>();
    for (LakeCatalog lake : lakes.catalogs(catalog.region())) {
      boolean isOwn = lake.key().equals(own);
      for (LakeGrant grant : lake.grants()) {
        ResourceShare share = lakes.shares().find(lake.key(), grant.principal(), grant.resource());
        boolean isOfCaller = LakeAccess.isOf(caller, grant.principal(), isOwn);
        boolean isReceived = share != null && share.isAccepted();
        boolean isVisible =
            isOwn
                ? isReader || isOfCaller || isCreator(caller, lake, grant)
                : isReceived && (isOfCaller || (isReader && isOfAccount(caller, grant)));
        if (isVisible) {
          rows.add(new Row(grant, share));
        }
      }
    }
    return rows;
  }

  private static boolean isCreator(AwsIdentity caller, LakeCatalog lake, LakeGrant grant) {
    LakeResource resource = grant.resource();
    LakeObject object = new LakeObject(resource.database(), resource.table(), "");
    return caller.principalArn().equals(lake.creators().get(object));
  }

  private boolean isOfAccount(AwsIdentity caller, LakeGrant grant) {
    return grant.principal().equals(caller.account())
        || grant.principal().equals(lakes.organizations().of(caller.account()));
  }

  /** A table lists its columns, too. */
  private static boolean isSame(LakeResource wanted, LakeResource granted) {
    boolean isColumns =
        wanted.kind() == Kind.TABLE
            && granted.kind() == Kind.COLUMNS
            && granted.account().equals(wanted.account())
            && granted.database().equals(wanted.database())
            && granted.table().equals(wanted.table());
    return isColumns || wanted.equals(granted);
  }

  /** SELECT on a whole table is listed by itself, on a wildcard of columns. */
  private static void addJson(Row row, List<ObjectNode> rows) {
    LakeGrant grant = row.grant;
    boolean isTable = grant.resource().kind() == Kind.TABLE;
    Set<String> others = new TreeSet<>(grant.permissions());
    if (isTable && others.remove("SELECT")) {
      rows.add(json(row, grant.resource().jsonOfSelect(), Set.of("SELECT")));
    }
    if (!others.isEmpty()) {
      rows.add(json(row, grant.resource().json(), others));
    }
  }

  private static ObjectNode json(Row row, JsonNode resource, Set<String> permissions) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.putObject("Principal").put("DataLakePrincipalIdentifier", row.grant.principal());
    json.set("Resource", resource);
    permissions.forEach(json.putArray("Permissions")::add);
    Set<String> grantable = new TreeSet<>(row.grant.grantable());
    grantable.retainAll(permissions);
    grantable.forEach(json.putArray("PermissionsWithGrantOption")::add);
    if (row.share != null) {
      json.putObject("AdditionalDetails").putArray("ResourceShare").add(row.share.arn());
    }
    return json;
  }
}
