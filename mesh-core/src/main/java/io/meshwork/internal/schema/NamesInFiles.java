package io.meshwork.internal.schema;

import io.meshwork.internal.naming.NameGrammar;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.iceberg.mapping.MappedField;
import org.apache.iceberg.mapping.MappedFields;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a contract, or the fields of a record, by the names that they can have in files of
 * each format. A file has each under one name. Immutable.
 *
 * @param <C> a column
 */
public final class NamesInFiles<C> {
  private final Map<String, C> columns;

  private NamesInFiles(Map<String, C> columns) {
    this.columns = Map.copyOf(columns);
  }

  /** No names. */
  public static <C> NamesInFiles<C> none() {
    return new NamesInFiles<>(Map.of());
  }

  /** The fields of a record, by their names and their names in files. */
  public static NamesInFiles<Schema.Field> of(Schema record) {
    Map<String, Schema.Field> columns = new HashMap<>();
    record.getFields().forEach(field -> columns.put(field.name(), field));
    record.getFields().forEach(field -> columns.putIfAbsent(PhysicalName.of(field), field));
    return new NamesInFiles<>(columns);
  }

  /** The field IDs of a name mapping, which has no names if it is null. */
  public static NamesInFiles<Integer> of(@Nullable MappedFields mapping) {
    Map<String, Integer> columns = new HashMap<>();
    if (mapping != null) {
      for (MappedField field : mapping.fields()) {
        field.names().forEach(name -> columns.put(name, field.id()));
      }
    }
    return new NamesInFiles<>(columns);
  }

  /** The fields of a record by their names only, as rows that are in no file have them. */
  public static NamesInFiles<Schema.Field> ofColumns(Schema record) {
    return new NamesInFiles<>(
        record.getFields().stream().collect(Collectors.toMap(Schema.Field::name, field -> field)));
  }

  /** Returns the same names for other objects, one for each column. */
  public <D> NamesInFiles<D> with(Function<C, D> objects) {
    Map<C, D> objectOf = new HashMap<>();
    Map<String, D> named = new HashMap<>();
    columns.forEach((name, column) -> named.put(name, objectOf.computeIfAbsent(column, objects)));
    return new NamesInFiles<>(named);
  }

  /** Returns the column that a name means; null if there is none. */
  public @Nullable C find(String name) {
    return columns.get(name);
  }

  /** Returns the column that a name means, with or without the spaces around it; null if none. */
  public @Nullable C findTrimmed(String name) {
    C column = columns.containsKey(name) ? columns.get(name) : columns.get(name.strip());
    if (column != null) {
      return column;
    }
    return columns.entrySet().stream()
        .filter(entry -> entry.getKey().strip().equals(name.strip()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  /**
   * Returns why a file cannot have these names: two mean the same column; null if it can.
   *
   * @param prefix the path of the enclosing record with a dot, for the message
   */
  public @Nullable String repetition(String prefix, Iterable<String> inFile) {
    Map<C, String> names = new HashMap<>();
    for (String name : inFile) {
      C column = columns.get(name);
      String earlier = column == null ? null : names.putIfAbsent(column, name);
      if (earlier != null) {
        return "its columns '"
            + NameGrammar.quoted(prefix + earlier)
            + "' and '"
            + NameGrammar.quoted(prefix + name)
            + "' are the same column of the contract";
      }
    }
    return null;
  }
}
