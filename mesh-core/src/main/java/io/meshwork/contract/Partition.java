package io.meshwork.contract;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * One part of how rows are laid out in files; not part of the promise. An immutable value. Whether
 * it fits a schema is said by {@link #check}.
 *
 * @param column the column whose value decides
 * @param transform what is made of the value
 */
public record Partition(String column, Transform transform) {
  /** What is made of a column's value. */
  public enum Transform {
    /** The value itself. */
    IDENTITY,
    /** The year of a date or timestamp. */
    YEAR,
    /** The month of a date or timestamp. */
    MONTH,
    /** The day of a date or timestamp. */
    DAY,
    /** The hour of a timestamp. */
    HOUR;

    /** The name in Iceberg's metadata, such as {@code month}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Refuses a missing column. */
  public Partition {
    if (column == null || column.isBlank() || transform == null) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot partition: the column or the transform is missing. Name a column.");
    }
  }

  /** By the value itself; for columns of few values. */
  public static Partition identity(String column) {
    return new Partition(column, Transform.IDENTITY);
  }

  /** The same as {@link #identity}. */
  public static Partition by(String column) {
    return identity(column);
  }

  /** By year. */
  public static Partition year(String column) {
    return new Partition(column, Transform.YEAR);
  }

  /** By month. */
  public static Partition month(String column) {
    return new Partition(column, Transform.MONTH);
  }

  /** By day. */
  public static Partition day(String column) {
    return new Partition(column, Transform.DAY);
  }

  /** By hour. */
  public static Partition hour(String column) {
    return new Partition(column, Transform.HOUR);
  }

  /**
   * Checks partitions against the columns of a table.
   *
   * @throws InvalidRequestException CONTRACT_INVALID, with one finding for each that does not fit
   */
  public static void check(List<Partition> partitions, Schema schema) {
    List<Finding> findings = new ArrayList<>();
    for (int i = 0; i < partitions.size(); i++) {
      Partition partition = partitions.get(i);
      String why = partition.gap(schema);
      if (partitions.indexOf(partition) < i) {
        why = "it is named twice";
      }
      if (why != null) {
        findings.add(
            Finding.error(
                "PARTITION_INVALID",
                partition.column,
                "Partition " + partition + ": " + why + ".",
                "Choose a column and a transform that fit each other."));
      }
    }
    if (!findings.isEmpty()) {
      throw new InvalidRequestException(
          ErrorCode.CONTRACT_INVALID,
          "Cannot partition the table: " + findings.get(0).what() + " Nothing was changed.",
          findings);
    }
  }

  private @Nullable String gap(Schema schema) {
    Types.NestedField field = schema.asStruct().field(column);
    if (field == null) {
      return "there is no such column; there are "
          + String.join(
              ", ", schema.asStruct().fields().stream().map(Types.NestedField::name).toList());
    }
    Type.TypeID type = field.type().typeId();
    boolean time = type == Type.TypeID.TIMESTAMP || type == Type.TypeID.TIMESTAMP_NANO;
    boolean fits =
        switch (transform) {
          case IDENTITY ->
              field.type().isPrimitiveType()
                  && type != Type.TypeID.FLOAT
                  && type != Type.TypeID.DOUBLE;
          case HOUR -> time;
          case YEAR, MONTH, DAY -> time || type == Type.TypeID.DATE;
        };
    return fits ? null : transform.text() + " does not fit the type " + field.type();
  }

  /** Such as {@code month(pickup)}. */
  @Override
  public String toString() {
    return transform.text() + "(" + column + ")";
  }
}
