package io.meshwork.testkit.aws.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsServerClient;
import io.meshwork.testkit.aws.internal.access.CatalogKey;
import io.meshwork.testkit.aws.internal.lake.LakeObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Databases and tables of Glue as the server stores them, without rights and links. */
public final class GlueStore {
  private final AwsServerClient servers;

  public GlueStore(AwsServerClient servers) {
    this.servers = servers;
  }

  /**
   * Calls an operation for the owner of a catalog.
   *
   * @throws AwsErrorException if the server returns an error
   */
  ObjectNode call(CatalogKey catalog, String operation, JsonNode body) throws IOException {
    return servers.glue(catalog, operation, body);
  }

  /** Returns a database; null if it does not exist. */
  @Nullable CatalogTable database(CatalogKey catalog, String name) throws IOException {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("Name", name);
    ObjectNode json = nullable(catalog, "GetDatabase", body, "Database");
    return json == null ? null : new CatalogTable(catalog, LakeObject.database(name), json);
  }

  /** Returns a table; null if it does not exist. */
  @Nullable CatalogTable table(CatalogKey catalog, String database, String name)
      throws IOException {
    ObjectNode body =
        JsonNodeFactory.instance.objectNode().put("DatabaseName", database).put("Name", name);
    ObjectNode json = nullable(catalog, "GetTable", body, "Table");
    return json == null ? null : new CatalogTable(catalog, LakeObject.table(database, name), json);
  }

  /** Returns a database or a table; null if it does not exist. */
  @Nullable CatalogTable find(CatalogKey catalog, LakeObject object) throws IOException {
    return object.isDatabase()
        ? database(catalog, object.database())
        : table(catalog, object.database(), object.table());
  }

  List<CatalogTable> databases(CatalogKey catalog) throws IOException {
    List<CatalogTable> databases = new ArrayList<>();
    ObjectNode reply = call(catalog, "GetDatabases", JsonNodeFactory.instance.objectNode());
    for (JsonNode json : reply.path("DatabaseList")) {
      if (json instanceof ObjectNode object) {
        LakeObject name = LakeObject.database(json.path("Name").asText());
        databases.add(new CatalogTable(catalog, name, object));
      }
    }
    return databases;
  }

  /**
   * Returns the tables of a database that exists.
   *
   * @param expression a regular expression of names; empty for all
   */
  List<CatalogTable> tables(CatalogKey catalog, String database, String expression)
      throws IOException {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("DatabaseName", database);
    if (!expression.isEmpty()) {
      body.put("Expression", expression);
    }
    List<CatalogTable> tables = new ArrayList<>();
    for (JsonNode json : call(catalog, "GetTables", body).path("TableList")) {
      if (json instanceof ObjectNode object) {
        LakeObject name = LakeObject.table(database, json.path("Name").asText());
        tables.add(new CatalogTable(catalog, name, object));
      }
    }
    return tables;
  }

  private @Nullable ObjectNode nullable(
      CatalogKey catalog, String operation, ObjectNode body, String field) throws IOException {
    try {
      return (ObjectNode) call(catalog, operation, body).path(field);
    } catch (AwsErrorException e) {
      if (e.code().equals("EntityNotFoundException")) {
        return null;
      }
      throw e;
    }
  }
}
