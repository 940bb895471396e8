package io.meshwork.cli;

import io.meshwork.Mesh;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.local.LocalMesh;
import io.meshwork.operation.Operation;
import io.meshwork.topology.Topology;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Opens meshes in folders: {@code file:PATH}. */
public final class LocalMeshOpener implements MeshOpener {
  private static final String SCHEME = "file";

  /** Creates the opener. */
  public LocalMeshOpener() {}

  @Override
  public String scheme() {
    return SCHEME;
  }

  @Override
  public String form() {
    return "file:PATH";
  }

  @Override
  public String absolute(String location) {
    return folder(location).toAbsolutePath().normalize().toString();
  }

  @Override
  public Mesh create(String location, Optional<Topology> topology) {
    Mesh.Builder builder = LocalMesh.builder(folder(location));
    topology.ifPresent(builder::topology);
    return builder.open();
  }

  @Override
  public Mesh open(String location) {
    return LocalMesh.openExisting(folder(location));
  }

  @Override
  public Mesh open(String location, UnaryOperator<Mesh.Builder> settings) {
    Path folder = folder(location);
    LocalMesh.openExisting(folder).close();
    return settings.apply(LocalMesh.builder(folder)).open();
  }

  /** Opens a mesh that exists, and never creates one. */
  static Mesh open(Path folder, Map<String, Path> folders) {
    Mesh mesh = LocalMesh.openExisting(folder);
    if (folders.isEmpty()) {
      return mesh;
    }
    mesh.close();
    return LocalMesh.builder(folder, folders).open();
  }

  @Override
  public boolean authenticates() {
    return false;
  }

  @Override
  public LocalMesh.Copy backUp(String location, Path target) {
    return LocalMesh.backUp(folder(location), target);
  }

  @Override
  public LocalMesh.Copy backUp(String location, Path target, Operation.Progress progress) {
    return LocalMesh.backUp(folder(location), target, progress);
  }

  private static Path folder(String location) {
    boolean isPath = location.startsWith("//") && !location.startsWith("///") && !isOfWindows();
    String path = isPath ? location.substring(1) : location;
    if (path.isEmpty()) {
      throw new UsageException("A mesh in a folder is file:PATH, such as file:shop.");
    }
    return LocalMesh.path(SCHEME + ":" + path);
  }

  /** There, two slashes precede the name of a host. */
  private static boolean isOfWindows() {
    return FileSystems.getDefault().getSeparator().equals("\\");
  }
}
