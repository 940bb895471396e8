package io.meshwork.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MeshRoot;
import io.meshwork.internal.routing.RoutedRegistry;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.table.CanonicalLocation;
import io.meshwork.internal.table.DataPlaces;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import io.meshwork.registry.Warehouse.Ports;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.jspecify.annotations.Nullable;

/**
 * Copies a mesh to other stores, while it is in use. The partitions of each domain are copied as of
 * one moment, with the files that they name; the domains one after the other. A repeated copy only
 * copies what changed. Then the documents of the copy get their new locations and accounts.
 */
final class MeshCopy {
  private static final int MAX_ATTEMPTS = 10;
  private static final String LAST_UPDATED = "/_metadata/last_updated.json";
  private static final String LOCATION = "location";

  private final Ports from;
  private final Ports to;
  private final Relocation relocation;
  private final AccountNames accounts;
  private final MeshRuntime runtime;
  private final FileCopy files;
  private final Map<String, List<Document>> documents = new TreeMap<>();
  private final Map<Key, DocumentRelocation.TableResult> tables = new HashMap<>();

  MeshCopy(
      Ports from, Ports to, Relocation relocation, AccountNames accounts, MeshRuntime runtime) {
    this.from = from;
    this.to = to;
    this.relocation = relocation;
    this.accounts = accounts;
    this.runtime = runtime;
    this.files = new FileCopy(from.files(), to.files());
  }

  FileCopy files() {
    return files;
  }

  /** Returns true if the mesh has one registry, so that it can be copied. */
  static boolean isCentral(Registry registry) {
    return registry.list(RegistryKeys.MESH, RoutedRegistry.CATALOGS, null).documents().isEmpty();
  }

  /** Returns the partitions of a registry by the domain that writes them; governance first. */
  static Map<String, List<String>> partitions(Registry registry) {
    Map<String, List<String>> byDomain = new TreeMap<>();
    for (String partition : registry.partitions()) {
      String domain = new Key(partition, "any").writingDomain();
      byDomain.computeIfAbsent(domain, absent -> new ArrayList<>()).add(partition);
    }
    return byDomain;
  }

  /**
   * Marks the new places of data as those of this mesh, unless they are marked.
   *
   * @param mesh the mesh that is copied
   * @throws io.meshwork.error.InvalidRequestException if a place cannot be one of the copy, is that
   *     of another mesh, or contains data without a marker
   * @throws io.meshwork.error.BackendException if a marker cannot be written
   */
  void claimPlaces(MeshRoot mesh) {
    for (String root : relocation.oldRoots()) {
      if (!root.equals(from.root())) {
        DataPlaces.claim("to", to, mesh.id(), relocation.newRoot(root));
      }
    }
  }

  /**
   * Copies documents and files.
   *
   * @throws io.meshwork.error.BackendException if a store cannot be read or written, or a file that
   *     the registry names is missing
   */
  void run() {
    DocumentCopy copy = new DocumentCopy(to.registry(), runtime.ids(), accounts::partition);
    partitions(from.registry()).forEach((domain, partitions) -> copyDomain(copy, partitions));
    for (String root : relocation.oldRoots()) {
      copyFolder(DataPlaces.archiveFolder(root) + "/");
    }
  }

  /** Reads documents and copies missing files, but no document: that was completed before. */
  void readOnly() {
    partitions(from.registry())
        .forEach(
            (domain, partitions) -> {
              readAll(partitions);
              partitions.forEach(
                  partition -> copyTables(documents.getOrDefault(partition, List.of())));
            });
  }

  /** Copies the files for tools that read files only, which commits replace. */
  void copyLastUpdates() {
    for (List<Document> partition : documents.values()) {
      for (Document pointer : pointers(partition)) {
        String file = folder(pointer) + LAST_UPDATED;
        if (from.files().newInputFile(file).exists()) {
          files.replace(file, relocation.location(file));
        }
      }
    }
  }

  /**
   * Changes the documents of the copy, which can be opened afterwards.
   *
   * @param by who copies the mesh, for the log
   * @param consumersApart true if the copy keeps apart what domains record as consumers
   */
  void relocate(MeshRoot mesh, Principal by, boolean consumersApart) {
    new DocumentRelocation(
            to.registry(),
            new Ledger(to.registry(), runtime),
            relocation,
            accounts,
            new MeshRoot(mesh.id(), relocation.newRoot()),
            by,
            new PlaceOwners(to.files()),
            consumersApart)
        .run(documents, tables);
  }

  /** Returns true if the log of a copied partition has more entries than the original. */
  boolean isRelocated() {
    return partitions(from.registry()).values().stream()
        .flatMap(List::stream)
        .anyMatch(
            partition ->
                sequence(to.registry(), accounts.partition(partition))
                    > sequence(from.registry(), partition));
  }

  private static long sequence(Registry registry, String partition) {
    String head = DocumentCopy.head(registry, partition);
    return head.isEmpty() ? 0 : DocumentJson.parseObject(partition, head).path("sequence").asLong();
  }

  private void copyDomain(DocumentCopy copy, List<String> partitions) {
    String missing = "";
    for (int attempts = 1; attempts <= MAX_ATTEMPTS; attempts++) {
      if (!readAll(partitions)) {
        continue;
      }
      try {
        List<Document> all = new ArrayList<>();
        for (String partition : partitions) {
          copyTables(documents.getOrDefault(partition, List.of()));
          all.addAll(documents.getOrDefault(partition, List.of()));
        }
        copy.write(partitions, all);
        return;
      } catch (NotFoundException e) {
        // A file that a second reading of the registry still names was not deleted by a commit.
        String message = String.valueOf(e.getMessage());
        if (message.equals(missing)) {
          throw lost(partitions.get(0), e);
        }
        missing = message;
      }
    }
    throw Failure.of(MeshAction.of(Verb.COPY, "the mesh"))
        .because("concurrent commits changed the domain of " + partitions.get(0) + " each time")
        .state("The copy is incomplete.")
        .fix("Try again when there are fewer commits.")
        .passing(ErrorCode.BACKEND_FAILED);
  }

  /** Reads partitions; returns false if one of their logs was changed meanwhile. */
  private boolean readAll(List<String> partitions) {
    List<String> before = heads(partitions);
    for (String partition : partitions) {
      documents.put(partition, DocumentCopy.read(from.registry(), partition));
    }
    return before.equals(heads(partitions));
  }

  private List<String> heads(List<String> partitions) {
    return partitions.stream()
        .map(partition -> DocumentCopy.head(from.registry(), partition))
        .toList();
  }

  private static List<Document> pointers(List<Document> partition) {
    return partition.stream()
        .filter(document -> document.key().sort().startsWith(RegistryKeys.TABLES))
        .toList();
  }

  private void copyTables(List<Document> partition) {
    for (Document pointer : pointers(partition)) {
      ObjectNode json = DocumentJson.parse(pointer);
      TableCopy table = new TableCopy(files, relocation);
      String hash = table.copy(json.path("metadataLocation").asText());
      tables.put(pointer.key(), new DocumentRelocation.TableResult(hash, table.locations()));
    }
  }

  /** Returns the folder of a table, which is below the root of the mesh if none is recorded. */
  private String folder(Document pointer) {
    JsonNode location = DocumentJson.parse(pointer).path(LOCATION);
    String table = pointer.key().sort().substring(RegistryKeys.TABLES.length());
    return location.asText(
        DataPlaces.dataFolder(from.root()) + "/" + pointer.key().writingDomain() + "/" + table);
  }

  private void copyFolder(String folder) {
    if (from.files() instanceof SupportsPrefixOperations listing) {
      Set<String> locations = new LinkedHashSet<>();
      for (FileInfo file : listing.listPrefix(folder)) {
        if (!CanonicalLocation.isUnfinished(file.location())) {
          locations.add(file.location());
        }
      }
      locations.forEach(file -> files.copy(file, accounts.partition(relocation.location(file))));
    }
  }

  private static RuntimeException lost(String partition, @Nullable Throwable cause) {
    return Failure.of(MeshAction.of(Verb.COPY, "the mesh"))
        .because("a file that the registry names is missing in the domain of " + partition)
        .state("The copy is incomplete.")
        .fix("Run doctor, restore the file from a backup, and try again.")
        .cause(cause)
        .lasting(ErrorCode.DATA_DAMAGED);
  }
}
