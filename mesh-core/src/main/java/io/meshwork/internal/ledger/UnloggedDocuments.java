package io.meshwork.internal.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The documents that are not logged: those that readers, notifiers, and mirrors write, locks, and
 * the recorded time. They change too often, and no audit depends on them. The log of its partition
 * proves every other document.
 */
public final class UnloggedDocuments {
  /** Prefix of the sort keys of positions. */
  public static final String POSITIONS = "position/";

  /** Prefix of the sort keys of usage entries. */
  public static final String USAGE = "usage/";

  /** Prefix of the sort keys of holds. */
  public static final String HOLDS = "hold/";

  /** Prefix of the sort keys of the cursors of notifiers. */
  public static final String CURSORS = "cursor/";

  /** Prefix of the sort keys of amendment locks. */
  public static final String AMENDING = "amending/";

  /** Prefix of the sort keys of what mirrors show. */
  public static final String MIRRORED = "mirrored/";

  /** Prefix of the sort keys of what mirrors found, and left as it is. */
  public static final String OBSERVED = "observed/";

  /** Sort key of the recorded time, for a mesh to which nothing is written for long. */
  public static final String CLOCK = "clock";

  private static final List<String> KINDS =
      List.of(POSITIONS, USAGE, HOLDS, CURSORS, AMENDING, MIRRORED, OBSERVED);
  private static final int VERSION_AT = 14;
  private static final char LOGGED = '7';
  private static final char UNLOGGED = '8';

  private UnloggedDocuments() {}

  /** True if the document is not logged. */
  static boolean isUnlogged(String sort) {
    return sort.equals(CLOCK) || KINDS.stream().anyMatch(sort::startsWith);
  }

  /**
   * The ID of an attempt that only writes unlogged documents: a UUIDv8 that is otherwise the same.
   * It distinguishes such an attempt from a logged one by the attempt's row.
   */
  static String attempt(String id) {
    return id.charAt(VERSION_AT) == LOGGED
        ? id.substring(0, VERSION_AT) + UNLOGGED + id.substring(VERSION_AT + 1)
        : id;
  }

  /** True if the attempt wrote only unlogged documents. */
  static boolean isAttempt(String id) {
    return id.length() > VERSION_AT && id.charAt(VERSION_AT) == UNLOGGED;
  }

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
}
