package io.meshwork.aws.internal.mirror;

import io.meshwork.aws.internal.ContractMirrorSettings;
import io.meshwork.aws.internal.MirrorSettings;
import io.meshwork.aws.internal.MirrorSettings.OpenDataSettings;
import io.meshwork.aws.internal.mirror.contract.QualityMirror;
import io.meshwork.aws.internal.mirror.contract.SchemaMirror;
import io.meshwork.aws.internal.mirror.glue.MirrorClients;
import io.meshwork.aws.internal.mirror.glue.RoleClients;
import io.meshwork.aws.internal.mirror.opendata.OpenDataCatalog;
import io.meshwork.aws.internal.mirror.opendata.OpenDataMirror;
import io.meshwork.internal.mirror.Mirror;
import io.meshwork.internal.mirror.MirroredCatalog;
import io.meshwork.product.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.services.glue.GlueClient;

/** The mirrors of a catalog. Stateless. */
public final class AwsMirrors {
  private AwsMirrors() {}

  /**
   * Returns the mirrors in the order in which they are applied: what new tables depend on, the
   * tables, their contracts and grants, in the account of each recipient the links and the grants
   * that it passes on, and the policies of buckets with open data. Only those to Glue if the
   * settings have no other.
   *
   * @param open the domains whose open data accounts of an organization read
   * @param catalogs returns the accounts of all catalogs of the mesh
   */
  public static List<Mirror> of(
      MirroredCatalog catalog,
      MirrorSettings settings,
      ContractMirrorSettings contracts,
      OpenDataSettings open,
      MirrorClients clients,
      Supplier<Set<String>> catalogs) {
    List<Mirror> mirrors = new ArrayList<>();
    if (settings.lakeFormation()) {
      RoleClients runner = new RoleClients(clients, catalog.runner());
      NewColumns columns = new NewColumns(catalog.account(), settings.names().region(), runner);
      List<Mirror> glue = toGlue(catalog, settings, contracts, clients, Optional.of(columns));
      LakeFormationCatalog wanted = new LakeFormationCatalog(catalog, settings, catalogs);
      mirrors.addAll(withGrants(wanted, settings, glue, runner, catalogs));
    } else {
      mirrors.addAll(toGlue(catalog, settings, contracts, clients, Optional.empty()));
    }
    mirrors.addAll(ofOpenData(catalog, settings, open, clients));
    return mirrors;
  }

  private static List<Mirror> ofOpenData(
      MirroredCatalog catalog,
      MirrorSettings settings,
      OpenDataSettings open,
      MirrorClients clients) {
    OpenDataCatalog data = new OpenDataCatalog(catalog, settings.names(), open);
    List<Mirror> mirrors = new ArrayList<>();
    for (String account : data.accounts()) {
      RoleClients role = new RoleClients(clients, Principal.of(account, MirrorSettings.MIRROR));
      mirrors.add(new OpenDataMirror(data, role));
    }
    return mirrors;
  }

  /**
   * Returns the mirrors of one product, the only one of the catalog: of its tables, their contracts
   * and who may read them, and of open data of its domain; of its tables alone if only rows
   * changed. With Lake Formation, new tables and columns, and their tags, wait for a run of all
   * mirrors.
   */
  public static List<Mirror> ofProduct(
      MirroredCatalog catalog,
      MirrorSettings settings,
      ContractMirrorSettings contracts,
      OpenDataSettings open,
      MirrorClients clients,
      Supplier<Set<String>> catalogs) {
    RoleClients runner = new RoleClients(clients, catalog.runner());
    GlueMirror glue =
        GlueMirror.ofProduct(
            catalog,
            settings.names(),
            () -> clients.glue(catalog.runner()),
            settings.lakeFormation());
    List<Mirror> mirrors = new ArrayList<>(List.of(glue));
    if (catalog.isOfRows()) {
      return mirrors;
    }
    mirrors.addAll(ofContracts(catalog, settings, contracts, clients));
    if (settings.lakeFormation()) {
      LakeFormationCatalog wanted = new LakeFormationCatalog(catalog, settings, catalogs);
      mirrors.addAll(grants(wanted, settings, runner, catalogs));
    }
    if (open.domains().contains(catalog.product().orElseThrow().domain())) {
      mirrors.addAll(ofOpenData(catalog.ofDomain(), settings, open, clients));
    }
    return mirrors;
  }

  private static List<Mirror> withGrants(
      LakeFormationCatalog wanted,
      MirrorSettings settings,
      List<Mirror> glue,
      RoleClients runner,
      Supplier<Set<String>> catalogs) {
    List<Mirror> mirrors = new ArrayList<>();
    mirrors.add(LakeFormationMirror.settings(wanted, runner));
    mirrors.addAll(glue);
    mirrors.addAll(grants(wanted, settings, runner, catalogs));
    return mirrors;
  }

  /** What the catalog grants, and in the account of each recipient what it passes on. */
  private static List<Mirror> grants(
      LakeFormationCatalog wanted,
      MirrorSettings settings,
      RoleClients runner,
      Supplier<Set<String>> catalogs) {
    List<Mirror> mirrors = new ArrayList<>();
    mirrors.add(LakeFormationMirror.grants(wanted, runner));
    for (String account : wanted.recipients()) {
      RoleClients recipient =
          new RoleClients(runner.clients(), Principal.of(account, MirrorSettings.MIRROR));
      mirrors.add(new RecipientMirror(wanted, settings.names(), recipient, catalogs));
    }
    return mirrors;
  }

  private static List<Mirror> toGlue(
      MirroredCatalog catalog,
      MirrorSettings settings,
      ContractMirrorSettings contracts,
      MirrorClients clients,
      Optional<NewColumns> newColumns) {
    Supplier<GlueClient> client = () -> clients.glue(catalog.runner());
    List<Mirror> mirrors = new ArrayList<>();
    mirrors.add(new GlueMirror(catalog, settings.names(), client, newColumns));
    mirrors.addAll(ofContracts(catalog, settings, contracts, clients));
    return mirrors;
  }

  private static List<Mirror> ofContracts(
      MirroredCatalog catalog,
      MirrorSettings settings,
      ContractMirrorSettings contracts,
      MirrorClients clients) {
    Supplier<GlueClient> client = () -> clients.glue(catalog.runner());
    List<Mirror> mirrors = new ArrayList<>();
    if (contracts.schemaRegistry()) {
      mirrors.add(new SchemaMirror(catalog, settings.names(), contracts, client));
    }
    if (contracts.dataQuality()) {
      mirrors.add(new QualityMirror(catalog, settings.names(), contracts, client));
    }
    return mirrors;
  }
}
