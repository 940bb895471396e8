package io.meshwork.internal.ingest;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.schema.PhysicalName;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Conversion;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.jspecify.annotations.Nullable;

/**
 * How the columns of files become those of the contract, where one publish says it: other names in
 * the files, and values of columns that the files lack. Not thread-safe.
 */
public final class FileColumnChanges {
  private static final GenericData VALUES = values();

  private final SortedMap<String, String> names = new TreeMap<>();
  private final SortedMap<String, Object> constants = new TreeMap<>();

  private static GenericData values() {
    GenericData values = new GenericData();
    for (Conversion<?> conversion :
        List.of(
            new Conversions.DecimalConversion(),
            new Conversions.UUIDConversion(),
            new TimeConversions.DateConversion(),
            new TimeConversions.TimeMillisConversion(),
            new TimeConversions.TimeMicrosConversion(),
            new TimeConversions.TimestampMillisConversion(),
            new TimeConversions.TimestampMicrosConversion(),
            new TimeConversions.TimestampNanosConversion(),
            new TimeConversions.LocalTimestampMillisConversion(),
            new TimeConversions.LocalTimestampMicrosConversion(),
            new TimeConversions.LocalTimestampNanosConversion())) {
      values.addLogicalTypeConversion(conversion);
    }
    return values;
  }

  /** Reads a column from that of another name in the files. */
  public void rename(String inFiles, String column) {
    names.put(column, inFiles);
  }

  /** Gives a column that the files lack a value. */
  public void set(String column, Object value) {
    constants.put(column, value);
  }

  public boolean isEmpty() {
    return names.isEmpty() && constants.isEmpty();
  }

  /** Returns a text that differs for other changes. */
  public String fingerprint() {
    return isEmpty() ? "" : " " + names + " " + constants;
  }

  /**
   * Returns the record of a contract with the changes.
   *
   * @throws InvalidRequestException if it lacks a column, or a value does not fit its column
   */
  public Schema of(Schema declared, MeshAction action) {
    if (isEmpty()) {
      return declared;
    }
    for (String column : names.keySet()) {
      requireColumn(declared, column, action);
    }
    for (String column : constants.keySet()) {
      requireColumn(declared, column, action);
    }
    for (String inFiles : names.values()) {
      if (declared.getField(inFiles) != null) {
        throw Failure.of(action)
            .because("the contract has a column '" + inFiles + "' too, which files would fill")
            .state("Nothing was published.")
            .fix("Give the column of the file another name.")
            .invalidRequest(ErrorCode.INVALID_ARGUMENT);
      }
    }
    Schema changed =
        Schema.createRecord(
            declared.getName(), declared.getDoc(), declared.getNamespace(), declared.isError());
    declared.getObjectProps().forEach(changed::addProp);
    declared.getAliases().forEach(changed::addAlias);
    List<Schema.Field> fields = new ArrayList<>();
    for (Schema.Field field : declared.getFields()) {
      fields.add(changed(field, action));
    }
    changed.setFields(fields);
    return changed;
  }

  private static void requireColumn(Schema declared, String column, MeshAction action) {
    if (declared.getField(column) == null) {
      throw Failure.of(action)
          .because(
              "the contract has no column '"
                  + column
                  + "', but "
                  + declared.getFields().stream().map(Schema.Field::name).toList())
          .state("Nothing was published.")
          .fix("Name a column of the contract.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
  }

  private Schema.Field changed(Schema.Field field, MeshAction action) {
    Object constant = constants.get(field.name());
    Schema.Field copy = copy(field, constant, action);
    String inFiles = names.get(field.name());
    field.forEachProperty(
        (name, value) -> {
          if (inFiles == null || !name.equals(PhysicalName.PROPERTY)) {
            copy.addProp(name, value);
          }
        });
    if (inFiles != null) {
      PhysicalName.declare(copy, inFiles);
    }
    field.aliases().forEach(copy::addAlias);
    return copy;
  }

  private static Schema.Field copy(
      Schema.Field field, @Nullable Object constant, MeshAction action) {
    try {
      Object filling = constant == null ? field.defaultVal() : raw(field.schema(), constant);
      return new Schema.Field(field.name(), field.schema(), field.doc(), filling, field.order());
    } catch (AvroRuntimeException | IllegalArgumentException | ClassCastException e) {
      throw Failure.of(action)
          .because("the value for column '" + field.name() + "' does not fit its type")
          .state("Nothing was published.")
          .fix("Give a value of the column's type.")
          .cause(e)
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
  }

  /** Returns a value as a default of a column is written. */
  private static Object raw(Schema schema, Object value) {
    Schema type =
        schema.isUnion()
            ? schema.getTypes().stream()
                .filter(branch -> branch.getType() != Schema.Type.NULL)
                .findFirst()
                .orElse(schema)
            : schema;
    LogicalType logical = type.getLogicalType();
    Conversion<?> conversion =
        logical == null ? null : VALUES.getConversionByClass(value.getClass(), logical);
    Object raw =
        conversion == null ? value : Conversions.convertToRawType(value, type, logical, conversion);
    if (raw instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return bytes;
    }
    return raw instanceof GenericFixed fixed ? fixed.bytes() : raw;
  }
}
