package io.meshwork.aws.internal;

import io.meshwork.aws.internal.MirrorSettings.OpenDataSettings;
import io.meshwork.internal.mirror.Mirror;
import io.meshwork.internal.mirror.MirroredCatalog;
import io.meshwork.internal.rights.RightsMirror;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The mirrors, which the module mesh-aws-mirrors provides. Found by {@code ServiceLoader}. */
public interface MirrorProvider {
  /**
   * Returns the mirrors of a catalog, or of its only product, in the order in which they are
   * applied. Sends no request.
   *
   * @param open the domains whose open data accounts of an organization read
   * @param catalogs returns the accounts of all catalogs of the mesh
   */
  List<Mirror> mirrors(
      MirroredCatalog catalog,
      MirrorSettings settings,
      ContractMirrorSettings contracts,
      OpenDataSettings open,
      RoleSessions roles,
      Supplier<Set<String>> catalogs);

  /**
   * Returns the mirror that decides who may read.
   *
   * @param accounts returns the account of a catalog
   */
  RightsMirror rights(MirrorSettings settings, UnaryOperator<String> accounts);
}
