package io.meshwork.testkit.aws.internal.catalog;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.AwsPages;
import io.meshwork.testkit.aws.internal.access.CatalogKey;
import io.meshwork.testkit.aws.internal.access.NotEmulatedException;
import io.meshwork.testkit.aws.internal.lake.LakeCatalog;
import io.meshwork.testkit.aws.internal.lake.LakeObject;
import io.meshwork.testkit.aws.internal.lake.LakeResource;
import io.meshwork.testkit.aws.internal.lake.LakeResource.Kind;
import io.meshwork.testkit.aws.internal.lake.LakeState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Glue's operations on databases. Guarded by {@link LakeState}. */
final class GlueDatabases {
  private static final int MOST_IN_PAGE = 100;

  private final GlueStore store;
  private final LakeState lakes;
  private final GlueAccess access;

  GlueDatabases(GlueStore store, LakeState lakes, GlueAccess access) {
    this.store = store;
    this.lakes = lakes;
    this.access = access;
  }

  ObjectNode reply(String operation, AwsIdentity caller, CatalogKey catalog, ObjectNode body)
      throws IOException {
    String name = LakeResource.lower(body, "Name");
    return switch (operation) {
      case "CreateDatabase" -> create(caller, catalog, body);
      case "GetDatabase" -> get(caller, catalog, name);
      case "GetDatabases" -> list(caller, catalog, body);
      case "UpdateDatabase" -> {
        CatalogTable database = access.resolvedDatabase(caller, catalog, name, operation);
        access.require(caller, "ALTER", database);
        ObjectNode input = GlueDefaults.input(body, "DatabaseInput");
        input.put("Name", database.object().database());
        CatalogTable updated = new CatalogTable(database.catalog(), database.object(), input);
        if (!updated.location().equals(database.location())) {
          access.requireLocation(caller, updated, null);
        }
        body.put("Name", database.object().database()).remove("CatalogId");
        yield store.call(database.catalog(), operation, body);
      }
      case "DeleteDatabase" -> {
        CatalogTable database = access.database(caller, catalog, name);
        access.require(caller, "DROP", database);
        ObjectNode reply =
            store.call(catalog, operation, JsonNodeFactory.instance.objectNode().put("Name", name));
        lakes.catalog(catalog).forget(database.object());
        yield reply;
      }
      default -> throw new NotEmulatedException("glue:" + operation + " is not emulated.");
    };
  }

  private ObjectNode create(AwsIdentity caller, CatalogKey catalog, ObjectNode body)
      throws IOException {
    ObjectNode input = GlueDefaults.input(body, "DatabaseInput");
    LakeObject name = LakeObject.database(GlueDefaults.foldName(input));
    CatalogTable database = new CatalogTable(catalog, name, input);
    LakeCatalog lake = lakes.catalog(catalog);
    requireCreation(caller, lake);
    if (database.isLink()) {
      access.checkTarget(caller, database);
    }
    access.requireLocation(caller, database, null);
    if (!input.has("CreateTableDefaultPermissions")) {
      input.set("CreateTableDefaultPermissions", GlueDefaults.ofTables(lake).deepCopy());
    }
    body.remove("CatalogId");
    ObjectNode reply = store.call(catalog, "CreateDatabase", body);
    lake.creators().put(name, caller.principalArn());
    GlueDefaults.grant(lake, name, GlueDefaults.ofDatabases(lake));
    return reply;
  }

  private void requireCreation(AwsIdentity caller, LakeCatalog lake) {
    boolean isOwn = caller.account().equals(lake.key().account());
    boolean isPermitted =
        lake.isAdministrator(caller)
            || lake.grants().stream()
                .anyMatch(
                    grant ->
                        grant.resource().kind() == Kind.CATALOG
                            && grant.permissions().contains("CREATE_DATABASE")
                            && isOwn
                            && (grant.principal().equals(LakeCatalog.IAM_GROUP)
                                || LakeAccess.isOf(caller, grant.principal(), true)));
    if (!isPermitted) {
      throw AwsErrorException.accessDenied(
          GlueAccess.insufficient("CREATE_DATABASE", "the catalog " + lake.key().account()));
    }
  }

  /** A link has the properties of its target if the caller can describe that. */
  private ObjectNode get(AwsIdentity caller, CatalogKey catalog, String name) throws IOException {
    CatalogTable database = access.database(caller, catalog, name);
    access.require(caller, "DESCRIBE", database);
    ObjectNode reply = JsonNodeFactory.instance.objectNode();
    reply.set("Database", described(caller, database));
    return reply;
  }

  private ObjectNode list(AwsIdentity caller, CatalogKey catalog, ObjectNode body)
      throws IOException {
    if (body.has("AttributesToGet")) {
      throw new NotEmulatedException("Attributes of GetDatabases are not emulated.");
    }
    String share = body.path("ResourceShareType").asText("");
    List<ObjectNode> databases = new ArrayList<>();
    if (!share.equals("FOREIGN")) {
      for (CatalogTable database : store.databases(catalog)) {
        if (access.lake().permits(caller, "DESCRIBE", database)) {
          databases.add(described(caller, database));
        }
      }
    }
    if (share.equals("FOREIGN") || share.equals("ALL")) {
      addForeign(caller, catalog, databases);
    } else if (!share.isEmpty()) {
      throw new NotEmulatedException("Databases that are shared as " + share);
    }
    return AwsPages.glue(MOST_IN_PAGE).page(body, "DatabaseList", databases);
  }

  private void addForeign(AwsIdentity caller, CatalogKey catalog, List<ObjectNode> databases)
      throws IOException {
    for (LakeCatalog lake : lakes.catalogs(catalog.region())) {
      if (!lake.key().account().equals(caller.account())) {
        for (CatalogTable database : store.databases(lake.key())) {
          boolean isVisible =
              !database.isLink() && access.lake().permits(caller, "DESCRIBE", database);
          if (isVisible) {
            databases.add(database.json());
          }
        }
      }
    }
  }

  private ObjectNode described(AwsIdentity caller, CatalogTable database) throws IOException {
    CatalogTable target = database.isLink() ? access.describedTarget(caller, database) : null;
    return target == null
        ? database.json()
        : database.describedBy(target, List.of("Description", "LocationUri", "Parameters"));
  }
}
