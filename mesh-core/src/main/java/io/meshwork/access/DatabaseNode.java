package io.meshwork.access;

import io.meshwork.access.AccessFacts.Database;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** A database, ready for decisions. */
final class DatabaseNode {
  private final Database database;
  private final Map<String, String> tags;
  private final Map<String, TableNode> tables = new HashMap<>();
  private final Map<String, LinkNode> links = new HashMap<>();
  private final Set<String> tableCreators = new HashSet<>();

  DatabaseNode(Database database) {
    this.database = database;
    this.tags = Tags.folded(database.tags());
    for (AccessFacts.Table table : database.tables()) {
      TableNode node = new TableNode(this, table);
      tables.put(Fold.of(table.name()), node);
      table.creator().ifPresent(tableCreators::add);
    }
  }

  void add(LinkNode link) {
    links.put(Fold.of(link.link().name()), link);
  }

  String account() {
    return database.account();
  }

  Database database() {
    return database;
  }

  /** Its effective tags, which are its own. */
  Map<String, String> tags() {
    return tags;
  }

  /** Its tables by folded name. */
  Map<String, TableNode> tables() {
    return tables;
  }

  /** The links to tables that live in it, by folded name. */
  Map<String, LinkNode> links() {
    return links;
  }

  boolean isCreator(String principal) {
    return database.creator().filter(principal::equals).isPresent();
  }

  boolean hasTableOf(String principal) {
    return tableCreators.contains(principal);
  }

  Resource.Database resource() {
    return new Resource.Database(database.account(), database.name());
  }
}
