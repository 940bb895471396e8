package io.meshwork.internal.onboarding;

import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.ingest.RowIngestion.ExistingSource;
import io.meshwork.internal.parquet.read.ParquetReader;
import io.meshwork.internal.parquet.schema.ColumnMismatchException;
import io.meshwork.internal.parquet.schema.UnreadableFileException;
import io.meshwork.internal.schema.IcebergSchemas;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Schema;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/**
 * The contract that files propose: the columns of all of them, with the types that most files fit,
 * and the columns in the names of folders. A column is required if each file requires it.
 * Stateless.
 */
final class ProposedColumns {
  /** The same as for a contract from one file. */
  private static final String RECORD_NAME = "row";

  /** The name of the folder with the rows in which its column is null. */
  private static final String FOLDER_OF_NULL = "__HIVE_DEFAULT_PARTITION__";

  private static final String DATE = "\\d{4}-\\d{2}-\\d{2}";

  private ProposedColumns() {}

  public static Contract of(FileIO io, ListedFiles listed, MeshAction action) {
    List<FileInfo> files = listed.files();
    Map<String, Map<Type, Integer>> columns = new LinkedHashMap<>();
    Map<String, Integer> requiring = new LinkedHashMap<>();
    for (FileInfo file : files) {
      for (NestedField column : columns(io, file, action)) {
        columns
            .computeIfAbsent(column.name(), first -> new LinkedHashMap<>())
            .merge(column.type(), 1, Integer::sum);
        requiring.merge(column.name(), column.isRequired() ? 1 : 0, Integer::sum);
      }
    }
    folders(listed)
        .forEach(
            (column, texts) -> {
              if (columns.putIfAbsent(column, Map.of(type(texts), texts.size())) == null) {
                requiring.put(column, texts.contains(FOLDER_OF_NULL) ? 0 : texts.size());
              }
            });
    int[] next = {0};
    List<NestedField> numbered = new ArrayList<>();
    columns.forEach(
        (name, types) -> {
          int id = ++next[0];
          Type type = TypeUtil.assignFreshIds(CommonType.of(types), () -> ++next[0]);
          numbered.add(
              requiring.getOrDefault(name, 0) == files.size()
                  ? NestedField.required(id, name, type)
                  : NestedField.optional(id, name, type));
        });
    return Contract.of(IcebergSchemas.ofFile(new Schema(numbered), RECORD_NAME, action));
  }

  /** The values in the names of folders, by column, for each file that has one. */
  private static Map<String, List<String>> folders(ListedFiles listed) {
    Map<String, List<String>> folders = new LinkedHashMap<>();
    for (FileInfo file : listed.files()) {
      Map<String, String> values = listed.folders().getOrDefault(file.location(), Map.of());
      values.forEach(
          (column, text) -> folders.computeIfAbsent(column, absent -> new ArrayList<>()).add(text));
    }
    return folders;
  }

  /** Returns a finding for each column of text that would be a date without an impossible one. */
  public static List<Finding> notes(ListedFiles listed) {
    List<Finding> notes = new ArrayList<>();
    folders(listed)
        .forEach(
            (column, texts) -> {
              List<String> values =
                  texts.stream().filter(text -> !text.equals(FOLDER_OF_NULL)).toList();
              long impossible = values.stream().filter(text -> !isDate(text)).count();
              if (impossible > 0 && values.stream().allMatch(text -> text.matches(DATE))) {
                notes.add(
                    new Finding(
                        FindingCode.FOLDER_DATE_IMPOSSIBLE,
                        Finding.Severity.WARNING,
                        column,
                        "Column '"
                            + column
                            + "' is proposed as a text, because the names of folders have dates"
                            + " that do not exist.",
                        impossible,
                        List.of(),
                        "Rename these folders, or keep the text."));
              }
            });
    return notes;
  }

  /** The type of the values in the names of folders: date or long, if all are; or string. */
  private static Type type(List<String> texts) {
    List<String> values = texts.stream().filter(text -> !text.equals(FOLDER_OF_NULL)).toList();
    if (values.isEmpty()) {
      return Types.StringType.get();
    } else if (values.stream().allMatch(ProposedColumns::isDate)) {
      return Types.DateType.get();
    }
    return values.stream().allMatch(text -> text.matches("0|-?[1-9]\\d{0,17}"))
        ? Types.LongType.get()
        : Types.StringType.get();
  }

  private static boolean isDate(String text) {
    try {
      return text.matches(DATE) && LocalDate.parse(text) != null;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private static List<NestedField> columns(FileIO io, FileInfo file, MeshAction action) {
    try (ParquetReader reader = ParquetReader.open(io.newInputFile(file.location()))) {
      IcebergSchemas.requireNames(reader.schema(), action.on("from " + file.location()));
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
    } catch (NotFoundException | UncheckedIOException e) {
      throw ExistingSource.notRead(file, action, e);
    }
  }
}
