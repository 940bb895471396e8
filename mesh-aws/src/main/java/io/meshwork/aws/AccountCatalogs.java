package io.meshwork.aws;

import io.meshwork.aws.internal.MirrorSettings;
import io.meshwork.internal.runtime.ArgumentChecks;
import io.meshwork.product.Principal;
import io.meshwork.topology.Topology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The catalogs that the roles of an account use. In a mesh of one catalog, its registry is the
 * table in the account of the mesh. In a mesh of several, that table is the directory, and each
 * catalog has a table in another account. Immutable.
 *
 * @param config the mesh
 * @param account the account
 * @param accounts the accounts of the tables, by catalog, the domain's own catalog first; empty in
 *     a mesh of one catalog
 */
record AccountCatalogs(AwsConfig config, String account, Map<String, String> accounts) {
  AccountCatalogs {
    accounts = new LinkedHashMap<>(accounts);
  }

  /**
   * A table with a registry.
   *
   * @param account its account
   * @param catalog the name of its catalog; empty for the directory of a mesh with several
   * @param policies the policies for it
   * @param home true if it has the documents of the account's domain
   * @param own true if it is in the account of the roles
   */
  record Table(
      String account, Optional<String> catalog, AwsPolicies policies, boolean home, boolean own) {
    /**
     * Returns what roles with these kinds do in this table. Outside the catalog of its domain, a
     * role at most consumes; in the directory, only roles of governance write.
     */
    List<AwsRoleKind> kinds(List<AwsRoleKind> kinds) {
      return kinds.stream().filter(kind -> kind.type().usesRegistry()).map(this::inTable).toList();
    }

    private AwsRoleKind inTable(AwsRoleKind kind) {
      return switch (kind.type()) {
        case GOVERNANCE, OPERATOR, BACKUP -> kind;
        case PRODUCER, STEWARD -> home ? kind : AwsRoleKind.reader();
        case MIRROR -> own ? kind : AwsRoleKind.reader();
        case MAINTENANCE ->
            home ? kind : catalog.isPresent() ? kind.asConsumer() : AwsRoleKind.reader();
        default -> catalog.isPresent() ? kind : AwsRoleKind.reader();
      };
    }
  }

  /**
   * Adds a catalog by its storage name, or replaces the account of its table. The account's domain
   * is in the catalog whose table is in this account.
   */
  AccountCatalogs with(String name, String tableAccount) {
    String catalog = AwsPolicies.checkedCatalog(name);
    String place = AwsConfig.checkedAccount(tableAccount);
    accounts.forEach(
        (otherCatalog, otherPlace) -> {
          if (otherPlace.equals(place) && !otherCatalog.equals(catalog)) {
            throw ArgumentChecks.refused(
                "tableAccount",
                "is "
                    + place
                    + ", the account of catalog '"
                    + otherCatalog
                    + "'; an account has the table of one catalog",
                "Use another account.");
          }
        });
    Map<String, String> all = new LinkedHashMap<>();
    if (place.equals(account)) {
      all.put(catalog, place);
    }
    accounts.forEach(all::putIfAbsent);
    all.put(catalog, place);
    return new AccountCatalogs(config, account, all);
  }

  /** Returns the tables that roles of the account use. */
  List<Table> tables() {
    AwsPolicies policies = AwsPolicies.of(config);
    if (accounts.isEmpty()) {
      return List.of(table(config.account(), Optional.of(Topology.CENTRAL), policies, true));
    }
    List<Table> all = new ArrayList<>();
    all.add(table(config.account(), Optional.empty(), policies, false));
    accounts.forEach(
        (name, place) ->
            all.add(
                table(place, Optional.of(name), policies.catalog(name, place), all.size() == 1)));
    return all;
  }

  private Table table(String place, Optional<String> catalog, AwsPolicies policies, boolean home) {
    return new Table(place, catalog, policies, home, place.equals(account));
  }

  Optional<Table> own() {
    return tables().stream().filter(Table::own).findFirst();
  }

  /** Returns the table of the catalog whose tables and services the account shows, if it does. */
  Optional<Table> shown() {
    return own().filter(table -> table.catalog().isPresent());
  }

  /** Returns the tables of catalogs that other accounts show. */
  List<Table> ofOthers() {
    return tables().stream().filter(table -> table.catalog().isPresent() && !table.own()).toList();
  }

  /**
   * Returns the policies for the bucket of the account: it has the files of its domain, and the
   * bucket of the mesh the files of all domains without a place.
   */
  AwsPolicies ofBucket() {
    AwsPolicies policies = AwsPolicies.of(config);
    if (config.usesLakeFormation()) {
      int catalogs = account.equals(config.account()) ? accounts.size() : 1;
      for (String place : accounts.values().stream().limit(catalogs).toList()) {
        policies = policies.registrationRole(Principal.of(place, MirrorSettings.REGISTRATION));
      }
    }
    return policies;
  }
}
