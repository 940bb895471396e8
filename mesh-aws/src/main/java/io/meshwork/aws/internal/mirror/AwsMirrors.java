package io.meshwork.aws.internal.mirror;

import io.meshwork.internal.mirror.Mirror;
import io.meshwork.internal.mirror.MirroredCatalog;
import io.meshwork.product.Principal;
import java.util.ArrayList;
import java.util.List;

/** The mirrors of a catalog. Stateless. */
public final class AwsMirrors {
  private AwsMirrors() {}

  /**
   * Returns the mirrors in the order in which they are applied: what new tables depend on, the
   * tables, their contracts and grants, and the grants that recipients pass on. Only that to Glue
   * if the settings have no other.
   */
  public static List<Mirror> of(
      MirroredCatalog catalog,
      MirrorSettings settings,
      ContractMirrors contracts,
      MirrorClients clients) {
    Principal runner = catalog.runner();
    List<Mirror> glue = new ArrayList<>();
    glue.add(new GlueMirror(catalog, settings.names(), () -> clients.glue(runner)));
    if (contracts.schemaRegistry()) {
      glue.add(new SchemaMirror(catalog, settings.names(), contracts, () -> clients.glue(runner)));
    }
    if (contracts.dataQuality()) {
      glue.add(new QualityMirror(catalog, settings.names(), contracts, () -> clients.glue(runner)));
    }
    if (!settings.lakeFormation()) {
      return glue;
    }
    LakeFormationCatalog wanted = new LakeFormationCatalog(catalog, settings);
    List<Mirror> mirrors = new ArrayList<>();
    mirrors.add(LakeFormationMirror.settings(wanted, () -> clients.lakeFormation(runner)));
    mirrors.addAll(glue);
    mirrors.add(LakeFormationMirror.grants(wanted, () -> clients.lakeFormation(runner)));
    for (String account : wanted.recipients()) {
      Principal recipient = Principal.of(account, MirrorSettings.MIRROR);
      mirrors.add(
          LakeFormationMirror.recipient(wanted, account, () -> clients.lakeFormation(recipient)));
    }
    return mirrors;
  }
}
