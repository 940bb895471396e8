package io.meshwork.interchange;

import io.meshwork.MeshClient;
import io.meshwork.card.ProductCard;
import io.meshwork.discovery.DomainCard;
import io.meshwork.discovery.Lineage;
import io.meshwork.discovery.MeshOverview;
import io.meshwork.product.ProductName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Writes the mesh as entities of the catalog of Backstage, one YAML file that a location of
 * Backstage can name: a Group for each owner, a Domain for each domain, a System for each product,
 * and a Resource for each version of a product that can be read, which depends on the resources of
 * the inputs that the product states.
 *
 * <p>Contains what the caller may know. Each entity is a description at the time of the export:
 * export again from a scheduler. Immutable and thread-safe.
 */
public final class BackstageExport {
  private static final String ANNOTATION = "meshwork.io/";

  private final MeshClient client;

  private BackstageExport(MeshClient client) {
    this.client = client;
  }

  /**
   * Starts an export of the mesh.
   *
   * @param client whose rights decide what is visible; not null
   */
  public static BackstageExport of(MeshClient client) {
    return new BackstageExport(client);
  }

  /**
   * Returns the entities as YAML, one document each: groups, domains, systems, resources, each by
   * name.
   *
   * @throws io.meshwork.error.BackendException if the mesh cannot be read
   */
  public String asYaml() {
    SortedSet<String> domains = new TreeSet<>();
    client.governance().topology().domains().values().forEach(domains::addAll);
    Map<String, Map<String, Object>> groups = new TreeMap<>();
    List<Map<String, Object>> domainEntities = new ArrayList<>();
    for (String name : domains) {
      DomainCard domain = client.describeDomain(name);
      groups.put(domain.owner(), group(domain.owner()));
      domainEntities.add(domain(domain));
    }
    MeshOverview overview = client.overview();
    List<Map<String, Object>> systems = new ArrayList<>();
    List<Map<String, Object>> resources = new ArrayList<>();
    for (ProductName product : client.products()) {
      ProductCard card = client.describe(product);
      List<ProductCard.Version> readable =
          card.versions().stream().filter(version -> !version.state().isRetired()).toList();
      if (readable.isEmpty()) {
        continue;
      }
      groups.put(card.owner(), group(card.owner()));
      systems.add(system(card));
      List<String> inputs = inputs(overview.lineage(product).upstream(1).graph());
      readable.forEach(version -> resources.add(resource(card, version, inputs)));
    }
    List<Map<String, Object>> all = new ArrayList<>(groups.values());
    all.addAll(domainEntities);
    all.addAll(systems);
    all.addAll(resources);
    return YamlText.ofAll(all);
  }

  private static Map<String, Object> group(String contact) {
    Map<String, Object> profile = new LinkedHashMap<>();
    profile.put("displayName", contact);
    if (contact.indexOf('@') > 0) {
      profile.put("email", contact);
    }
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("type", "team");
    spec.put("profile", profile);
    spec.put("children", List.of());
    return entity("Group", metadata(EntityNames.ofContact(contact), contact, ""), spec);
  }

  private static Map<String, Object> domain(DomainCard domain) {
    return entity(
        "Domain",
        metadata(EntityNames.valid(domain.name()), domain.name(), domain.description()),
        spec(domain.owner()));
  }

  private static Map<String, Object> system(ProductCard card) {
    Map<String, Object> metadata =
        metadata(EntityNames.of(card.name()), card.name().toString(), card.description());
    Map<String, String> annotations = new LinkedHashMap<>();
    annotations.put(ANNOTATION + "product", card.name().toString());
    annotations.put(
        ANNOTATION + "classification", card.classification().name().toLowerCase(Locale.ROOT));
    new TreeMap<>(card.tags())
        .forEach(
            (key, value) ->
                annotations.merge(
                    ANNOTATION + "tags", key + "=" + value, (one, other) -> one + "," + other));
    metadata.put("annotations", annotations);
    metadata.put("tags", List.of(card.classification().name().toLowerCase(Locale.ROOT)));
    Map<String, Object> spec = spec(card.owner());
    spec.put("domain", EntityNames.valid(card.name().domain()));
    spec.put("type", "data-product");
    return entity("System", metadata, spec);
  }

  private static Map<String, Object> resource(
      ProductCard card, ProductCard.Version version, List<String> inputs) {
    Map<String, Object> metadata =
        metadata(
            EntityNames.of(card.name(), version.version().major()),
            card.name() + " " + version.version(),
            version.contract().description());
    Map<String, String> annotations = new LinkedHashMap<>();
    annotations.put(ANNOTATION + "product", card.name().toString());
    annotations.put(ANNOTATION + "contract-version", version.version().toString());
    annotations.put(ANNOTATION + "state", version.state().name().toLowerCase(Locale.ROOT));
    metadata.put("annotations", annotations);
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("type", "iceberg-table");
    spec.putAll(spec(card.owner()));
    spec.put("system", EntityNames.of(card.name()));
    if (!inputs.isEmpty()) {
      spec.put("dependsOn", inputs);
    }
    return entity("Resource", metadata, spec);
  }

  /** Returns references to the current versions of the inputs that a product states. */
  private List<String> inputs(Lineage lineage) {
    List<String> inputs = new ArrayList<>();
    for (ProductName input : OdpsInputs.declared(lineage)) {
      ProductCard.Version current = client.describe(input).versions().get(0);
      if (!current.state().isRetired()) {
        inputs.add("resource:default/" + EntityNames.of(input, current.version().major()));
      }
    }
    return inputs;
  }

  private static Map<String, Object> spec(String owner) {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put("owner", "group:default/" + EntityNames.ofContact(owner));
    return spec;
  }

  private static Map<String, Object> metadata(String name, String title, String description) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("name", name);
    metadata.put("title", title);
    if (!description.isBlank()) {
      metadata.put("description", description);
    }
    return metadata;
  }

  private static Map<String, Object> entity(
      String kind, Map<String, Object> metadata, Map<String, Object> spec) {
    Map<String, Object> entity = new LinkedHashMap<>();
    entity.put("apiVersion", "backstage.io/v1alpha1");
    entity.put("kind", kind);
    entity.put("metadata", metadata);
    entity.put("spec", spec);
    return entity;
  }
}
