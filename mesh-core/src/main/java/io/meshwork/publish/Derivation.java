package io.meshwork.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.List;

/**
 * What published rows were made from: a snapshot of a product, and which column came from which.
 * Immutable.
 *
 * @param product the input
 * @param contract the contract version of the input's snapshot
 * @param snapshotId the input's snapshot
 * @param columns pairs such as {@code total=amount}, own column first; empty if not said
 */
public record Derivation(
    ProductName product, ContractVersion contract, String snapshotId, List<String> columns) {
  /** Copies the columns. */
  public Derivation {
    columns = List.copyOf(columns);
  }

  static ArrayNode toJson(List<Derivation> derivations) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (Derivation each : derivations) {
      ObjectNode json = array.addObject();
      json.put("product", each.product.toString());
      json.put("contractVersion", each.contract.toString());
      json.put("snapshotId", each.snapshotId);
      ArrayNode columns = json.putArray("columns");
      each.columns.forEach(columns::add);
    }
    return array;
  }

  static List<Derivation> fromJson(JsonNode array) {
    List<Derivation> derivations = new ArrayList<>();
    for (JsonNode json : array) {
      List<String> columns = new ArrayList<>();
      json.path("columns").forEach(column -> columns.add(column.asText()));
      derivations.add(
          new Derivation(
              ProductName.of(json.path("product").asText()),
              ContractVersion.parse(json.path("contractVersion").asText()),
              json.path("snapshotId").asText(),
              columns));
    }
    return List.copyOf(derivations);
  }

  /** The input alone, such as {@code commerce/orders@4711}. */
  @Override
  public String toString() {
    return product + "@" + snapshotId;
  }
}
