package io.meshwork.contract;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import java.util.Locale;

/**
 * One partition field of a product's tables: a column and a transform of the Iceberg specification.
 * The layout is not part of the contract. Immutable.
 *
 * @param column the name of a top-level column
 * @param transform the function that maps the column's value to the partition's value
 * @param size the number of buckets, or the width for truncation; 0 for other transforms
 */
public record Partition(
    String column, Transform transform, @JsonInclude(JsonInclude.Include.NON_DEFAULT) int size) {
  /**
   * The partition transforms of the Iceberg specification. {@code void} is missing: it only marks a
   * removed partition field.
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
    /** A bucket, chosen by a hash of the value. */
    BUCKET,
    /** A number rounded down to a multiple of the width, or the first characters or bytes. */
    TRUNCATE;

    /** The name in Iceberg's metadata, such as {@code month}. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    private boolean hasSize() {
      return this == BUCKET || this == TRUNCATE;
    }
  }

  /**
   * Checks the arguments.
   *
   * @throws InvalidRequestException if the column or the transform is missing, or the size does not
   *     fit the transform
   */
  public Partition {
    if (column == null || column.isBlank() || transform == null) {
      throw Failure.of(MeshAction.of(Verb.CREATE, "a partition field"))
          .because("the column or the transform is missing")
          .fix("Set both.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    if (transform.hasSize() ? size < 1 : size != 0) {
      throw Failure.of(
              MeshAction.of(
                  Verb.CREATE, "the partition field " + transform.text() + "(" + column + ")"))
          .because("its size is " + size)
          .fix(transform.hasSize() ? "Use a size of 1 or more." : "Remove the size.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
  }

  /** A partition by a transform without a size. */
  public Partition(String column, Transform transform) {
    this(column, transform, 0);
  }

  /** By the value itself; for columns with few distinct values. */
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
   * By a hash of the value; for columns with many distinct values.
   *
   * @param buckets the number of buckets, at least 1
   */
  public static Partition bucket(String column, int buckets) {
    return new Partition(column, Transform.BUCKET, buckets);
  }

  /**
   * By the truncated value: a number is rounded down to a multiple of the width (a decimal by its
   * unscaled value), and a string or bytes are cut to the first code points or bytes.
   *
   * @param width a number, or a count of code points or bytes; at least 1
   */
  public static Partition truncate(String column, int width) {
    return new Partition(column, Transform.TRUNCATE, width);
  }

  /** Returns text such as {@code month(pickup)} or {@code bucket(id, 16)}. */
  @Override
  public String toString() {
    return transform.text() + "(" + column + (size == 0 ? "" : ", " + size) + ")";
  }
}
