package io.meshwork.cli.internal.data;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.JsonFields;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.publish.StagedPublish;

/** A staged publish by its ID, and as JSON. */
final class StagedRows {
  private StagedRows() {}

  /**
   * Finds a staged publish of a product.
   *
   * @throws UsageException if there is none with this ID
   */
  static StagedPublish find(MeshClient client, String product, String id) {
    return client.stagedPublishes(product).stream()
        .filter(staged -> staged.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    product
                        + " has no staged publish "
                        + id
                        + ": it was promoted, discarded, or never staged. See: mesh staged "
                        + product));
  }

  static ObjectNode put(ObjectNode node, StagedPublish staged) {
    node.put("product", staged.product().toString())
        .put("staged", staged.id())
        .put("idempotencyKey", staged.idempotencyKey())
        .put("major", staged.major())
        .put("contractVersion", staged.contractVersion().toString())
        .put("mode", staged.mode().text())
        .put("stagedAt", JsonFields.time(staged.stagedAt()))
        .put("stagedBy", staged.stagedBy().toString())
        .put("rows", staged.rowCount())
        .put("unfitRows", staged.invalidRowCount())
        .put("bytes", staged.bytes());
    JsonFields.put(node, "where", staged.scope());
    JsonFields.put(node, "erasedBy", staged.erasedBy());
    return node;
  }
}
