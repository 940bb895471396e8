package io.meshwork.conformance.runner;

import io.meshwork.error.MeshException;
import io.meshwork.odcs.OdcsDocument;
import io.meshwork.odcs.OdcsExport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads ODCS documents and writes them again, each object from its contract; what is written must
 * be the same data.
 */
final class OdcsSuite {
  private final Path folder;
  private final @Nullable Path exports;

  OdcsSuite(Path folder, @Nullable Path exports) {
    this.folder = folder;
    this.exports = exports;
  }

  /** Returns the documents of the folder and its folders, in order of their paths. */
  List<String> files() {
    return new FolderFiles(folder).endingWith(".yaml", ".yml");
  }

  /** Returns why a document fails; null if it passes. */
  @Nullable String fault(String name) {
    try {
      Path file = folder.resolve(name);
      OdcsDocument document = OdcsDocument.read(file);
      YamlData original = YamlData.read(Files.readString(file));
      List<OdcsDocument> parts = document.divided();
      if (parts.size() <= 1) {
        return fault(parts.isEmpty() ? document : parts.get(0), original, name);
      }
      for (int i = 0; i < parts.size(); i++) {
        String fault = fault(parts.get(i), original.withObject(i), name + "." + (i + 1));
        if (fault != null) {
          return "object " + (i + 1) + ": " + fault;
        }
      }
      return null;
    } catch (MeshException e) {
      return e.getMessage();
    } catch (IOException | RuntimeException | OutOfMemoryError | StackOverflowError e) {
      return e.toString();
    }
  }

  private @Nullable String fault(OdcsDocument document, YamlData original, String name)
      throws IOException {
    String export =
        document.hasContracts() ? OdcsExport.of(document.contract()).asYaml() : document.asYaml();
    if (exports != null) {
      Path target = exports.resolve(name);
      Path parent = target.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.writeString(target, export);
    }
    OdcsDocument.parse(export);
    return original.difference(YamlData.read(export));
  }
}
