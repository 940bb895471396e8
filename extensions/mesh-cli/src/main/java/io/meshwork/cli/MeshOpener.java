package io.meshwork.cli;

import io.meshwork.Mesh;
import io.meshwork.local.LocalMesh;
import io.meshwork.operation.Operation;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/**
 * Opens meshes whose address begins with one scheme, such as {@code file:}. The command finds them
 * with {@code ServiceLoader}: a jar on the class path names its own in {@code META-INF/services}.
 * Implementations have a public constructor without parameters. Used by one thread.
 */
public interface MeshOpener {
  /** Returns the scheme, without the colon, such as {@code file}. */
  String scheme();

  /** Returns the form of an address, for messages, such as {@code file:PATH}. */
  String form();

  /**
   * Returns the address as it is kept for later commands: with an absolute path, for example.
   *
   * @param location what follows the colon
   */
  default String absolute(String location) {
    return location;
  }

  /**
   * Creates a mesh; one that exists already stays as it is.
   *
   * @param location what follows the colon
   */
  Mesh create(String location);

  /**
   * Opens a mesh that exists.
   *
   * @param location what follows the colon
   */
  default Mesh open(String location) {
    return open(location, settings -> settings);
  }

  /**
   * Opens a mesh that exists with further settings, such as a notifier.
   *
   * @param location what follows the colon
   * @param settings changes how the mesh is opened
   */
  Mesh open(String location, UnaryOperator<Mesh.Builder> settings);

  /**
   * Returns whether the store knows who the process is. If true, the principal of {@code --as} is
   * compared with it, and may be left out.
   */
  boolean authenticates();

  /**
   * Copies a mesh to a folder that is empty or new.
   *
   * @param location what follows the colon
   */
  LocalMesh.Copy backUp(String location, Path target);

  /**
   * The same as {@link #backUp(String, Path)}, with its progress. By default, it reports none.
   *
   * @param location what follows the colon
   */
  default LocalMesh.Copy backUp(String location, Path target, Operation.Progress progress) {
    return backUp(location, target);
  }
}
