package io.meshwork.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.files.LocalFileIO;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code mesh.json}, which marks a folder as a complete mesh and names the mesh, the
 * format, and the features that a reader must support. Immutable.
 *
 * @param id the mesh's ID, which its registry also has
 */
record MeshMarker(String id) {
  /** The file's name. */
  static final String NAME = "mesh.json";

  private static final int FORMAT = 1;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /**
   * Reads the marker of a folder.
   *
   * @throws IOException if it cannot be read
   * @throws BackendException REGISTRY_CORRUPT if it is damaged; REGISTRY_VERSION if its format is
   *     newer or it names features that this version does not support
   */
  static MeshMarker read(Path folder) throws IOException {
    byte[] content = Files.readAllBytes(folder.resolve(NAME));
    JsonNode json;
    try {
      json = JSON.readTree(new String(content, StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      // Jackson's exception quotes the content, so it is not passed on.
      throw damaged(folder, "it is not valid JSON");
    }
    if (!(json instanceof ObjectNode) || !json.path("format").isInt()) {
      throw damaged(folder, "it has no format");
    }
    int format = json.path("format").asInt();
    if (format < FORMAT) {
      throw damaged(folder, "its format " + format + " does not exist");
    }
    if (format > FORMAT) {
      throw newer(
          folder, "its format is " + format + ", but this version of Meshwork supports " + FORMAT);
    }
    requireKnownFeatures(folder, json.path("features"));
    String id = json.path("id").asText();
    if (!isId(id)) {
      throw damaged(folder, "it has no mesh ID");
    }
    return new MeshMarker(id);
  }

  /**
   * Writes the marker atomically and synced, as the last step of creating a mesh. Processes that
   * create the same mesh at the same time write the same content, because the ID is the registry's.
   *
   * @throws IOException if it cannot be written; then it does not exist
   */
  void write(Path folder) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put("id", id);
    json.put("format", FORMAT);
    json.putArray("features");
    try (LocalFileIO files = new LocalFileIO();
        OutputStream out =
            files.newOutputFile(folder.resolve(NAME).toString()).createOrOverwrite()) {
      out.write(json.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  private static void requireKnownFeatures(Path folder, JsonNode features) {
    if (!features.isArray()) {
      throw damaged(folder, "it has no features");
    }
    TreeSet<String> unknown = new TreeSet<>();
    for (JsonNode feature : features) {
      if (!feature.isTextual()) {
        throw damaged(folder, "a feature has no name");
      }
      unknown.add(feature.asText());
    }
    if (!unknown.isEmpty()) {
      throw newer(
          folder,
          "it requires the features "
              + unknown
              + ", which this version of Meshwork does not support");
    }
  }

  private static boolean isId(@Nullable String text) {
    try {
      return text != null && UUID.fromString(text).toString().equals(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static BackendException damaged(Path folder, String why) {
    return Failure.of(MeshAction.of(Verb.OPEN, "the mesh in " + folder))
        .because("its " + NAME + " is damaged: " + why)
        .state("Nothing was written.")
        .fix("Restore the file from a backup.")
        .lasting(ErrorCode.REGISTRY_CORRUPT);
  }

  private static BackendException newer(Path folder, String why) {
    return Failure.of(MeshAction.of(Verb.OPEN, "the mesh in " + folder))
        .because(why)
        .state("Nothing was written.")
        .fix("Use a newer version of Meshwork.")
        .lasting(ErrorCode.REGISTRY_VERSION);
  }
}
