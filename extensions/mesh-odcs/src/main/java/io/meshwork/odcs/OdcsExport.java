package io.meshwork.odcs;

import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Writes a contract as a document of the Open Data Contract Standard 3.1 that is valid under its
 * official JSON Schema.
 *
 * <p>A contract that was read from a document is written into that document: what Meshwork does not
 * understand stays, and so does every value that did not change. Reading an export gives the
 * contract again. Immutable and thread-safe.
 */
public final class OdcsExport {
  private final Contract contract;
  private final OdcsHeader before;
  private final OdcsHeader header;

  private OdcsExport(Contract contract, OdcsHeader before, OdcsHeader header) {
    this.contract = contract;
    this.before = before;
    this.header = header;
  }

  /**
   * Starts the export of a contract.
   *
   * @param contract not null
   */
  public static OdcsExport of(Contract contract) {
    Optional<YamlNode> document = ContractTree.document(contract);
    OdcsHeader header =
        document
            .map(
                root ->
                    OdcsHeader.of(
                        root,
                        ObjectImport.of(root, 0, new ImportFindings(root, false)).partitions()))
            .orElseGet(OdcsHeader::standard);
    return new OdcsExport(contract, header, header);
  }

  /**
   * Sets the name of the product. Default: that of the document, or the name of the schema's
   * record.
   *
   * @param product not null
   */
  public OdcsExport named(ProductName product) {
    return with(
        new OdcsHeader(product.toString(), header.version(), header.status(), header.partitions()));
  }

  /**
   * Sets the version of the contract. Default: that of the document, or 1.0.0.
   *
   * @param version not null
   */
  public OdcsExport version(ContractVersion version) {
    return with(
        new OdcsHeader(header.name(), version.toString(), header.status(), header.partitions()));
  }

  /**
   * Sets the status. Default: that of the document, or {@code draft}.
   *
   * @param status such as {@code active}, {@code deprecated}, or {@code retired}
   */
  public OdcsExport status(String status) {
    return with(
        new OdcsHeader(
            header.name(), header.version(), status.toLowerCase(Locale.ROOT), header.partitions()));
  }

  /**
   * Sets how the table is partitioned, which a contract does not know. Default: as the document
   * says.
   *
   * @param partitions in order
   */
  public OdcsExport partitionedBy(Partition... partitions) {
    return with(
        new OdcsHeader(header.name(), header.version(), header.status(), List.of(partitions)));
  }

  private OdcsExport with(OdcsHeader changed) {
    return new OdcsExport(contract, before, changed);
  }

  /** Returns the document as YAML. */
  public String asYaml() {
    Contract bare = ContractTree.without(contract);
    YamlNode root =
        ContractTree.document(contract)
            .map(document -> DocumentComposer.compose(bare, document, before, header))
            .orElseGet(() -> DocumentComposer.compose(bare, header));
    return YamlWriter.of(raised(root));
  }

  /**
   * Returns a document as version 3.1.0 with the team as an object; as it is if 3.1 does not allow
   * what it has.
   */
  static YamlNode raised(YamlNode root) {
    YamlNode raised = root.with("apiVersion", YamlNode.text(OdcsValidator.NEWEST));
    YamlNode team = raised.get("team");
    if (team != null && team.isList()) {
      Map<String, YamlNode.Entry> members = new LinkedHashMap<>();
      members.put("members", new YamlNode.Entry(YamlNode.text("members"), team));
      raised = raised.with("team", YamlNode.map(members, team.place()));
    }
    return OdcsValidator.isValid(raised) ? raised : root;
  }
}
