package io.meshwork.contract;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.internal.runtime.NearestName;
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
 * @param size how many buckets, or the width that values are cut to; 0 for other transforms
 */
public record Partition(String column, Transform transform, int size) {
  /**
   * What is made of a column's value: every transform of Iceberg but {@code void}, which only says
   * of a former part that it is no longer one.
   */
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
    HOUR,
    /** One of so many buckets, by a hash of the value. */
    BUCKET,
    /** A number down to a multiple of the width, or so many leading characters or bytes. */
    TRUNCATE;

    /** The name in Iceberg's metadata, such as {@code month}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    private boolean hasSize() {
      return this == BUCKET || this == TRUNCATE;
    }
  }

  /** Refuses a missing column, and a size where there is none or below 1 where there is one. */
  public Partition {
    if (column == null || column.isBlank() || transform == null) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot partition: the column or the transform is missing. Name a column.");
    }
    if (transform.hasSize() ? size < 1 : size != 0) {
      throw new InvalidRequestException(
          ErrorCode.INVALID_ARGUMENT,
          "Cannot partition by "
              + transform.text()
              + " of column "
              + column
              + ": its size is "
              + size
              + ". "
              + (transform.hasSize() ? "Give 1 or more." : "It takes none."));
    }
  }

  /** A transform that takes no size. */
  public Partition(String column, Transform transform) {
    this(column, transform, 0);
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
   * By a hash of the value, into so many buckets; for columns of many values.
   *
   * @param buckets at least 1
   */
  public static Partition bucket(String column, int buckets) {
    return new Partition(column, Transform.BUCKET, buckets);
  }

  /**
   * By the value cut to a width: a number down to a multiple of it, a decimal by its unscaled
   * value, a text or bytes to so many leading code points or bytes.
   *
   * @param width at least 1
   */
  public static Partition truncate(String column, int width) {
    return new Partition(column, Transform.TRUNCATE, width);
  }

  /**
   * Checks partitions against the columns of a table.
   *
   * @param doing what is being done, for messages, such as {@code define commerce/orders}
   * @throws InvalidRequestException CONTRACT_INVALID, with one finding for each that does not fit
   */
  public static void check(List<Partition> partitions, Schema schema, String doing) {
    List<Finding> findings = new ArrayList<>();
    for (int i = 0; i < partitions.size(); i++) {
      Partition partition = partitions.get(i);
      String why = partition.gap(schema);
      if (partitions.subList(0, i).stream().anyMatch(partition::repeats)) {
        why = "it is named twice";
      } else if (why == null && partition.isNameTaken(schema)) {
        why = "the table has a column with the name of this part, " + partition.fieldName();
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
          "Cannot " + doing + ": " + findings.get(0).what() + " Nothing was changed.",
          findings);
    }
  }

  private @Nullable String gap(Schema schema) {
    Types.NestedField field = schema.asStruct().field(column);
    if (field == null) {
      List<String> columns =
          schema.asStruct().fields().stream().map(Types.NestedField::name).toList();
      return "there is no such column; "
          + columns.stream()
              .filter(column::equalsIgnoreCase)
              .findFirst()
              .or(() -> NearestName.to(column, columns))
              .map(near -> "did you mean " + near + "? There are ")
              .orElse("there are ")
          + String.join(", ", columns);
    }
    Type.TypeID type = field.type().typeId();
    boolean time = type == Type.TypeID.TIMESTAMP || type == Type.TypeID.TIMESTAMP_NANO;
    boolean fits =
        switch (transform) {
          case IDENTITY ->
              field.type().isPrimitiveType()
                  && type != Type.TypeID.FLOAT
                  && type != Type.TypeID.DOUBLE;
          case BUCKET ->
              field.type().isPrimitiveType()
                  && type != Type.TypeID.FLOAT
                  && type != Type.TypeID.DOUBLE
                  && type != Type.TypeID.BOOLEAN;
          case TRUNCATE ->
              type == Type.TypeID.INTEGER
                  || type == Type.TypeID.LONG
                  || type == Type.TypeID.DECIMAL
                  || type == Type.TypeID.STRING
                  || type == Type.TypeID.BINARY;
          case HOUR -> time;
          case YEAR, MONTH, DAY -> time || type == Type.TypeID.DATE;
        };
    return fits
        ? null
        : transform.text() + " takes " + takes() + ", and this column is a " + field.type();
  }

  private String takes() {
    return switch (transform) {
      case YEAR, MONTH, DAY -> "a date or timestamp";
      case HOUR -> "a timestamp";
      case IDENTITY -> "a single value that is no float or double";
      case BUCKET -> "a single value that is no float, double or boolean";
      case TRUNCATE -> "a whole number, decimal, text or bytes";
    };
  }

  /** True if Iceberg takes both for one: the same kind of transform of the same column. */
  private boolean repeats(Partition other) {
    return column.equals(other.column) && family().equals(other.family());
  }

  private String family() {
    return switch (transform) {
      case YEAR, MONTH, DAY, HOUR -> "time";
      case IDENTITY, BUCKET, TRUNCATE -> transform.text();
    };
  }

  private boolean isNameTaken(Schema schema) {
    return transform != Transform.IDENTITY && schema.findField(fieldName()) != null;
  }

  /** The name of the partition's field, which Iceberg makes. */
  private String fieldName() {
    return switch (transform) {
      case IDENTITY -> column;
      case TRUNCATE -> column + "_trunc";
      case YEAR, MONTH, DAY, HOUR, BUCKET -> column + "_" + transform.text();
    };
  }

  /** Such as {@code month(pickup)} or {@code bucket(id, 16)}. */
  @Override
  public String toString() {
    return transform.text() + "(" + column + (size == 0 ? "" : ", " + size) + ")";
  }
}
