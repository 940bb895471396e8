package io.meshwork.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.event.MeshEvent;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.runtime.MeshRuntime;
import io.meshwork.internal.table.DataPlaces;
import io.meshwork.internal.table.StagedFiles;
import io.meshwork.internal.table.TableName;
import io.meshwork.product.ProductName;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.iceberg.exceptions.NotFoundException;
import org.jspecify.annotations.Nullable;

/**
 * Copies one registry of a mesh, with the files that it names, to another registry, while the mesh
 * is in use. The partitions of each domain are copied as of one moment; the domains one after the
 * other. A repeated copy only copies what changed.
 */
final class RegistryCopy {
  private static final int MAX_ATTEMPTS = 10;
  private static final String LAST_UPDATED = "/_metadata/last_updated.json";
  private static final String LOCATION = "location";

  private final Registry from;
  private final Registry to;
  private final String root;
  private final FileCopy files;
  private final Settings settings;
  private final Map<String, List<Document>> documents = new TreeMap<>();
  private final Map<Key, DocumentRelocation.TableResult> tables = new HashMap<>();

  /** What all registries of a mesh have in common. Immutable. */
  record Settings(Relocation relocation, AccountNames accounts, MeshRuntime runtime) {}

  /**
   * Creates a copy.
   *
   * @param root the root of the original
   */
  RegistryCopy(Registry from, Registry to, String root, FileCopy files, Settings settings) {
    this.from = from;
    this.to = to;
    this.root = root;
    this.files = files;
    this.settings = settings;
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

  /** Returns the documents of governance that were read. */
  List<Document> governance() {
    return documents.getOrDefault(RegistryKeys.MESH, List.of());
  }

  /** Copies the documents and the files that they name. */
  void run() {
    DocumentCopy copy =
        new DocumentCopy(to, settings.runtime().ids(), settings.accounts()::partition);
    partitions(from).forEach((domain, partitions) -> copyDomain(copy, partitions));
  }

  /** Reads documents and copies missing files, but no document: that was completed before. */
  void readOnly() {
    partitions(from)
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
        if (files.from().newInputFile(file).exists()) {
          files.replace(file, settings.relocation().location(file));
        }
      }
    }
  }

  /**
   * Changes the documents of the copy, whose root changes last.
   *
   * @param catalog the catalog of the registry; null for the registry that the mesh is opened with
   * @param additions further documents of governance
   */
  void relocate(
      @Nullable String catalog,
      Map<Key, ObjectNode> additions,
      DocumentRelocation.CopiedMesh mesh) {
    new DocumentRelocation(to, new Ledger(to, settings.runtime()), catalog, additions, mesh)
        .run(documents, tables);
  }

  /**
   * Returns true if a log of the copy has entries that the original does not have.
   *
   * @param ignoresRelocation true to ignore logs whose newest entry is a relocation
   */
  boolean isChanged(boolean ignoresRelocation) {
    return changedLogs().stream().anyMatch(newest -> !(ignoresRelocation && isPlacement(newest)));
  }

  /** Returns true if the relocation of this registry was begun. */
  boolean isRelocated() {
    return changedLogs().stream().anyMatch(RegistryCopy::isPlacement);
  }

  /** Returns the newest entries of the copy's logs, if the original does not have them. */
  private List<ObjectNode> changedLogs() {
    Ledger original = new Ledger(from, settings.runtime());
    Ledger copy = new Ledger(to, settings.runtime());
    List<ObjectNode> changed = new ArrayList<>();
    for (String partition : from.partitions()) {
      String copied = settings.accounts().partition(partition);
      long newest = copy.newestSequence(copied);
      Optional<VersionedDocument> entry = copy.entry(copied, newest);
      Optional<String> originalHash = original.entry(partition, newest).map(RegistryCopy::hash);
      entry
          .filter(each -> !originalHash.equals(Optional.of(hash(each))))
          .ifPresent(each -> changed.add(each.json()));
    }
    return changed;
  }

  /** Returns the hash of an entry, which covers all entries before it. */
  private static String hash(VersionedDocument entry) {
    return entry.json().path("hash").asText();
  }

  private static boolean isPlacement(ObjectNode entry) {
    return entry.path("event").asText().equals(MeshEvent.Type.MESH_PLACED.text());
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
          copyStaged(documents.getOrDefault(partition, List.of()));
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
      documents.put(partition, DocumentCopy.read(from, partition));
    }
    return before.equals(heads(partitions));
  }

  private List<String> heads(List<String> partitions) {
    return partitions.stream().map(partition -> DocumentCopy.head(from, partition)).toList();
  }

  private static List<Document> pointers(List<Document> partition) {
    return partition.stream()
        .filter(document -> document.key().sort().startsWith(RegistryKeys.TABLES))
        .toList();
  }

  private void copyTables(List<Document> partition) {
    for (Document pointer : pointers(partition)) {
      ObjectNode json = DocumentJson.parse(pointer);
      TableCopy table = new TableCopy(files, settings.relocation());
      String hash = table.copy(json.path("metadataLocation").asText());
      tables.put(pointer.key(), new DocumentRelocation.TableResult(hash, table.locations()));
    }
  }

  /** Copies the files of staged publishes, which are in the folders of quarantines. */
  private void copyStaged(List<Document> partition) {
    for (Document document : partition) {
      if (document.key().sort().startsWith(RegistryKeys.STAGED)) {
        StagedFiles staged =
            StagedFiles.of(
                new VersionedDocument(
                    document.key(), DocumentJson.parse(document), document.version()));
        Key quarantine =
            TableName.of(ProductName.of(document.key().partition()), staged.major())
                .quarantined()
                .key();
        pointers(partition).stream()
            .filter(pointer -> pointer.key().equals(quarantine) && !staged.isErased())
            .forEach(pointer -> copy(staged, folder(pointer)));
      }
    }
  }

  private void copy(StagedFiles staged, String folder) {
    staged
        .files()
        .map(file -> folder + "/data/" + file.name())
        .forEach(file -> files.copy(file, settings.relocation().location(file)));
  }

  /** Returns the folder of a table, which is below the root of the mesh if none is recorded. */
  private String folder(Document pointer) {
    JsonNode location = DocumentJson.parse(pointer).path(LOCATION);
    String table = pointer.key().sort().substring(RegistryKeys.TABLES.length());
    return location.asText(
        DataPlaces.dataFolder(root) + "/" + pointer.key().writingDomain() + "/" + table);
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
