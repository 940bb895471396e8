package io.meshwork.internal.mirror;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.ledger.MirroredObject;
import io.meshwork.internal.ledger.PackedPart;
import io.meshwork.internal.ledger.VersionedDocument;
import io.meshwork.internal.mirror.Mirror.FileHold;
import io.meshwork.internal.mirror.Mirror.Image;
import io.meshwork.internal.mirror.Mirror.ServiceObject;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the mesh knows of one object of a service: its document in the partition of the mirrors. It
 * is the only proof that the mesh created the object. Immutable.
 *
 * @param key the key of the object
 * @param stage the stage of its image
 * @param container the key of the object that contains it; empty if none does
 * @param applied what the object was after the last change that was completed; empty if none was
 * @param intended what the object is to be after a change that began; empty if none is running
 * @param adopted true if the object existed before the mesh knew it, and it did not make it since
 * @param stored its document; empty if it is not stored yet
 */
record MirrorRecord(
    String key,
    int stage,
    Optional<String> container,
    Optional<RecordedState> applied,
    Optional<RecordedState> intended,
    boolean adopted,
    Optional<VersionedDocument> stored) {
  private static final String APPLIED = MirroredObject.APPLIED;
  private static final String INTENDED = "intended";

  /** The part that is stored. */
  private record RecordContent(
      String key,
      int stage,
      Optional<String> container,
      Optional<RecordedState> applied,
      Optional<RecordedState> intended,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean adopted) {}

  /**
   * A state of an object.
   *
   * @param object its content; empty if the object is to be removed
   * @param version the version of the service that the change expected; may be empty
   * @param basis the hash of what it was computed from
   * @param at when the change began
   * @param nextDue when it changes without a change in the mesh; empty if it does not
   * @param hold the files that the object needs; empty if it needs none
   */
  record RecordedState(
      @JsonProperty(MirroredObject.CONTENT) Optional<JsonNode> object,
      String version,
      String basis,
      Instant at,
      Optional<Instant> nextDue,
      Optional<FileHold> hold) {
    static RecordedState of(Image image, String version, Instant at) {
      return new RecordedState(
          Optional.of(parsed(image.content())),
          version,
          hash(image.basis()),
          at,
          image.nextDue(),
          image.hold());
    }

    static RecordedState removal(String version, Instant at) {
      return new RecordedState(
          Optional.empty(), version, "", at, Optional.empty(), Optional.empty());
    }

    private static JsonNode parsed(String content) {
      return DocumentJson.parseObject(MirroredObject.CONTENT, content);
    }

    private static String hash(String basis) {
      return DocumentJson.hash(DocumentJson.create().put("basis", basis));
    }

    /** Returns its content; empty if the object is to be removed. */
    Optional<String> content() {
      return object.map(Mirror::contentOf);
    }
  }

  /**
   * Returns the record of an object that the mesh never wrote.
   *
   * @param exists true if others created the object
   */
  static MirrorRecord none(String key, int stage, Optional<String> container, boolean exists) {
    return new MirrorRecord(
        key, stage, container, Optional.empty(), Optional.empty(), exists, Optional.empty());
  }

  static MirrorRecord of(VersionedDocument stored) {
    RecordContent content =
        DocumentCodec.of(RecordContent.class)
            .read(PackedPart.unpack(PackedPart.unpack(stored.json(), APPLIED), INTENDED));
    return new MirrorRecord(
        content.key,
        content.stage,
        content.container,
        content.applied,
        content.intended,
        content.adopted,
        Optional.of(stored));
  }

  /**
   * Returns its document before a change. What the service has now counts as applied: it may be
   * what an interrupted change left, and a further interruption must not lose that.
   *
   * @param actual empty if the object does not exist
   */
  ObjectNode toDocument(
      int newStage,
      Optional<String> newContainer,
      Optional<ServiceObject> actual,
      RecordedState intention) {
    Optional<RecordedState> state =
        actual.map(object -> stateOf(object, intention.at())).or(() -> applied);
    boolean isMade = actual.isEmpty() && intention.object().isPresent();
    return document(newStage, newContainer, state, Optional.of(intention), adopted && !isMade);
  }

  private RecordedState stateOf(ServiceObject actual, Instant now) {
    Optional<String> content = Optional.of(actual.content());
    return Stream.of(intended, applied)
        .flatMap(Optional::stream)
        .filter(state -> state.content().equals(content))
        .findFirst()
        .orElseGet(
            () ->
                new RecordedState(
                    content.map(RecordedState::parsed),
                    actual.version(),
                    applied.map(RecordedState::basis).orElse(""),
                    now,
                    applied.flatMap(RecordedState::nextDue),
                    applied.flatMap(RecordedState::hold)));
  }

  /** Returns its document after a change. */
  ObjectNode toDocument(Image image, RecordedState state) {
    return document(
        image.stage(), image.container(), Optional.of(state), Optional.empty(), adopted);
  }

  private ObjectNode document(
      int newStage,
      Optional<String> newContainer,
      Optional<RecordedState> newApplied,
      Optional<RecordedState> newIntended,
      boolean isAdopted) {
    ObjectNode json =
        DocumentCodec.of(RecordContent.class)
            .write(
                new RecordContent(key, newStage, newContainer, newApplied, newIntended, isAdopted),
                Optional.empty());
    PackedPart.pack(json, APPLIED);
    PackedPart.pack(json, INTENDED);
    return json;
  }

  /** Returns the contents that the mesh applied, or was about to apply. */
  Set<String> known() {
    Set<String> contents = new HashSet<>();
    applied.flatMap(RecordedState::content).ifPresent(contents::add);
    intended.flatMap(RecordedState::content).ifPresent(contents::add);
    return contents;
  }

  /** Returns true if an image with this content was applied completely, with the same times. */
  boolean isApplied(Image image) {
    return intended.isEmpty()
        && applied
            .filter(state -> state.content().equals(Optional.of(image.content())))
            .filter(state -> state.nextDue().equals(image.nextDue()))
            .filter(state -> state.hold().equals(image.hold()))
            .isPresent();
  }

  /** Returns true if the document has this content, whatever else it has. */
  boolean hasApplied(String content) {
    return intended.isEmpty()
        && applied.flatMap(RecordedState::content).filter(content::equals).isPresent();
  }
}
