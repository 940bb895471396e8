package io.meshwork.cli;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.local.LocalMesh;
import io.meshwork.local.LocalMesh.MoveMesh;
import io.meshwork.product.Principal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a mesh is: in a folder, or on AWS as {@code aws:REGION/ACCOUNT/NAME}. */
abstract class MeshAddress {
  /**
   * Parses the first argument of a command.
   *
   * @throws UsageException if it is neither a folder nor an address on AWS
   */
  static MeshAddress parse(String text) {
    if (text.startsWith(AwsAddress.PREFIX)) {
      return AwsAddress.parse(text);
    }
    if (text.startsWith("-")) {
      throw new UsageException(
          "MESH cannot begin with '-'; for a folder with this name, write ./" + text + ".");
    }
    try {
      return new Folder(Path.of(text));
    } catch (InvalidPathException e) {
      throw UsageException.ofPath("The folder of the mesh", e);
    }
  }

  /** Opens the mesh; creates it in an empty folder, but never on AWS. */
  abstract Mesh openOrCreate();

  /**
   * Returns the same mesh, which may read folders outside it.
   *
   * @param folders the folders by their names; may be empty
   * @throws UsageException if it cannot
   */
  MeshAddress readingFrom(Map<String, String> folders) {
    if (!folders.isEmpty()) {
      throw new UsageException("Only a mesh in a folder reads other folders. Omit --reading-from.");
    }
    return this;
  }

  /** Opens the mesh; never creates it. */
  abstract Mesh open();

  /**
   * Returns the client of a command.
   *
   * @param domain the domain of the product
   * @param actingAs the principal of {@code --as}; null for the default
   */
  abstract MeshClient client(Mesh mesh, String domain, @Nullable Principal actingAs);

  /** Registers the missing domain of a product for the account of a client. */
  abstract void register(MeshClient client, String domain);

  abstract LocalMesh.Copy backUp(Path target);

  /**
   * Returns the move of this mesh to another address.
   *
   * @throws UsageException if it cannot be moved, or not there
   */
  abstract MoveMesh moveTo(MeshAddress other);

  /**
   * Restores deleted files, and returns their number.
   *
   * @throws UsageException if the store keeps no versions
   */
  abstract long restoreFiles();

  /** The folder of an embedded mesh. */
  static final class Folder extends MeshAddress {
    private final Path folder;

    private final Map<String, Path> others;

    Folder(Path folder) {
      this(folder, Map.of());
    }

    private Folder(Path folder, Map<String, Path> others) {
      this.folder = folder;
      this.others = others;
    }

    @Override
    MeshAddress readingFrom(Map<String, String> folders) {
      Map<String, Path> paths = new LinkedHashMap<>();
      folders.forEach((name, path) -> paths.put(name, Path.of(path)));
      return new Folder(folder, paths);
    }

    @Override
    Mesh openOrCreate() {
      return LocalMesh.open(folder);
    }

    @Override
    Mesh open() {
      return LocalMeshOpener.open(folder, others);
    }

    @Override
    MeshClient client(Mesh mesh, String domain, @Nullable Principal actingAs) {
      return mesh.clientAs(actingAs == null ? Principal.of(domain, "etl") : actingAs);
    }

    @Override
    void register(MeshClient client, String domain) {
      client.registerDomain(domain).owner(domain + " team").commit();
    }

    @Override
    LocalMesh.Copy backUp(Path target) {
      return LocalMesh.backUp(folder, target);
    }

    @Override
    long restoreFiles() {
      throw new UsageException(
          "'restore' takes a mesh on AWS; a folder is restored by copying its backup.");
    }

    @Override
    MoveMesh moveTo(MeshAddress other) {
      if (other instanceof AwsAddress aws) {
        return aws.moveFrom(folder);
      }
      throw new UsageException(
          "'move' takes an address on AWS; move a folder with the commands of the system.");
    }
  }
}
