package io.meshwork.cli.internal.verb;

import io.meshwork.Mesh;
import io.meshwork.MeshClient;
import io.meshwork.cli.LocalMeshOpener;
import io.meshwork.cli.MeshOpener;
import io.meshwork.cli.internal.shell.ShellWord;
import io.meshwork.cli.internal.shell.UsageException;
import io.meshwork.local.LocalMesh;
import io.meshwork.notice.Notifier;
import io.meshwork.operation.Operation;
import io.meshwork.product.Principal;
import io.meshwork.topology.Topology;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A mesh that a command works on, through the opener of its scheme. */
public final class MeshLocation {
  /** The target of notices that go to the event buses of a mesh, and the name of their notifier. */
  public static final String EVENT_BRIDGE = "eventbridge";

  /** Not the letter of a drive of Windows. */
  private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]+:");

  private final MeshOpener opener;
  private final String location;

  private final Map<String, Path> folders;

  private MeshLocation(MeshOpener opener, String location, Map<String, Path> folders) {
    this.opener = opener;
    this.location = location;
    this.folders = folders;
  }

  /** Returns the same mesh, which may read these folders outside it, by their names. */
  MeshLocation readingFrom(Map<String, Path> others) {
    return new MeshLocation(opener, location, others);
  }

  /**
   * Parses an address such as {@code file:shop}, or the path of a folder.
   *
   * @throws UsageException if there is no opener for its scheme
   */
  public static MeshLocation parse(String text) {
    List<MeshOpener> openers = new ArrayList<>();
    ServiceLoader.load(MeshOpener.class, MeshOpener.class.getClassLoader()).forEach(openers::add);
    for (MeshOpener opener : openers) {
      if (text.startsWith(opener.scheme() + ":")) {
        return new MeshLocation(opener, text.substring(opener.scheme().length() + 1), Map.of());
      }
    }
    if (!SCHEME.matcher(text).lookingAt()) {
      // A URI with an absolute path may encode characters, a path does not.
      return parse("file:" + (text.startsWith("/") ? text.replace("%", "%25") : text));
    }
    String forms = openers.stream().map(MeshOpener::form).collect(Collectors.joining(" or "));
    throw new UsageException("A mesh is " + forms + "; '" + text + "' is neither.");
  }

  /** Returns the address with an absolute path. */
  public String absolute() {
    return opener.scheme() + ":" + opener.absolute(location);
  }

  @Override
  public String toString() {
    return opener.scheme() + ":" + location;
  }

  public Mesh create(Optional<Topology> topology) {
    return opener.create(location, topology);
  }

  /**
   * Opens the mesh.
   *
   * @throws UsageException if it is to read folders outside it, and cannot
   */
  public Mesh open() {
    return folders.isEmpty() ? opener.open(location) : open(settings -> settings);
  }

  /**
   * Opens the mesh with further settings.
   *
   * @throws UsageException if it is to read folders outside it, and cannot
   */
  public Mesh open(UnaryOperator<Mesh.Builder> settings) {
    if (folders.isEmpty()) {
      return opener.open(location, settings);
    }
    if (!(opener instanceof LocalMeshOpener)) {
      throw new UsageException(
          "Only a mesh in a folder reads other folders, not "
              + opener.form()
              + ". Omit --reading-from.");
    }
    Path folder = Path.of(opener.absolute(location));
    LocalMesh.openExisting(folder).close();
    return settings.apply(LocalMesh.builder(folder, folders)).open();
  }

  /**
   * Returns the move of this mesh, which is a folder, to another address.
   *
   * @throws UsageException if it is not one, or cannot move there
   */
  public LocalMesh.MoveMesh moveTo(MeshLocation target) {
    if (!opener.scheme().equals("file")) {
      throw new UsageException(
          "'move' takes a folder; back up a mesh on AWS to a folder, and move that folder.");
    }
    return target
        .cloud("'move' takes an address on AWS; move a folder with the commands of the system.")
        .moveFrom(Path.of(opener.absolute(location)), target.location);
  }

  private MeshOpener.Cloud cloud(String otherwise) {
    if (opener instanceof MeshOpener.Cloud cloud) {
      return cloud;
    }
    throw new UsageException(otherwise);
  }

  /**
   * Returns what sets up an account of this mesh.
   *
   * @param form {@code cloudformation}, {@code terraform}, or {@code policies}
   */
  public MeshOpener.Cloud.AccountFiles accountFiles(
      String form, MeshOpener.Cloud.AccountRequest request) {
    return cloud("'template' takes a mesh on AWS; a folder needs no account.")
        .accountFiles(location, form, request);
  }

  /**
   * Returns the operation that sets up an account of this mesh, to be closed.
   *
   * @param folder where templates are written that somebody else has to deploy
   */
  public MeshOpener.Cloud.AccountOnboarding<?> onboarding(
      MeshOpener.Cloud.AccountRequest request, Path folder) {
    return cloud("'onboard-account' takes a mesh on AWS; a folder needs no account.")
        .onboarding(location, request, folder);
  }

  /** Returns what sets up the organization of the accounts of the mesh. */
  public MeshOpener.Cloud.AccountFiles organizationFiles(
      MeshOpener.Cloud.OrganizationRequest request) {
    return cloud("'template' takes a mesh on AWS; a folder needs no organization.")
        .organizationFiles(location, request);
  }

  /**
   * Returns the notifier that sends to the event buses of this mesh.
   *
   * @param otherwise what to say if it is not on AWS
   */
  public Notifier eventBridge(String otherwise) {
    return cloud(otherwise).eventBridge(location);
  }

  /** Returns true if services show its tables, as the services of AWS do. */
  public boolean isMirrored() {
    return opener instanceof MeshOpener.Cloud;
  }

  public void addCatalog(String catalog, String account) {
    cloud("'catalog add' takes a mesh on AWS; a folder gets each catalog with its first domain.")
        .addCatalog(location, catalog, account);
  }

  public long restoreFiles() {
    return cloud("'restore' takes a mesh on AWS; a folder is restored by copying its backup.")
        .restoreFiles(location);
  }

  public LocalMesh.Copy backUp(Path target, Operation.Progress progress) {
    return opener.backUp(location, target, progress);
  }

  /**
   * Returns the client of a question.
   *
   * @throws UsageException if the mesh knows that another principal acts
   */
  MeshClient asking(Mesh mesh, Optional<Principal> stated) {
    if (stated.isPresent() && !opener.authenticates()) {
      return mesh.clientAs(stated.get());
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
    if (stated.isEmpty() && !opener.authenticates()) {
      throw new UsageException(
          "Who are you? Add --as ACCOUNT/ROLE, such as --as commerce/etl; or set MESH_AS; or keep"
              + " it with: mesh use "
              + ShellWord.of(absolute())
              + " --as commerce/etl");
    }
    return asking(mesh, stated);
  }
}
