package io.meshwork.testkit.aws.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsErrorException;
import io.meshwork.testkit.aws.internal.access.AwsIdentity;
import io.meshwork.testkit.aws.internal.access.AwsPages;
import io.meshwork.testkit.aws.internal.access.CatalogKey;
import io.meshwork.testkit.aws.internal.lake.LakeCatalog;
import io.meshwork.testkit.aws.internal.lake.LakeObject;
import io.meshwork.testkit.aws.internal.lake.LakeResource;
import io.meshwork.testkit.aws.internal.lake.LakeResource.Kind;
import io.meshwork.testkit.aws.internal.lake.LakeState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Data cells filters. Guarded by {@link LakeState}. */
final class LakeFilters {
  private static final int LONGEST_EXPRESSION = 2_048;
  private static final int MOST_IN_PAGE = 1_000;
  private static final AtomicLong VERSIONS = new AtomicLong();

  private final LakeState lakes;
  private final LakeObjects objects;

  LakeFilters(LakeState lakes, LakeObjects objects) {
    this.lakes = lakes;
    this.objects = objects;
  }

  ObjectNode reply(String operation, AwsIdentity caller, CatalogKey catalog, ObjectNode body)
      throws IOException {
    return switch (operation) {
      case "CreateDataCellsFilter" -> create(caller, catalog, body);
      case "UpdateDataCellsFilter" -> update(caller, catalog, body);
      case "GetDataCellsFilter" -> {
        LakeResource name = name(catalog, body);
        ObjectNode reply = JsonNodeFactory.instance.objectNode();
        ObjectNode filter = require(catalog, name);
        check(caller, catalog, name, "DESCRIBE");
        reply.set("DataCellsFilter", filter);
        yield reply;
      }
      case "DeleteDataCellsFilter" -> {
        LakeResource name = name(catalog, body);
        require(catalog, name);
        check(caller, catalog, name, "DROP");
        LakeCatalog lake = lakes.catalog(catalog.of(name.account()));
        lake.filters().remove(name);
        lake.grants().removeIf(grant -> grant.resource().equals(name));
        yield JsonNodeFactory.instance.objectNode();
      }
      default -> list(caller, catalog, body);
    };
  }

  private ObjectNode create(AwsIdentity caller, CatalogKey catalog, ObjectNode body)
      throws IOException {
    ObjectNode filter = data(body);
    LakeResource name = name(catalog, filter);
    checkContent(caller, catalog, filter, name);
    Map<LakeResource, ObjectNode> filters = lakes.catalog(catalog.of(name.account())).filters();
    if (filters.containsKey(name)) {
      throw AwsErrorException.alreadyExists("Data cells filter already exists: " + name.name());
    }
    filters.put(name, versioned(filter));
    return JsonNodeFactory.instance.objectNode();
  }

  private ObjectNode update(AwsIdentity caller, CatalogKey catalog, ObjectNode body)
      throws IOException {
    ObjectNode filter = data(body);
    LakeResource name = name(catalog, filter);
    ObjectNode current = require(catalog, name);
    checkContent(caller, catalog, filter, name);
    String expected = filter.path("VersionId").asText("");
    if (!expected.isEmpty() && !expected.equals(current.path("VersionId").asText())) {
      throw new AwsErrorException(
          "ConcurrentModificationException",
          "The data cells filter " + name.name() + " has another version.");
    }
    lakes.catalog(catalog.of(name.account())).filters().put(name, versioned(filter));
    return JsonNodeFactory.instance.objectNode();
  }

  private ObjectNode list(AwsIdentity caller, CatalogKey catalog, ObjectNode body) {
    JsonNode table = body.path("Table");
    List<ObjectNode> filters = new ArrayList<>();
    CatalogKey owner = catalog.of(table.path("CatalogId").asText(catalog.account()));
    for (Map.Entry<LakeResource, ObjectNode> filter : lakes.catalog(owner).filters().entrySet()) {
      LakeResource name = filter.getKey();
      boolean isOfTable =
          table.isMissingNode()
              || (name.database().equals(LakeResource.lower(table, "DatabaseName"))
                  && name.table().equals(LakeResource.lower(table, "Name")));
      if (isOfTable && isPermitted(caller, catalog, name, "DESCRIBE")) {
        filters.add(filter.getValue());
      }
    }
    return AwsPages.glue(MOST_IN_PAGE).page(body, "DataCellsFilters", filters);
  }

  /** Only administrators and principals with grantable SELECT on the whole table create filters. */
  private void checkContent(
      AwsIdentity caller, CatalogKey catalog, ObjectNode filter, LakeResource name)
      throws IOException {
    CatalogTable table =
        objects.require(
            catalog.of(name.account()), LakeObject.table(name.database(), name.table()));
    if (table.isLink()) {
      throw AwsErrorException.invalidInput(
          "Data cells filters on resource links are not possible.");
    }
    boolean isPermitted =
        lakes.catalog(table.catalog()).isAdministrator(caller)
            || objects.access().grantablePairs(caller, "SELECT", table).stream()
                .anyMatch(GrantContribution::isWhole);
    if (!isPermitted) {
      throw AwsErrorException.accessDenied(
          GlueAccess.insufficient("SELECT with grant option", table.object().toString()));
    }
    if (name.name().isEmpty() || filter.has("ColumnNames") == filter.has("ColumnWildcard")) {
      throw AwsErrorException.invalidInput(
          "A data cells filter has a name, and either ColumnNames or ColumnWildcard.");
    }
    JsonNode rows = filter.path("RowFilter");
    if (rows.has("FilterExpression") == rows.has("AllRowsWildcard")) {
      throw AwsErrorException.invalidInput(
          "A row filter has either FilterExpression or AllRowsWildcard.");
    }
    if (rows.path("FilterExpression").asText().length() >= LONGEST_EXPRESSION) {
      throw AwsErrorException.invalidInput("The filter expression has 2048 characters or more.");
    }
    Set<String> columns =
        filter.has("ColumnNames")
            ? LakeResource.values(filter.path("ColumnNames"))
            : LakeResource.values(filter.path("ColumnWildcard").path("ExcludedColumnNames"));
    for (String column : columns) {
      if (!table.columns().contains(column) && !table.partitionKeys().contains(column)) {
        throw AwsErrorException.invalidInput("Column not found: " + column);
      }
    }
  }

  private static ObjectNode versioned(ObjectNode filter) {
    UUID version = new UUID(VERSIONS.incrementAndGet(), 0x4d455348L);
    return filter.deepCopy().put("VersionId", version.toString());
  }

  private ObjectNode require(CatalogKey catalog, LakeResource name) {
    ObjectNode filter = lakes.catalog(catalog.of(name.account())).filters().get(name);
    if (filter == null) {
      throw AwsErrorException.notFound("Data cells filter not found: " + name.name());
    }
    return filter;
  }

  private void check(AwsIdentity caller, CatalogKey catalog, LakeResource name, String permission) {
    if (!isPermitted(caller, catalog, name, permission)) {
      throw AwsErrorException.accessDenied(GlueAccess.insufficient(permission, name.name()));
    }
  }

  private boolean isPermitted(
      AwsIdentity caller, CatalogKey catalog, LakeResource name, String permission) {
    LakeCatalog lake = lakes.catalog(catalog.of(name.account()));
    if (permission.equals("DESCRIBE") ? lake.isReader(caller) : lake.isAdministrator(caller)) {
      return true;
    }
    LakeObject table = LakeObject.table(name.database(), name.table());
    return caller.principalArn().equals(lake.creators().get(table))
        || lake.grants().stream()
            .anyMatch(
                grant ->
                    grant.resource().equals(name)
                        && LakeAccess.isOf(caller, grant.principal(), true)
                        && (permission.equals("DESCRIBE")
                            || grant.permissions().contains(permission)));
  }

  private static ObjectNode data(ObjectNode body) {
    if (!(body.get("TableData") instanceof ObjectNode filter)) {
      throw AwsErrorException.invalidInput("The request has no TableData.");
    }
    return filter;
  }

  private static LakeResource name(CatalogKey catalog, JsonNode filter) {
    return new LakeResource(
        Kind.FILTER,
        filter.path("TableCatalogId").asText(catalog.account()),
        LakeResource.lower(filter, "DatabaseName"),
        LakeResource.lower(filter, "TableName"),
        Set.of(),
        false,
        filter.path("Name").asText(),
        Map.of());
  }
}
