package io.meshwork.aws.internal.mirror;

import io.meshwork.internal.mirror.Mirror;
import io.meshwork.internal.mirror.MirroredCatalog;
import io.meshwork.product.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** The mirrors of a catalog. Stateless. */
public final class AwsMirrors {
  private AwsMirrors() {}

  /**
   * Returns the mirrors in the order in which they are applied: what new tables depend on, the
   * tables, their grants, and in the account of each recipient the links and the grants that it
   * passes on. Only that to Glue if the settings have no other.
   *
   * @param catalogs returns the accounts of all catalogs of the mesh
   */
  public static List<Mirror> of(
      MirroredCatalog catalog,
      MirrorSettings settings,
      MirrorClients clients,
      Supplier<Set<String>> catalogs) {
    RoleClients runner = new RoleClients(clients, catalog.runner());
    Mirror glue = new GlueMirror(catalog, settings.names(), () -> clients.glue(catalog.runner()));
    if (!settings.lakeFormation()) {
      return List.of(glue);
    }
    LakeFormationCatalog wanted = new LakeFormationCatalog(catalog, settings);
    List<Mirror> mirrors = new ArrayList<>();
    mirrors.add(LakeFormationMirror.settings(wanted, runner));
    mirrors.add(glue);
    mirrors.add(LakeFormationMirror.grants(wanted, runner));
    for (String account : wanted.recipients()) {
      RoleClients recipient =
          new RoleClients(clients, Principal.of(account, MirrorSettings.MIRROR));
      mirrors.add(new RecipientMirror(wanted, settings.names(), recipient, catalogs));
    }
    return mirrors;
  }
}
