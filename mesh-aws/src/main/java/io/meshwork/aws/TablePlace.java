package io.meshwork.aws;

import io.meshwork.error.BackendException;
import io.meshwork.error.ErrorCode;
import io.meshwork.error.Failure;
import io.meshwork.error.MeshAction;
import io.meshwork.error.MeshAction.Verb;
import io.meshwork.internal.ledger.DocumentCodec;
import io.meshwork.internal.ledger.DocumentJson;
import io.meshwork.internal.routing.RoutedRegistry;
import io.meshwork.registry.Registry;
import io.meshwork.registry.Registry.Document;
import java.util.Map;
import java.util.Optional;

/**
 * Where a table with a registry is. For each catalog of a mesh with several, the directory has a
 * document {@code place/<catalog>} with these fields. Immutable.
 *
 * @param account the account, 12 digits
 * @param region such as {@code eu-central-1}
 * @param table its name
 */
record TablePlace(String account, String region, String table) {
  /** Returns the table of the directory, which in a central mesh is the registry. */
  static TablePlace ofDirectory(AwsConfig config) {
    return in(config, config.account());
  }

  /** Returns the place of the table that a mesh has in an account. */
  static TablePlace in(AwsConfig config, String account) {
    return new TablePlace(account, config.region(), config.table());
  }

  /** Returns the place of a catalog's table; empty if the catalog was not added. */
  static Optional<TablePlace> find(Registry directory, String catalog) {
    return directory.read(RoutedRegistry.place(catalog)).map(TablePlace::of);
  }

  /**
   * Returns the place of a catalog's table.
   *
   * @throws BackendException CONFIG_INVALID if the catalog was not added
   */
  static TablePlace require(Registry directory, String catalog) {
    return find(directory, catalog)
        .orElseThrow(
            () ->
                Failure.of(MeshAction.of(Verb.OPEN, "the catalog '" + catalog + "'"))
                    .because("the mesh has no table for it")
                    .fix(
                        "Create a table in the account of the catalog with AwsMesh.makeTable(..),"
                            + " and add it to the mesh with AwsMesh.addCatalog(..).")
                    .lasting(ErrorCode.CONFIG_INVALID));
  }

  static TablePlace of(Document document) {
    return DocumentCodec.of(TablePlace.class).read(DocumentJson.parse(document));
  }

  /** Returns the fields of the document. */
  Map<String, String> fields() {
    return Map.of("account", account, "region", region, "table", table);
  }

  @Override
  public String toString() {
    return "the table '" + table + "' in the account " + account + " and the region " + region;
  }
}
