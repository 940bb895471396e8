package io.meshwork.internal.explain;

import com.fasterxml.jackson.databind.JsonNode;
import io.meshwork.internal.catalog.Catalog;
import io.meshwork.internal.catalog.RegistryKeys;
import io.meshwork.internal.lakeformation.AccessFacts.Database;
import io.meshwork.internal.lakeformation.AccessFacts.Table;
import io.meshwork.internal.ledger.Ledger;
import io.meshwork.internal.ledger.MirroredObject;
import io.meshwork.internal.rights.RightsMirror;
import io.meshwork.internal.rights.RightsMirror.ObjectRange;
import io.meshwork.internal.rights.RightsMirror.ReadableColumns;
import io.meshwork.internal.rights.RightsMirror.ServiceRights;
import io.meshwork.product.Principal;
import io.meshwork.registry.Registry.Key;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a service outside the mesh lets principals read of the tables of a domain, as the last run
 * of its mirror left it: the objects that the mirror created, and objects that others created or
 * changed and the run found. Immutable.
 */
final class MirroredRights {
  private final String service;
  private final String account;
  private final ServiceRights rights;

  private MirroredRights(String service, String account, ServiceRights rights) {
    this.service = service;
    this.account = account;
    this.rights = rights;
  }

  /**
   * A table of the domain.
   *
   * @param name its name in the catalog
   * @param columns its columns
   */
  record NamedTable(String name, List<String> columns) {
    public NamedTable {
      columns = List.copyOf(columns);
    }
  }

  /**
   * Reads what the registry has of the service.
   *
   * @param readers the accounts of the readers in question
   * @throws io.meshwork.error.BackendException if the registry cannot be read
   */
  static MirroredRights read(
      RightsMirror mirror,
      Ledger ledger,
      Catalog catalog,
      String domain,
      List<NamedTable> tables,
      Set<String> readers) {
    String name = catalog.topology().catalogOf(domain);
    String account = mirror.account(name);
    String partition = RegistryKeys.mirrors(catalog.governance(name));
    String database = RegistryKeys.partition(domain);
    Map<String, Map<String, JsonNode>> objects = new HashMap<>();
    Set<String> observed = new HashSet<>();
    for (ObjectRange range : mirror.ranges(account, database, readers)) {
      Map<String, JsonNode> ofAccount =
          objects.computeIfAbsent(range.account(), absent -> new TreeMap<>());
      ledger
          .list(partition, MirroredObject.prefix(range.mirror(), account) + range.prefix())
          .stream()
          .map(MirroredObject::of)
          .forEach(object -> object.content().ifPresent(json -> ofAccount.put(object.key(), json)));
      if (observed.add(range.mirror())) {
        ledger
            .read(new Key(partition, MirroredObject.observations(range.mirror(), account)))
            .map(MirroredObject::observed)
            .ifPresent(ofAccount::putAll);
      }
    }
    return new MirroredRights(
        mirror.service(),
        account,
        mirror.rights(
            account,
            Database.of(account, database)
                .tables(
                    tables.stream()
                        .map(
                            table -> Table.of(table.name(), table.columns().toArray(String[]::new)))
                        .toList()),
            objects));
  }

  /** Returns the principals that the service names. */
  Set<Principal> named() {
    return rights.named();
  }

  /**
   * Returns how the service decides otherwise than the mesh, as text; empty if it does not.
   *
   * @param columns what the reader may read of the table by the rights of the mesh
   * @param everyCell true if none of the rows and cells of these columns is hidden
   */
  Optional<String> difference(
      Principal reader, String table, List<String> columns, boolean everyCell, Instant now) {
    ReadableColumns held = rights.of(reader, table, now);
    ReadableColumns wanted = new ReadableColumns(Set.copyOf(columns), everyCell);
    if (held.equals(wanted)) {
      return Optional.empty();
    }
    return Optional.of(
        service
            + " of account "
            + account
            + " lets "
            + reader
            + " read "
            + text(held)
            + " of "
            + table
            + ", as of the last run of the mirrors; the mesh lets it read "
            + text(wanted)
            + ". Run the mirrors; verify() names what differs.");
  }

  private static String text(ReadableColumns readable) {
    return readable.columns().isEmpty()
        ? "nothing"
        : String.join(", ", new TreeSet<>(readable.columns()))
            + (readable.everyCell() ? "" : " (not in every row)");
  }
}
