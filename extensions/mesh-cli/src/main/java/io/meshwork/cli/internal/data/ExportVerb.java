package io.meshwork.cli.internal.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.file.RowTarget;
import io.meshwork.cli.internal.file.RowTarget.Format;
import io.meshwork.cli.internal.file.TargetFile;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.RowCount;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.consume.Rows;
import io.meshwork.product.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes rows of a product to a file. */
@Command(
    name = "export",
    description = {
      "Writes rows to a file, which is complete or not there, or to standard output.",
      "Parquet and Avro keep the types of the columns."
    })
public final class ExportVerb extends MeshVerb {
  @Parameters(index = "0", paramLabel = "PRODUCT")
  private String product;

  @Parameters(
      index = "1",
      paramLabel = "FILE",
      description = ".csv, .jsonl, .parquet, or .avro; - is standard output")
  private String file;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "csv, jsonl, parquet, or avro. Default: as FILE ends; required for -")
  private @Nullable String format;

  @Mixin private ReadOptions options;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    RowTarget target =
        RowTarget.of(file, format, shell(), Format.CSV, Format.JSONL, Format.PARQUET, Format.AVRO);
    if (target.format() == Format.AVRO) {
      try (Rows<GenericRecord> rows =
          options.on(client.read(product), client, product, shell().in(), 0).rows()) {
        Schema schema = client.describe(product).contract().schema();
        return exported(
            target.writeAvro(withColumns(schema, rows.columns()), rows), rows.snapshot());
      }
    }
    try (Rows<Map<String, Object>> rows = options.of(client, product, shell().in(), 0).rows()) {
      return exported(
          target.format() == Format.PARQUET
              ? target.writeParquet(rows::writeParquet)
              : target.write(rows.columns(), rows, options.total(rows.snapshot())),
          rows.snapshot());
    }
  }

  private static Schema withColumns(Schema schema, List<String> columns) {
    return Schema.createRecord(
        schema.getName(),
        schema.getDoc(),
        schema.getNamespace(),
        false,
        schema.getFields().stream()
            .filter(field -> columns.contains(field.name()))
            .map(field -> new Schema.Field(field, field.schema()))
            .toList());
  }

  private VerbAnswer exported(long count, Optional<Snapshot> snapshot) {
    ObjectNode document =
        VerbAnswer.newDocument("exported")
            .put("product", product)
            .put("file", file)
            .put("rows", count);
    JsonFields.put(document, "snapshotId", snapshot.map(Snapshot::id));
    String place = RowTarget.isStandardOutput(file) ? "on standard output" : "in " + file;
    return VerbAnswer.change(
        document,
        RowCount.of(count) + " of " + product + (count == 1 ? " is " : " are ") + place + ".");
  }

  @Override
  public boolean hasRowsOnOutput() {
    return RowTarget.isStandardOutput(file);
  }

  @Override
  protected String interruption() {
    return hasRowsOnOutput()
        ? "Standard output may have a part of the rows. Run it again."
        : TargetFile.whenStopped(file) + " Run it again.";
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
