package io.meshwork.cli.internal.verb;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.cli.MeshDoor;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.local.LocalMesh;
import io.meshwork.product.Principal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** A mesh that a command works on, behind the door of its scheme. */
public final class MeshLocation {
  /** The account that acts for no domain, as which questions without an identity are asked. */
  static final Principal ANONYMOUS = Principal.of("anonymous", "reader");

  private final MeshDoor door;
  private final String location;

  private final Map<String, Path> folders;

  private MeshLocation(MeshDoor door, String location, Map<String, Path> folders) {
    this.door = door;
    this.location = location;
    this.folders = folders;
  }

  /** Returns the same mesh, which may read these folders outside it, by their names. */
  MeshLocation readingFrom(Map<String, Path> others) {
    return new MeshLocation(door, location, others);
  }

  /**
   * Parses an address such as {@code file:shop}.
   *
   * @throws UsageException if there is no door for its scheme
   */
  public static MeshLocation parse(String text) {
    List<MeshDoor> doors = new ArrayList<>();
    ServiceLoader.load(MeshDoor.class, MeshDoor.class.getClassLoader()).forEach(doors::add);
    for (MeshDoor door : doors) {
      if (text.startsWith(door.scheme() + ":")) {
        return new MeshLocation(door, text.substring(door.scheme().length() + 1), Map.of());
      }
    }
    String forms = doors.stream().map(MeshDoor::form).collect(Collectors.joining(" or "));
    throw new UsageException("A mesh is " + forms + "; '" + text + "' is neither.");
  }

  /** Returns the address with an absolute path. */
  public String absolute() {
    return door.scheme() + ":" + door.absolute(location);
  }

  @Override
  public String toString() {
    return door.scheme() + ":" + location;
  }

  public Mesh create() {
    return door.create(location);
  }

  public Mesh open() {
    return door.open(location, folders);
  }

  public LocalMesh.Backup backUp(Path target) {
    return door.backUp(location, target);
  }

  /**
   * Returns the client of a question.
   *
   * @throws UsageException if the mesh knows that another principal acts
   */
  MeshClient asking(Mesh mesh, Optional<Principal> stated) {
    if (!door.authenticates()) {
      return mesh.clientAs(stated.orElse(ANONYMOUS));
    }
    MeshClient client = mesh.client();
    if (stated.isPresent() && !stated.get().equals(client.principal())) {
      throw new UsageException(
          "This process acts as "
              + client.principal()
              + ", not as "
              + stated.get()
              + ". Omit --as, or run it with the credentials of that role.");
    }
    return client;
  }

  /**
   * Returns the client of a change.
   *
   * @throws UsageException if it is not known who changes the mesh
   */
  MeshClient acting(Mesh mesh, Optional<Principal> stated) {
    if (stated.isEmpty() && !door.authenticates()) {
      throw new UsageException(
          "Who are you? Add --as ACCOUNT/ROLE, such as --as commerce/etl; or set MESH_AS; or keep"
              + " it with: mesh use "
              + absolute()
              + " --as commerce/etl");
    }
    return asking(mesh, stated);
  }
}
