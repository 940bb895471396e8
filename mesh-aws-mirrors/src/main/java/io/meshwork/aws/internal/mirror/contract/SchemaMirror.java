package io.meshwork.aws.internal.mirror.contract;

import io.meshwork.aws.internal.ContractMirrorSettings;
import io.meshwork.aws.internal.ResourceNames;
import io.meshwork.aws.internal.mirror.glue.GlueCalls;
import io.meshwork.aws.internal.mirror.glue.GlueImages;
import io.meshwork.aws.internal.mirror.glue.GlueKey;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.internal.mirror.Mirror;
import io.meshwork.internal.mirror.MirroredCatalog;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.glue.GlueClient;
import software.amazon.awssdk.services.glue.model.GetSchemaResponse;
import software.amazon.awssdk.services.glue.model.GetSchemaVersionResponse;
import software.amazon.awssdk.services.glue.model.SchemaStatus;
import software.amazon.awssdk.services.glue.model.SchemaVersionStatus;

/**
 * Glue's Schema Registry in the account of a catalog: a registry for each domain, a schema for each
 * major version that consumers read, whose checkpoint is the current contract. Used by one thread.
 */
public final class SchemaMirror implements Mirror {
  static final String NAME = "schemas";

  private final MirroredCatalog catalog;
  private final ContractMirrorSettings settings;
  private final SchemaRequests requests;
  private final SchemaCommands commands;
  private final Set<String> expected = new HashSet<>();

  /** The number of the checkpoint of each schema that was read. */
  private final Map<String, Long> checkpoints = new HashMap<>();

  /** Versions whose check failed, by the key of their schema. */
  private final Map<String, RejectedVersion> rejected = new HashMap<>();

  private @Nullable SchemaImages images;

  /**
   * A version of a schema that Glue rejected.
   *
   * @param number its number
   * @param definition its definition
   */
  private record RejectedVersion(long number, String definition) {}

  /**
   * Creates the mirror.
   *
   * @param client opens a client with the credentials of {@link MirroredCatalog#runner}
   */
  public SchemaMirror(
      MirroredCatalog catalog,
      ResourceNames names,
      ContractMirrorSettings settings,
      Supplier<GlueClient> client) {
    this.catalog = catalog;
    this.settings = settings;
    this.requests = new SchemaRequests(new GlueCalls(catalog, names, client));
    this.commands = new SchemaCommands(names.region());
  }

  @Override
  public String name() {
    return NAME;
  }

  private SchemaImages images() {
    SchemaImages computed = images;
    if (computed == null) {
      computed = SchemaImages.of(catalog);
      images = computed;
    }
    return computed;
  }

  @Override
  public WantedObjects wanted() {
    return images().wanted();
  }

  @Override
  public Optional<ProductObjects> ofProduct() {
    return GlueImages.ofProduct(catalog);
  }

  @Override
  public Map<String, ServiceObject> actual(Set<String> keys) {
    expected.addAll(keys);
    if (catalog.product().isPresent()) {
      return readEach(keys);
    }
    Set<String> databases = new TreeSet<>();
    keys.forEach(key -> databases.add(GlueKey.of(key).database()));
    Map<String, ServiceObject> objects = new TreeMap<>();
    for (String database : databases) {
      readRegistry(database)
          .ifPresent(
              registry -> {
                objects.put(database, registry);
                addSchemas(database, objects);
              });
    }
    return objects;
  }

  private void addSchemas(String database, Map<String, ServiceObject> objects) {
    for (String name : requests.schemas(settings.registry(database))) {
      String key = GlueImages.key(database, name);
      if (expected.contains(key)) {
        readSchema(GlueKey.of(key), objects);
      } else {
        objects.put(key, new ServiceObject(Optional.of(database), "{}", ""));
      }
    }
  }

  @Override
  public Optional<ServiceObject> read(String key) {
    GlueKey named = GlueKey.of(key);
    if (named.isDatabase()) {
      return readRegistry(key);
    }
    Map<String, ServiceObject> objects = new TreeMap<>();
    readSchema(named, objects);
    return Optional.ofNullable(objects.get(key));
  }

  private Optional<ServiceObject> readRegistry(String database) {
    return requests
        .registry(settings.registry(database))
        .map(
            description ->
                new ServiceObject(Optional.empty(), SchemaImages.registry(description), ""));
  }

  /** Adds a schema, and its latest version if another program registered that. */
  private void readSchema(GlueKey key, Map<String, ServiceObject> objects) {
    String registry = settings.registry(key.database());
    GetSchemaResponse schema = requests.schema(registry, key.table()).orElse(null);
    if (schema == null || schema.schemaStatus() == SchemaStatus.DELETING) {
      return;
    }
    long checkpoint = schema.schemaCheckpoint();
    checkpoints.put(key.toString(), checkpoint);
    SchemaContent content =
        new SchemaContent(
            schema.description() == null ? "" : schema.description(),
            schema.compatibilityAsString(),
            String.join(",", requests.contracts(registry, key.table(), checkpoint)),
            definition(registry, key, checkpoint));
    objects.put(
        key.toString(), new ServiceObject(Optional.of(key.database()), content.toText(), ""));
    if (schema.latestSchemaVersion() > checkpoint) {
      readLatest(key, registry, schema.latestSchemaVersion(), objects);
    }
  }

  private void readLatest(
      GlueKey key, String registry, long number, Map<String, ServiceObject> objects) {
    GetSchemaVersionResponse latest = requests.version(registry, key.table(), number);
    String definition = SchemaContent.canonical(latest.schemaDefinition());
    boolean isOurs =
        images().history(key.toString()).stream()
            .anyMatch(content -> content.definition().equals(definition));
    if (!isOurs && latest.status() == SchemaVersionStatus.AVAILABLE) {
      objects.put(key + "/" + number, new ServiceObject(Optional.of(key.toString()), "{}", ""));
    } else if (isOurs && latest.status() == SchemaVersionStatus.FAILURE) {
      rejected.put(key.toString(), new RejectedVersion(number, definition));
    }
  }

  @Override
  public Optional<Finding> objection(ObjectChange change) {
    GlueKey key = GlueKey.of(change.key());
    if (change.wanted().isEmpty()) {
      List<String> others = key.isDatabase() ? otherSchemas(key) : otherVersions(key);
      return others.isEmpty() ? Optional.empty() : Optional.of(strangers(key, others));
    }
    return Optional.ofNullable(rejected.get(change.key()))
        .filter(version -> isDue(version, change))
        .map(version -> rejection(key, change, version));
  }

  private boolean isDue(RejectedVersion version, ObjectChange change) {
    return history(change).stream()
        .anyMatch(content -> content.definition().equals(version.definition()));
  }

  /** Deleting a registry deletes all its schemas. */
  private List<String> otherSchemas(GlueKey registry) {
    return requests.schemas(settings.registry(registry.database())).stream()
        .filter(name -> !expected.contains(GlueImages.key(registry.database(), name)))
        .toList();
  }

  /**
   * Deleting a schema deletes all its versions. One of the mesh has no metadata yet if a run was
   * interrupted after its registration.
   */
  private List<String> otherVersions(GlueKey key) {
    String registry = settings.registry(key.database());
    List<Long> unnamed =
        requests.available(registry, key.table()).stream()
            .filter(number -> requests.contracts(registry, key.table(), number).isEmpty())
            .toList();
    Set<String> ours = unnamed.isEmpty() ? Set.of() : images().definitions(key);
    return unnamed.stream()
        .filter(number -> !ours.contains(definition(registry, key, number)))
        .map(number -> "version " + number)
        .toList();
  }

  private String definition(String registry, GlueKey key, long number) {
    return SchemaContent.canonical(
        requests.version(registry, key.table(), number).schemaDefinition());
  }

  private Finding strangers(GlueKey key, List<String> others) {
    return new Finding(
        FindingCode.MIRROR_FOREIGN,
        Finding.Severity.WARNING,
        where(key),
        "The mesh no longer needs it, but other programs registered "
            + others.get(0)
            + " in it. It stays as it is.",
        others.size(),
        List.of(),
        "Delete what other programs registered, and run the mirrors again.");
  }

  private Finding rejection(GlueKey key, ObjectChange change, RejectedVersion version) {
    SchemaContent before = SchemaContent.of(change.actual().orElseThrow().content());
    return Finding.error(
        FindingCode.SCHEMA_REJECTED,
        where(key),
        SchemaRejection.reason(version.number(), before, version.definition()),
        SchemaRejection.fix(
            commands.deleteVersion(
                settings.registry(key.database()), key.table(), version.number())));
  }

  private String where(GlueKey key) {
    return NAME + " " + key + " in " + catalog.account();
  }

  @Override
  public List<ServiceCall> calls(ObjectChange change) {
    GlueKey key = GlueKey.of(change.key());
    SchemaChanges changes =
        new SchemaChanges(requests, commands, settings.registry(key.database()));
    if (key.isDatabase()) {
      return List.of(changes.registry(change));
    }
    if (change.wanted().isEmpty()) {
      return List.of(changes.delete(key.table()));
    }
    List<SchemaContent> history = history(change);
    if (change.actual().isEmpty()) {
      return changes.create(key.table(), history.get(history.size() - 1));
    }
    SchemaContent actual = SchemaContent.of(change.actual().get().content());
    long checkpoint = checkpoints.getOrDefault(change.key(), 1L);
    return changes.change(
        key.table(),
        new SchemaChanges.Checkpoint(checkpoint, actual),
        path(actual, history).stream()
            .map(next -> new SchemaChanges.PathStep(next, earlierContracts(next, history)))
            .toList());
  }

  /** Returns what the schema was and is to be. */
  private List<SchemaContent> history(ObjectChange change) {
    List<SchemaContent> history = images().history(change.key());
    return history.isEmpty()
        ? change.wanted().stream().map(image -> SchemaContent.of(image.content())).toList()
        : history;
  }

  /**
   * Returns the contents from the checkpoint's content on: each of them is compatible with the one
   * before. Contents with the same definition are one, the latest.
   */
  static List<SchemaContent> path(SchemaContent actual, List<SchemaContent> history) {
    int start = position(actual, history);
    List<SchemaContent> path = new ArrayList<>();
    for (SchemaContent next : history.subList(start, history.size())) {
      if (!path.isEmpty() && path.get(path.size() - 1).hasDefinitionOf(next)) {
        path.set(path.size() - 1, next);
      } else {
        path.add(next);
      }
    }
    return path;
  }

  /**
   * Returns where in its history a schema is: at the latest content with the same definition that
   * its metadata names, else at the latest with the same definition, because an interrupted run did
   * not set the metadata. What is not in the history becomes what is wanted.
   */
  private static int position(SchemaContent actual, List<SchemaContent> history) {
    List<Integer> same =
        IntStream.range(0, history.size())
            .filter(i -> history.get(i).hasDefinitionOf(actual))
            .boxed()
            .toList();
    return same.stream()
        .filter(i -> actual.contracts().contains(history.get(i).contract()))
        .max(Comparator.naturalOrder())
        .or(() -> same.stream().max(Comparator.naturalOrder()))
        .orElse(history.size() - 1);
  }

  /**
   * Returns the contract versions that had the same definition before others replaced it: the
   * version in Glue may still have them in its metadata.
   */
  static Set<String> earlierContracts(SchemaContent next, List<SchemaContent> history) {
    Set<String> earlier = new TreeSet<>();
    for (int i = 0; i < history.indexOf(next) - 1; i++) {
      if (history.get(i).hasDefinitionOf(next) && !history.get(i + 1).hasDefinitionOf(next)) {
        earlier.add(history.get(i).contract());
      }
    }
    return earlier;
  }

  /** A change may register several versions, and sets metadata after the version. */
  @Override
  public boolean isPartial(Optional<String> before, Optional<String> after, String actual) {
    if (after.isEmpty() || !SchemaContent.isSchema(after.get())) {
      return false;
    }
    SchemaContent now = SchemaContent.of(actual);
    List<SchemaContent> contents =
        Stream.concat(
                Stream.concat(before.stream(), after.stream()).map(SchemaContent::of),
                images().histories().stream()
                    .filter(history -> history.contains(SchemaContent.of(after.get())))
                    .flatMap(List::stream))
            .toList();
    return contents.stream().anyMatch(now::hasDefinitionOf)
        && contents.stream().anyMatch(each -> each.compatibility().equals(now.compatibility()))
        && contents.stream().anyMatch(each -> each.description().equals(now.description()))
        && contents.stream()
            .flatMap(each -> each.contracts().stream())
            .collect(Collectors.toSet())
            .containsAll(now.contracts());
  }
}
