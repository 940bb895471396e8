package io.meshwork.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.consume.Rows;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows rows of a product. */
@Command(name = "read", description = "Shows the first rows of a product.")
final class ReadVerb extends MeshVerb {
  private static final int ROWS_IF_NOT_LIMITED = 20;

  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Mixin private ReadOptions options;

  @Override
  VerbAnswer answer(MeshClient client) {
    try (Rows<Map<String, Object>> rows = options.of(client, product, ROWS_IF_NOT_LIMITED).read()) {
      List<String> columns = rows.columns();
      ObjectNode document = VerbAnswer.newDocument().put("product", product);
      rows.snapshot().ifPresent(snapshot -> document.put("snapshotId", snapshot.id()));
      document.set("columns", JsonFields.array(columns));
      ArrayNode array = document.putArray("rows");
      TextTable table = new TextTable(columns.toArray(new String[0]));
      for (Map<String, Object> row : rows) {
        array.add(RowValues.json(columns, row));
        table.row(
            columns.stream()
                .map(column -> Objects.requireNonNullElse(RowValues.text(row.get(column)), "–"))
                .toArray());
      }
      return VerbAnswer.question(document, table.lines("No rows."));
    }
  }
}
