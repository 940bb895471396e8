package io.meshwork.access;

import io.meshwork.access.AccessFacts.DataFilter;
import io.meshwork.access.AccessFacts.Table;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A table, ready for decisions. Sets of columns are bits by place: first the ordinary columns, then
 * those that partition the table. Nobody changes a set that is handed out here.
 */
final class TableNode {
  private final DatabaseNode in;
  private final Table table;
  private final List<String> columns = new ArrayList<>();
  private final Map<String, Integer> places = new HashMap<>();
  private final BitSet all = new BitSet();
  private final BitSet ordinary = new BitSet();
  private final BitSet partitions = new BitSet();
  private final Map<String, String> tags;

  /** Effective tags of the columns that have some of their own. */
  private final Map<Integer, Map<String, String>> columnTags = new HashMap<>();

  private final Map<String, DataFilter> filters = new HashMap<>();

  TableNode(DatabaseNode in, Table table) {
    this.in = in;
    this.table = table;
    for (AccessFacts.Column column : table.columns()) {
      add(column.name(), ordinary);
    }
    for (String key : table.partitionKeys()) {
      add(key, partitions);
    }
    this.tags = Tags.overridden(in.tags(), table.tags());
    table
        .columnTags()
        .forEach(
            (column, own) -> {
              Integer place = places.get(Fold.of(column));
              if (place != null && !own.isEmpty()) {
                columnTags.put(place, Tags.overridden(tags, own));
              }
            });
  }

  private void add(String column, BitSet kind) {
    if (places.putIfAbsent(Fold.of(column), columns.size()) == null) {
      kind.set(columns.size());
      all.set(columns.size());
      columns.add(column);
    }
  }

  void add(DataFilter filter) {
    filters.put(filter.name(), filter);
  }

  DatabaseNode in() {
    return in;
  }

  String account() {
    return in.account();
  }

  Table table() {
    return table;
  }

  Resource.Table resource() {
    return new Resource.Table(in.account(), in.database().name(), table.name());
  }

  /** All columns in the catalog's spelling, by place. */
  List<String> columns() {
    return columns;
  }

  /** The place of a column, found without case; null if there is none. */
  @Nullable Integer place(String column) {
    return places.get(Fold.of(column));
  }

  BitSet all() {
    return all;
  }

  /** The columns that can be restricted. */
  BitSet ordinary() {
    return ordinary;
  }

  /** The columns that partition the table, which show with any other. */
  BitSet partitions() {
    return partitions;
  }

  @Nullable DataFilter filter(String name) {
    return filters.get(name);
  }

  boolean isCreator(String principal) {
    return table.creator().filter(principal::equals).isPresent();
  }

  /** The account of a creator from elsewhere; empty if the creator is of the owner's account. */
  String foreignCreatorAccount() {
    String account = table.creator().map(Grantee::accountOf).orElse("");
    return account.equals(account()) ? "" : account;
  }

  /** The table's effective tags. */
  Map<String, String> tags() {
    return tags;
  }

  /** A column's effective tags. */
  Map<String, String> tags(int place) {
    return columnTags.getOrDefault(place, tags);
  }

  /** All different sets of effective tags that the table and its columns have. */
  List<Map<String, String>> allTags() {
    List<Map<String, String>> some = new ArrayList<>(columnTags.values());
    some.add(tags);
    return some;
  }

  /** The ordinary columns whose tags an expression matches. */
  BitSet matching(TagExpression expression) {
    BitSet matching = new BitSet();
    if (expression.matches(tags)) {
      matching.or(ordinary);
    }
    for (Map.Entry<Integer, Map<String, String>> own : columnTags.entrySet()) {
      if (ordinary.get(own.getKey())) {
        matching.set(own.getKey(), expression.matches(own.getValue()));
      }
    }
    return matching;
  }

  /** Some ordinary columns with those that partition the table; none if there are none of them. */
  BitSet withPartitions(BitSet some) {
    if (!some.isEmpty()) {
      some.or(partitions);
    }
    return some;
  }

  /**
   * The ordinary columns that a list includes. A field of a column stands for the column, as masks
   * within structs are the engine's.
   */
  BitSet included(Collection<String> names) {
    BitSet included = new BitSet();
    for (String name : names) {
      Integer place = topLevel(name);
      if (place != null && ordinary.get(place)) {
        included.set(place);
      }
    }
    return included;
  }

  /** The ordinary columns that a list leaves over; a field in the list leaves its column there. */
  BitSet leftBy(Collection<String> names) {
    BitSet left = (BitSet) ordinary.clone();
    for (String name : names) {
      Integer place = place(name);
      if (place != null) {
        left.clear(place);
      }
    }
    return left;
  }

  /** The place of a column, or of the column that holds a field. */
  @Nullable Integer topLevel(String name) {
    Integer place = place(name);
    int dot = name.indexOf('.');
    return place == null && dot > 0 ? place(name.substring(0, dot)) : place;
  }
}
