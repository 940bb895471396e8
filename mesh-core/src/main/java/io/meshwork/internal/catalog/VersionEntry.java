package io.meshwork.internal.catalog;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
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
import io.meshwork.product.ProductName;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.iceberg.Schema;

/**
 * The stored entry of a major with its current contract version. Its contract protects the rows as
 * strictly as any major of the product that has them, see {@link SharedProtection}.
 *
 * @param major the major's number
 * @param state the state of the major
 * @param version the current contract version
 * @param contract the current contract, as strict as the protection that was raised in others
 * @param partitioning the partitioning of its files
 * @param majorStored the major's document
 * @param contractStored the contract's document
 */
public record VersionEntry(
    int major,
    MajorState state,
    ContractVersion version,
    Contract contract,
    List<Partition> partitioning,
    VersionedDocument majorStored,
    VersionedDocument contractStored) {
  private static final String CONTRACT = "contract";
  private static final String PUBLISHED_WITH = "publishedWith";
  private static final String ROLLOUT = "rollout";
  private static final String REPLACES = "replaces";
  private static final String END = "end";
  private static final String RETIRED_TABLE = "retiredTable";

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
        major.json().path("major").asInt(),
        MajorState.of(major),
        ContractVersion.parse(major.json().path("contractVersion").asText()),
        protectedByOthers(major, contract),
        DocumentCodec.of(StoredContract.class).read(contract).partitioning(),
        major,
        contract);
  }

  private static Contract protectedByOthers(VersionedDocument major, VersionedDocument stored) {
    Contract own = contract(stored);
    Protection others = Protection.ofOthers(major.json());
    return others.equals(Protection.NONE)
        ? own
        : others.applyTo(own, FieldIds.schema(stored.json(), own));
  }

  /** Returns the contract as it is written, without the protection that was raised in others. */
  public Contract ownContract() {
    return contract(contractStored);
  }

  /** Returns how its rows are protected besides its own contract. */
  Protection protectionOfOthers() {
    return Protection.ofOthers(majorStored.json());
  }

  /** Returns this entry with its major's document as it was read again, unchanged. */
  VersionEntry with(VersionedDocument sameMajor) {
    return new VersionEntry(
        major, state, version, contract, partitioning, sameMajor, contractStored);
  }

  /**
   * Returns the other major versions that each publish to this one also writes, ascending; empty
   * unless a rollout is past its cut-over.
   */
  public List<Integer> publishedWith() {
    List<Integer> others = new ArrayList<>();
    majorStored.json().path(PUBLISHED_WITH).forEach(other -> others.add(other.asInt()));
    return List.copyOf(others);
  }

  /** Writes the other major versions that each publish to a major version also writes. */
  public static void writePublishedWith(ObjectNode json, List<Integer> others) {
    if (others.isEmpty()) {
      json.remove(PUBLISHED_WITH);
    } else {
      ArrayNode numbers = json.putArray(PUBLISHED_WITH);
      others.forEach(numbers::add);
    }
  }

  /** Returns the major that replaces it; empty if none was named. */
  public Optional<Integer> successor() {
    return successor(majorStored);
  }

  static Optional<Integer> successor(VersionedDocument major) {
    return Optional.of(major.json().path("successor").asInt()).filter(number -> number > 0);
  }

  /** Returns true if the product ends with it, so that no other major version replaces it. */
  public boolean endsProduct() {
    return majorStored.json().has(END);
  }

  /** Returns what replaces a product that ends, in another product; empty if nothing does. */
  public Optional<MajorVersion> successorElsewhere() {
    JsonNode end = majorStored.json().path(END);
    return end.has("product")
        ? Optional.of(
            new MajorVersion(
                ProductName.of(end.path("product").asText()), end.path("major").asInt()))
        : Optional.empty();
  }

  /** Writes that the product ends, and what replaces it. */
  public static void writeEnd(ObjectNode json, Optional<MajorVersion> elsewhere) {
    ObjectNode end = json.putObject(END);
    elsewhere.ifPresent(
        next -> end.put("product", next.product().toString()).put("major", next.major()));
  }

  /** Removes that the product ends. */
  public static void removeEnd(ObjectNode json) {
    json.remove(END);
  }

  /** Returns the last day on which it is read, in UTC; empty if none was proposed. */
  public Optional<LocalDate> retireAfter() {
    return text("retireAfter").map(LocalDate::parse);
  }

  /** Returns why it is replaced or was retired; empty if no reason was given. */
  public Optional<String> because() {
    return text("because");
  }

  /** Returns when it was retired or withdrawn, as stored; empty while it is in use. */
  Optional<String> retiredAt() {
    return text("retiredAt");
  }

  private Optional<String> text(String field) {
    return Optional.ofNullable(majorStored.json().path(field).textValue());
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

  /**
   * Returns the number of the rollout that replaces it, replaced it, or amends its contract; empty
   * if there is none.
   */
  public OptionalInt rollout() {
    int number = majorStored.json().path(ROLLOUT).asInt();
    return number > 0 ? OptionalInt.of(number) : OptionalInt.empty();
  }

  /** Returns true if a rollout replaces this major, or may still be aborted without it. */
  public boolean isInRollout() {
    return majorStored.json().has(ROLLOUT) || majorStored.json().has(REPLACES);
  }

  /**
   * Returns the version of the document of its table when it was retired; empty if it was not.
   * While that document has this version, its rows are those that it had then.
   */
  public Optional<String> retiredTable() {
    return text(RETIRED_TABLE);
  }

  /** Writes the version of the document of its table; empty once it is no longer retired. */
  public static void writeRetiredTable(ObjectNode json, Optional<String> version) {
    json.remove(RETIRED_TABLE);
    version.ifPresent(text -> json.put(RETIRED_TABLE, text));
  }

  /** Writes the major that this one replaces in a rollout that has not ended; 0 for none. */
  public static void writeReplaces(ObjectNode json, int replaced) {
    if (replaced > 0) {
      json.put(REPLACES, replaced);
    } else {
      json.remove(REPLACES);
    }
  }

  /** Its columns with their field IDs. */
  public Schema schemaWithIds() {
    return FieldIds.schema(contractStored.json(), contract);
  }

  /** Writes a major's fields into its document; other fields are kept. */
  public static void writeMajor(
      ObjectNode json, int major, MajorState state, ContractVersion version) {
    json.put("format", 1);
    json.put("major", major);
    json.put(MajorState.STATE, state.name());
    json.put("contractVersion", version.toString());
  }

  /** Writes a contract version's document. */
  public static void writeContract(
      ObjectNode json, ContractVersion version, Contract contract, List<Partition> partitioning) {
    json.put("format", 1);
    DocumentCodec.of(StoredContract.class)
        .writeTo(
            json,
            new StoredContract(
                version, DocumentJson.parseObject("a contract", contract.toJson()), partitioning));
    PackedPart.pack(json, CONTRACT);
  }
}
