package io.meshwork.aws.internal.mirror.contract;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.aws.internal.mirror.glue.GlueColumns;
import io.meshwork.aws.internal.mirror.glue.GlueImages;
import io.meshwork.aws.internal.mirror.glue.GlueKey;
import io.meshwork.contract.Compatibility;
import io.meshwork.contract.Contract;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.DomainEntry;
import io.meshwork.internal.catalog.ProductEntry;
import io.meshwork.internal.mirror.Mirror;
import io.meshwork.internal.mirror.Mirror.Image;
import io.meshwork.internal.mirror.Mirror.Refusal;
import io.meshwork.internal.mirror.Mirror.WantedObjects;
import io.meshwork.internal.mirror.MirroredCatalog;
import io.meshwork.internal.mirror.MirroredCatalog.MirroredDomain;
import io.meshwork.internal.mirror.MirroredCatalog.MirroredTable;
import io.meshwork.internal.runtime.IdGenerator;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.Domain;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What Glue's Schema Registry should have of a catalog of the mesh: a registry for each domain, and
 * a schema for each major version that consumers read. Immutable.
 */
final class SchemaImages {
  /** The key of the metadata with the contract version. */
  static final String CONTRACT = "meshwork.contract";

  private static final String DESCRIPTION = "Description";
  private static final int REGISTRIES = 50;
  private static final int SCHEMAS = 60;
  private static final int MAX_DESCRIPTION = 2_048;
  private static final int MAX_DEFINITION = 170_000;

  private final MirroredCatalog catalog;
  private final List<Image> images = new ArrayList<>();
  private final List<Refusal> refusals = new ArrayList<>();
  private final Map<String, List<SchemaContent>> histories = new HashMap<>();

  private SchemaImages(MirroredCatalog catalog) {
    this.catalog = catalog;
  }

  /** Computes the objects from the registry. */
  static SchemaImages of(MirroredCatalog catalog) {
    SchemaImages images = new SchemaImages(catalog);
    catalog.domains().forEach(images::add);
    return images;
  }

  WantedObjects wanted() {
    return new WantedObjects(images, refusals);
  }

  /** Returns what a schema was in each contract version, oldest first; the last one is wanted. */
  List<SchemaContent> history(String key) {
    return histories.getOrDefault(key, List.of());
  }

  /** Returns the definitions that a schema had in any contract version, also if it is retired. */
  Set<String> definitions(GlueKey key) {
    Catalog documents = catalog.session().catalog();
    Set<String> definitions = new HashSet<>();
    for (DomainEntry domain : documents.domainsOf(catalog.name())) {
      for (ProductEntry product : documents.products(domain.domain().name())) {
        for (int major : documents.majors(product.name())) {
          TableName table = TableName.of(product.name(), major);
          if (key.toString().equals(GlueImages.key(table.namespace(), table.table()))) {
            documents
                .contracts(product.name(), major)
                .values()
                .forEach(contract -> definitions.add(definition(contract)));
          }
        }
      }
    }
    return definitions;
  }

  private static String definition(Contract contract) {
    return SchemaContent.canonical(contract.schema().toString());
  }

  Collection<List<SchemaContent>> histories() {
    return histories.values();
  }

  private void add(MirroredDomain domain) {
    images.add(
        Image.of(
            domain.database(),
            REGISTRIES,
            Optional.empty(),
            registry(description(domain.entry().domain())),
            domain.entry().stored().version()));
    for (Finding finding : domain.uncertainty()) {
      refusals.add(Refusal.ofContainer(domain.database(), finding));
    }
    domain.tables().forEach(table -> add(domain, table));
  }

  private static String description(Domain domain) {
    return shortened("Contracts of the domain " + domain.name(), domain.description());
  }

  private static String shortened(String subject, String description) {
    String text = description.isBlank() ? subject : subject + ": " + description.strip();
    return GlueColumns.shortened(text, MAX_DESCRIPTION);
  }

  /** Returns the content of a registry. */
  static String registry(String description) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    return Mirror.contentOf(json.put(DESCRIPTION, description));
  }

  private void add(MirroredDomain domain, MirroredTable table) {
    String key = GlueImages.key(domain.database(), table.name().table());
    List<SchemaContent> history = history(table);
    SchemaContent wanted = history.get(history.size() - 1);
    if (wanted.schema().length() > MAX_DEFINITION) {
      refusals.add(Refusal.ofObject(key, tooLarge(key, wanted)));
      return;
    }
    histories.put(key, history);
    images.add(
        new Image(
            key,
            SCHEMAS,
            Optional.of(domain.database()),
            wanted.toText(),
            table.product().stored().version() + " " + table.version().contractStored().version(),
            IdGenerator.time(table.version().contractStored().version()),
            Optional.empty(),
            Optional.empty()));
  }

  private List<SchemaContent> history(MirroredTable table) {
    String description =
        shortened(
            table.product().name() + ", major version " + table.version().major(),
            table.product().description());
    List<SchemaContent> history = new ArrayList<>();
    catalog
        .session()
        .catalog()
        .contracts(table.product().name(), table.version().major())
        .headMap(table.version().version(), false)
        .forEach((version, earlier) -> history.add(content(description, version, earlier)));
    history.add(content(description, table.version().version(), table.version().contract()));
    return history;
  }

  private static SchemaContent content(String description, Object version, Contract contract) {
    return new SchemaContent(
        description, mode(contract.compatibility()), version.toString(), definition(contract));
  }

  /**
   * Returns the mode of a schema. It is never transitive: the mesh compares a new contract with the
   * versions that readers and files still have, which a registry does not know.
   */
  private static String mode(Compatibility contract) {
    return switch (contract) {
      case NONE -> Compatibility.NONE.glueName();
      case BACKWARD, BACKWARD_TRANSITIVE -> Compatibility.BACKWARD.glueName();
      case FORWARD, FORWARD_TRANSITIVE -> Compatibility.FORWARD.glueName();
      case FULL, FULL_TRANSITIVE -> Compatibility.FULL.glueName();
      case DISABLED -> Compatibility.DISABLED.glueName();
    };
  }

  private Finding tooLarge(String key, SchemaContent wanted) {
    return Finding.error(
        FindingCode.MIRROR_LIMIT,
        SchemaMirror.NAME + " " + key + " in " + catalog.account(),
        "The schema of contract version "
            + wanted.contract()
            + " has "
            + wanted.schema().length()
            + " characters, and Glue's Schema Registry accepts "
            + MAX_DEFINITION
            + ". It is not mirrored; what was mirrored before stays.",
        "Shorten the documentation in the schema, or split the product.");
  }
}
