package io.meshwork.internal.ingest.file;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.materializers.RowMaterializers;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.rows.DefaultColumn;
import io.meshwork.internal.rows.SchemaMismatches;
import io.meshwork.internal.rows.TextRow;
import io.meshwork.internal.schema.NamesInFiles;
import io.meshwork.internal.vector.Vector;
import io.meshwork.internal.vector.VectorBatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * What one publish states of the columns of its files: the columns that have other names there, and
 * the values of columns that are not there. Not thread-safe.
 */
public final class GivenColumns {
  /** None. */
  public static final GivenColumns NONE = new GivenColumns(Map.of(), Map.of(), Map.of(), null);

  private final Map<String, String> inFiles;
  private final Map<String, Object> values;
  private final Map<String, DefaultColumn> columns;
  private final @Nullable GenericRecord record;
  private final Map<Schema, Schema> extended = new HashMap<>();

  private GivenColumns(
      Map<String, String> inFiles,
      Map<String, Object> values,
      Map<String, DefaultColumn> columns,
      @Nullable GenericRecord record) {
    this.inFiles = inFiles;
    this.values = values;
    this.columns = columns;
    this.record = record;
  }

  /**
   * Collects them.
   *
   * @param declared the contract's Avro record
   * @param table its columns
   * @param inFiles the names in files, by column
   * @param values the values as rows that are maps have them, by column
   * @param columns the same values as columns
   */
  public static GivenColumns of(
      Schema declared,
      org.apache.iceberg.Schema table,
      Map<String, String> inFiles,
      Map<String, Object> values,
      Map<String, DefaultColumn> columns) {
    List<Schema.Field> fields = new ArrayList<>();
    List<Types.NestedField> stored = new ArrayList<>();
    List<Vector> vectors = new ArrayList<>();
    columns.forEach(
        (name, column) -> {
          Schema.Field field = declared.getField(name);
          fields.add(new Schema.Field(field, field.schema()));
          stored.add(table.findField(name));
          vectors.add(column.rows(null, 1));
        });
    if (fields.isEmpty()) {
      return new GivenColumns(inFiles, values, columns, null);
    }
    org.apache.iceberg.Schema set = new org.apache.iceberg.Schema(stored);
    GenericRecord record =
        RowMaterializers.asAvro(
                set, Schema.createRecord(declared.getName(), null, null, false, fields))
            .row(new VectorBatch(set, vectors), 0);
    return new GivenColumns(inFiles, values, columns, record);
  }

  /** True if a column has a value that no file has. */
  public boolean sets(String column) {
    return values.containsKey(column);
  }

  /** Returns the column of a value; null if none is given. */
  public @Nullable DefaultColumn column(String column) {
    return columns.get(column);
  }

  /** Returns the names in files, by column. */
  public Map<String, String> inFiles() {
    return inFiles;
  }

  /**
   * Checks the names of a file's columns: columns to rename exist, and columns with a value do not.
   *
   * @param action the action on the file
   * @throws InvalidRequestException if not
   */
  public void check(List<String> names, NamesInFiles<Schema.Field> columns, MeshAction action) {
    List<String> stripped = names.stream().map(String::strip).toList();
    for (String old : inFiles.values()) {
      if (!stripped.contains(old.strip())) {
        throw missing(old, stripped, action);
      }
    }
    for (String name : names) {
      Schema.Field column = columns.findTrimmed(name);
      if (column != null && sets(column.name())) {
        throw present(column.name(), "", action);
      }
    }
  }

  /** The exception if a file lacks a column to rename. */
  public static InvalidRequestException missing(String old, List<String> names, MeshAction action) {
    return Failure.of(action)
        .because(
            "it has no column '"
                + NameGrammar.quoted(old)
                + "'; "
                + NameGrammar.quoted(SchemaMismatches.suggestions(old, names)))
        .state("Nothing was published.")
        .fix("Rename a column that the file has.")
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }

  private static InvalidRequestException present(String column, String place, MeshAction action) {
    return Failure.of(action)
        .because("it has a column '" + column + "', which setColumn(..) sets too" + place)
        .state("Nothing was published.")
        .fix("Remove the column from the file, or do not set it.")
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }

  /**
   * Adds the values to a row.
   *
   * @throws InvalidRequestException if a line has one of the columns
   */
  public Object completed(Object row, FileRows file) {
    if (record == null) {
      return row;
    }
    if (row instanceof TextRow line) {
      for (Map.Entry<String, Object> each : values.entrySet()) {
        if (line.containsKey(each.getKey())) {
          throw present(each.getKey(), ", in line " + file.position(), file.action());
        }
        if (line.malformed() == null) {
          line.put(each.getKey(), each.getValue());
        }
      }
      return line;
    }
    return completed((GenericRecord) row, record);
  }

  private GenericRecord completed(GenericRecord row, GenericRecord set) {
    Schema written = row.getSchema();
    GenericRecord whole =
        new GenericData.Record(
            extended.computeIfAbsent(written, any -> extended(written, set.getSchema())));
    int next = 0;
    for (Schema.Field field : written.getFields()) {
      whole.put(next++, row.get(field.pos()));
    }
    for (Schema.Field field : set.getSchema().getFields()) {
      whole.put(next++, set.get(field.pos()));
    }
    return whole;
  }

  private static Schema extended(Schema written, Schema set) {
    List<Schema.Field> fields = new ArrayList<>();
    written.getFields().forEach(field -> fields.add(new Schema.Field(field, field.schema())));
    set.getFields().forEach(field -> fields.add(new Schema.Field(field, field.schema())));
    return Schema.createRecord(
        written.getName(), written.getDoc(), written.getNamespace(), false, fields);
  }
}
