package io.meshwork.cli.internal.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.VerbAnswer;
import io.meshwork.cli.internal.verb.MeshVerb;
import io.meshwork.consume.Rows;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows rows of a product. */
@Command(name = "read", description = "Shows the first rows of a product.")
public final class ReadVerb extends MeshVerb {
  private static final int ROWS_IF_NOT_LIMITED = 20;

  @Parameters(paramLabel = "PRODUCT")
  private String product;

  @Mixin private ReadOptions options;

  @Override
  protected VerbAnswer answer(MeshClient client) {
    long limit = options.limit(ROWS_IF_NOT_LIMITED);
    try (Rows<Map<String, Object>> rows = read(client, limit)) {
      ObjectNode document = VerbAnswer.newDocument().put("product", product);
      rows.snapshot().ifPresent(snapshot -> document.put("snapshotId", snapshot.id()));
      return RowTable.answer(document, rows, limit, "No rows.", width());
    }
  }

  private Rows<Map<String, Object>> read(MeshClient client, long limit) {
    return options.of(client, product, shell().in(), 0).limit(RowTable.andOneMore(limit)).rows();
  }

  @Override
  protected void afterwards(VerbAnswer answer) {
    if (answer.document().get("more").asBoolean() && !root().asJson()) {
      shell()
          .complain(
              "There are more rows: --limit ROWS shows more, and 'mesh export "
                  + product
                  + " FILE' writes all.");
    }
  }

  @Override
  protected boolean needsIdentity() {
    return true;
  }
}
