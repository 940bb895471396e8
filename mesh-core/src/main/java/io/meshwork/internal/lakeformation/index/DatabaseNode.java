package io.meshwork.internal.lakeformation.index;

import io.meshwork.internal.lakeformation.AccessFacts;
import io.meshwork.internal.lakeformation.AccessFacts.Database;
import io.meshwork.internal.lakeformation.CaseInsensitiveNames;
import io.meshwork.internal.lakeformation.Resource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** An indexed database. */
public final class DatabaseNode {
  private final Database database;
  private final Map<String, String> tags;
  private final Map<String, TableNode> tables = new HashMap<>();
  private final Map<String, LinkNode> links = new HashMap<>();
  private final Set<String> tableCreators = new HashSet<>();

  DatabaseNode(Database database) {
    this.database = database;
    this.tags = TagInheritance.lowerCased(database.tags());
    for (AccessFacts.Table table : database.tables()) {
      TableNode node = new TableNode(this, table);
      tables.put(CaseInsensitiveNames.of(table.name()), node);
      table.creator().ifPresent(tableCreators::add);
    }
  }

  void add(LinkNode link) {
    links.put(CaseInsensitiveNames.of(link.link().name()), link);
  }

  public String account() {
    return database.account();
  }

  public Database database() {
    return database;
  }

  /** Its effective tags: all that are set on it. */
  public Map<String, String> tags() {
    return tags;
  }

  /** Its tables by name in lower case. */
  public Map<String, TableNode> tables() {
    return tables;
  }

  /** Its table links by name in lower case. */
  public Map<String, LinkNode> links() {
    return links;
  }

  public boolean isCreator(String principal) {
    return database.creator().filter(principal::equals).isPresent();
  }

  public boolean hasTableOf(String principal) {
    return tableCreators.contains(principal);
  }

  public Resource.Database resource() {
    return new Resource.Database(database.account(), database.name());
  }
}
