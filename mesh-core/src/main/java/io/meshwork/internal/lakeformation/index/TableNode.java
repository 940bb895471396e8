package io.meshwork.internal.lakeformation.index;

import io.meshwork.internal.lakeformation.AccessFacts;
import io.meshwork.internal.lakeformation.AccessFacts.DataFilter;
import io.meshwork.internal.lakeformation.AccessFacts.Table;
import io.meshwork.internal.lakeformation.CaseInsensitiveNames;
import io.meshwork.internal.lakeformation.Grantee;
import io.meshwork.internal.lakeformation.Resource;
import io.meshwork.internal.lakeformation.TagExpression;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An indexed table. Sets of columns are bits by position: first the ordinary columns, then the
 * partition columns. Callers must not modify the returned sets.
 */
public final class TableNode {
  private final DatabaseNode in;
  private final Table table;
  private final List<String> columns = new ArrayList<>();
  private final Map<String, Integer> positions = new HashMap<>();
  private final BitSet all = new BitSet();
  private final BitSet ordinary = new BitSet();
  private final BitSet partitions = new BitSet();
  private final Map<String, String> tags;

  /** Effective tags of the columns on which tags are set. */
  private final Map<Integer, Map<String, String>> columnTags = new HashMap<>();

  private final Map<String, DataFilter> filters = new HashMap<>();

  TableNode(DatabaseNode in, Table table) {
    this.in = in;
    this.table = table;
    for (AccessFacts.GlueColumn column : table.columns()) {
      add(column.name(), ordinary);
    }
    for (String key : table.partitionKeys()) {
      add(key, partitions);
    }
    this.tags = TagInheritance.overridden(in.tags(), table.tags());
    table
        .columnTags()
        .forEach(
            (column, own) -> {
              Integer position = positions.get(CaseInsensitiveNames.of(column));
              if (position != null && !own.isEmpty()) {
                columnTags.put(position, TagInheritance.overridden(tags, own));
              }
            });
  }

  private void add(String column, BitSet kind) {
    if (positions.putIfAbsent(CaseInsensitiveNames.of(column), columns.size()) == null) {
      kind.set(columns.size());
      all.set(columns.size());
      columns.add(column);
    }
  }

  void add(DataFilter filter) {
    filters.put(filter.name(), filter);
  }

  public DatabaseNode in() {
    return in;
  }

  public String account() {
    return in.account();
  }

  public Table table() {
    return table;
  }

  public Resource.Table resource() {
    return new Resource.Table(in.account(), in.database().name(), table.name());
  }

  /** All columns in the catalog's spelling, by position. */
  public List<String> columns() {
    return columns;
  }

  /** The position of a column, found without case; null if there is none. */
  public @Nullable Integer position(String column) {
    return positions.get(CaseInsensitiveNames.of(column));
  }

  public BitSet all() {
    return all;
  }

  /** The columns that grants can restrict. */
  public BitSet ordinary() {
    return ordinary;
  }

  /** The partition columns, which are visible with any other column. */
  BitSet partitions() {
    return partitions;
  }

  public @Nullable DataFilter filter(String name) {
    return filters.get(name);
  }

  public boolean isCreator(String principal) {
    return table.creator().filter(principal::equals).isPresent();
  }

  /** The account of a creator from another account; empty if the creator belongs to the owner. */
  public String foreignCreatorAccount() {
    String account = table.creator().map(Grantee::accountOf).orElse("");
    return account.equals(account()) ? "" : account;
  }

  /** The table's effective tags. */
  public Map<String, String> tags() {
    return tags;
  }

  /** A column's effective tags. */
  public Map<String, String> tags(int position) {
    return columnTags.getOrDefault(position, tags);
  }

  /** All distinct sets of effective tags of the table and its columns. */
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

  /**
   * Ordinary columns together with the partition columns; none if there are no ordinary columns.
   */
  BitSet withPartitions(BitSet some) {
    if (!some.isEmpty()) {
      some.or(partitions);
    }
    return some;
  }

  /**
   * The ordinary columns that a list includes. A field of a column counts as the column, because
   * masks within structs are left to the engine.
   */
  BitSet included(Collection<String> names) {
    BitSet included = new BitSet();
    for (String name : names) {
      Integer position = topLevel(name);
      if (position != null && ordinary.get(position)) {
        included.set(position);
      }
    }
    return included;
  }

  /** The columns of some names, partition columns included. */
  public BitSet ofAny(Collection<String> names) {
    BitSet some = new BitSet();
    for (String name : names) {
      Integer position = topLevel(name);
      if (position != null) {
        some.set(position);
      }
    }
    return some;
  }

  /**
   * The ordinary columns that a list does not exclude; a field in the list does not exclude its
   * column.
   */
  BitSet leftBy(Collection<String> names) {
    BitSet remaining = (BitSet) ordinary.clone();
    for (String name : names) {
      Integer position = position(name);
      if (position != null) {
        remaining.clear(position);
      }
    }
    return remaining;
  }

  /** The position of a column, or of the column that contains a field. */
  @Nullable Integer topLevel(String name) {
    Integer position = position(name);
    int dot = name.indexOf('.');
    return position == null && dot > 0 ? position(name.substring(0, dot)) : position;
  }
}
