package io.meshwork.interchange;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Contract;
import io.meshwork.product.ProductName;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Builds the facets of OpenLineage 2-0-2, each with its producer and its schema. Immutable. */
final class LineageFacets {
  static final String PRODUCER = "urn:meshwork:mesh-interchange";
  private static final String SPEC = "https://openlineage.io/spec/";
  static final String RUN_EVENT = SPEC + "2-0-2/OpenLineage.json#/$defs/RunEvent";
  private static final String ANY_DATASET_FACET =
      SPEC + "2-0-2/OpenLineage.json#/$defs/DatasetFacet";

  private final String namespace;

  LineageFacets(String namespace) {
    this.namespace = namespace;
  }

  /** Returns the name of the dataset that a major version is. */
  static String datasetName(ProductName product, int major) {
    return product.domain().replace('-', '_')
        + "."
        + product.product().replace('-', '_')
        + "_v"
        + major;
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Returns a dataset without facets. */
  ObjectNode dataset(ProductName product, int major) {
    return object().put("namespace", namespace).put("name", datasetName(product, major));
  }

  ObjectNode schema(Contract contract) {
    ObjectNode facet = facet("1-2-0/SchemaDatasetFacet");
    facet.set("fields", SchemaFields.of(contract.schema(), contract.columnDescriptions()));
    return facet;
  }

  ObjectNode version(String snapshotId) {
    return facet("1-0-1/DatasetVersionDatasetFacet").put("datasetVersion", snapshotId);
  }

  ObjectNode ownership(String owner) {
    ObjectNode facet = facet("1-0-1/OwnershipDatasetFacet");
    facet.putArray("owners").addObject().put("name", owner).put("type", "DATA_OWNER");
    return facet;
  }

  ObjectNode documentation(String description) {
    return facet("1-1-0/DocumentationDatasetFacet").put("description", description);
  }

  ObjectNode jobType(String type) {
    return facet("2-0-4/JobTypeJobFacet")
        .put("processingType", "BATCH")
        .put("integration", "MESHWORK")
        .put("jobType", type);
  }

  /** Returns what was written; the size is left out if its receipt is gone. */
  ObjectNode outputStatistics(CommittedRows rows, OptionalLong bytes) {
    ObjectNode facet =
        facet("1-0-2/OutputStatisticsOutputDatasetFacet").put("rowCount", rows.rowsAccepted());
    bytes.ifPresent(size -> facet.put("size", size));
    return facet.put("fileCount", rows.files());
  }

  /** Returns a facet of Meshwork: what the rows were checked against, and with which result. */
  ObjectNode contract(ProductName product, CommittedRows rows) {
    ObjectNode facet =
        object()
            .put("_producer", PRODUCER)
            .put("_schemaURL", ANY_DATASET_FACET)
            .put("product", product.toString())
            .put("contractVersion", rows.contract().toString())
            .put("rowsOffered", rows.rowsAccepted() + rows.rowsQuarantined())
            .put("rowsAccepted", rows.rowsAccepted())
            .put("rowsQuarantined", rows.rowsQuarantined());
    rows.qualityScore().ifPresent(score -> facet.put("qualityScore", score));
    return facet;
  }

  /**
   * Returns the declared columns: for each column of the product, the columns that it comes from.
   * Empty if none was declared.
   */
  ObjectNode columnLineage(List<CommittedRows.Input> inputs) {
    Map<String, ArrayNode> fields = new TreeMap<>();
    for (CommittedRows.Input input : inputs) {
      for (String pair : input.columns()) {
        int sign = pair.indexOf('=');
        fields
            .computeIfAbsent(
                pair.substring(0, sign), column -> JsonNodeFactory.instance.arrayNode())
            .add(
                dataset(input.product(), input.contract().major())
                    .put("field", pair.substring(sign + 1)));
      }
    }
    if (fields.isEmpty()) {
      return object();
    }
    ObjectNode facet = facet("1-2-0/ColumnLineageDatasetFacet");
    ObjectNode byColumn = facet.putObject("fields");
    fields.forEach((column, from) -> byColumn.putObject(column).set("inputFields", from));
    return facet;
  }

  /** Starts a facet, such as of {@code 1-2-0/SchemaDatasetFacet}. */
  private static ObjectNode facet(String versionAndType) {
    String type = versionAndType.substring(versionAndType.indexOf('/') + 1);
    return object()
        .put("_producer", PRODUCER)
        .put("_schemaURL", SPEC + "facets/" + versionAndType + ".json#/$defs/" + type);
  }
}
