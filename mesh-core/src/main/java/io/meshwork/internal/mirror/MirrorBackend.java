package io.meshwork.internal.mirror;

import io.meshwork.internal.rights.RightsMirror;
import java.util.List;
import java.util.Optional;

/**
 * A backend whose accounts have mirrors. Credentials of a mesh implement it in addition to {@code
 * PrincipalCredentials}. Thread-safe.
 */
public interface MirrorBackend {
  /**
   * Returns the account whose services show a catalog: the account of its registry.
   *
   * @param catalog the name of the catalog; {@code mesh} in a central mesh
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  String account(String catalog);

  /**
   * Returns the mirrors of a catalog, in the order in which they are applied: of its only product
   * if it has one alone, and of the tables of that alone if {@link MirroredCatalog#isOfRows}. Sends
   * no request: the mirrors use the credentials of {@link MirroredCatalog#runner} with their first
   * request.
   */
  List<Mirror> mirrors(MirroredCatalog catalog);

  /**
   * Returns the queue that says what changed. Sends no request.
   *
   * @throws io.meshwork.error.InvalidRequestException if what reads the queue is missing
   */
  ChangeQueue changes();

  /** Returns the mirror that decides who may read; empty if the backend has none. */
  Optional<RightsMirror> rights();
}
