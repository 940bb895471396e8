package io.meshwork.internal.publish;

import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.schema.IcebergSchemas;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Schema;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types.NestedField;

/**
 * The contract that files propose: the columns of all of them, with the types of the first file, or
 * wider ones of later files. A column is required if each file requires it. Stateless.
 */
final class ProposedColumns {
  /** The same as that of a contract from one file. */
  private static final String RECORD_NAME = "row";

  private ProposedColumns() {}

  static Contract of(FileIO io, List<FileInfo> files, MeshAction action) {
    Map<String, NestedField> columns = new LinkedHashMap<>();
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (FileInfo file : files) {
      for (NestedField column : columns(io, file, action)) {
        columns.merge(column.name(), column, ProposedColumns::merged);
        counts.merge(column.name(), 1, Integer::sum);
      }
    }
    int[] next = {0};
    List<NestedField> numbered = new ArrayList<>();
    columns.forEach(
        (name, column) -> {
          int id = ++next[0];
          numbered.add(
              column.isRequired() && counts.get(name) == files.size()
                  ? NestedField.required(id, name, column.type())
                  : NestedField.optional(id, name, column.type()));
        });
    return Contract.of(
        IcebergSchemas.toAvro(
            new Schema(TypeUtil.assignFreshIds(new Schema(numbered), () -> ++next[0]).columns()),
            RECORD_NAME));
  }

  private static List<NestedField> columns(FileIO io, FileInfo file, MeshAction action) {
    try (ParquetReader reader = ParquetReader.open(io.newInputFile(file.location()))) {
      return reader.schema().columns();
    } catch (UnreadableFileException e) {
      throw Failure.of(action.on("from " + file.location()))
          .because(e.whatAndWhere())
          .state("Nothing was registered.")
          .fix("Leave the file out, or write it again.")
          .contractViolation(ErrorCode.FILE_MALFORMED);
    } catch (ColumnMismatchException e) {
      throw Failure.of(action.on("from " + file.location()))
          .because(String.valueOf(e.getMessage()))
          .state("Nothing was registered.")
          .fix("Write the column with another type.")
          .invalidRequest(ErrorCode.SCHEMA_UNSUPPORTED);
    }
  }

  private static NestedField merged(NestedField first, NestedField other) {
    boolean wider =
        other.type().isPrimitiveType()
            && first.type().isPrimitiveType()
            && TypeUtil.isPromotionAllowed(first.type(), other.type().asPrimitiveType());
    Type type = wider ? other.type() : first.type();
    return first.isRequired() && other.isRequired()
        ? NestedField.required(first.fieldId(), first.name(), type)
        : NestedField.optional(first.fieldId(), first.name(), type);
  }
}
