package io.meshwork.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.table.DataPlaces;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The new roots of a mesh that is copied to another place: of all files, and of places of data. */
final class Relocation {
  private static final String ROOT = "root";

  /** A place of data is below the root of its mesh in a folder, so longer roots come first. */
  private final List<Map.Entry<String, String>> roots;

  private final String meshRoot;

  /**
   * Creates a relocation.
   *
   * @param meshRoot the old root of the mesh, without a trailing slash
   * @param roots new roots by old ones, with the mesh's
   */
  Relocation(String meshRoot, Map<String, String> roots) {
    this.meshRoot = meshRoot;
    this.roots = new ArrayList<>(roots.entrySet());
    this.roots.sort(
        Comparator.comparing((Map.Entry<String, String> root) -> -root.getKey().length())
            .thenComparing(Map.Entry::getKey));
  }

  /** Returns the old roots, with the mesh's. */
  List<String> oldRoots() {
    return roots.stream().map(Map.Entry::getKey).toList();
  }

  /** Returns the new root of the mesh. */
  String newRoot() {
    return newRoot(meshRoot);
  }

  /** Returns the new root of an old one. */
  String newRoot(String root) {
    return roots.stream()
        .filter(each -> each.getKey().equals(root))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow();
  }

  /**
   * Returns the new location of a file.
   *
   * @throws io.meshwork.error.BackendException if it is outside the mesh
   */
  String location(String old) {
    String relocated = relocated(old);
    if (relocated.equals(old)) {
      throw Failure.of(MeshAction.of(Verb.MOVE, "a file of the mesh"))
          .because("its location leads outside the roots of the mesh")
          .state("The file was not copied.")
          .fix("Restore the folder from a backup: another application changed a table.")
          .lasting(ErrorCode.UNSAFE_PATH);
    }
    return relocated;
  }

  /** True if a table's or an archive's file is at a location below one of the roots. */
  boolean contains(String location) {
    return !relocated(location).equals(location);
  }

  /** Returns a string with a new root, if it is a location of a table or of an archive. */
  private String relocated(String text) {
    for (Map.Entry<String, String> root : roots) {
      String old = root.getKey();
      if (text.startsWith(DataPlaces.dataFolder(old) + "/")
          || text.startsWith(DataPlaces.archiveFolder(old) + "/")) {
        return root.getValue() + text.substring(old.length());
      }
    }
    return text;
  }

  /**
   * Returns the text of a metadata file with new locations. All other characters stay the same, so
   * that a table that is moved back has the same files.
   */
  String metadata(String json) {
    String text = json;
    for (Map.Entry<String, String> root : roots) {
      String folder = "/data/";
      text = text.replace("\"" + root.getKey() + folder, "\"" + root.getValue() + folder);
    }
    return text;
  }

  /** Replaces the roots and locations in a document. */
  void apply(ObjectNode document) {
    for (Map.Entry<String, JsonNode> field : document.properties()) {
      field.setValue(applied(field.getKey(), field.getValue()));
    }
  }

  private JsonNode applied(String name, JsonNode value) {
    if (value instanceof ObjectNode object) {
      apply(object);
    } else if (value instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, applied(name, array.get(i)));
      }
    } else if (value.isTextual()) {
      String text = value.asText();
      String relocated =
          name.equals(ROOT) && oldRoots().contains(text) ? newRoot(text) : relocated(text);
      return relocated.equals(text) ? value : TextNode.valueOf(relocated);
    }
    return value;
  }
}
