package io.meshwork.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.PackedPart;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.Classification;
import io.meshwork.product.ContractVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.Schema;

/**
 * The stored entry of a major with its contract version in force.
 *
 * @param major the major's number
 * @param state the state of the major, such as {@code ACTIVE}
 * @param version the contract version in force
 * @param contract the contract in force
 * @param partitioning the partitioning of its files
 * @param majorStored the major's document
 * @param contractStored the contract's document
 */
public record VersionEntry(
    int major,
    String state,
    ContractVersion version,
    Contract contract,
    List<Partition> partitioning,
    VersionedDocument majorStored,
    VersionedDocument contractStored) {
  /** The state of a major that is published to and read. */
  public static final String ACTIVE = "ACTIVE";

  /** The state of a major that can no longer be read through the mesh. */
  public static final String RETIRED = "RETIRED";

  private static final String CONTRACT = "contract";
  private static final String ROLLOUT = "rollout";

  /** Reads the contract in the document of a contract version. */
  public static Contract contract(VersionedDocument stored) {
    return Contract.fromStoredJson(PackedPart.read(stored.json(), CONTRACT).toString());
  }

  static VersionEntry of(VersionedDocument major, VersionedDocument contract) {
    List<Partition> partitioning = new ArrayList<>();
    for (JsonNode partition : contract.json().path("partitioning")) {
      partitioning.add(
          new Partition(
              partition.path("column").asText(),
              Partition.Transform.valueOf(partition.path("transform").asText()),
              partition.path("size").asInt()));
    }
    return new VersionEntry(
        major.json().path("major").asInt(),
        major.json().path("state").asText(),
        ContractVersion.parse(major.json().path("contractVersion").asText()),
        contract(contract),
        List.copyOf(partitioning),
        major,
        contract);
  }

  /** Returns the names of its top-level columns, in order. */
  public List<String> columns() {
    return contract.schema().getFields().stream().map(org.apache.avro.Schema.Field::name).toList();
  }

  /** Returns the columns that every domain may read if the product is open to the mesh. */
  public List<String> openColumns() {
    return openColumns(contract);
  }

  /**
   * Returns the columns of a contract that every domain may read if the product is open to the
   * mesh: those that are currently classified INTERNAL or lower.
   */
  public static List<String> openColumns(Contract contract) {
    return contract.schema().getFields().stream()
        .map(org.apache.avro.Schema.Field::name)
        .filter(column -> contract.classificationOf(column).compareTo(Classification.INTERNAL) <= 0)
        .toList();
  }

  /** Returns true if the product is open to the mesh with all columns of this version. */
  public boolean isOpenWith(ProductEntry product) {
    return product.openToMesh() && openColumns().size() == columns().size();
  }

  /** Returns true if a rollout replaces this major. */
  public boolean isInRollout() {
    return majorStored.json().has(ROLLOUT);
  }

  /** Its columns with their field IDs; empty for an old document without IDs. */
  public Optional<Schema> schemaWithIds() {
    return FieldIds.schema(contractStored.json(), contract);
  }

  /** Writes a major's fields into its document; other fields are kept. */
  public static void writeMajor(ObjectNode json, int major, String state, ContractVersion version) {
    json.put("format", 1);
    json.put("major", major);
    json.put("state", state);
    json.put("contractVersion", version.toString());
  }

  /** Writes a contract version's document. */
  public static void writeContract(
      ObjectNode json, ContractVersion version, Contract contract, List<Partition> partitioning) {
    json.put("format", 1);
    json.put("version", version.toString());
    json.set(CONTRACT, DocumentJson.parseObject("a contract", contract.toJson()));
    ArrayNode layout = json.putArray("partitioning");
    for (Partition partition : partitioning) {
      ObjectNode part =
          layout
              .addObject()
              .put("column", partition.column())
              .put("transform", partition.transform().name());
      if (partition.size() > 0) {
        part.put("size", partition.size());
      }
    }
    PackedPart.pack(json, CONTRACT);
  }
}
