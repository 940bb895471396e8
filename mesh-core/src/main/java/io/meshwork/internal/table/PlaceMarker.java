package io.meshwork.internal.table;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.disk.DesktopFiles;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.runtime.ArgumentChecks;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;

/**
 * The file {@code place.json} below the root of a place, which names the mesh that stores data
 * there. It is created before the place is added, and never replaced. Immutable.
 *
 * @param mesh the ID of the mesh
 * @param root the root of the place, as documents of domains contain it
 */
record PlaceMarker(String mesh, String root) {
  /** The marker of the folder of an embedded mesh. */
  static final String OF_MESH = "mesh.json";

  /** Enough for a marker; a longer file is another one. */
  private static final int MAX_BYTES = 10_000;

  /**
   * The marker below a root; empty if there is none.
   *
   * @throws RuntimeException if the store fails, or the file is not a marker
   */
  static Optional<PlaceMarker> find(FileIO files, String root) {
    return text(files, location(root))
        .map(text -> DocumentJson.parseObject(location(root), text))
        .map(DocumentCodec.of(PlaceMarker.class)::read);
  }

  /**
   * The text of a file of the length of a marker; empty if there is none.
   *
   * @throws RuntimeException if the store fails
   */
  static Optional<String> text(FileIO files, String location) {
    try (InputStream in = files.newInputFile(location).newStream()) {
      return Optional.of(new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8));
    } catch (NotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Creates the marker, unless it exists.
   *
   * @param parameter the parameter that has the root
   * @throws io.meshwork.error.InvalidRequestException if the place belongs to another mesh or
   *     another root, or contains data without a marker
   * @throws io.meshwork.error.BackendException if the store failed, or the root is not a folder
   */
  void claim(String parameter, FileIO files) {
    try {
      Optional<PlaceMarker> existing = findComplete(parameter, files);
      if (existing.isEmpty()) {
        requireNoData(parameter, files);
        existing = create(files);
      }
      requireSame(parameter, existing.orElse(this));
    } catch (IOException | UncheckedIOException e) {
      throw Failure.of(MeshAction.of(Verb.USE, "'" + root + "' as a place of data"))
          .because(
              "it is not a folder, or the file " + location(root) + " cannot be read or created")
          .state("The domain was not changed.")
          .fix("Check that it is a folder with space and permissions, or use another location.")
          .cause(e)
          .lasting(ErrorCode.STORAGE_UNWRITABLE);
    }
  }

  /** Finds the marker. If a crash interrupted its write and there is no data, removes it. */
  private Optional<PlaceMarker> findComplete(String parameter, FileIO files) {
    try {
      return find(files, root);
    } catch (BackendException e) {
      if (e.errorCode() != ErrorCode.REGISTRY_CORRUPT) {
        throw e;
      }
      requireNoData(parameter, files);
      if (!text(files, location(root)).map(content()::startsWith).orElse(true)) {
        throw ArgumentChecks.refused(
            parameter,
            "is '" + root + "', whose " + DataPlaces.MARKER + " was not written by this mesh",
            "Use another location, or move the file.");
      }
      files.deleteFile(location(root));
      return Optional.empty();
    }
  }

  /** Returns the marker that another process created meanwhile; otherwise empty. */
  private Optional<PlaceMarker> create(FileIO files) throws IOException {
    try (OutputStream out = files.newOutputFile(location(root)).create()) {
      out.write(content().getBytes(StandardCharsets.UTF_8));
    } catch (AlreadyExistsException e) {
      return find(files, root);
    }
    return Optional.empty();
  }

  private String content() {
    return DocumentJson.write(DocumentCodec.document(this));
  }

  private void requireSame(String parameter, PlaceMarker existing) {
    if (!existing.mesh.equals(mesh)) {
      throw ArgumentChecks.refused(
          parameter,
          "is '" + root + "', and by its " + DataPlaces.MARKER + ", another mesh keeps data there",
          "Use another location; two meshes cannot share a place.");
    }
    if (!existing.root.equals(root)) {
      throw ArgumentChecks.refused(
          parameter,
          "is '"
              + root
              + "', and by its "
              + DataPlaces.MARKER
              + ", it is the place '"
              + existing.root
              + "'",
          "Use '" + existing.root + "', or another location.");
    }
  }

  private void requireNoData(String parameter, FileIO files) {
    if (files.newInputFile(root + "/" + OF_MESH).exists()
        || containsFiles(files, DataPlaces.dataFolder(root))
        || containsFiles(files, DataPlaces.archiveFolder(root))) {
      throw ArgumentChecks.refused(
          parameter,
          "is '" + root + "', which contains data, but no " + DataPlaces.MARKER + " of this mesh",
          "Use another location; if it was a place of this mesh, restore the file from a backup.");
    }
  }

  /** True if a folder has a file other than a desktop's; false if the store cannot list. */
  static boolean containsFiles(FileIO files, String folder) {
    if (files instanceof SupportsPrefixOperations listing) {
      for (FileInfo file : listing.listPrefix(folder + "/")) {
        if (!DesktopFiles.include(file.location())) {
          return true;
        }
      }
    }
    return false;
  }

  private static String location(String root) {
    return root + "/" + DataPlaces.MARKER;
  }
}
