package io.meshwork.internal.materializers;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.rows.ColumnGroup;
import io.meshwork.internal.rows.ContractColumn;
import io.meshwork.internal.rows.RecordCode;
import io.meshwork.internal.rows.RecordComponents;
import io.meshwork.internal.rows.RecordCreator;
import io.meshwork.internal.rows.SchemaMismatches;
import io.meshwork.internal.vector.Vector;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Creates Java records of one class from vectors. Not thread-safe. */
final class RecordFactory {
  private final Class<?> recordType;
  private final CellReader[] cells;
  private final RecordCreator creator;

  private RecordFactory(Class<?> recordType, CellReader[] cells, RecordCreator creator) {
    this.recordType = recordType;
    this.cells = cells;
    this.creator = creator;
  }

  /**
   * Returns the factory of a class for the columns of a table or the fields of a record; null if
   * there are mismatches.
   */
  static @Nullable RecordFactory of(
      Class<?> recordType, ColumnGroup group, SchemaMismatches mismatches) {
    int before = mismatches.count();
    RecordComponent[] components = RecordComponents.of(recordType);
    CellReader[] cells = new CellReader[components.length];
    for (int i = 0; i < components.length; i++) {
      String name = RecordComponents.columnOf(components[i]);
      ContractColumn column = group.find(name);
      if (column == null) {
        mismatches.add(
            FindingCode.UNKNOWN_COLUMN,
            group.place(name),
            "component '"
                + components[i].getName()
                + "' maps to '"
                + group.place(SchemaMismatches.quoted(name))
                + "', which is not a column here",
            "rename it or annotate it with @Column; "
                + SchemaMismatches.suggestions(name, group.names()));
      } else {
        Type type = components[i].getGenericType();
        ValueReader reader =
            ValueReader.of(
                column,
                type,
                components[i].getName(),
                "component '" + components[i].getName() + "'",
                mismatches);
        if (reader != null) {
          Class<?> wanted = components[i].getType();
          cells[i] =
              wanted.isPrimitive()
                  ? CellReader.of(column, components[i].getName(), wanted)
                  : CellReader.of(reader);
        }
      }
    }
    return mismatches.count() > before
        ? null
        : new RecordFactory(recordType, cells, creator(recordType, cells.length));
  }

  private static RecordCreator creator(Class<?> recordType, int components) {
    try {
      return RecordCode.of(recordType).creator();
    } catch (IllegalArgumentException e) {
      throw Failure.of(MeshAction.of(Verb.READ, "rows into " + recordType.getName()))
          .because("its " + components + " components exceed the limit of method handles")
          .state("Nothing was read.")
          .fix("Read the rows as maps or as Avro records.")
          .invalidRequest(ErrorCode.READER_INVALID);
    }
  }

  /**
   * Reads the values of some rows of the vectors, for {@link #create}.
   *
   * @param rowNumber as in {@link ValueReader#read}
   */
  RecordCreator.Values read(List<Vector> vectors, int from, int to, long rowNumber) {
    Object[] columns = new Object[cells.length];
    for (int i = 0; i < columns.length; i++) {
      CellReader cell = cells[i];
      columns[i] = cell.read(vectors.get(cell.column.position()), from, to, rowNumber);
    }
    return new RecordCreator.Values(columns, to - from);
  }

  /** Returns the record of the current row of some values; {@code rowNumber} is its number. */
  Object create(RecordCreator.Values values, long rowNumber) {
    try {
      return creator.create(values);
    } catch (Exception thrown) {
      throw Failure.of(
              MeshAction.of(Verb.READ, "row " + (rowNumber + 1) + " into " + recordType.getName()))
          .because("its constructor threw " + thrown.getClass().getName())
          .state("The preceding rows were read; this one and the following were not.")
          .fix(
              "Make the constructor accept every row that the contract allows, or exclude the row"
                  + " with where(..).")
          .cause(thrown)
          .invalidRequest(ErrorCode.READER_INVALID);
    } catch (Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a constructor threw neither an exception nor an error", e);
    }
  }
}
