package io.meshwork.internal.routing;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.InvalidRequestException;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.error.MeshException;
import io.meshwork.internal.event.EventDetails.CatalogReference;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MeshFormat;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Key;
import io.meshwork.topology.Topology;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The document {@code _mesh}, {@code topology}: the topology of the mesh. Written together with the
 * format of the registry, and never changed. A registry with a format and without this document
 * belongs to a central mesh.
 */
public final class TopologyDocument {
  static final Key KEY = new Key(PartitionCatalogs.MESH, "topology");

  private static final String CATALOG = "catalog";

  private TopologyDocument() {}

  /**
   * Where the documents of a mesh are; fixed when the mesh is created. Immutable.
   *
   * @param topology its catalogs
   * @param partitionsConsumers true if domains write what they record as consumers to separate
   *     partitions, also at home
   */
  public record MeshLayout(Topology topology, boolean partitionsConsumers) {}

  /**
   * The layout of the mesh; a new mesh gets the requested topology.
   *
   * @param requested empty for the stored topology; a new mesh is then central
   * @throws InvalidRequestException CONFIG_INVALID if the mesh has another topology, or the
   *     registry belongs to one of its catalogs
   * @throws BackendException if the registry cannot be read, or the document is damaged
   */
  public static MeshLayout ensure(Ledger ledger, Optional<Topology> requested) {
    return ensure(ledger, requested, Set.of());
  }

  /**
   * As {@link #ensure(Ledger, Optional)}, for a mesh that has these features if this call creates
   * it.
   *
   * @param features as {@link MeshFormat#ensure(Ledger, Set)}
   */
  public static MeshLayout ensure(
      Ledger ledger, Optional<Topology> requested, Set<String> features) {
    Topology initial = requested.orElse(Topology.central());
    MeshFormat format =
        initial.shape() == Topology.Shape.CENTRAL
            ? MeshFormat.ensure(ledger, features)
            : MeshFormat.ensureOneOfSeveral(
                ledger, features, draft -> draft.insert(KEY, toDocument(initial)));
    Optional<VersionedDocument> document = ledger.read(KEY);
    document
        .filter(stored -> stored.json().has(CATALOG))
        .ifPresent(
            stored -> {
              throw cannotOpen(
                  "this registry belongs to its catalog '"
                      + stored.json().path(CATALOG).asText()
                      + "'",
                  "Open it with the registry that it was created with.");
            });
    Topology topology = document.map(TopologyDocument::of).orElse(Topology.central());
    if (requested.isPresent() && !requested.get().equals(topology)) {
      throw cannotOpen(
          "its topology is " + topology + ", not " + requested.get(),
          "The topology is fixed when a mesh is created. Omit topology(..), or use the one of the"
              + " mesh.");
    }
    return new MeshLayout(topology, format.has(MeshFormat.SEPARATE_CONSUMERS));
  }

  /** The topology of a registry, without writing anything. */
  public static Topology find(Ledger ledger) {
    return ledger.read(KEY).map(TopologyDocument::of).orElse(Topology.central());
  }

  /** The catalog whose registry it is; empty if it is new, or another mesh's. */
  public static Optional<String> findCatalog(Registry registry) {
    return registry
        .read(KEY)
        .map(document -> DocumentJson.parse(document).path(CATALOG).asText())
        .filter(name -> !name.isEmpty());
  }

  /** The document in the registry of one catalog. */
  static ObjectNode ofCatalog(String catalog) {
    return DocumentCodec.document(new CatalogReference(catalog));
  }

  private static ObjectNode toDocument(Topology topology) {
    return DocumentCodec.of(StoredTopology.class)
        .write(
            new StoredTopology(topology.shape(), Map.copyOf(topology.lines())), Optional.empty());
  }

  private record StoredTopology(
      Topology.Shape shape,
      @JsonInclude(JsonInclude.Include.ALWAYS) Map<String, Set<String>> lines) {}

  private static Topology of(VersionedDocument stored) {
    try {
      StoredTopology topology = DocumentCodec.of(StoredTopology.class).read(stored);
      return switch (topology.shape()) {
        case CENTRAL -> Topology.central();
        case LINES -> Topology.byLineOfBusiness(topology.lines());
        case FEDERATED -> Topology.federated();
      };
    } catch (IllegalArgumentException | MeshException e) {
      if (e instanceof MeshException later && later.errorCode() == ErrorCode.REGISTRY_VERSION) {
        throw later;
      }
      throw Failure.of(MeshAction.of(Verb.OPEN, "the mesh"))
          .because("'" + KEY + "' in the registry is not a valid topology")
          .fix("Restore the registry from a backup.")
          .cause(e)
          .lasting(ErrorCode.REGISTRY_CORRUPT);
    }
  }

  private static InvalidRequestException cannotOpen(String reason, String fix) {
    return Failure.of(MeshAction.of(Verb.OPEN, "the mesh"))
        .because(reason)
        .fix(fix)
        .invalidRequest(ErrorCode.CONFIG_INVALID);
  }
}
