package io.meshwork.odcs;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.contract.Contract;
import io.meshwork.contract.Partition;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.odcs.OdcsReport.Element;
import io.meshwork.odcs.OdcsReport.Outcome;
import io.meshwork.odcs.internal.document.OdcsErrors;
import io.meshwork.odcs.internal.document.YamlNode;
import io.meshwork.odcs.internal.document.YamlReader;
import io.meshwork.odcs.internal.document.YamlWriter;
import io.meshwork.product.ProductName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A document of the Open Data Contract Standard 3.0 to 3.2, read and validated with the official
 * JSON Schema, with a contract for each of its objects (tables).
 *
 * <p>Nothing of a document is lost: its contract stores what it does not understand, and {@link
 * OdcsExport} writes it again. {@link #report()} states for each element what became of it.
 *
 * <p>YAML is read as YAML 1.2: dates are text, and tags, repeated keys, more than 100 aliases, 100
 * levels, 500,000 values, and 5 MiB are rejected. Immutable and thread-safe.
 */
public final class OdcsDocument {
  private static final int MAX_SHOWN = 10;

  private final String source;
  private final YamlNode root;
  private final boolean strict;
  private final List<@Nullable Contract> contracts = new ArrayList<>();
  private final List<ObjectImport> imports = new ArrayList<>();
  private final OdcsReport report;

  private OdcsDocument(String source, YamlNode root, boolean strict) {
    this.source = source;
    this.root = root;
    this.strict = strict;
    ImportFindings checks = new ImportFindings(root, strict);
    DocumentChecks.report(root, checks);
    Set<Element> elements = new LinkedHashSet<>(checks.elements());
    JsonNode json = root.json();
    for (int i = 0; i < objects().size(); i++) {
      YamlNode own = withObject(i);
      ImportFindings findings = new ImportFindings(root, strict);
      ObjectImport read = ObjectImport.of(json, i, findings);
      Contract meant = ContractRemainder.applied(own, read.contract(), findings).orElse(null);
      if (meant != null && read.contract().isEmpty()) {
        findings.restored(OdcsKeys.PREFIX + "contract states it");
      }
      imports.add(read);
      contracts.add(meant == null ? null : keeping(meant, own, read));
      elements.addAll(findings.elements());
    }
    if (objects().isEmpty()) {
      elements.add(
          new Element("", root.place().line(), Outcome.PRESERVED, "it describes no object"));
    }
    this.report = new OdcsReport(ReportCompletion.of(root, elements));
  }

  /** A contract stores the document unless an export writes the same from the contract alone. */
  private static Contract keeping(Contract contract, YamlNode own, ObjectImport read) {
    OdcsHeader header = OdcsHeader.of(own, read.partitions());
    boolean isUnchanged =
        YamlWriter.of(DocumentComposer.compose(contract, header, false)).equals(YamlWriter.of(own));
    return isUnchanged ? contract : ContractTree.with(contract, own);
  }

  /**
   * Reads a document. What is ambiguous gets the usual meaning, and the report says so.
   *
   * @param file YAML in UTF-8, at most 5 MiB
   * @throws InvalidRequestException SOURCE_UNREADABLE if the file cannot be read; CONTRACT_INVALID
   *     if it is not YAML or not valid ODCS of v3.0.0 to v3.2.0, LIMIT_EXCEEDED if it exceeds a
   *     limit, both with line, column, and path
   */
  public static OdcsDocument read(Path file) {
    return new OdcsDocument(name(file), validated(text(file), name(file)), false);
  }

  /**
   * Reads a document as {@link #read(Path)}, but rejects what would not be enforced, such as SQL,
   * what is ambiguous, such as a timestamp that does not say whether it has a time zone, and what
   * cannot be part of a contract.
   *
   * @param file YAML in UTF-8, at most 5 MiB
   * @throws InvalidRequestException as {@link #read(Path)}; also CONTRACT_INVALID with the elements
   *     that are refused
   */
  public static OdcsDocument readStrictly(Path file) {
    return new OdcsDocument(name(file), validated(text(file), name(file)), true).checked();
  }

  /**
   * Reads a document from a string, as {@link #read(Path)}.
   *
   * @param yaml the text; not null
   * @throws InvalidRequestException as {@link #read(Path)}
   */
  public static OdcsDocument parse(String yaml) {
    return new OdcsDocument("in a text", validated(yaml, "in a text"), false);
  }

  /**
   * Reads a document from a string, as {@link #readStrictly(Path)}.
   *
   * @param yaml the text; not null
   * @throws InvalidRequestException as {@link #readStrictly(Path)}
   */
  public static OdcsDocument parseStrictly(String yaml) {
    return new OdcsDocument("in a text", validated(yaml, "in a text"), true).checked();
  }

  private OdcsDocument checked() {
    List<Element> refused = new ArrayList<>(report.elements(Outcome.REFUSED));
    refused.addAll(report.elements(Outcome.NOT_EXECUTED));
    if (!refused.isEmpty()) {
      Element first = refused.get(0);
      String others =
          refused.stream()
              .skip(1)
              .limit(MAX_SHOWN)
              .map(each -> each.path() + " (line " + each.line() + ", " + reason(each) + ")")
              .collect(Collectors.joining(", "));
      throw new OdcsErrors(source)
          .invalid(
              new YamlNode.SourcePosition(first.line(), 1),
              first.path(),
              reason(first) + (others.isEmpty() ? "" : "; also " + others),
              "Change the document, or do not read it strictly.");
    }
    return this;
  }

  private static String reason(Element refused) {
    return (refused.outcome() == Outcome.NOT_EXECUTED ? "it is not enforced: " : "")
        + refused.note();
  }

  private static YamlNode validated(String text, String source) {
    YamlNode root = YamlReader.read(text, source);
    OdcsValidator.check(root, source);
    return RestoredVersion.of(root);
  }

  private static String text(Path file) {
    return new OdcsErrors(name(file)).text(file, YamlReader.MAX_BYTES);
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private List<YamlNode> objects() {
    return root.items("schema");
  }

  private YamlNode withObject(int index) {
    return objects().size() == 1
        ? root
        : root.with("schema", YamlNode.list(List.of(objects().get(index)), root.place()));
  }

  /** Returns what became of each element. */
  public OdcsReport report() {
    return report;
  }

  /**
   * Returns the name of the product; empty if the document's name, with its domain, is not the name
   * of a product.
   */
  public Optional<ProductName> product() {
    return product(root);
  }

  /** The product that a document of ODCS or ODPS names. */
  static Optional<ProductName> product(YamlNode root) {
    String name = root.textOf("name");
    String whole = name.contains("/") ? name : root.textOf("domain") + "/" + name;
    try {
      return Optional.of(ProductName.of(whole));
    } catch (InvalidRequestException e) {
      return Optional.empty();
    }
  }

  /**
   * Returns who owns the product: the member of the team with the role {@code owner}, or else the
   * name of the team; empty if there is neither. An owner of a domain is not set by it.
   */
  public Optional<String> owner() {
    return owner(root);
  }

  /** The owner that a document of ODCS or ODPS names. */
  static Optional<String> owner(YamlNode root) {
    YamlNode team = root.get("team");
    if (team == null) {
      return Optional.empty();
    }
    YamlNode members = team.isList() ? team : team.get("members");
    return Stream.concat(
            members == null
                ? Stream.empty()
                : members.items().stream()
                    .filter(member -> member.textOf("role").equalsIgnoreCase("owner"))
                    .map(member -> member.textOf("username")),
            Stream.of(team.textOf("name")))
        .filter(name -> !name.isEmpty())
        .findFirst();
  }

  /** Returns the version as written. */
  public String version() {
    return root.textOf("version");
  }

  /** Returns the status as written, such as {@code active}. */
  public String status() {
    return root.textOf("status");
  }

  /**
   * Returns the document with the products that its objects become: relationships to these objects
   * name them as their custom property {@code targetProduct}, and so become {@code references}
   * rules. Relationships to other objects stay preserved.
   *
   * @param products by the names of objects; others are ignored
   */
  public OdcsDocument products(Map<String, ProductName> products) {
    YamlNode named = new RelationshipTargets(root, Map.copyOf(products)).named();
    return named.sameAs(root) ? this : new OdcsDocument(source, named, strict);
  }

  /**
   * A role of a document: whom its owner proposes to grant access. Reading a document grants
   * nothing. Immutable.
   *
   * @param name the name of the role
   * @param access such as {@code read}; empty if the document does not say
   */
  public record Role(String name, String access) {}

  /** Returns the roles, as proposals of grants, in order. */
  public List<Role> roles() {
    YamlNode roles = root.get("roles");
    return roles == null
        ? List.of()
        : roles.items().stream()
            .map(role -> new Role(role.textOf("role"), role.textOf("access")))
            .toList();
  }

  /**
   * Returns the tables from which columns are derived, as the document says: proposals for {@code
   * derivedFrom(..)}; each once, in order.
   */
  public List<String> sourceObjects() {
    Set<String> sources = new LinkedHashSet<>();
    for (YamlNode object : objects()) {
      YamlNode properties = object.get("properties");
      for (YamlNode property : properties == null ? List.<YamlNode>of() : properties.items()) {
        YamlNode named = property.get("transformSourceObjects");
        if (named != null) {
          named.items().forEach(each -> sources.add(each.text()));
        }
      }
    }
    return List.copyOf(sources);
  }

  /** Returns the names of the objects, in order; empty without a schema. */
  public List<String> objectNames() {
    return objects().stream().map(object -> object.textOf("name")).toList();
  }

  /** Returns one document for each object: the whole document with that object alone. */
  public List<OdcsDocument> divided() {
    List<OdcsDocument> documents = new ArrayList<>();
    for (int i = 0; i < objects().size(); i++) {
      documents.add(objects().size() == 1 ? this : new OdcsDocument(source, withObject(i), strict));
    }
    return List.copyOf(documents);
  }

  /**
   * Returns the contract of the only object.
   *
   * @throws InvalidRequestException INVALID_ARGUMENT if there is not exactly one object;
   *     CONTRACT_INVALID if it cannot be a contract, with the reason
   */
  public Contract contract() {
    return contractAt(only());
  }

  /**
   * Returns the contract of an object.
   *
   * @param object its name
   * @throws InvalidRequestException INVALID_ARGUMENT if not exactly one object has the name;
   *     CONTRACT_INVALID if it cannot be a contract, with the reason
   */
  public Contract contract(String object) {
    return contractAt(indexOf(object));
  }

  /** Returns true if each object has a contract, and there is at least one. */
  public boolean hasContracts() {
    return !contracts.isEmpty() && contracts.stream().allMatch(each -> each != null);
  }

  /**
   * Returns how the table of the only object is partitioned, which is not part of its contract.
   *
   * @throws InvalidRequestException INVALID_ARGUMENT if there is not exactly one object
   */
  public List<Partition> partitions() {
    return imports.get(only()).partitions();
  }

  /**
   * Returns how the table of an object is partitioned.
   *
   * @param object its name
   * @throws InvalidRequestException INVALID_ARGUMENT if not exactly one object has the name
   */
  public List<Partition> partitions(String object) {
    return imports.get(indexOf(object)).partitions();
  }

  /**
   * Returns the document as YAML, with the team as an object: as version 3.1.0, or as 3.2.0 if it
   * is one or has what 3.1.0 lacks. A document of 3.0 with what both no longer allow stays
   * unchanged.
   */
  public String asYaml() {
    return YamlWriter.of(OdcsVersion.usual(root));
  }

  private int only() {
    if (objects().size() != 1) {
      throw new OdcsErrors(source)
          .invalidCall(
              "it has " + objects().size() + " objects: " + quotedNames(),
              objects().isEmpty() ? "Add a schema." : "Name one of them with contract(object).");
    }
    return 0;
  }

  private int indexOf(String object) {
    List<String> names = objectNames();
    int first = names.indexOf(object);
    if (first < 0 || first != names.lastIndexOf(object)) {
      throw new OdcsErrors(source)
          .invalidCall(
              (first < 0 ? "no object" : "more than one object")
                  + " has the name "
                  + OdcsErrors.quoted(String.valueOf(object)),
              "The objects are " + quotedNames() + ".");
    }
    return first;
  }

  private String quotedNames() {
    return String.join(", ", objectNames().stream().map(OdcsErrors::quoted).toList());
  }

  private Contract contractAt(int index) {
    Contract contract = contracts.get(index);
    if (contract == null) {
      throw new OdcsErrors(source)
          .invalid(
              objects().get(index).place(),
              "schema[" + index + "]",
              "it cannot be a contract: " + imports.get(index).refusal(),
              "Change the document.");
    }
    return contract;
  }
}
