package io.meshwork.local;

import com.fasterxml.jackson.annotation.JsonInclude;
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
import io.meshwork.internal.ledger.DocumentCodec;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code mesh.json}, which marks a folder as a complete mesh and names the mesh, the
 * format, and the features that a reader must support. Immutable.
 *
 * @param id the mesh's ID, which its registry also has
 * @param features what a reader must support
 */
record MeshMarker(
    String id, int format, @JsonInclude(JsonInclude.Include.ALWAYS) List<String> features) {
  /** The file's name. */
  static final String NAME = "mesh.json";

  private static final int FORMAT = 1;

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  /** The marker of a mesh that this version creates. */
  MeshMarker(String id) {
    this(id, FORMAT, List.of());
  }

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
    MeshMarker marker = DocumentCodec.of(MeshMarker.class).read(json);
    if (marker.format < FORMAT) {
      throw damaged(folder, "its format " + marker.format + " does not exist");
    }
    if (marker.format > FORMAT) {
      throw newer(
          folder,
          "its format is " + marker.format + ", but this version of Meshwork supports " + FORMAT);
    }
    requireKnownFeatures(folder, json.path("features"));
    if (!isId(marker.id)) {
      throw damaged(folder, "it has no mesh ID");
    }
    return marker;
  }

  /**
   * Writes the marker atomically and synced, as the last step of creating a mesh. Processes that
   * create the same mesh at the same time write the same content, because the ID is the registry's.
   *
   * @throws IOException if it cannot be written; then it does not exist
   */
  void write(Path folder) throws IOException {
    try (LocalFileIO files = new LocalFileIO();
        OutputStream out =
            files.newOutputFile(folder.resolve(NAME).toString()).createOrOverwrite()) {
      out.write(DocumentCodec.toJson(this).toString().getBytes(StandardCharsets.UTF_8));
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
