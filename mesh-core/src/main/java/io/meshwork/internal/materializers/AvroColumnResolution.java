package io.meshwork.internal.materializers;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.FindingCode;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.rows.AvroTypeName;
import io.meshwork.internal.rows.ColumnGroup;
import io.meshwork.internal.rows.ColumnKind;
import io.meshwork.internal.rows.ContractColumn;
import io.meshwork.internal.rows.SchemaMismatches;
import io.meshwork.internal.vector.DictionaryVector;
import io.meshwork.internal.vector.ListVector;
import io.meshwork.internal.vector.MapVector;
import io.meshwork.internal.vector.StructVector;
import io.meshwork.internal.vector.Vector;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.jspecify.annotations.Nullable;

/**
 * Resolves a reader's Avro schema against the projected columns, as the section "Schema Resolution"
 * of the Avro specification does against a writer's schema. Type names are not compared, because
 * columns have none. Whatever cannot be resolved for every value is a mismatch.
 */
final class AvroColumnResolution {
  private final SchemaMismatches mismatches;
  private final boolean own;

  private AvroColumnResolution(SchemaMismatches mismatches, boolean own) {
    this.mismatches = mismatches;
    this.own = own;
  }

  /** Returns records of a reader's schema. */
  static AvroRecordReader ofReader(
      ColumnGroup columns, Schema reader, SchemaMismatches mismatches) {
    return new AvroColumnResolution(mismatches, false).record(columns, reader);
  }

  /**
   * Returns records of the schema that the columns have by contract: matched by name only, and
   * nulls are preserved everywhere.
   */
  static AvroRecordReader ofContract(
      ColumnGroup columns, Schema contract, SchemaMismatches mismatches) {
    return new AvroColumnResolution(mismatches, true).record(columns, contract);
  }

  private AvroRecordReader record(ColumnGroup group, Schema reader) {
    AvroRecordReader record = new AvroRecordReader(reader);
    List<String> names = group.names();
    AvroFieldLookup lookup = new AvroFieldLookup(reader, names);
    for (Schema.Field field : reader.getFields()) {
      ContractColumn column = own ? group.find(field.name()) : find(group, lookup, field);
      if (column != null) {
        AvroValueReader value = value(column, field.schema(), group.place(field.name()));
        if (value != null) {
          record.take(field, column, value);
        }
      } else if (field.hasDefaultValue()) {
        record.fill(field);
      } else if (lookup.suggestions(field).isEmpty()) {
        mismatches.add(
            FindingCode.UNKNOWN_COLUMN,
            group.place(field.name()),
            "field '"
                + group.place(field.name())
                + "' is not a column of the product and has no default",
            "remove the field, or give it a default; "
                + mismatches.suggestionsFor(field.name(), names));
      }
    }
    return record;
  }

  /**
   * Returns the column of a field; null if there is none, or, with a mismatch, if it is ambiguous.
   */
  private @Nullable ContractColumn find(
      ColumnGroup group, AvroFieldLookup lookup, Schema.Field field) {
    List<String> names = lookup.suggestions(field);
    if (names.isEmpty()) {
      return null;
    }
    Schema.Field conflicting = lookup.conflicting(field, names.get(0));
    if (names.size() > 1 || conflicting != null) {
      mismatches.add(
          FindingCode.AMBIGUOUS_COLUMN,
          group.place(field.name()),
          "field '"
              + group.place(field.name())
              + "' matches by name and aliases "
              + (conflicting == null
                  ? "the columns " + String.join(" and ", names)
                  : "column '" + names.get(0) + "', as field '" + conflicting.name() + "' does"),
          "remove the ambiguous alias");
      return null;
    }
    return group.find(names.get(0));
  }

  private @Nullable AvroValueReader value(ContractColumn column, Schema reader, String field) {
    List<Schema> branches =
        reader.isUnion()
            ? reader.getTypes().stream()
                .filter(branch -> branch.getType() != Schema.Type.NULL)
                .toList()
            : List.of(reader);
    AvroValueReader content =
        branches.size() == 1
            ? content(column, branches.get(0), field)
            : firstOf(column, branches, field);
    if (content == null) {
      return null;
    }
    boolean mayBeNull = own || reader.isNullable();
    if (!mayBeNull && !column.required()) {
      mismatches.add(
          FindingCode.NULL_UNSUPPORTED,
          column.path(),
          "column '" + column.path() + "' may be null, but field '" + field + "' is required",
          "make the field's type a union with null");
    }
    return new Cell(column, mayBeNull, content);
  }

  /**
   * Uses the first branch of the column's own type that resolves, else the first of the other
   * branches.
   */
  private @Nullable AvroValueReader firstOf(
      ContractColumn column, List<Schema> branches, String field) {
    Schema contractType = column.contractType();
    Comparator<Schema> mostSimilar =
        Comparator.comparing((Schema branch) -> branch.getType() != contractType.getType())
            .thenComparing(branch -> !branch.getFullName().equals(contractType.getFullName()));
    for (Schema branch : branches.stream().sorted(mostSimilar).toList()) {
      SchemaMismatches branchMismatches = new SchemaMismatches(MeshAction.of(Verb.READ, "a union"));
      AvroValueReader content =
          new AvroColumnResolution(branchMismatches, own).content(column, branch, field);
      if (content != null && branchMismatches.count() == 0) {
        return content;
      }
    }
    return mismatch(column, "union without a matching branch", field);
  }

  private @Nullable AvroValueReader content(ContractColumn column, Schema reader, String field) {
    ColumnKind kind = column.kind();
    if (kind.nested() || kind == ColumnKind.ENUM) {
      if (AvroLeafReaders.kind(reader) != kind) {
        return mismatch(column, AvroTypeName.of(reader), field);
      }
      return switch (kind) {
        case RECORD -> struct(column, reader);
        case LIST -> list(column, reader, field);
        case MAP -> map(column, reader, field);
        default -> symbols(column, reader, field);
      };
    }
    AvroValueReader leaf = AvroLeafReaders.of(column, reader);
    return leaf == null ? mismatch(column, AvroTypeName.of(reader), field) : leaf;
  }

  private AvroValueReader struct(ContractColumn column, Schema reader) {
    return new Structs(record(column.fields(), reader));
  }

  private @Nullable AvroValueReader list(ContractColumn column, Schema reader, String field) {
    AvroValueReader elements = value(column.first(), reader.getElementType(), field + "[]");
    if (elements == null) {
      return null;
    }
    return (vector, row, rowNumber) -> {
      ListVector lists = (ListVector) vector;
      int start = lists.start(row);
      int length = lists.length(row);
      GenericData.Array<@Nullable Object> values = new GenericData.Array<>(length, reader);
      for (int i = start; i < start + length; i++) {
        values.add(elements.read(lists.elements(), i, rowNumber));
      }
      return values;
    };
  }

  private @Nullable AvroValueReader map(ContractColumn column, Schema reader, String field) {
    AvroValueReader keys = AvroLeafReaders.of(column.first(), column.first().contractType());
    AvroValueReader values = value(column.second(), reader.getValueType(), field + "{}");
    if (keys == null || values == null) {
      return null;
    }
    AvroValueReader texts = new Cell(column.first(), own, keys);
    return (vector, row, rowNumber) -> {
      MapVector maps = (MapVector) vector;
      Map<String, @Nullable Object> entries = new LinkedHashMap<>();
      int start = maps.start(row);
      for (int i = start; i < start + maps.length(row); i++) {
        entries.put(
            String.valueOf(texts.read(maps.keys(), i, rowNumber)),
            values.read(maps.values(), i, rowNumber));
      }
      return entries;
    };
  }

  private @Nullable AvroValueReader symbols(ContractColumn column, Schema reader, String field) {
    List<String> missingSymbols =
        column.contractType().getEnumSymbols().stream()
            .filter(symbol -> !reader.hasEnumSymbol(symbol))
            .toList();
    if (!missingSymbols.isEmpty() && reader.getEnumDefault() == null) {
      mismatches.add(
          FindingCode.ENUM_SYMBOLS_UNSUPPORTED,
          column.path(),
          "column '"
              + column.path()
              + "' may be "
              + String.join(", ", missingSymbols)
              + ", which the enum of field '"
              + field
              + "' lacks, and it has no default",
          "add the symbols to the enum, or give the enum a default");
      return null;
    }
    return AvroLeafReaders.symbol(column, reader);
  }

  private @Nullable AvroValueReader mismatch(ContractColumn column, String type, String field) {
    mismatches.add(
        FindingCode.TYPE_MISMATCH,
        column.path(),
        "field '"
            + field
            + "' is of type "
            + type
            + ", but column '"
            + column.path()
            + "' of type "
            + column.typeName()
            + " cannot be read as that without loss",
        "use the contract's type for the field");
    return null;
  }

  /** Structs that are not null. */
  private record Structs(AvroRecordReader fields) implements AvroValueReader {
    @Override
    public Object read(Vector vector, int row, long rowNumber) {
      return fields.read(((StructVector) vector).children(), row, rowNumber);
    }

    @Override
    public void readAll(
        Vector vector, int from, long rowNumber, GenericData.Record[] records, int field) {
      GenericData.Record[] structs =
          fields.readAll(
              ((StructVector) vector).children(), from, from + records.length, rowNumber);
      for (int i = 0; i < records.length; i++) {
        records[i].put(field, structs[i]);
      }
    }
  }

  /** A value without its dictionary, or a null. */
  private record Cell(
      ContractColumn column, boolean mayBeNull, AvroValueReader content, DictionaryValues entries)
      implements AvroValueReader {
    Cell(ContractColumn column, boolean mayBeNull, AvroValueReader content) {
      this(column, mayBeNull, content, new DictionaryValues());
    }

    @Override
    public @Nullable Object read(Vector vector, int row, long rowNumber) {
      if (vector.isNull(row)) {
        if (!mayBeNull) {
          throw unexpectedNull(rowNumber);
        }
        return null;
      }
      return vector instanceof DictionaryVector encoded
          ? entry(encoded, row, entries.of(encoded.dictionary()), rowNumber)
          : content.read(vector, row, rowNumber);
    }

    @Override
    public void readAll(
        Vector vector, int from, long rowNumber, GenericData.Record[] records, int field) {
      DictionaryVector encoded = vector instanceof DictionaryVector indices ? indices : null;
      if (encoded == null && !vector.hasNull(from, from + records.length)) {
        content.readAll(vector, from, rowNumber, records, field);
        return;
      }
      @Nullable Object[] values =
          encoded == null ? new @Nullable Object[0] : entries.of(encoded.dictionary());
      for (int i = 0; i < records.length; i++) {
        int row = from + i;
        if (!vector.isNull(row)) {
          records[i].put(
              field,
              encoded == null
                  ? content.read(vector, row, rowNumber)
                  : entry(encoded, row, values, rowNumber));
        } else if (!mayBeNull) {
          throw unexpectedNull(rowNumber);
        }
      }
    }

    private @Nullable Object entry(
        DictionaryVector encoded, int row, @Nullable Object[] values, long rowNumber) {
      int entry = encoded.index(row);
      Object value = values[entry];
      if (value == null) {
        value = content.read(encoded.dictionary(), entry, rowNumber);
        DictionaryValues.keep(values, entry, value);
      }
      return value;
    }

    private InvalidRequestException unexpectedNull(long rowNumber) {
      return Failure.of(MeshAction.of(Verb.READ, "row " + (rowNumber + 1) + " into an Avro record"))
          .because(
              "column '"
                  + column.path()
                  + "' is null there, although the contract requires a value")
          .state("The preceding rows were read.")
          .fix("Make the type of the field a union with null.")
          .invalidRequest(ErrorCode.READER_INVALID);
    }
  }
}
