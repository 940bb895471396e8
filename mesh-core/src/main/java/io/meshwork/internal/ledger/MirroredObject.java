package io.meshwork.internal.ledger;

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
  /** The field with the key of the object. */
  public static final String KEY = "key";

  /** The field with what the object was after the last change that was completed. */
  public static final String APPLIED = "applied";

  /** The field with the content of a state; absent if the object does not exist. */
  public static final String CONTENT = "content";

  private static final String OBJECTS = "objects";

  /** Reads the document of an object. */
  public static MirroredObject of(VersionedDocument stored) {
    return new MirroredObject(
        stored.json().path(KEY).asText(),
        Optional.of(PackedPart.read(stored.json(), APPLIED).path(CONTENT))
            .filter(JsonNode::isObject));
  }

  /** Returns the prefix of the sort keys of the documents of a mirror in an account. */
  public static String prefix(String mirror, String account) {
    return UnloggedDocuments.MIRRORED + mirror + "/" + account + "/";
  }

  /** Returns the sort key of the document with what a mirror found and left as it is. */
  public static String observations(String mirror, String account) {
    return UnloggedDocuments.OBSERVED + mirror + "/" + account;
  }

  /** Returns the document with what a mirror found and left as it is: contents by key. */
  public static ObjectNode observed(Map<String, String> contents) {
    ObjectNode json = DocumentJson.create();
    ObjectNode objects = json.putObject(OBJECTS);
    new TreeMap<>(contents)
        .forEach((key, content) -> objects.set(key, DocumentJson.parseObject(key, content)));
    PackedPart.pack(json, OBJECTS);
    return json;
  }

  /** Returns what a mirror found and left as it is, by key. */
  public static Map<String, JsonNode> observed(VersionedDocument stored) {
    Map<String, JsonNode> objects = new TreeMap<>();
    PackedPart.read(stored.json(), OBJECTS)
        .properties()
        .forEach(object -> objects.put(object.getKey(), object.getValue()));
    return objects;
  }
}
