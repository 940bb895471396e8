package io.meshwork.internal.ingest;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.ingest.file.GivenColumns;
import io.meshwork.internal.rows.ConstantColumnValue;
import io.meshwork.internal.rows.DefaultColumn;
import io.meshwork.internal.rows.SchemaMismatches;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.internal.schema.PhysicalName;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.iceberg.util.ByteBuffers;

/**
 * How one publish turns the columns of files into the contract's: other names in the files, and
 * values of columns that the files lack. Not thread-safe.
 */
public final class FileColumnChanges {
  private final SortedMap<String, String> names = new TreeMap<>();
  private final SortedMap<String, Object> values = new TreeMap<>();

  /** Reads a column from a column of another name in the files. */
  public void rename(String inFiles, String column) {
    requireNew("renameColumn", column);
    if (names.containsValue(inFiles)) {
      throw ArgumentChecks.refused(
          "renameColumn", "renames '" + inFiles + "' twice", "Rename it to one column.");
    }
    names.put(column, inFiles);
  }

  /** Gives a column that the files lack a value. */
  public void set(String column, Object value) {
    requireNew("setColumn", column);
    values.put(column, value instanceof byte[] bytes ? bytes.clone() : value);
  }

  private void requireNew(String call, String column) {
    if (names.containsKey(column) || values.containsKey(column)) {
      throw ArgumentChecks.refused(
          call, "names column '" + column + "' again", "Rename or set each column once.");
    }
  }

  private boolean isEmpty() {
    return names.isEmpty() && values.isEmpty();
  }

  /** Returns a string that differs for other changes. */
  public String fingerprint() {
    if (isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder(" columns ").append(names.size());
    names.forEach((column, inFiles) -> add(add(text, column), inFiles));
    values.forEach((column, value) -> add(add(text, column), canonical(value)));
    return text.toString();
  }

  private static StringBuilder add(StringBuilder text, String part) {
    return text.append(' ').append(part.length()).append(':').append(part);
  }

  /** Returns a string that equal values of one column share. */
  private static String canonical(Object value) {
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    } else if (value instanceof GenericFixed fixed) {
      return HexFormat.of().formatHex(fixed.bytes());
    } else if (value instanceof ByteBuffer buffer) {
      return HexFormat.of().formatHex(ByteBuffers.toByteArray(buffer));
    } else if (value instanceof BigDecimal number) {
      return number.stripTrailingZeros().toString();
    }
    return value instanceof Enum<?> constant ? constant.name() : value.toString();
  }

  /**
   * Returns the record of a contract with the names in files.
   *
   * @throws InvalidRequestException if it lacks a column, or has another one of a name
   */
  public Schema of(Schema declared, MeshAction action) {
    if (isEmpty()) {
      return declared;
    }
    names.keySet().forEach(column -> requireColumn(declared, column, action));
    values.keySet().forEach(column -> requireColumn(declared, column, action));
    names.forEach((column, inFiles) -> requireUnused(declared, column, inFiles, action));
    Schema changed =
        Schema.createRecord(
            declared.getName(), declared.getDoc(), declared.getNamespace(), declared.isError());
    declared.getObjectProps().forEach(changed::addProp);
    declared.getAliases().forEach(changed::addAlias);
    List<Schema.Field> fields = new ArrayList<>();
    for (Schema.Field field : declared.getFields()) {
      String inFiles = names.get(field.name());
      fields.add(
          inFiles == null ? new Schema.Field(field, field.schema()) : renamed(field, inFiles));
    }
    changed.setFields(fields);
    return changed;
  }

  private static void requireColumn(Schema declared, String column, MeshAction action) {
    if (declared.getField(column) == null) {
      throw refused(
          "the contract has no column '"
              + column
              + "'; "
              + SchemaMismatches.suggestions(
                  column, declared.getFields().stream().map(Schema.Field::name).toList()),
          "Name a column of the contract.",
          action);
    }
  }

  private static void requireUnused(
      Schema declared, String column, String inFiles, MeshAction action) {
    for (Schema.Field field : declared.getFields()) {
      if (field.name().equals(inFiles)) {
        throw refused(
            "the contract has a column '" + inFiles + "' too, which files would fill",
            "Give the column of the file another name.",
            action);
      }
      if (!field.name().equals(column) && PhysicalName.of(field).equals(inFiles)) {
        throw refused(
            "'"
                + inFiles
                + "' is the name in files of the contract's column '"
                + field.name()
                + "'",
            "Give the column of the file another name.",
            action);
      }
    }
  }

  private static Schema.Field renamed(Schema.Field field, String inFiles) {
    Schema.Field copy =
        new Schema.Field(
            field.name(), field.schema(), field.doc(), field.defaultVal(), field.order());
    field.forEachProperty(
        (name, value) -> {
          if (!name.equals(PhysicalName.PROPERTY)) {
            copy.addProp(name, value);
          }
        });
    PhysicalName.declare(copy, inFiles);
    field.aliases().forEach(copy::addAlias);
    return copy;
  }

  /**
   * Returns what the readers of files need.
   *
   * @throws InvalidRequestException if a value does not fit its column
   */
  GivenColumns given(Schema declared, org.apache.iceberg.Schema table, MeshAction action) {
    if (isEmpty()) {
      return GivenColumns.NONE;
    }
    SortedMap<String, DefaultColumn> columns = new TreeMap<>();
    for (Map.Entry<String, Object> each : values.entrySet()) {
      String column = each.getKey();
      try {
        columns.put(
            column,
            ConstantColumnValue.column(
                Objects.requireNonNull(declared.getField(column)),
                table.findField(column),
                each.getValue()));
      } catch (IllegalArgumentException e) {
        throw refused(
            "the value of column '" + column + "' does not fit it: " + e.getMessage(),
            "Give a value as a row that is a map has it.",
            action);
      }
    }
    return GivenColumns.of(declared, table, names, values, columns);
  }

  private static InvalidRequestException refused(String reason, String fix, MeshAction action) {
    return Failure.of(action)
        .because(reason)
        .state("Nothing was published.")
        .fix(fix)
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }
}
