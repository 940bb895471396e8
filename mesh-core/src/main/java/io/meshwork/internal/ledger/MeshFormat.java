package io.meshwork.internal.ledger;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Key;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The document {@code _mesh}, {@code format}: which features an SDK must have to read or to write
 * this registry. Immutable.
 *
 * @param format the format of the registry
 * @param readFeatures what a reader must know
 * @param writeFeatures what a writer must know beyond that
 */
public record MeshFormat(int format, List<String> readFeatures, List<String> writeFeatures) {
  /** Where it lives. */
  public static final Key KEY = new Key("_mesh", "format");

  /** Writers chain every log entry to the one before. */
  private static final String CHAINED_LOG = "chained-log";

  /** The mesh has several registries, and this is one of them. */
  private static final String SEVERAL_CATALOGS = "several-catalogs";

  private static final MeshFormat PRESENT =
      new MeshFormat(DocumentJson.FORMAT, List.of(), List.of(CHAINED_LOG));

  private static final List<String> KNOWN = List.of(CHAINED_LOG, SEVERAL_CATALOGS);

  /** Copies the features. */
  public MeshFormat {
    readFeatures = List.copyOf(readFeatures);
    writeFeatures = List.copyOf(writeFeatures);
  }

  /**
   * Writes the document if the registry is new, and else checks that this SDK may use it.
   *
   * @throws BackendException not retryable, if the registry is of a newer format or needs a feature
   *     that this SDK lacks; the message names both sides
   */
  public static MeshFormat ensure(Ledger ledger) {
    return ensure(ledger, PRESENT, draft -> {});
  }

  /**
   * The same for one registry of several; what is written beside is there if and only if this call
   * made the registry.
   */
  public static MeshFormat ensureOneOfSeveral(Ledger ledger, Consumer<CommitDraft<?>> beside) {
    return ensure(
        ledger,
        new MeshFormat(PRESENT.format(), List.of(SEVERAL_CATALOGS), PRESENT.writeFeatures()),
        beside);
  }

  private static MeshFormat ensure(
      Ledger ledger, MeshFormat made, Consumer<CommitDraft<?>> beside) {
    Optional<MeshFormat> there = find(ledger);
    if (there.isPresent()) {
      return there.get();
    }
    return ledger.commit(
        new Ledger.Change<MeshFormat>() {
          @Override
          public MeshAction action() {
            return MeshAction.of(Verb.PREPARE, "the registry");
          }

          @Override
          public String partition() {
            return KEY.partition();
          }

          @Override
          public CommitDraft<MeshFormat> draft(Ledger.Attempt attempt) {
            Optional<MeshFormat> meanwhile = find(ledger);
            if (meanwhile.isPresent()) {
              return CommitDraft.settled(meanwhile.get());
            }
            CommitDraft<MeshFormat> draft =
                CommitDraft.<MeshFormat>of("mesh.created", Principal.of("mesh", "sdk"), "_mesh")
                    .insert(KEY, made.toJson())
                    .result(made);
            beside.accept(draft);
            return draft;
          }
        },
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
              MeshFormat found =
                  new MeshFormat(
                      stored.json().path("format").asInt(),
                      texts(stored.json(), "readFeatures"),
                      texts(stored.json(), "writeFeatures"));
              found.check();
              return found;
            });
  }

  private void check() {
    TreeSet<String> missing = new TreeSet<>(readFeatures);
    missing.addAll(writeFeatures);
    KNOWN.forEach(missing::remove);
    if (format <= PRESENT.format() && missing.isEmpty()) {
      return;
    }
    throw Failure.of(MeshAction.of(Verb.OPEN, "the registry"))
        .because(
            "it has format "
                + format
                + (missing.isEmpty() ? "" : " and needs the features " + missing)
                + ", and this SDK knows formats up to "
                + PRESENT.format()
                + " and the features "
                + new TreeSet<>(KNOWN))
        .fix("Open it with a newer version of Meshwork.")
        .lasting(ErrorCode.REGISTRY_VERSION);
  }

  private ObjectNode toJson() {
    ObjectNode json = DocumentJson.create();
    ArrayNode read = json.putArray("readFeatures");
    readFeatures.forEach(read::add);
    ArrayNode write = json.putArray("writeFeatures");
    writeFeatures.forEach(write::add);
    return json;
  }

  private static List<String> texts(ObjectNode json, String field) {
    TreeSet<String> texts = new TreeSet<>();
    json.path(field).forEach(text -> texts.add(text.asText()));
    return List.copyOf(texts);
  }
}
