package io.meshwork.internal.lakeformation.index;

import io.meshwork.internal.lakeformation.Resource;
import org.jspecify.annotations.Nullable;

/**
 * The resource that a question resolves to, and the link that leads to it.
 *
 * @param link the link; null if there is none
 * @param linkItself true if the question names the link itself
 * @param database the resolved database, or the database of the table; null if there is none
 * @param table the resolved table; null if there is none
 */
public record ResolvedResource(
    @Nullable LinkNode link,
    boolean linkItself,
    @Nullable DatabaseNode database,
    @Nullable TableNode table) {

  public static ResolvedResource of(AccessIndex index, Resource on) {
    LinkNode itself = index.linkNamed(on);
    LinkNode link = itself;
    String account = on.account();
    String database = on.database().orElse("");
    String table = on.table().orElse("");
    if (link == null && !table.isEmpty()) {
      link = index.databaseLink(account, database);
    }
    if (link != null) {
      Resource target = link.link().target();
      account = target.account();
      database = target.database().orElse("");
      table = target.table().orElse(table);
    }
    return new ResolvedResource(
        link,
        itself != null,
        index.database(account, database),
        index.table(account, database, table));
  }

  /** The resolved database or table; otherwise the requested resource. */
  public Resource target(Resource requested) {
    if (requested.table().isPresent()) {
      return table == null ? requested : table.resource();
    }
    return requested.database().isPresent() && database != null ? database.resource() : requested;
  }
}
