package io.meshwork.internal.change;

import io.meshwork.contract.Partition;
import io.meshwork.contract.Partition.Transform;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Finding;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.runtime.NearestName;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Checks partitions against the columns of a table. */
final class PartitionCheck {
  private PartitionCheck() {}

  /**
   * Checks all partitions.
   *
   * @param action the action for messages, such as {@code define commerce/orders}
   * @throws InvalidRequestException CONTRACT_INVALID, with one finding for each that does not fit
   */
  static void check(List<Partition> partitions, Schema schema, MeshAction action) {
    List<Finding> findings = new ArrayList<>();
    for (int i = 0; i < partitions.size(); i++) {
      Partition partition = partitions.get(i);
      String why = gap(partition, schema);
      if (partitions.subList(0, i).stream().anyMatch(other -> repeats(partition, other))) {
        why = "it is named twice";
      } else if (why == null && isNameTaken(partition, schema)) {
        why = "the table has a column with the name of this part, " + fieldName(partition);
      }
      if (why != null) {
        findings.add(
            Finding.error(
                "PARTITION_INVALID",
                partition.column(),
                "Partition " + partition + ": " + why + ".",
                "Choose a column and a transform that fit each other."));
      }
    }
    if (!findings.isEmpty()) {
      throw new InvalidRequestException(
          ErrorCode.CONTRACT_INVALID,
          "Cannot " + action + ": " + findings.get(0).what() + " Nothing was changed.",
          findings);
    }
  }

  private static @Nullable String gap(Partition partition, Schema schema) {
    String column = partition.column();
    Transform transform = partition.transform();
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
        : transform.text()
            + " takes "
            + acceptedTypes(transform)
            + ", and this column is a "
            + field.type();
  }

  private static String acceptedTypes(Transform transform) {
    return switch (transform) {
      case YEAR, MONTH, DAY -> "a date or timestamp";
      case HOUR -> "a timestamp";
      case IDENTITY -> "a single value that is no float or double";
      case BUCKET -> "a single value that is no float, double or boolean";
      case TRUNCATE -> "a whole number, decimal, text or bytes";
    };
  }

  /** True if Iceberg treats both as one: the same kind of transform of the same column. */
  private static boolean repeats(Partition one, Partition other) {
    return one.column().equals(other.column())
        && family(one.transform()).equals(family(other.transform()));
  }

  private static String family(Transform transform) {
    return switch (transform) {
      case YEAR, MONTH, DAY, HOUR -> "time";
      case IDENTITY, BUCKET, TRUNCATE -> transform.text();
    };
  }

  private static boolean isNameTaken(Partition partition, Schema schema) {
    return partition.transform() != Transform.IDENTITY
        && schema.findField(fieldName(partition)) != null;
  }

  /** The name that Iceberg gives the partition field. */
  private static String fieldName(Partition partition) {
    String column = partition.column();
    Transform transform = partition.transform();
    return switch (transform) {
      case IDENTITY -> column;
      case TRUNCATE -> column + "_trunc";
      case YEAR, MONTH, DAY, HOUR, BUCKET -> column + "_" + transform.text();
    };
  }
}
