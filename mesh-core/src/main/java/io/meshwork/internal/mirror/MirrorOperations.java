package io.meshwork.internal.mirror;

import io.meshwork.internal.session.ClientSession;
import io.meshwork.maintenance.Mirrors;
import io.meshwork.product.Principal;
import java.util.function.Function;

/** Creates the operation of mirrors, for {@code Mesh}, which documents it. */
public final class MirrorOperations {
  private MirrorOperations() {}

  /**
   * Brings the mirrors of all catalogs up to date.
   *
   * @param own the session of this process
   * @param sessions opens the session of a principal, or throws if this process may not act as it
   */
  public static Mirrors mirrors(
      ClientSession own, MirrorBackend backend, Function<Principal, ClientSession> sessions) {
    return new CatalogMirrors(own, backend, sessions, false);
  }
}
