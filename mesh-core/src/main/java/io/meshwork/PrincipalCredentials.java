package io.meshwork;

import io.meshwork.product.Principal;
import io.meshwork.registry.Registry;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.iceberg.io.FileIO;

/**
 * Who a process is, and which principals it may act as, on a backend that authenticates them. Each
 * principal reads and writes through ports that have that principal's credentials, so the store
 * enforces its permissions.
 *
 * <p>Backends implement it and pass it to {@link Mesh#builder(BiFunction, String)} or {@link
 * Mesh#builder(Registry, FileIO, String, PrincipalCredentials)}. A mesh without it, as the embedded
 * mesh, authenticates no principal: all clients share its ports. Implementations are thread-safe.
 */
public interface PrincipalCredentials extends AutoCloseable {
  /**
   * The ports of one principal. The mesh closes the registry and the files.
   *
   * @param registry the registry that the mesh is opened with
   * @param files the files of all tables
   * @param catalogs as {@link Mesh.Builder#catalogs}; a central mesh does not call it
   */
  record Ports(Registry registry, FileIO files, Function<String, Registry> catalogs) {}

  /** Returns the principal that this process is, as the store knows it. */
  Principal self();

  /**
   * Returns true if the account of this process governs the mesh. Its processes maintain the
   * documents of the mesh as a whole, such as the log of registered domains; processes of other
   * accounts maintain only the domain that their account acts for. Default: false.
   */
  default boolean isGovernance() {
    return false;
  }

  /**
   * Returns true if this process may maintain all domains with its own ports, as one that may write
   * everything. It is then not bound to the names of accounts. Default: false.
   */
  default boolean maintainsAllDomains() {
    return false;
  }

  /**
   * Returns true if the store can have an account of this name, such as the 12 digits of AWS. A
   * domain has no other accounts. Default: true.
   */
  default boolean isAccount(String name) {
    return true;
  }

  /**
   * Returns the ports with the credentials of a principal. The mesh calls it at most once for each
   * principal, and not for {@link #self} if it was opened with the ports of this process.
   *
   * @throws io.meshwork.error.AccessDeniedException NOT_THIS_PRINCIPAL if this process may not act
   *     as the principal
   * @throws io.meshwork.error.BackendException if the store cannot answer
   */
  Ports as(Principal principal);

  /** Called when the mesh closes, after all ports. */
  @Override
  void close();
}
