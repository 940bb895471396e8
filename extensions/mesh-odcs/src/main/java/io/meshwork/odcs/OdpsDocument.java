package io.meshwork.odcs;

import com.networknt.schema.Schema;
import io.meshwork.contract.Contract;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.odcs.internal.document.OdcsErrors;
import io.meshwork.odcs.internal.document.YamlNode;
import io.meshwork.odcs.internal.document.YamlReader;
import io.meshwork.odcs.internal.document.YamlWriter;
import io.meshwork.product.ProductName;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A document of the Open Data Product Standard 1.0.0 or 1.1.0 (ODPS) of Bitol, read and validated
 * with the official JSON Schema. It describes a product, whose columns and rules are in the
 * contract that an output port names.
 *
 * <p>Nothing of a document is lost: {@link #describe} returns a contract that stores it, and {@code
 * OdpsExport} of mesh-interchange writes it again. {@link #report} states for each element what
 * became of it. Immutable and thread-safe.
 */
public final class OdpsDocument {
  private static final String OUTPUT_PORTS = "outputPorts";
  private static final String CONTRACT_ID = "contractId";
  private static final Schema SCHEMA = OdcsValidator.compile(OdcsSchemas.odps());
  private static final List<String> VERSIONS = List.of("v1.0.0", "v1.1.0");

  private final String source;
  private final YamlNode root;
  private final boolean strict;

  private OdpsDocument(String source, YamlNode root, boolean strict) {
    this.source = source;
    this.root = root;
    this.strict = strict;
  }

  /**
   * A port of a product: what it reads, or offers.
   *
   * @param name its name
   * @param version as written; empty without one
   * @param contractId the ID of the contract, such as of an ODCS document; empty without one
   */
  public record Port(String name, String version, String contractId) {}

  /**
   * Reads a document.
   *
   * @param file YAML or JSON in UTF-8, at most 5 MiB
   * @throws InvalidRequestException SOURCE_UNREADABLE if the file cannot be read; CONTRACT_INVALID
   *     if it is not YAML or not valid ODPS of v1.0.0 or v1.1.0, LIMIT_EXCEEDED if it exceeds a
   *     limit, both with line, column, and path
   */
  public static OdpsDocument read(Path file) {
    return read(file, false);
  }

  /**
   * Reads a document as {@link #read(Path)}; {@link #describe} then refuses a contract that no
   * output port names.
   *
   * @param file YAML or JSON in UTF-8, at most 5 MiB
   * @throws InvalidRequestException as {@link #read(Path)}
   */
  public static OdpsDocument readStrictly(Path file) {
    return read(file, true);
  }

  private static OdpsDocument read(Path file, boolean strict) {
    String source = String.valueOf(file.getFileName());
    String text = OdcsErrors.ofOdps(source).text(file, YamlReader.MAX_BYTES);
    return new OdpsDocument(source, validated(text, source), strict);
  }

  /**
   * Reads a document from a string, as {@link #read(Path)}.
   *
   * @param yaml the text; not null
   * @throws InvalidRequestException as {@link #read(Path)}
   */
  public static OdpsDocument parse(String yaml) {
    return new OdpsDocument("in a text", validated(yaml, "in a text"), false);
  }

  /**
   * Returns the document that a contract stores; empty if it stores none.
   *
   * @param contract not null
   */
  public static Optional<OdpsDocument> of(Contract contract) {
    return ContractTree.product(contract)
        .map(root -> new OdpsDocument("of the contract", root, false));
  }

  private static YamlNode validated(String text, String source) {
    OdcsErrors errors = OdcsErrors.ofOdps(source);
    YamlNode root = YamlReader.read(text, errors);
    String version = root.textOf("apiVersion");
    if (!root.isMap() || !root.textOf("kind").equals("DataProduct")) {
      throw errors.invalid(
          root.place(), "kind", "it is not a document of the kind DataProduct", "Use one of ODPS.");
    }
    if (!VERSIONS.contains(version)) {
      throw errors.invalid(
          root.place(),
          "apiVersion",
          "the version " + OdcsErrors.quoted(version) + " is not known",
          "Use one of " + String.join(", ", VERSIONS) + ".");
    }
    OdcsValidator.requireNone(
        OdcsValidator.faultsOf(SCHEMA, root),
        root,
        errors,
        "ODPS",
        "Correct it as the Open Data Product Standard v1.1.0 says.");
    return root;
  }

  /**
   * Returns the name of the product; empty if the document's name, with its domain, is not the name
   * of a product.
   */
  public Optional<ProductName> product() {
    return OdcsDocument.product(root);
  }

  /**
   * Returns who owns the product: the member of the team with the role {@code owner}, or else the
   * name of the team; empty if there is neither.
   */
  public Optional<String> owner() {
    return OdcsDocument.owner(root);
  }

  /** Returns what the product reads, in order. A publish states it with {@code derivedFrom(..)}. */
  public List<Port> inputPorts() {
    return ports("inputPorts");
  }

  /** Returns what the product offers, in order. */
  public List<Port> outputPorts() {
    return ports(OUTPUT_PORTS);
  }

  private List<Port> ports(String key) {
    return root.items(key).stream()
        .map(
            port -> new Port(port.textOf("name"), port.textOf("version"), port.textOf(CONTRACT_ID)))
        .toList();
  }

  /**
   * Returns a contract of the product that stores the document. The description, usage,
   * limitations, and contacts that the contract lacks come from the document.
   *
   * @param contract without a document of ODPS; not null
   * @throws InvalidRequestException CONTRACT_INVALID if the document is read strictly, and its
   *     output ports name other contracts only
   */
  public Contract describe(Contract contract) {
    String fault = otherContracts(contract);
    if (strict && !fault.isEmpty()) {
      YamlNode ports = root.get(OUTPUT_PORTS);
      throw OdcsErrors.ofOdps(source)
          .invalid(
              ports == null ? root.place() : ports.place(),
              OUTPUT_PORTS,
              fault,
              "Name the contract of a port, or do not read it strictly.");
    }
    return ContractTree.withProduct(described(contract, new ImportFindings(root, strict)), root);
  }

  private Contract described(Contract contract, ImportFindings findings) {
    YamlNode description = root.get("description");
    Contract described = contract;
    if (description != null) {
      for (String part : List.of("purpose", "usage", "limitations")) {
        described = described(described, part, description.textOf(part), findings);
      }
    }
    if (contract.contacts().isEmpty()) {
      return TermsImport.contacts(root.json(), described, findings);
    }
    if (root.get("support") != null) {
      findings.preserved("support", "the contract has contacts");
    }
    return described;
  }

  private static Contract described(
      Contract contract, String part, String text, ImportFindings findings) {
    String own =
        switch (part) {
          case "purpose" -> contract.description();
          case "usage" -> contract.usage();
          default -> contract.limitations();
        };
    if (text.isEmpty() || !own.isEmpty()) {
      if (!text.isEmpty() && !own.equals(text)) {
        findings.preserved("description." + part, "the contract has its own");
      }
      return contract;
    }
    findings.mapped("description." + part);
    return switch (part) {
      case "purpose" -> contract.description(text);
      case "usage" -> contract.usage(text);
      default -> contract.limitations(text);
    };
  }

  /** Returns why no output port names a contract; empty if one does, or may. */
  private String otherContracts(Contract contract) {
    String id = ContractTree.document(contract).map(document -> document.textOf("id")).orElse("");
    List<String> named =
        outputPorts().stream().map(Port::contractId).filter(each -> !each.isEmpty()).toList();
    return id.isEmpty() || named.isEmpty() || named.contains(id)
        ? ""
        : "no output port names the contract "
            + OdcsErrors.quoted(id)
            + ", but "
            + String.join(", ", named.stream().map(OdcsErrors::quoted).toList());
  }

  /**
   * Returns what becomes of each element with a contract.
   *
   * @param contract not null
   */
  public OdcsReport report(Contract contract) {
    ImportFindings findings = new ImportFindings(root, strict);
    described(contract, findings);
    List.of("version", "status").forEach(key -> kept(key, findings));
    String fault = otherContracts(contract);
    String id = ContractTree.document(contract).map(document -> document.textOf("id")).orElse("");
    for (int i = 0; i < outputPorts().size(); i++) {
      String path = OUTPUT_PORTS + "[" + i + "]";
      if (!id.isEmpty() && outputPorts().get(i).contractId().equals(id)) {
        findings.mapped(path);
      } else {
        findings.preserved(path, fault.isEmpty() ? "" : "it names another contract");
      }
    }
    for (int i = 0; i < inputPorts().size(); i++) {
      findings.preserved("inputPorts[" + i + "]", "each publish states what it is derived from");
    }
    return new OdcsReport(ReportCompletion.of(root, findings.elements()));
  }

  private void kept(String key, ImportFindings findings) {
    if (root.get(key) != null) {
      findings.preserved(key, "");
    }
  }

  /**
   * Returns the document as YAML, with what a mesh knows of its product and it does not say: what
   * the document says stays, and other ports, tags, and channels are added. The status is the
   * mesh's once it is deprecated or retired.
   *
   * @param known a valid document of ODPS; not null
   */
  public String asYaml(String known) {
    return YamlWriter.of(OdpsMerge.of(root, YamlReader.readAgain(known)));
  }

  /** Returns the document as YAML. */
  public String asYaml() {
    return YamlWriter.of(root);
  }
}
