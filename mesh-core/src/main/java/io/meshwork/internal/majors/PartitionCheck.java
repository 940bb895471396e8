package io.meshwork.internal.majors;

import io.meshwork.contract.Partition;
import io.meshwork.contract.Partition.Transform;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.text.NearestName;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Checks partitions against the columns of a table. */
public final class PartitionCheck {
  private PartitionCheck() {}

  /**
   * Checks all partitions.
   *
   * @param action the action for messages, such as {@code define commerce/orders}
   * @throws io.meshwork.error.InvalidRequestException CONTRACT_INVALID, with one finding for each
   *     invalid partition
   */
  static void check(List<Partition> partitions, Schema schema, MeshAction action) {
    List<Finding> findings = new ArrayList<>();
    for (int i = 0; i < partitions.size(); i++) {
      Partition partition = partitions.get(i);
      String fault = fault(partition, schema);
      Optional<Partition> before =
          partitions.subList(0, i).stream().filter(other -> repeats(partition, other)).findFirst();
      if (before.isPresent()) {
        fault = repetition(partition, before.get());
      } else if (fault == null && isNameTaken(partition, schema)) {
        fault = "the table has a column named like its partition field, " + fieldName(partition);
      }
      if (fault != null) {
        findings.add(
            Finding.error(
                FindingCode.PARTITION_INVALID,
                partition.column(),
                "Partition " + partition + ": " + fault + ".",
                "Choose another column or transform."));
      }
    }
    if (!findings.isEmpty()) {
      throw Failure.of(action)
          .because(findings.get(0).what())
          .fix(findings.get(0).fix())
          .findings(findings)
          .invalidRequest(ErrorCode.CONTRACT_INVALID);
    }
  }

  /**
   * Returns a finding for each new column that has the name of a partition field of a table.
   *
   * @param schema the columns of the table after an amendment
   */
  public static List<Finding> ofNewColumns(Table table, Schema schema) {
    List<Finding> findings = new ArrayList<>();
    Set<String> named = new HashSet<>();
    for (PartitionSpec spec : table.specs().values()) {
      for (PartitionField part : spec.fields()) {
        Types.NestedField column = schema.findField(part.name());
        if (column != null && column.fieldId() != part.sourceId() && named.add(part.name())) {
          findings.add(
              Finding.error(
                  FindingCode.PARTITION_INVALID,
                  part.name(),
                  "The table has a partition field with this name (" + part.transform() + ").",
                  "Choose another name for the column."));
        }
      }
    }
    return findings;
  }

  private static @Nullable String fault(Partition partition, Schema schema) {
    String column = partition.column();
    Transform transform = partition.transform();
    Types.NestedField field = schema.asStruct().field(column);
    if (field == null && schema.findField(column) != null) {
      return "the column is nested, and a table is partitioned by columns of the top level only";
    }
    if (field == null) {
      List<String> columns =
          schema.asStruct().fields().stream().map(Types.NestedField::name).toList();
      return "the column does not exist; "
          + columns.stream()
              .filter(column::equalsIgnoreCase)
              .findFirst()
              .or(() -> NearestName.to(column, columns))
              .map(near -> "did you mean " + near + "? The columns are ")
              .orElse("the columns are ")
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
            + " requires "
            + acceptedTypes(transform)
            + ", and the column has type "
            + field.type();
  }

  private static String acceptedTypes(Transform transform) {
    return switch (transform) {
      case YEAR, MONTH, DAY -> "a date or timestamp";
      case HOUR -> "a timestamp";
      case IDENTITY -> "a primitive type other than float and double";
      case BUCKET -> "a primitive type other than float, double, and boolean";
      case TRUNCATE -> "an integer, decimal, string, or binary";
    };
  }

  /** True if Iceberg rejects both together: the same kind of transform of the same column. */
  private static boolean repeats(Partition one, Partition other) {
    return one.column().equals(other.column())
        && family(one.transform()).equals(family(other.transform()));
  }

  private static String repetition(Partition one, Partition other) {
    if (one.equals(other)) {
      return "it is a duplicate";
    }
    return family(one.transform()).equals("time")
        ? "a table has one of year, month, day, and hour of a column, and this one has " + other
        : "its partition field would have the name of that of " + other + ", " + fieldName(one);
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
