package io.meshwork.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.internal.ledger.Documents;
import io.meshwork.internal.ledger.Stored;
import io.meshwork.product.ContractVersion;
import java.util.ArrayList;
import java.util.List;

/**
 * A live major and the contract version in force in it, as they stand in the registry.
 *
 * @param major the major's number
 * @param state where the major is in its life, such as {@code ACTIVE}
 * @param version the contract version in force
 * @param contract what it promises
 * @param partitioning how its files are laid out
 * @param majorStored the major's document
 * @param contractStored the contract's document
 */
public record VersionEntry(
    int major,
    String state,
    ContractVersion version,
    Contract contract,
    List<Partition> partitioning,
    Stored majorStored,
    Stored contractStored) {
  /** The state of a major that is published to and read. */
  public static final String ACTIVE = "ACTIVE";

  /** The state of a major that can no longer be read through the mesh. */
  public static final String RETIRED = "RETIRED";

  static VersionEntry of(Stored major, Stored contract) {
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
        Contract.fromJson(contract.json().path("contract").toString()),
        List.copyOf(partitioning),
        major,
        contract);
  }

  /** Writes a major's fields into its document; other fields stay. */
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
    json.set("contract", Documents.parseObject("a contract", contract.toJson()));
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
  }
}
