package io.meshwork.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.CommitDraft;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MeshFormat;
import io.meshwork.internal.ledger.MeshRoot;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.table.ErasedFiles;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.topology.Topology;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Changes the locations and accounts in the copied documents of one registry, by commits that the
 * logs record. The root of the mesh is changed last: until then, the mesh cannot be opened. A
 * repeated run changes only what is left.
 */
final class DocumentRelocation {
  private static final int MAX_DOCUMENTS = 30;
  private static final int MAX_BYTES = 1 << 20;
  private static final String REQUEST_VERSION = "requestVersion";

  /** Also several major versions: who rolls out may not write the documents of governance. */
  private static final Set<String> FEATURES =
      Set.of(MeshFormat.SEPARATE_CONSUMERS, MeshFormat.SEVERAL_MAJORS);

  private final Registry registry;
  private final Ledger ledger;
  private final @Nullable String catalog;
  private final Map<Key, ObjectNode> additions;
  private final CopiedMesh copied;

  /** The new versions of requests by the old ones, which decisions and authorizations name. */
  private final Map<String, String> requests = new HashMap<>();

  /**
   * Creates a relocation of the documents of one registry.
   *
   * @param registry the copy
   * @param catalog its catalog; null for the registry that the mesh is opened with
   * @param additions further documents of governance
   * @param copied the mesh in its new place
   */
  DocumentRelocation(
      Registry registry,
      Ledger ledger,
      @Nullable String catalog,
      Map<Key, ObjectNode> additions,
      CopiedMesh copied) {
    this.registry = registry;
    this.ledger = ledger;
    this.catalog = catalog;
    this.additions = additions;
    this.copied = copied;
  }

  /**
   * A mesh in its new place. Immutable.
   *
   * @param mesh the ID of the mesh, with its new root
   * @param by who copies the mesh, for the logs
   * @param owners the owners of places in the copy
   * @param notifiers the positions of notifiers in the original
   * @param separateConsumers true if the copy stores separately what domains record as consumers
   */
  record CopiedMesh(
      MeshRoot mesh,
      Relocation relocation,
      AccountNames accounts,
      Principal by,
      PlaceOwners owners,
      NotifierPositions notifiers,
      boolean separateConsumers) {}

  /** A document with its new key and content; what is stored is null for an additional one. */
  private record Change(@Nullable VersionedDocument stored, Key key, ObjectNode json) {}

  /**
   * Changes all documents.
   *
   * @param sources the documents of the original, by partition
   * @param tables the results of the copied tables, by the keys of their pointers
   */
  void run(Map<String, List<Document>> sources, Map<Key, TableResult> tables) {
    for (List<Document> documents : sources.values()) {
      commitRequests(documents);
    }
    sources.keySet().stream()
        .filter(partition -> !partition.equals(RegistryKeys.MESH))
        .forEach(partition -> commit(copied.accounts().partition(partition), tables));
    List<String> domains = sources.keySet().stream().filter(ConsumerDocuments::isDomain).toList();
    if (copied.separateConsumers()) {
      copied
          .notifiers()
          .missing(registry, consumerCatalog(), domains)
          .forEach((partition, positions) -> commit(partition, additions(positions)));
    }
    commit(RegistryKeys.MESH, tables);
  }

  private static List<Change> additions(List<Document> documents) {
    return documents.stream()
        .map(document -> new Change(null, document.key(), DocumentJson.parse(document)))
        .toList();
  }

  /** The relocated files of a table. */
  record TableResult(String metadataHash, Map<String, String> locations) {}

  private void commitRequests(List<Document> documents) {
    List<Document> sent =
        documents.stream()
            .filter(document -> document.key().sort().startsWith(RegistryKeys.REQUESTS))
            .toList();
    if (sent.isEmpty()) {
      return;
    }
    String partition = copied.accounts().partition(sent.get(0).key().partition());
    commit(partition, changes(partition, RegistryKeys.REQUESTS, Map.of()));
    for (Document request : sent) {
      registry
          .read(newKey(request.key()))
          .ifPresent(copied -> requests.put(request.version(), copied.version()));
    }
  }

  private void commit(String partition, Map<Key, TableResult> tables) {
    commit(partition, changes(partition, "", tables));
  }

  private List<Change> changes(String partition, String prefix, Map<Key, TableResult> tables) {
    List<Change> changes = new ArrayList<>();
    Map<Key, ObjectNode> unstored = new LinkedHashMap<>();
    if (partition.equals(RegistryKeys.MESH)) {
      unstored.putAll(additions);
    }
    Change root = null;
    for (Document document : DocumentCopy.read(registry, partition)) {
      String sort = document.key().sort();
      if (sort.startsWith(prefix) && !DocumentCopy.isLog(sort)) {
        ObjectNode json = DocumentJson.parse(document);
        ObjectNode changed = changed(document.key(), json, tables);
        Key key = newKey(document.key());
        unstored.remove(key);
        if (!changed.equals(json) || !key.equals(document.key())) {
          Change change =
              new Change(
                  new VersionedDocument(document.key(), json, document.version()), key, changed);
          if (document.key().equals(MeshRoot.KEY)) {
            root = change;
          } else {
            changes.add(change);
          }
        }
      }
    }
    unstored.forEach((key, json) -> changes.add(new Change(null, key, json)));
    if (root != null) {
      changes.add(root);
    }
    return changes;
  }

  private Key newKey(Key old) {
    Key key = copied.accounts().key(old);
    return copied.separateConsumers() ? ConsumerDocuments.key(key, consumerCatalog()) : key;
  }

  /** Returns the name of the catalog in partitions of consumers. */
  private String consumerCatalog() {
    return catalog == null ? Topology.CENTRAL : catalog;
  }

  private ObjectNode changed(Key key, ObjectNode json, Map<Key, TableResult> tables) {
    ObjectNode addition = additions.get(key);
    if (addition != null) {
      return addition;
    }
    ObjectNode changed = json.deepCopy();
    copied.relocation().apply(changed);
    copied.accounts().apply(key.sort(), changed);
    replaceVersions(changed);
    if (key.sort().startsWith(RegistryKeys.DOMAINS)) {
      copied.owners().apply(changed);
    }
    if (copied.separateConsumers() && catalog == null && key.equals(MeshFormat.KEY)) {
      MeshFormat.addFeatures(changed, FEATURES);
    }
    TableResult table = tables.get(key);
    if (table != null && changed.has("metadataHash") && !changed.equals(json)) {
      changed.put("metadataHash", table.metadataHash());
    }
    tables.forEach(
        (pointer, result) -> {
          if (pointer.partition().equals(key.partition())) {
            ErasedFiles.relocate(key.sort(), changed, pointer, result.locations());
          }
        });
    return changed;
  }

  private void replaceVersions(JsonNode node) {
    if (node instanceof ObjectNode object) {
      String version = object.path(REQUEST_VERSION).asText();
      if (requests.containsKey(version)) {
        object.put(REQUEST_VERSION, requests.get(version));
      }
    }
    if (node instanceof ObjectNode || node instanceof ArrayNode) {
      node.forEach(this::replaceVersions);
    }
  }

  private void commit(String partition, List<Change> changes) {
    List<Change> chunk = new ArrayList<>();
    int bytes = 0;
    for (Change change : changes) {
      int length = DocumentJson.write(change.json()).getBytes(StandardCharsets.UTF_8).length;
      if (chunk.size() == MAX_DOCUMENTS || (bytes + length > MAX_BYTES && !chunk.isEmpty())) {
        commitChunk(partition, chunk);
        chunk = new ArrayList<>();
        bytes = 0;
      }
      chunk.add(change);
      bytes += length;
    }
    if (!chunk.isEmpty()) {
      commitChunk(partition, chunk);
    }
  }

  private void commitChunk(String partition, Collection<Change> changes) {
    commit(partition, draft -> changes.forEach(change -> add(change, draft)));
  }

  private static void add(Change change, CommitDraft<?> draft) {
    VersionedDocument stored = change.stored();
    if (stored == null) {
      draft.insert(change.key(), change.json());
    } else if (change.key().equals(stored.key())) {
      draft.replace(stored, change.json());
    } else {
      draft.delete(stored).insert(change.key(), change.json());
    }
  }

  private void commit(String partition, Consumer<CommitDraft<?>> additions) {
    ledger.commit(
        new Ledger.Change<Boolean>() {
          @Override
          public MeshAction action() {
            return MeshAction.of(Verb.MOVE, "the documents of " + partition);
          }

          @Override
          public String partition() {
            return partition;
          }

          @Override
          public boolean recordsTime() {
            return true;
          }

          @Override
          public CommitDraft<Boolean> draft(Ledger.Attempt attempt) {
            CommitDraft<Boolean> draft =
                CommitDraft.<Boolean>of(MeshEvent.Type.MESH_PLACED.text(), copied.by(), partition)
                    .details(copied.mesh());
            additions.accept(draft);
            return draft.result(true);
          }
        },
        ledger.startDeadline());
  }
}
