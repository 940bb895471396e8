package io.meshwork.aws.internal.mirror;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.aws.internal.mirror.glue.GlueKey;
import io.meshwork.aws.internal.mirror.glue.RoleClients;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.mirror.Mirror;
import io.meshwork.internal.mirror.Mirror.ObjectChange;
import io.meshwork.internal.mirror.Mirror.ServiceCall;
import io.meshwork.internal.mirror.Mirror.ServiceObject;
import io.meshwork.internal.rights.PolicySnapshot;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Closes tables that get columns in Glue, while Lake Formation governs them. A new column inherits
 * the tags of its table, and its own tags can be set only afterwards. So its table is closed to all
 * permissions on expressions before: each of these requires the tag of a domain, and the table has
 * a value that no domain has, until the column has its tags. Used by one thread.
 */
final class NewColumns {
  /** A value of the tag of the domain that no domain can have as its name. */
  static final String CLOSED = "mesh/new-columns";

  private final LakeFormationChanges changes;
  private final String catalog;

  /**
   * Creates the calls of a role.
   *
   * @param catalog the account of the catalog
   */
  NewColumns(String catalog, String region, RoleClients role) {
    this.catalog = catalog;
    this.changes =
        new LakeFormationChanges(
            catalog,
            catalog,
            new LakeFormationFailure(role.role().toString(), catalog, region),
            role::lakeFormation);
  }

  /** Returns true if a table of Glue gets columns by a change. */
  static boolean areIn(ObjectChange change) {
    if (GlueKey.of(change.key()).isDatabase()
        || change.wanted().isEmpty()
        || change.actual().isEmpty()) {
      return false;
    }
    Set<String> added = columns(change.wanted().get().content());
    added.removeAll(columns(change.actual().get().content()));
    return !added.isEmpty();
  }

  private static Set<String> columns(String table) {
    Set<String> names = new TreeSet<>();
    for (JsonNode column :
        DocumentJson.parseObject("a table of Glue", table)
            .path("StorageDescriptor")
            .path("Columns")) {
      names.add(column.path("Name").asText().toLowerCase(Locale.ROOT));
    }
    return names;
  }

  /** Returns the tag of a table after the table was closed. */
  static ServiceObject closed(ServiceObject tag) {
    ObjectNode content = DocumentJson.parseObject("a tag of a table", tag.content());
    content.put(LakeFormationImages.TAG_VALUE, CLOSED);
    return new ServiceObject(tag.container(), Mirror.contentOf(content), tag.version());
  }

  /** Returns true for the tag of a table that was closed. */
  static boolean isClosed(String tag) {
    return DocumentJson.parseObject("a tag of a table", tag)
        .path(LakeFormationImages.TAG_VALUE)
        .asText()
        .equals(CLOSED);
  }

  /** Returns the key of the tag by which a table is closed. */
  static String tag(GlueKey table) {
    return LakeFormationKeys.assignment(
        table.database(), Optional.of(table.table()), Optional.empty(), PolicySnapshot.DOMAIN);
  }

  /** Returns the calls that close a table. */
  List<ServiceCall> calls(GlueKey table) {
    return changes.assignment(
        LakeFormationJson.table(catalog, table.database(), table.table()),
        PolicySnapshot.DOMAIN,
        CLOSED);
  }
}
