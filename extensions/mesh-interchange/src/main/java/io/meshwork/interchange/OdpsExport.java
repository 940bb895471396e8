package io.meshwork.interchange;

import io.meshwork.MeshClient;
import io.meshwork.card.ProductCard;
import io.meshwork.contract.Contract;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.odcs.OdpsDocument;
import io.meshwork.product.MajorVersion;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a product as a document of the Open Data Product Standard 1.1.0 (ODPS) of Bitol, or 1.0.0,
 * that is valid under its official JSON Schema: an output port for each version that can be read,
 * with the ID of the version's ODCS document and with its context and synonyms, and an input port
 * for each product that the product states as its input or that its domain subscribes to. What a
 * document says that {@link OdpsDocument} read stays unchanged.
 *
 * <p>Contains what the caller may know: everybody sees what {@code describe} shows; inputs that are
 * more sensitive than INTERNAL are seen by the two domains, and subscriptions by the domain itself.
 * Immutable and thread-safe.
 */
public final class OdpsExport {
  private static final String NEWEST = "v1.1.0";
  private static final String PREVIOUS = "v1.0.0";

  private final MeshClient client;
  private final ProductName product;
  private final String apiVersion;

  private OdpsExport(MeshClient client, ProductName product, String apiVersion) {
    this.apiVersion = apiVersion;
    this.client = client;
    this.product = product;
  }

  /**
   * Starts the export of a product.
   *
   * @param client whose rights decide what is visible; not null
   * @param product such as {@code commerce/orders}
   * @throws io.meshwork.error.InvalidRequestException if it is not the name of a product
   */
  public static OdpsExport of(MeshClient client, CharSequence product) {
    return new OdpsExport(client, ProductName.of(product), NEWEST);
  }

  /**
   * Sets the version of ODPS. Default: 1.1.0. A document of 1.0.0 has no contexts, synonyms, and
   * marks of what is deprecated.
   *
   * @param version {@code 1.1.0} or {@code 1.0.0}, with or without {@code v} before it
   * @throws io.meshwork.error.InvalidRequestException INVALID_ARGUMENT for any other version
   */
  public OdpsExport apiVersion(String version) {
    String named = version.startsWith("v") ? version : "v" + version;
    if (!named.equals(NEWEST) && !named.equals(PREVIOUS)) {
      throw Failure.of(MeshAction.of(MeshAction.Verb.READ, product))
          .because("ODPS '" + version + "' is not a version that is written")
          .state("Nothing was changed.")
          .fix("Use 1.1.0 or 1.0.0.")
          .invalidRequest(ErrorCode.INVALID_ARGUMENT);
    }
    return new OdpsExport(client, product, named);
  }

  /**
   * Returns the document as YAML.
   *
   * @throws io.meshwork.error.NotFoundException if the product does not exist
   * @throws io.meshwork.error.BackendException if the mesh cannot be read
   */
  public String asYaml() {
    ProductCard card = client.describe(product);
    Contract contract = card.contract();
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("apiVersion", apiVersion);
    document.put("kind", "DataProduct");
    document.put("id", product.toString());
    document.put("name", product.product());
    document.put("version", card.versions().get(0).version().toString());
    document.put("status", status(card));
    deprecate(document, status(card));
    document.put("domain", product.domain());
    document.put("description", description(card, contract));
    document.put("tags", tags(card));
    List<Map<String, Object>> inputs = OdpsInputs.of(client, card).ports();
    if (!inputs.isEmpty()) {
      document.put("inputPorts", inputs);
    }
    document.put("outputPorts", outputPorts(card));
    document.put("support", support(card, contract));
    document.put("team", team(card));
    String yaml = YamlText.of(document);
    return OdpsDocument.of(contract).map(stored -> stored.asYaml(yaml)).orElse(yaml);
  }

  private void deprecate(Map<String, Object> element, String status) {
    if (apiVersion.equals(NEWEST) && status.equals("deprecated")) {
      element.put("deprecated", true);
    }
  }

  private static String status(ProductCard card) {
    if (card.end().isPresent()) {
      return card.end().get().ended() ? "retired" : "deprecated";
    }
    boolean active =
        card.versions().stream().anyMatch(each -> each.state() == MajorVersion.State.ACTIVE);
    return active ? "active" : status(card.versions().get(0).state());
  }

  private static String status(MajorVersion.State state) {
    return switch (state) {
      case PREPARED -> "draft";
      case ACTIVE -> "active";
      case DEPRECATED, CLOSING, RETIRING -> "deprecated";
      case RETIRED, PURGED, WITHDRAWN -> "retired";
    };
  }

  private static Map<String, Object> description(ProductCard card, Contract contract) {
    Map<String, Object> description = new LinkedHashMap<>();
    put(description, "purpose", card.description());
    put(description, "limitations", contract.limitations());
    put(description, "usage", contract.usage());
    return description;
  }

  private static List<String> tags(ProductCard card) {
    List<String> tags = new ArrayList<>();
    tags.add("classification=" + card.classification().name().toLowerCase(Locale.ROOT));
    new TreeMap<>(card.tags()).forEach((key, value) -> tags.add(key + "=" + value));
    return tags;
  }

  private List<Map<String, Object>> outputPorts(ProductCard card) {
    List<Map<String, Object>> ports = new ArrayList<>();
    for (ProductCard.Version version : card.versions()) {
      if (version.state().isRetired()) {
        continue;
      }
      Map<String, Object> port = new LinkedHashMap<>();
      port.put("name", product.product());
      put(port, "description", version.contract().description());
      port.put("type", "iceberg");
      port.put("version", version.version().toString());
      OdcsContract odcs = OdcsContract.of(product, version);
      port.put("contractId", odcs.id());
      deprecate(port, status(version.state()));
      if (apiVersion.equals(NEWEST)) {
        odcs.describe(port);
      }
      port.put("customProperties", List.of(property("status", status(version.state()))));
      ports.add(port);
    }
    return ports;
  }

  private static List<Map<String, Object>> support(ProductCard card, Contract contract) {
    List<Map<String, Object>> support = new ArrayList<>();
    support.add(channel("owner", card.owner(), "interactive"));
    for (Contract.Contact contact : contract.contacts()) {
      support.add(
          channel(
              contact.channel(),
              contact.address(),
              contact.scope().name().toLowerCase(Locale.ROOT)));
    }
    return support;
  }

  private static Map<String, Object> channel(String name, String address, String scope) {
    Map<String, Object> channel = new LinkedHashMap<>();
    channel.put("channel", name);
    channel.put("url", ContactUrl.of(address));
    channel.put("scope", scope);
    return channel;
  }

  private static Map<String, Object> team(ProductCard card) {
    Map<String, Object> owner = new LinkedHashMap<>();
    owner.put("username", card.owner());
    owner.put("role", "owner");
    Map<String, Object> team = new LinkedHashMap<>();
    team.put("name", card.name().domain());
    team.put("members", List.of(owner));
    return team;
  }

  static Map<String, Object> property(String name, String value) {
    Map<String, Object> property = new LinkedHashMap<>();
    property.put("property", name);
    property.put("value", value);
    return property;
  }

  private static void put(Map<String, Object> map, String key, String text) {
    if (!text.isBlank()) {
      map.put(key, text);
    }
  }
}
