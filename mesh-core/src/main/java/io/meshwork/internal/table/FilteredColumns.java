package io.meshwork.internal.table;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Rule;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.types.Types;

/**
 * The columns with Bloom filters in data files: columns of keys that are unique in the whole table.
 * The table's properties have them, so that engines write the filters too.
 */
public final class FilteredColumns {
  private static final String PREFIX = TableProperties.PARQUET_BLOOM_FILTER_COLUMN_ENABLED_PREFIX;

  private FilteredColumns() {}

  /** The table properties of a new table with this contract. */
  public static Map<String, String> properties(Contract contract) {
    Map<String, String> properties = new TreeMap<>();
    names(contract).forEach(name -> properties.put(PREFIX + name, "true"));
    return properties;
  }

  /** The properties for a contract that a table does not have yet. */
  public static Map<String, String> missing(Contract contract, Table table) {
    Map<String, String> missing = new TreeMap<>(properties(contract));
    missing.entrySet().removeAll(table.properties().entrySet());
    return missing;
  }

  /** The names of the columns in such properties. */
  public static List<String> columns(Map<String, String> properties) {
    return properties.keySet().stream().map(key -> key.substring(PREFIX.length())).toList();
  }

  /** The field IDs of the columns in a table's properties. */
  public static Set<Integer> of(Table table) {
    Set<String> names = new TreeSet<>();
    table
        .properties()
        .forEach(
            (key, value) -> {
              if (key.startsWith(PREFIX) && Boolean.parseBoolean(value)) {
                names.add(key.substring(PREFIX.length()));
              }
            });
    return ids(names, table.schema());
  }

  /** The field IDs of the columns for a contract, whatever the table's properties are. */
  public static Set<Integer> of(Contract contract, Schema columns) {
    return ids(names(contract), columns);
  }

  private static Set<String> names(Contract contract) {
    Set<String> names = new TreeSet<>();
    for (Rule rule : contract.enforcedRules()) {
      if (rule.kind() == Rule.Kind.UNIQUE && rule.scope() != Rule.Scope.BATCH) {
        names.addAll(rule.columns());
      }
    }
    return names;
  }

  private static Set<Integer> ids(Set<String> names, Schema columns) {
    Set<Integer> ids = new HashSet<>();
    for (String name : names) {
      Types.NestedField field = columns.findField(name);
      if (field != null) {
        ids.add(field.fieldId());
      }
    }
    return ids;
  }
}
