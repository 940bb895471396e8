package io.meshwork.local;

import io.meshwork.internal.files.LocalFileIO;
import io.meshwork.local.LocalMesh.MoveMesh;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Transaction;
import io.meshwork.registry.Warehouse;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A place for a mesh on the same disk, whose accounts are files, and which names full paths.
 *
 * @param beforeCommit a step of a test before each commit to a registry, by its account
 */
record OtherFolder(Path path, BiConsumer<String, Transaction> beforeCommit)
    implements MoveMesh.Target {
  /** The name of the registry that the mesh is opened with. */
  static final String DIRECTORY = "directory";

  OtherFolder(Path path) {
    this(path, (registry, transaction) -> {});
  }

  @Override
  public String description() {
    return "the folder " + path;
  }

  @Override
  public String root() {
    return path.toString();
  }

  @Override
  public boolean isAccount(String name) {
    return true;
  }

  @Override
  public boolean isAccountOfCatalog(String name) {
    return !name.isBlank();
  }

  @Override
  public Map<String, String> placeOfCatalog(String account) {
    return Map.of("account", account);
  }

  @Override
  public Principal self() {
    return Principal.of("governance", "admin");
  }

  @Override
  public void makeStores() {
    // A registry is created when it is opened.
  }

  @Override
  public Warehouse.Ports open() {
    return new Warehouse.Ports(registry(DIRECTORY), new LocalFileIO(), root());
  }

  @Override
  public Registry openCatalog(String catalog, String account) {
    return registry(account);
  }

  @Override
  public void close() {
    // Each registry is closed by its caller.
  }

  /** Opens the registry of an account. */
  Registry registry(String account) {
    return new RegistryWithSteps(
        SqliteRegistry.open(file(account)),
        transaction -> beforeCommit.accept(account, transaction),
        () -> {});
  }

  /** Returns the file of an account's registry. */
  Path file(String account) {
    return path.resolve(account + ".db");
  }
}
