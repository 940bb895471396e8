package io.meshwork.internal.rows;

import io.meshwork.error.FindingCode;
import io.meshwork.internal.vector.Vector;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import org.apache.avro.Schema;

/**
 * Reads Java records of one class. Each component is read by generated code that has the type of
 * its vector, so primitives are neither boxed nor dispatched.
 */
final class JavaRecordAccessor {
  private JavaRecordAccessor() {}

  /** Returns the accessor of a class; it must not be used if it adds mismatches. */
  static RecordShredders.Accessor of(
      Class<?> recordClass, ColumnGroup group, SchemaMismatches mismatches) {
    List<String> names = group.names();
    FieldWriter[] steps = new FieldWriter[names.size()];
    boolean[] named = new boolean[names.size()];
    for (RecordComponent component : RecordComponents.of(recordClass)) {
      String name = RecordComponents.columnOf(component);
      ContractColumn column = group.find(name);
      if (column == null) {
        mismatches.add(
            FindingCode.UNKNOWN_COLUMN,
            group.place(name),
            "component '"
                + component.getName()
                + "' maps to '"
                + group.place(SchemaMismatches.quoted(name))
                + "', which is not a column of the contract",
            "rename it or annotate it with @Column; " + SchemaMismatches.suggestions(name, names));
      } else if (named[column.position()]) {
        mismatches.add(
            FindingCode.DUPLICATE_COLUMN,
            column.path(),
            "two components map to column '" + column.path() + "'",
            "keep one of them");
      } else {
        named[column.position()] = true;
        steps[column.position()] = step(recordClass, component, column, mismatches);
      }
    }
    for (ContractColumn column : group.columns()) {
      if (!named[column.position()]) {
        FieldWriter missing = FieldWriter.ofMissing(column);
        if (missing == null) {
          mismatches.add(
              FindingCode.INPUT_COLUMN_MISSING,
              column.path(),
              "the component for '"
                  + column.path()
                  + "' is missing, a required column without default",
              "add a component of "
                  + (column.kind().nested() ? "type " : "one of the types ")
                  + (column.kind().nested() ? javaType(column) : column.kind().acceptedClasses()));
        } else {
          steps[column.position()] = missing;
        }
      }
    }
    return new FieldAccessor(recordClass.getName(), steps);
  }

  /** Returns the Java type of a column's values for a message, such as {@code List<Line>}. */
  private static String javaType(ContractColumn column) {
    Schema type = ColumnKind.withoutNull(column.contractType());
    return switch (column.kind()) {
      case RECORD, ENUM -> type == null ? column.typeName() : type.getName();
      case LIST -> "List<" + javaType(column.first()) + ">";
      case MAP -> "Map<String, " + javaType(column.second()) + ">";
      default -> column.kind().boxedClass();
    };
  }

  private static FieldWriter step(
      Class<?> recordClass,
      RecordComponent component,
      ContractColumn column,
      SchemaMismatches mismatches) {
    Type type = RecordComponents.valueType(component);
    ValueAppender appender = ValueAppender.of(column, null);
    appender.fitJava(type, "component '" + component.getName() + "'", mismatches);
    return new ComponentWriter(
        RecordCode.of(recordClass).field(component, template(column.kind(), JavaTypes.raw(type))),
        appender);
  }

  private static RecordField.Template template(ColumnKind kind, Class<?> type) {
    if (!type.isPrimitive() || !kind.mayAccept(type)) {
      return RecordField.Template.OBJECT;
    }
    return switch (kind) {
      case BOOLEAN -> RecordField.Template.BOOLEAN;
      case INT -> RecordField.Template.INT;
      case LONG -> RecordField.Template.LONG;
      case FLOAT -> RecordField.Template.FLOAT;
      case DOUBLE -> RecordField.Template.DOUBLE;
      default -> throw new IllegalStateException("no primitive type for a column of kind " + kind);
    };
  }

  private static final class ComponentWriter extends FieldWriter {
    private final RecordField field;
    private final ValueAppender appender;

    ComponentWriter(RecordField field, ValueAppender appender) {
      this.field = field;
      this.appender = appender;
    }

    @Override
    void append(RecordRun run, Vector vector) throws Throwable {
      field.append(run, vector, appender);
    }
  }
}
