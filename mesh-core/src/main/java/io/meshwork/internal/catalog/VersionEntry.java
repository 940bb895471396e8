package io.meshwork.internal.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.PackedPart;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.product.Classification;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.MajorVersion;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.apache.iceberg.Schema;

/**
 * The stored entry of a major with its current contract version. Its contract protects the rows as
 * strictly as any major of the product that has them, see {@link SharedProtection}.
 *
 * @param entry the document of the major
 * @param contract the current contract, as strict as the protection that was raised in others
 * @param partitioning the partitioning of its files
 * @param majorStored the major's document
 * @param contractStored the contract's document
 */
public record VersionEntry(
    MajorEntry entry,
    Contract contract,
    List<Partition> partitioning,
    VersionedDocument majorStored,
    VersionedDocument contractStored) {
  private static final String CONTRACT = "contract";

  /** The document of a contract version; its contract may be packed. */
  private record StoredContract(
      ContractVersion version,
      JsonNode contract,
      @JsonInclude(JsonInclude.Include.ALWAYS) List<Partition> partitioning) {
    StoredContract {
      partitioning = List.copyOf(partitioning);
    }
  }

  /** Reads the contract in the document of a contract version. */
  public static Contract contract(VersionedDocument stored) {
    return Contract.fromStoredJson(PackedPart.read(stored.json(), CONTRACT).toString());
  }

  /** Reads the documents of a major and of its current contract. */
  public static VersionEntry of(VersionedDocument major, VersionedDocument contract) {
    return new VersionEntry(
        MajorEntry.of(major),
        protectedByOthers(major, contract),
        DocumentCodec.of(StoredContract.class).read(contract).partitioning(),
        major,
        contract);
  }

  private static Contract protectedByOthers(VersionedDocument major, VersionedDocument stored) {
    Contract own = contract(stored);
    Protection others = Protection.ofOthers(major.json());
    return others.equals(Protection.NONE) ? own : others.applyTo(own, schemaWithIds(stored, own));
  }

  /** Returns the contract as written, without the protection that was raised in others. */
  public Contract ownContract() {
    return contract(contractStored);
  }

  /** Returns how its rows are protected besides its own contract. */
  Protection protectionOfOthers() {
    return Protection.ofOthers(majorStored.json());
  }

  /** Returns this entry with its major's document, read again and unchanged. */
  VersionEntry with(VersionedDocument sameMajor) {
    return new VersionEntry(entry, contract, partitioning, sameMajor, contractStored);
  }

  /** Returns the document of its major with other {@linkplain MajorEntry parts}. */
  public ObjectNode document(Record... parts) {
    ObjectNode json = majorStored.json().deepCopy();
    Stream.of(parts).forEach(part -> DocumentCodec.set(json, part));
    return json;
  }

  public int major() {
    return entry.status().major();
  }

  public MajorState state() {
    return entry.status().state();
  }

  /** Returns its current contract version. */
  public ContractVersion version() {
    return entry.status().contractVersion();
  }

  /** Returns the other major versions that each publish to this one also writes, ascending. */
  public List<Integer> publishedWith() {
    return entry.companions().publishedWith();
  }

  /** Returns true if the product ends with it, so that no other major version replaces it. */
  public boolean endsProduct() {
    return entry.succession().end().isPresent();
  }

  /** Returns what replaces a product that ends, in another product; empty if nothing does. */
  public Optional<MajorVersion> successorElsewhere() {
    return entry.succession().end().flatMap(MajorEntry.End::next);
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
   * mesh: all columns currently classified INTERNAL or lower.
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

  /** Returns the rollout that replaces it, replaced it, or amends its contract, if there is one. */
  public OptionalInt rollout() {
    return entry.rollouts().rollout();
  }

  /** Returns true if a rollout replaces this major, or may still be aborted without it. */
  public boolean isInRollout() {
    return !entry.rollouts().equals(MajorEntry.Rollouts.NONE);
  }

  /** Returns its columns with their field IDs. */
  public Schema schemaWithIds() {
    return schemaWithIds(contractStored, contract);
  }

  /** Returns the columns of a contract with the field IDs in its document. */
  static Schema schemaWithIds(VersionedDocument stored, Contract contract) {
    return DocumentCodec.of(FieldIds.class).read(stored).schema(contract);
  }

  /**
   * Returns the document of a contract version.
   *
   * @param table the columns of its table
   */
  public static ObjectNode document(
      ContractVersion version, Contract contract, List<Partition> partitioning, Schema table) {
    ObjectNode json = DocumentJson.create();
    writeContract(json, version, contract, partitioning);
    DocumentCodec.set(json, FieldIds.of(contract, table));
    return json;
  }

  /** Writes the contract in its document, whose field IDs stay. */
  public static void writeContract(
      ObjectNode json, ContractVersion version, Contract contract, List<Partition> partitioning) {
    DocumentCodec.of(StoredContract.class)
        .writeTo(
            json,
            new StoredContract(
                version, DocumentJson.parseObject("a contract", contract.toJson()), partitioning));
    PackedPart.pack(json, CONTRACT);
  }
}
