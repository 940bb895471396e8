package io.meshwork.odcs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.product.ContractVersion;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
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
  private static final String SERVERS = "servers";
  private static final String SERVER = "meshwork";

  private final Contract contract;
  private final OdcsHeader before;
  private final OdcsHeader header;
  private final String location;

  private OdcsExport(Contract contract, OdcsHeader before, OdcsHeader header, String location) {
    this.contract = contract;
    this.before = before;
    this.header = header;
    this.location = location;
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
    return new OdcsExport(contract, header, header, "");
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

  /**
   * Sets where the Parquet files of the product are, for tools that read files: the first server,
   * {@code meshwork}, of the type {@code s3} or {@code local}. The servers of the document follow.
   * Default: only those.
   *
   * @param location such as {@code s3://bucket/orders} or a path; not blank
   */
  public OdcsExport storedAt(String location) {
    if (location.isBlank()) {
      throw new OdcsErrors("the export").invalidCall("the location is blank", "Name a folder.");
    }
    return new OdcsExport(contract, before, header, location);
  }

  private OdcsExport with(OdcsHeader changed) {
    return new OdcsExport(contract, before, changed, location);
  }

  /** Returns the document as YAML. */
  public String asYaml() {
    Contract bare = ContractTree.without(contract);
    YamlNode root =
        ContractTree.document(contract)
            .map(document -> DocumentComposer.compose(bare, document, before, header))
            .orElseGet(() -> DocumentComposer.compose(bare, header));
    return YamlWriter.of(raised(location.isEmpty() ? root : served(root)));
  }

  private YamlNode served(YamlNode root) {
    boolean s3 = location.startsWith("s3://");
    ObjectNode server = OdcsKeys.object().put("server", SERVER).put("type", s3 ? "s3" : "local");
    server.put(s3 ? "location" : "path", location).put("format", "parquet");
    List<YamlNode> servers = new ArrayList<>(List.of(YamlNode.of(server)));
    YamlNode others = root.get(SERVERS);
    if (others != null) {
      others.items().stream()
          .filter(each -> !each.textOf("server").equals(SERVER))
          .forEach(servers::add);
    }
    return root.with(SERVERS, YamlNode.list(servers, YamlNode.SourcePosition.NONE));
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
