package io.meshwork.internal.rights;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/**
 * The columns that a stored grant names, by field id: they remain the same columns when they are
 * renamed. Immutable.
 *
 * @param major the major version of the product whose table has the ids
 * @param ids by name at the time of the grant, with dots within structs; empty if an earlier build
 *     wrote the grant
 */
public record BoundColumns(int major, Map<String, Integer> ids) {
  /** Of a grant that names no columns, or has no ids. */
  public static final BoundColumns NONE = new BoundColumns(0, Map.of());

  private static final String MAJOR = "major";
  private static final String IDS = "fieldIds";

  /** Copies the map. */
  public BoundColumns {
    ids = Map.copyOf(ids);
  }

  public static BoundColumns of(JsonNode document) {
    if (!document.has(IDS)) {
      return NONE;
    }
    Map<String, Integer> ids = new TreeMap<>();
    document
        .path(IDS)
        .properties()
        .forEach(each -> ids.put(each.getKey(), each.getValue().asInt()));
    return new BoundColumns(document.path(MAJOR).asInt(), ids);
  }

  /** Writes the ids into the document of the grant. */
  public void write(ObjectNode document) {
    document.remove(MAJOR);
    document.remove(IDS);
    if (!ids.isEmpty()) {
      document.put(MAJOR, major);
      ObjectNode json = document.putObject(IDS);
      new TreeMap<>(ids).forEach(json::put);
    }
  }
}
