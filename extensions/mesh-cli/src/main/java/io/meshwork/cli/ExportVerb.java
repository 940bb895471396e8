package io.meshwork.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Writes rows of a product to a file. */
@Command(
    name = "export",
    description = "Writes rows to a .csv or .jsonl file, which is complete or not there.")
final class ExportVerb extends MeshVerb {
  @Parameters(index = "0", paramLabel = "PRODUCT")
  private String product;

  @Parameters(index = "1", paramLabel = "FILE")
  private Path file;

  @Mixin private ReadOptions options;

  @Override
  VerbAnswer answer(MeshClient client) {
    WholeFile.requireFormat(file);
    try (Rows<Map<String, Object>> rows = options.of(client, product, 0).read()) {
      long count = WholeFile.write(file, rows.columns(), rows);
      ObjectNode document =
          VerbAnswer.newDocument("exported")
              .put("product", product)
              .put("file", file.toString())
              .put("rows", count);
      rows.snapshot().ifPresent(snapshot -> document.put("snapshotId", snapshot.id()));
      return VerbAnswer.change(document, count + " rows of " + product + " are in " + file + ".");
    }
  }

  @Override
  boolean isChange() {
    return true;
  }
}
