package io.meshwork.internal.receipts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import io.meshwork.publish.PublishReceipt.Input;
import java.util.ArrayList;
import java.util.List;

/** The JSON form of the inputs of published rows, in receipts and log entries. */
final class RowInputJson {
  private RowInputJson() {}

  static ArrayNode write(List<Input> inputs) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (Input each : inputs) {
      ObjectNode json = array.addObject();
      json.put("product", each.product().toString());
      json.put("contractVersion", each.contract().toString());
      json.put("snapshotId", each.snapshotId());
      ArrayNode columns = json.putArray("columns");
      each.columns().forEach(columns::add);
    }
    return array;
  }

  static List<Input> read(JsonNode array) {
    List<Input> inputs = new ArrayList<>();
    for (JsonNode json : array) {
      List<String> columns = new ArrayList<>();
      json.path("columns").forEach(column -> columns.add(column.asText()));
      inputs.add(
          new Input(
              ProductName.of(json.path("product").asText()),
              ContractVersion.parse(json.path("contractVersion").asText()),
              json.path("snapshotId").asText(),
              columns));
    }
    return List.copyOf(inputs);
  }
}
