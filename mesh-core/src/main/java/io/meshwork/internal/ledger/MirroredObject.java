package io.meshwork.internal.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An object of a service outside the mesh, as the documents of its mirror have it. Immutable.
 *
 * @param key its key in the mirror
 * @param content its content after the last change that was completed; empty if none was
 */
public record MirroredObject(String key, Optional<JsonNode> content) {
  /** The name of the mirrors whose objects show snapshots of tables. */
  public static final String GLUE = "glue";

  /** The field with the key of the object. */
  public static final String KEY = "key";

  /** The field with what the object was after the last change that was completed. */
  public static final String APPLIED = "applied";

  /** The field with the content of a state; absent if the object does not exist. */
  public static final String CONTENT = "content";

  private static final String HOLD = "hold";
  private static final String SNAPSHOT = "snapshot";
  private static final String OBJECTS = "objects";

  /** The document with what a mirror found and left unchanged: contents by key. */
  private record ObservedObjects(
      @JsonInclude(JsonInclude.Include.ALWAYS) Map<String, JsonNode> objects) {}

  /** Reads the document of an object. */
  public static MirroredObject of(VersionedDocument stored) {
    return new MirroredObject(
        stored.json().path(KEY).asText(),
        Optional.of(PackedPart.read(stored.json(), APPLIED).path(CONTENT))
            .filter(JsonNode::isObject));
  }

  /** Returns the snapshot that the object shows; empty if it shows none, or is damaged. */
  public static Optional<String> snapshot(VersionedDocument stored) {
    return Optional.ofNullable(
        PackedPart.read(stored.json(), APPLIED).path(HOLD).path(SNAPSHOT).textValue());
  }

  /** Returns the prefix of the sort keys of the documents of a mirror in an account. */
  public static String prefix(String mirror, String account) {
    return UnloggedDocuments.MIRRORED + mirror + "/" + account + "/";
  }

  /** Returns the sort key of the document with what a mirror found and left unchanged. */
  public static String observations(String mirror, String account) {
    return UnloggedDocuments.OBSERVED + mirror + "/" + account;
  }

  /** Returns the document with what a mirror found and left unchanged: contents by key. */
  public static ObjectNode observed(Map<String, String> contents) {
    Map<String, JsonNode> objects = new TreeMap<>();
    contents.forEach((key, content) -> objects.put(key, DocumentJson.parseObject(key, content)));
    ObjectNode json = DocumentCodec.document(new ObservedObjects(objects));
    PackedPart.pack(json, OBJECTS);
    return json;
  }

  /** Returns what a mirror found and left unchanged, by key. */
  public static Map<String, JsonNode> observed(VersionedDocument stored) {
    return DocumentCodec.of(ObservedObjects.class)
        .read(PackedPart.unpack(stored.json(), OBJECTS))
        .objects();
  }
}
