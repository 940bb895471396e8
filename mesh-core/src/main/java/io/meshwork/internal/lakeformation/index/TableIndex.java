package io.meshwork.internal.lakeformation.index;

import io.meshwork.internal.lakeformation.TagExpression;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tables by their tags and their creators. */
public final class TableIndex {
  /** By account, key, and value of a tag: the tables that have it, or a column that has it. */
  private final Map<String, Map<String, Map<String, List<TableNode>>>> byTag = new HashMap<>();

  private final Map<String, List<TableNode>> byCreator = new HashMap<>();
  private final Map<String, List<TableNode>> byForeignCreatorAccount = new HashMap<>();

  TableIndex(Collection<Map<String, DatabaseNode>> accounts) {
    for (Map<String, DatabaseNode> databases : accounts) {
      for (DatabaseNode database : databases.values()) {
        database.tables().values().forEach(this::add);
      }
    }
  }

  private void add(TableNode table) {
    for (Map<String, String> tags : table.allTags()) {
      tags.forEach(
          (key, value) -> {
            List<TableNode> some =
                byTag
                    .computeIfAbsent(table.account(), account -> new HashMap<>())
                    .computeIfAbsent(key, any -> new HashMap<>())
                    .computeIfAbsent(value, any -> new ArrayList<>());
            if (some.isEmpty() || some.get(some.size() - 1) != table) {
              some.add(table);
            }
          });
    }
    table
        .table()
        .creator()
        .ifPresent(
            creator -> byCreator.computeIfAbsent(creator, any -> new ArrayList<>()).add(table));
    if (!table.foreignCreatorAccount().isEmpty()) {
      byForeignCreatorAccount
          .computeIfAbsent(table.foreignCreatorAccount(), any -> new ArrayList<>())
          .add(table);
    }
  }

  public List<TableNode> createdBy(String principal) {
    return byCreator.getOrDefault(principal, List.of());
  }

  /** Tables that principals of an account created in catalogs of other accounts. */
  public List<TableNode> createdFrom(String account) {
    return byForeignCreatorAccount.getOrDefault(account, List.of());
  }

  /** The tables that an expression may match, in full or in part: tables with its rarest key. */
  public Set<TableNode> candidates(String account, TagExpression expression) {
    Map<String, Map<String, List<TableNode>>> keys = byTag.getOrDefault(account, Map.of());
    List<List<TableNode>> fewest = List.of();
    int least = Integer.MAX_VALUE;
    for (Map.Entry<String, List<String>> wanted : expression.values().entrySet()) {
      Map<String, List<TableNode>> values = keys.getOrDefault(wanted.getKey(), Map.of());
      List<List<TableNode>> some =
          wanted.getValue().stream().map(value -> values.getOrDefault(value, List.of())).toList();
      int count = some.stream().mapToInt(List::size).sum();
      if (count < least) {
        least = count;
        fewest = some;
      }
    }
    Set<TableNode> candidates = new LinkedHashSet<>();
    fewest.forEach(candidates::addAll);
    return candidates;
  }
}
