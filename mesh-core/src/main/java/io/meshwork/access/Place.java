package io.meshwork.access;

import org.jspecify.annotations.Nullable;

/**
 * What a question's resource comes to, with the link on the way.
 *
 * @param link on the way; null if there is none
 * @param linkItself true if the resource is the link's own name
 * @param database the database in the end, or that of the table; null if there is none
 * @param table the table in the end; null if there is none
 */
record Place(
    @Nullable LinkNode link,
    boolean linkItself,
    @Nullable DatabaseNode database,
    @Nullable TableNode table) {

  static Place of(Estate estate, Resource on) {
    LinkNode itself = estate.linkNamed(on);
    LinkNode link = itself;
    String account = on.account();
    String database = on.database().orElse("");
    String table = on.table().orElse("");
    if (link == null && !table.isEmpty()) {
      link = estate.databaseLink(account, database);
    }
    if (link != null) {
      Resource target = link.link().target();
      account = target.account();
      database = target.database().orElse("");
      table = target.table().orElse(table);
    }
    return new Place(
        link,
        itself != null,
        estate.database(account, database),
        estate.table(account, database, table));
  }

  /** The database or table in the end; else what was asked for. */
  Resource target(Resource asked) {
    if (asked.table().isPresent()) {
      return table == null ? asked : table.resource();
    }
    return asked.database().isPresent() && database != null ? database.resource() : asked;
  }
}
