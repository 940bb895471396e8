package io.meshwork.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.Finding;
import io.meshwork.error.FindingCode;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.routing.RoutedRegistry;
import io.meshwork.local.LocalMesh.MoveMesh;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The accounts that get the registries of the catalogs of a mesh that is moved: the accounts that
 * the caller names, or that a backup recorded, under their new names.
 */
final class CatalogAccounts {
  private static final String ACCOUNT = "account";

  private final MoveMesh.Target target;
  private final Map<String, String> named;
  private final Map<String, String> renamed;

  /**
   * Creates the accounts.
   *
   * @param named accounts by catalog
   * @param renamed new names of accounts by old ones
   */
  CatalogAccounts(MoveMesh.Target target, Map<String, String> named, Map<String, String> renamed) {
    this.target = target;
    this.named = named;
    this.renamed = renamed;
  }

  /** Returns the account of a catalog of this directory; empty if none is known. */
  Optional<String> find(Registry directory, String catalog) {
    String account = named.get(catalog);
    return account != null
        ? Optional.of(account)
        : directory
            .read(RoutedRegistry.place(catalog))
            .map(document -> DocumentJson.parse(document).path(ACCOUNT).asText())
            .map(recorded -> renamed.getOrDefault(recorded, recorded))
            .filter(target::isAccountOfCatalog);
  }

  /**
   * Returns the account of a catalog of this directory.
   *
   * @throws io.meshwork.error.InvalidRequestException if none is known, because the catalog was
   *     added after the plan
   */
  String require(Registry directory, String catalog) {
    return find(directory, catalog)
        .orElseThrow(
            () ->
                Failure.of(MeshAction.of(Verb.MOVE, "the catalog '" + catalog + "'"))
                    .because("it was added while the mesh was copied, and has no account")
                    .state("The folder can be written.")
                    .fix(
                        "Set the account of its registry with catalog(\""
                            + catalog
                            + "\", ..), and move the mesh again.")
                    .invalidRequest(ErrorCode.CONFIG_INVALID));
  }

  /** Returns the catalogs of a directory that have no account, or another catalog's. */
  List<Finding> findings(Registry directory) {
    List<Finding> findings = new ArrayList<>();
    Map<String, String> catalogs = new HashMap<>();
    for (String catalog : RoutedRegistry.catalogs(directory)) {
      Optional<String> account = find(directory, catalog);
      if (account.isEmpty()) {
        findings.add(unmapped(catalog));
      } else {
        String earlierCatalog = catalogs.putIfAbsent(account.get(), catalog);
        if (earlierCatalog != null) {
          findings.add(accountTaken(catalog, account.get(), earlierCatalog));
        }
      }
    }
    return findings;
  }

  /**
   * Returns the documents that name the places of the registries in the directory. They have no
   * record, because the backend chooses their fields.
   */
  Map<Key, ObjectNode> places(Registry directory) {
    Map<Key, ObjectNode> places = new HashMap<>();
    for (String catalog : RoutedRegistry.catalogs(directory)) {
      ObjectNode place = DocumentJson.create();
      new TreeMap<>(target.placeOfCatalog(require(directory, catalog))).forEach(place::put);
      places.put(RoutedRegistry.place(catalog), place);
    }
    return places;
  }

  private Finding unmapped(String catalog) {
    return Finding.error(
        FindingCode.CATALOG_UNMAPPED,
        catalog,
        "The catalog has no account in " + target.description() + ".",
        "Set the account of its registry with catalog(\"" + catalog + "\", ..).");
  }

  private static Finding accountTaken(String catalog, String account, String earlierCatalog) {
    return Finding.error(
        FindingCode.CATALOG_ACCOUNT_TAKEN,
        catalog,
        "Its account is "
            + account
            + ", which has the registry of the catalog "
            + earlierCatalog
            + ".",
        "Use another account: an account has the registry of one catalog.");
  }
}
