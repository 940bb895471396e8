package io.meshwork.internal.routing;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MeshFormat;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.registry.Registry.Key;
import io.meshwork.topology.Topology;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The document {@code _mesh}, {@code topology}: which shape a mesh was made with. It is written
 * together with the format of the registry and never changed; a registry that has a format and no
 * such document is that of a central mesh.
 */
public final class TopologyDocument {
  /** Where it lives. */
  static final Key KEY = new Key(PartitionCatalogs.MESH, "topology");

  private static final String SHAPE = "shape";
  private static final String LINES = "lines";
  private static final String CATALOG = "catalog";

  private TopologyDocument() {}

  /**
   * The shape of the mesh; a registry that is new gets the wanted one.
   *
   * @param wanted empty for that which the mesh has, and a central one if it is new
   * @throws InvalidRequestException CONFIG_INVALID if the mesh has another shape, or the registry
   *     is that of one of its catalogs
   * @throws BackendException if the registry cannot be read, or the document is damaged
   */
  public static Topology ensure(Ledger ledger, Optional<Topology> wanted) {
    Topology made = wanted.orElse(Topology.central());
    if (made.shape() == Topology.Shape.CENTRAL) {
      MeshFormat.ensure(ledger);
    } else {
      MeshFormat.ensureOneOfSeveral(ledger, draft -> draft.insert(KEY, toDocument(made)));
    }
    Optional<VersionedDocument> there = ledger.read(KEY);
    there
        .filter(stored -> stored.json().has(CATALOG))
        .ifPresent(
            stored -> {
              throw refused(
                  "this registry is that of its catalog '"
                      + stored.json().path(CATALOG).asText()
                      + "'",
                  "Open it with the registry that it was made with first.");
            });
    Topology found = there.map(TopologyDocument::of).orElse(Topology.central());
    if (wanted.isPresent() && !wanted.get().equals(found)) {
      throw refused(
          "it was made " + found + ", and is to be opened " + wanted.get(),
          "The shape of a mesh is settled when it is made. Leave topology(..) out, or give the one"
              + " that it has.");
    }
    return found;
  }

  /** The shape that a registry was made with, without writing anything. */
  public static Topology find(Ledger ledger) {
    return ledger.read(KEY).map(TopologyDocument::of).orElse(Topology.central());
  }

  /** The document in the registry of one catalog. */
  static ObjectNode ofCatalog(String catalog) {
    return DocumentJson.create().put(CATALOG, catalog);
  }

  private static ObjectNode toDocument(Topology topology) {
    ObjectNode json = DocumentJson.create().put(SHAPE, topology.shape().name());
    ObjectNode lines = json.putObject(LINES);
    topology
        .lines()
        .forEach(
            (line, domains) -> {
              ArrayNode names = lines.putArray(line);
              domains.forEach(names::add);
            });
    return json;
  }

  private static Topology of(VersionedDocument stored) {
    Map<String, Set<String>> lines = new TreeMap<>();
    stored
        .json()
        .path(LINES)
        .properties()
        .forEach(
            line -> {
              Set<String> domains = new TreeSet<>();
              line.getValue().forEach(domain -> domains.add(domain.asText()));
              lines.put(line.getKey(), domains);
            });
    try {
      return switch (Topology.Shape.valueOf(stored.json().path(SHAPE).asText())) {
        case CENTRAL -> Topology.central();
        case LINES -> Topology.byLineOfBusiness(lines);
        case FEDERATED -> Topology.federated();
      };
    } catch (IllegalArgumentException | MeshException e) {
      throw Failure.of(MeshAction.of(Verb.OPEN, "the mesh"))
          .because("'" + KEY + "' in the registry does not say which catalogs it has")
          .fix("Restore the registry from a backup.")
          .cause(e)
          .lasting(ErrorCode.REGISTRY_CORRUPT);
    }
  }

  private static InvalidRequestException refused(String why, String fix) {
    return Failure.of(MeshAction.of(Verb.OPEN, "the mesh"))
        .because(why)
        .fix(fix)
        .invalidRequest(ErrorCode.CONFIG_INVALID);
  }
}
