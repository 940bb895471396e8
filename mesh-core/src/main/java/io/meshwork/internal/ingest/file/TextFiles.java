package io.meshwork.internal.ingest.file;

import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.internal.naming.NameGrammar;
import io.meshwork.internal.rows.ColumnKind;
import io.meshwork.internal.rows.CsvLayout;
import io.meshwork.internal.rows.CsvReading;
import io.meshwork.internal.rows.TextRowParser;
import io.meshwork.internal.schema.TextFileFormat;
import io.meshwork.internal.schema.TextFormat;
import io.meshwork.publish.Publish.FileFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;

/** How the values in files of text are written: as the caller states, else as the contract does. */
public final class TextFiles {
  private final FileFormat.Text<?> textFormat;
  private final Schema columns;

  /**
   * Combines what the caller and the contract state.
   *
   * @param textFormat the format and its options
   * @param columns the contract's Avro record
   */
  TextFiles(FileFormat.Text<?> textFormat, Schema columns) {
    this.textFormat = textFormat;
    this.columns = columns;
  }

  /** Returns how the values of a column or a field are written. */
  TextFormat format(Schema.Field field) {
    TextFormat declared = TextFormat.of(field);
    Schema type = ColumnKind.withoutNull(field.schema());
    String format =
        textFormat.form(field.name(), Objects.requireNonNull(type)).orElse(declared.format());
    return new TextFormat(format, declared.nulls(), declared.trimmed() || textFormat.isTrimmed());
  }

  /** Returns how a CSV file is read, from its start. */
  CsvReading reading(FileFormat.Csv csv, Path file, InputStream content) throws IOException {
    return new CsvLayout(
            content.readNBytes(CsvLayout.START_BYTES),
            csv,
            TextFileFormat.of(columns),
            FileNames.separator(file))
        .of(columns, this::format);
  }

  /**
   * Creates the parser of rows.
   *
   * @throws io.meshwork.error.InvalidRequestException if a form is none of its column
   */
  TextRowParser parser(boolean ignoringUnknownColumns, MeshAction action) {
    for (String column : textFormat.formedColumns()) {
      if (columns.getField(column) == null) {
        throw refused(
            action, "a form is stated for the column '" + column + "', which the contract lacks");
      }
    }
    try {
      return new TextRowParser(columns, ignoringUnknownColumns, this::format);
    } catch (IllegalArgumentException e) {
      throw refused(action, NameGrammar.quoted(String.valueOf(e.getMessage())));
    }
  }

  private static RuntimeException refused(MeshAction action, String reason) {
    return Failure.of(action)
        .because(reason)
        .state("Nothing was published.")
        .fix("State a form of the column's type, for a column of the contract.")
        .invalidRequest(ErrorCode.INVALID_ARGUMENT);
  }

  /** Returns how a CSV file is read, where that is not the plain form; empty if all is plain. */
  String described(CsvReading reading) {
    return reading.described(formats());
  }

  /** Returns how a file of JSON lines is read, where that is not the plain form. */
  String described() {
    return String.join(", ", CsvReading.values(formats()));
  }

  private Map<String, TextFormat> formats() {
    Map<String, TextFormat> formats = new LinkedHashMap<>();
    columns.getFields().forEach(field -> formats.put(field.name(), format(field)));
    return formats;
  }
}
