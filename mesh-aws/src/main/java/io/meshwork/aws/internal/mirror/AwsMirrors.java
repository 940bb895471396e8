package io.meshwork.aws.internal.mirror;

import io.meshwork.internal.mirror.Mirror;
import io.meshwork.internal.mirror.MirroredCatalog;
import io.meshwork.product.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.services.glue.GlueClient;

/** The mirrors of a catalog. Stateless. */
public final class AwsMirrors {
  private AwsMirrors() {}

  /**
   * Returns the mirrors in the order in which they are applied: what new tables depend on, the
   * tables, their contracts and grants, and in the account of each recipient the links and the
   * grants that it passes on. Only those to Glue if the settings have no other.
   *
   * @param catalogs returns the accounts of all catalogs of the mesh
   */
  public static List<Mirror> of(
      MirroredCatalog catalog,
      MirrorSettings settings,
      ContractMirrorSettings contracts,
      MirrorClients clients,
      Supplier<Set<String>> catalogs) {
    List<Mirror> glue = toGlue(catalog, settings, contracts, clients);
    if (!settings.lakeFormation()) {
      return glue;
    }
    RoleClients runner = new RoleClients(clients, catalog.runner());
    LakeFormationCatalog wanted = new LakeFormationCatalog(catalog, settings);
    List<Mirror> mirrors = new ArrayList<>();
    mirrors.add(LakeFormationMirror.settings(wanted, runner));
    mirrors.addAll(glue);
    mirrors.add(LakeFormationMirror.grants(wanted, runner));
    for (String account : wanted.recipients()) {
      RoleClients recipient =
          new RoleClients(clients, Principal.of(account, MirrorSettings.MIRROR));
      mirrors.add(new RecipientMirror(wanted, settings.names(), recipient, catalogs));
    }
    return mirrors;
  }

  private static List<Mirror> toGlue(
      MirroredCatalog catalog,
      MirrorSettings settings,
      ContractMirrorSettings contracts,
      MirrorClients clients) {
    Supplier<GlueClient> client = () -> clients.glue(catalog.runner());
    List<Mirror> mirrors = new ArrayList<>();
    mirrors.add(new GlueMirror(catalog, settings.names(), client));
    if (contracts.schemaRegistry()) {
      mirrors.add(new SchemaMirror(catalog, settings.names(), contracts, client));
    }
    if (contracts.dataQuality()) {
      mirrors.add(new QualityMirror(catalog, settings.names(), contracts, client));
    }
    return mirrors;
  }
}
