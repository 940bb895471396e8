package io.meshwork.cli.internal.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.file.AtomicFile;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.consume.Rows;
import io.meshwork.product.Snapshot;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Writes rows of a product to a file. */
@Command(
    name = "export",
    description = {
      "Writes rows to a .parquet, .csv, .jsonl, or .avro file, which is complete or not there.",
      "Parquet and Avro keep the types of the columns."
    })
public final class ExportVerb extends MeshVerb {
  @Parameters(index = "0", paramLabel = "PRODUCT")
  private String product;

  @Parameters(index = "1", paramLabel = "FILE", description = ".parquet, .csv, .jsonl, or .avro")
  private Path file;

  @Mixin private ReadOptions options;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    if (AtomicFile.isParquet(file)) {
      try (Rows<Map<String, Object>> rows = options.of(client, product, shell().in(), 0).rows()) {
        return exported(AtomicFile.writeParquet(file, rows::writeParquet), rows.snapshot());
      }
    }
    if (AtomicFile.isAvro(file)) {
      try (Rows<GenericRecord> rows =
          options.on(client.read(product), client, product, shell().in(), 0).rows()) {
        Schema schema = client.describe(product).contract().schema();
        return exported(
            AtomicFile.writeAvro(file, withColumns(schema, rows.columns()), rows), rows.snapshot());
      }
    }
    if (!AtomicFile.isText(file)) {
      throw new UsageException(
          "Rows are exported to a file .parquet, .csv, .jsonl, or .avro, not " + file + ".");
    }
    try (Rows<Map<String, Object>> rows = options.of(client, product, shell().in(), 0).rows()) {
      return exported(AtomicFile.write(file, rows.columns(), rows), rows.snapshot());
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
            .put("file", file.toString())
            .put("rows", count);
    JsonFields.put(document, "snapshotId", snapshot.map(Snapshot::id));
    return VerbAnswer.change(document, count + " rows of " + product + " are in " + file + ".");
  }

  @Override
  public boolean isChange() {
    return true;
  }
}
