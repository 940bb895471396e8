package io.meshwork.testkit.aws.internal.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.testkit.aws.internal.access.AwsReply;
import io.meshwork.testkit.aws.internal.access.CatalogKey;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.jspecify.annotations.Nullable;

/** A schema of Glue's Schema Registry with its versions. Guarded by {@link SchemaState}. */
final class SchemaSet {
  static final String AVAILABLE = "AVAILABLE";
  static final String PENDING = "PENDING";
  static final String FAILURE = "FAILURE";

  private final NavigableMap<Integer, Version> versions = new TreeMap<>();
  private String compatibility;
  private String description;
  private int checkpoint = 1;
  private int next = 1;
  private boolean deleting;

  SchemaSet(String compatibility, String description) {
    this.compatibility = compatibility;
    this.description = description;
  }

  /** A version of the schema. */
  static final class Version {
    private final int number;
    private final String id = UUID.randomUUID().toString();
    private final String definition;
    private final String outcome;
    private final Map<String, Set<String>> metadata = new LinkedHashMap<>();
    private String status;

    private Version(int number, String definition, String status, String outcome) {
      this.number = number;
      this.definition = definition;
      this.status = status;
      this.outcome = outcome;
    }

    int number() {
      return number;
    }

    String id() {
      return id;
    }

    String definition() {
      return definition;
    }

    String status() {
      return status;
    }

    /** Returns the values of each key, the newest last. */
    Map<String, Set<String>> metadata() {
      return metadata;
    }

    int pairs() {
      return metadata.values().stream().mapToInt(Set::size).sum();
    }

    /** Returns false if the version has the pair already. */
    boolean put(String key, String value) {
      return metadata.computeIfAbsent(key, absent -> new LinkedHashSet<>()).add(value);
    }

    /** Returns false if the version does not have the pair. */
    boolean remove(String key, String value) {
      Set<String> values = metadata.getOrDefault(key, Set.of());
      boolean removed = values.contains(value) && values.remove(value);
      metadata.values().removeIf(Set::isEmpty);
      return removed;
    }

    /** Ends the check of the version. */
    void settle() {
      status = outcome;
    }

    ObjectNode toJson() {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      json.put("SchemaVersionId", id);
      json.put("VersionNumber", number);
      json.put("Status", status);
      return json;
    }
  }

  NavigableMap<Integer, Version> versions() {
    return versions;
  }

  String compatibility() {
    return compatibility;
  }

  void setCompatibility(String mode) {
    compatibility = mode;
  }

  String description() {
    return description;
  }

  void setDescription(String text) {
    description = text;
  }

  int checkpoint() {
    return checkpoint;
  }

  void setCheckpoint(int number) {
    checkpoint = number;
  }

  boolean isDeleting() {
    return deleting;
  }

  void delete() {
    deleting = true;
  }

  /** Returns the version with an equal definition; null if there is none. */
  @Nullable Version find(String definition) {
    return versions.values().stream()
        .filter(version -> json(version.definition()).equals(json(definition)))
        .findFirst()
        .orElse(null);
  }

  /**
   * Adds a version, which is checked later unless it is the first.
   *
   * @param fails true if the check fails whatever the definition is
   */
  Version add(String definition, boolean fails) {
    boolean first = versions.isEmpty();
    String outcome = !fails && (first || isCompatible(definition)) ? AVAILABLE : FAILURE;
    Version version = new Version(next, definition, first ? AVAILABLE : PENDING, outcome);
    versions.put(next, version);
    next++;
    return version;
  }

  /** By Avro's schema resolution, with the checkpoint or with all earlier versions. */
  private boolean isCompatible(String definition) {
    String mode = compatibility.replace("_ALL", "");
    Stream<Version> compared =
        compatibility.endsWith("_ALL")
            ? versions.values().stream().filter(version -> version.status().equals(AVAILABLE))
            : Stream.ofNullable(versions.get(checkpoint));
    Schema after = schema(definition);
    List<Schema> earlier = compared.map(version -> schema(version.definition())).toList();
    boolean backward = earlier.stream().allMatch(before -> reads(after, before));
    boolean forward = earlier.stream().allMatch(before -> reads(before, after));
    return switch (mode) {
      case "NONE" -> true;
      case "BACKWARD" -> backward;
      case "FORWARD" -> forward;
      case "FULL" -> backward && forward;
      default -> false;
    };
  }

  private static boolean reads(Schema reader, Schema writer) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getType()
        == SchemaCompatibilityType.COMPATIBLE;
  }

  static Schema schema(String definition) {
    return new Schema.Parser().parse(definition);
  }

  private static JsonNode json(String definition) {
    try {
      return AwsReply.JSON.readTree(definition);
    } catch (IOException e) {
      throw new IllegalArgumentException("A definition was stored that is not JSON", e);
    }
  }

  ObjectNode toJson(CatalogKey catalog, String registry, String name) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("RegistryName", registry);
    json.put("RegistryArn", catalog.arn("registry/" + registry));
    json.put("SchemaName", name);
    json.put("SchemaArn", catalog.arn("schema/" + registry + "/" + name));
    json.put("DataFormat", "AVRO");
    json.put("Description", description);
    json.put("Compatibility", compatibility);
    json.put("SchemaCheckpoint", checkpoint);
    json.put("LatestSchemaVersion", versions.isEmpty() ? 0 : versions.lastKey());
    json.put("NextSchemaVersion", next);
    json.put("SchemaStatus", deleting ? "DELETING" : AVAILABLE);
    return json;
  }
}
