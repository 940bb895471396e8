package io.meshwork.internal.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.runtime.Deadline;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Key;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The document {@code _mesh}, {@code format}: the features that an SDK must support to read or
 * write this registry. Immutable.
 *
 * @param format the format of the registry
 * @param readFeatures the features that a reader must support
 * @param writeFeatures the further features that a writer must support
 */
public record MeshFormat(
    int format,
    @JsonInclude(JsonInclude.Include.ALWAYS) SortedSet<String> readFeatures,
    @JsonInclude(JsonInclude.Include.ALWAYS) SortedSet<String> writeFeatures) {
  public static final Key KEY = new Key("_mesh", "format");

  /** Documents are records of {@link DocumentCodec} in their third form; each mesh has it. */
  private static final String DOCUMENTS = "documents-3";

  /** Writers chain each log entry to the previous one. */
  private static final String CHAINED_LOG = "chained-log";

  /** The registry is one of several of the mesh. */
  private static final String SEVERAL_CATALOGS = "several-catalogs";

  /** Products have more than one major version. */
  public static final String SEVERAL_MAJORS = "several-majors";

  /** Domains write what they record as consumers to separate partitions, also at home. */
  public static final String SEPARATE_CONSUMERS = "consumers-apart";

  /** Metadata files of tables in folders may be compressed. */
  public static final String COMPRESSED_METADATA = "compressed-metadata";

  /** The type of the entry of a changed format. */
  public static final String CHANGED = "mesh.format-changed";

  private static final String READ_FEATURES = "readFeatures";

  private static final Principal SDK = Principal.of("mesh", "sdk");

  private static final MeshFormat CURRENT =
      new MeshFormat(
          DocumentJson.FORMAT,
          new TreeSet<>(Set.of(DOCUMENTS)),
          new TreeSet<>(Set.of(CHAINED_LOG)));

  private static final List<String> SUPPORTED =
      List.of(
          DOCUMENTS,
          CHAINED_LOG,
          SEVERAL_CATALOGS,
          SEVERAL_MAJORS,
          SEPARATE_CONSUMERS,
          COMPRESSED_METADATA);

  public MeshFormat {
    readFeatures = Collections.unmodifiableSortedSet(new TreeSet<>(readFeatures));
    writeFeatures = Collections.unmodifiableSortedSet(new TreeSet<>(writeFeatures));
  }

  /**
   * Writes the document if the registry is new; otherwise checks that this SDK supports its format.
   *
   * @throws BackendException not retryable, if the registry has a newer format or a feature that
   *     this SDK does not support; the message names both. Also if a snapshot before the first
   *     release wrote it
   */
  public static MeshFormat ensure(Ledger ledger) {
    return ensure(ledger, Set.of());
  }

  /**
   * As {@link #ensure(Ledger)}, for a registry that has these features if this call creates it.
   *
   * @param features features that readers must support, such as {@link #SEPARATE_CONSUMERS}
   */
  public static MeshFormat ensure(Ledger ledger, Set<String> features) {
    return ensure(ledger, created(features), draft -> {});
  }

  /**
   * As {@link #ensure(Ledger)} for one registry of several.
   *
   * @param additions adds documents that are written only if this call creates the registry
   */
  public static MeshFormat ensureOneOfSeveral(Ledger ledger, Consumer<CommitDraft<?>> additions) {
    return ensureOneOfSeveral(ledger, Set.of(), additions);
  }

  /**
   * As {@link #ensure(Ledger, Set)} for one registry of several.
   *
   * @param additions adds documents that are written only if this call creates the registry
   */
  public static MeshFormat ensureOneOfSeveral(
      Ledger ledger, Set<String> features, Consumer<CommitDraft<?>> additions) {
    Set<String> all = new TreeSet<>(features);
    all.add(SEVERAL_CATALOGS);
    return ensure(ledger, created(all), additions);
  }

  private static MeshFormat created(Set<String> features) {
    TreeSet<String> all = new TreeSet<>(features);
    all.addAll(CURRENT.readFeatures());
    return new MeshFormat(CURRENT.format(), all, CURRENT.writeFeatures());
  }

  /** True if the registry has a format with this feature. */
  public static boolean has(Ledger ledger, String feature) {
    return find(ledger).filter(format -> format.has(feature)).isPresent();
  }

  /** True if readers of the registry must support this feature. */
  public boolean has(String feature) {
    return readFeatures.contains(feature);
  }

  /**
   * Records that readers must support a feature. Does nothing if that is recorded.
   *
   * @param feature such as {@link #SEVERAL_MAJORS}
   * @param action the action that needs it, for messages
   */
  public static void require(
      Ledger ledger, String feature, Principal principal, MeshAction action, Deadline deadline) {
    if (has(ledger, feature)) {
      return;
    }
    ledger.commitPrerequisite(new FeatureChange(ledger, feature, principal, action), deadline);
  }

  /** Requires a feature that no caller asks for, within the usual deadline. */
  public static void require(Ledger ledger, String feature, MeshAction action) {
    Deadline deadline = ledger.runtime().startDeadline(ledger.runtime().deadline());
    require(ledger, feature, SDK, action, deadline);
  }

  /** Adds features that readers must support to the document of a registry that is copied. */
  public static void addFeatures(ObjectNode json, Set<String> features) {
    TreeSet<String> all = new TreeSet<>(features);
    json.path(READ_FEATURES).forEach(feature -> all.add(feature.asText()));
    all.forEach(json.putArray(READ_FEATURES)::add);
  }

  /** Adds a feature to the document. */
  private record FeatureChange(
      Ledger ledger, String feature, Principal principal, MeshAction action)
      implements Ledger.Change<MeshFormat> {
    @Override
    public String partition() {
      return KEY.partition();
    }

    @Override
    public CommitDraft<MeshFormat> draft(Ledger.Attempt attempt) {
      VersionedDocument stored = ledger.readAnyFormat(KEY).orElseThrow();
      MeshFormat format = find(ledger).orElseThrow();
      if (format.readFeatures.contains(feature)) {
        return CommitDraft.unchanged(format);
      }
      TreeSet<String> features = new TreeSet<>(format.readFeatures);
      features.add(feature);
      MeshFormat next = new MeshFormat(format.format, features, format.writeFeatures);
      return CommitDraft.<MeshFormat>of(CHANGED, principal, KEY.partition())
          .replace(stored, next.toJson())
          .result(next);
    }
  }

  private static MeshFormat ensure(
      Ledger ledger, MeshFormat created, Consumer<CommitDraft<?>> additions) {
    Optional<MeshFormat> existing = find(ledger);
    if (existing.isPresent()) {
      return existing.get();
    }
    return ledger.commit(
        Ledger.Change.of(
            MeshAction.of(Verb.PREPARE, "the registry"),
            KEY.partition(),
            attempt -> {
              Optional<MeshFormat> concurrent = find(ledger);
              if (concurrent.isPresent()) {
                return CommitDraft.unchanged(concurrent.get());
              }
              CommitDraft<MeshFormat> draft =
                  CommitDraft.<MeshFormat>of("mesh.created", SDK, "_mesh")
                      .insert(KEY, created.toJson())
                      .result(created);
              additions.accept(draft);
              return draft;
            }),
        ledger.runtime().startDeadline(ledger.runtime().deadline()));
  }

  /**
   * The format of a registry, without writing anything.
   *
   * @return empty if it is new
   * @throws BackendException as {@link #ensure}
   */
  public static Optional<MeshFormat> find(Ledger ledger) {
    return ledger
        .readAnyFormat(KEY)
        .map(
            stored -> {
              MeshFormat format = DocumentCodec.of(MeshFormat.class).read(stored);
              format.check();
              return format;
            });
  }

  private void check() {
    TreeSet<String> missing = new TreeSet<>(readFeatures);
    missing.addAll(writeFeatures);
    SUPPORTED.forEach(missing::remove);
    if (format <= CURRENT.format() && missing.isEmpty()) {
      requireReadableDocuments();
      return;
    }
    throw Failure.of(MeshAction.of(Verb.OPEN, "the registry"))
        .because(
            "it has format "
                + format
                + (missing.isEmpty() ? "" : " and requires the features " + missing)
                + ", but this SDK supports formats up to "
                + CURRENT.format()
                + " and the features "
                + new TreeSet<>(SUPPORTED))
        .fix("Open it with a newer version of Meshwork.")
        .lasting(ErrorCode.REGISTRY_VERSION);
  }

  private void requireReadableDocuments() {
    if (!readFeatures.contains(DOCUMENTS)) {
      throw Failure.of(MeshAction.of(Verb.OPEN, "the registry"))
          .because(
              "a snapshot of Meshwork before the first release wrote it, whose documents this version"
                  + " does not read")
          .fix(
              "Open it with that snapshot, or create a new mesh, define the products again, and"
                  + " publish their rows.")
          .lasting(ErrorCode.REGISTRY_VERSION);
    }
  }

  private ObjectNode toJson() {
    return DocumentCodec.of(MeshFormat.class).write(this);
  }
}
