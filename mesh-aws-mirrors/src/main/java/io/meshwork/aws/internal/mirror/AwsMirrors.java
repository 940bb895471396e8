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

/** The mirrors of a catalog. Used by one thread. */
public final class AwsMirrors {
  private final MirroredCatalog catalog;
  private final MirrorSettings settings;
  private final ContractMirrorSettings contracts;
  private final OpenDataSettings open;
  private final MirrorClients clients;
  private final Supplier<Set<String>> catalogs;

  private AwsMirrors(
      MirroredCatalog catalog,
      MirrorSettings settings,
      ContractMirrorSettings contracts,
      OpenDataSettings open,
      MirrorClients clients,
      Supplier<Set<String>> catalogs) {
    this.catalog = catalog;
    this.settings = settings;
    this.contracts = contracts;
    this.open = open;
    this.clients = clients;
    this.catalogs = catalogs;
  }

  /**
   * Returns the mirrors in the order in which they are applied: what new tables depend on, the
   * tables, their contracts and grants, in the account of each recipient the links and the grants
   * that it passes on, and the policies of buckets with open data. Only the mirrors to Glue if the
   * settings have no other.
   *
   * <p>If the catalog has one product alone, these are the mirrors of its tables, their contracts
   * and who may read them, and of open data of its domain; of its tables alone if only rows
   * changed. With Lake Formation, new tables and columns, and their tags, wait for a run of all
   * mirrors.
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
    AwsMirrors mirrors = new AwsMirrors(catalog, settings, contracts, open, clients, catalogs);
    return catalog.product().isPresent() ? mirrors.ofProduct() : mirrors.ofAllProducts();
  }

  private List<Mirror> ofAllProducts() {
    List<Mirror> mirrors = new ArrayList<>();
    if (settings.lakeFormation()) {
      RoleClients runner = new RoleClients(clients, catalog.runner());
      NewColumns columns = new NewColumns(catalog.account(), settings.names().region(), runner);
      LakeFormationCatalog wanted = new LakeFormationCatalog(catalog, settings, catalogs);
      mirrors.add(LakeFormationMirror.settings(wanted, runner));
      mirrors.add(new GlueMirror(catalog, settings.names(), this::glue, Optional.of(columns)));
      mirrors.addAll(ofContracts());
      mirrors.addAll(ofGrants(wanted));
    } else {
      mirrors.add(new GlueMirror(catalog, settings.names(), this::glue, Optional.empty()));
      mirrors.addAll(ofContracts());
    }
    mirrors.addAll(ofOpenData(catalog));
    return mirrors;
  }

  private List<Mirror> ofProduct() {
    List<Mirror> mirrors = new ArrayList<>();
    mirrors.add(
        GlueMirror.ofProduct(catalog, settings.names(), this::glue, settings.lakeFormation()));
    if (catalog.isOfRows()) {
      return mirrors;
    }
    mirrors.addAll(ofContracts());
    if (settings.lakeFormation()) {
      mirrors.addAll(ofGrants(new LakeFormationCatalog(catalog, settings, catalogs)));
    }
    if (open.domains().contains(catalog.product().orElseThrow().domain())) {
      mirrors.addAll(ofOpenData(catalog.ofDomain()));
    }
    return mirrors;
  }

  private GlueClient glue() {
    return clients.glue(catalog.runner());
  }

  private List<Mirror> ofContracts() {
    List<Mirror> mirrors = new ArrayList<>();
    if (contracts.schemaRegistry()) {
      mirrors.add(new SchemaMirror(catalog, settings.names(), contracts, this::glue));
    }
    if (contracts.dataQuality()) {
      mirrors.add(new QualityMirror(catalog, settings.names(), contracts, this::glue));
    }
    return mirrors;
  }

  /** What the catalog grants, and in the account of each recipient what it passes on. */
  private List<Mirror> ofGrants(LakeFormationCatalog wanted) {
    List<Mirror> mirrors = new ArrayList<>();
    mirrors.add(LakeFormationMirror.grants(wanted, new RoleClients(clients, catalog.runner())));
    for (String account : wanted.recipients()) {
      mirrors.add(new RecipientMirror(wanted, settings.names(), mirror(account), catalogs));
    }
    return mirrors;
  }

  private List<Mirror> ofOpenData(MirroredCatalog shown) {
    OpenDataCatalog data = new OpenDataCatalog(shown, settings.names(), open);
    List<Mirror> mirrors = new ArrayList<>();
    for (String account : data.accounts()) {
      mirrors.add(new OpenDataMirror(data, mirror(account)));
    }
    return mirrors;
  }

  private RoleClients mirror(String account) {
    return new RoleClients(clients, Principal.of(account, MirrorSettings.MIRROR));
  }
}
